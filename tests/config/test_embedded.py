"""The embedded servers: shared while used, stopped when not, and never left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config import embedded, keeper, machine
from config.embedded import Place

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place() -> Iterator[Place]:
    """A folder for servers whose data lasts over a stop, as a person's own does."""
    found = embedded.private()
    place = Place(found.data, found.sockets)
    yield place
    deadline = time.monotonic() + 20
    while embedded.is_kept(place) and time.monotonic() < deadline:
        time.sleep(0.1)
    subprocess.run(["rm", "-rf", str(place.data)], check=True)


def ask(place: Place, question: str) -> object:
    with contextlib.closing(psycopg2.connect(embedded.database_url(place))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None


def user_of(place: Place) -> subprocess.Popen[str]:
    """Another process that uses the servers until it is killed."""
    code = (
        "import sys, time; from pathlib import Path; from config import embedded as e; place = e.Place(Path(sys.argv[1]), Path(sys.argv[1]))\n"
        "with e.running(place): print('in', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(place.data)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "in\n"
    return process


def postgres_of(place: Place) -> int:
    return int((place.data / "postgres" / "postmaster.pid").read_text().split()[0])


def is_alive(pid: int) -> bool:
    return machine.is_running(pid, "postgres")


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 20
    while is_alive(pid):
        assert time.monotonic() < deadline, "Postgres is still there after 20 s"
        time.sleep(0.05)


def test_both_servers_answer_and_are_gone_afterwards(place: Place) -> None:
    with embedded.running(place):
        assert str(ask(place, "SHOW server_version")).startswith("18")
        assert machine.redis_says(place.redis_socket, "PING") == "+PONG"
        postgres = postgres_of(place)
    assert not is_alive(postgres)
    assert machine.redis_says(place.redis_socket, "PING") is None


def test_data_is_still_there_at_the_second_start(place: Place) -> None:
    with embedded.running(place):
        ask(place, "CREATE TABLE kept AS SELECT 42 AS answer")
    with embedded.running(place):
        assert ask(place, "SELECT answer FROM kept") == 42


def test_redis_refuses_rather_than_forgets(place: Place) -> None:
    with embedded.running(place):
        assert "noeviction" in str(machine.redis_says(place.redis_socket, "CONFIG GET maxmemory-policy"))


def test_servers_stay_while_another_process_uses_them(place: Place) -> None:
    other = user_of(place)
    try:
        with embedded.running(place):
            postgres = postgres_of(place)
        assert is_alive(postgres)
    finally:
        other.kill()
        other.wait()
    wait_until_gone(postgres)


def test_killing_the_only_user_stops_the_servers(place: Place) -> None:
    other = user_of(place)
    postgres = postgres_of(place)
    other.send_signal(signal.SIGKILL)
    other.wait()
    wait_until_gone(postgres)


def test_a_killed_postgres_is_started_again_with_its_data(place: Place) -> None:
    with embedded.running(place):
        ask(place, "CREATE TABLE kept AS SELECT 42 AS answer")
        before = postgres_of(place)
        os.kill(before, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            time.sleep(0.1)
            with contextlib.suppress(psycopg2.OperationalError):
                assert ask(place, "SELECT answer FROM kept") == 42
                break
        assert postgres_of(place) != before


def test_a_postgres_that_outlived_its_keeper_is_adopted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "dies_with_parent", lambda wish: lambda: None)
    place.make()
    orphan = keeper.Postgres(place)
    orphan.start()
    assert orphan.child
    with embedded.running(place):
        assert postgres_of(place) == orphan.child.pid
        assert ask(place, "SELECT 1") == 1
    orphan.child.wait(20)
    assert not orphan.is_alive()


def test_a_process_number_used_again_by_another_program_does_not_stop_the_start(place: Place) -> None:
    with embedded.running(place):
        pass
    stranger = os.getpid()
    (place.data / "postgres" / "postmaster.pid").write_text(
        f"{stranger}\n{place.data}/postgres\n1\n5432\n{place.sockets}/pg\n\n1 1\nready\n"
    )
    with embedded.running(place):
        assert ask(place, "SELECT 1") == 1


def test_a_half_made_cluster_is_made_again(place: Place) -> None:
    place.make()
    (place.data / "postgres.new").mkdir()
    (place.data / "postgres.new" / "PG_VERSION").write_text("18")
    with embedded.running(place):
        assert ask(place, "SELECT 1") == 1


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sockets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(embedded.CannotStart, match="belongs to somebody else"):
        Place(tmp_path / "data", tmp_path / "sockets").make()


def test_addresses_are_known_before_anything_runs() -> None:
    place = Place(Path("/data"), Path("/tmp/s"))
    assert embedded.database_url(place) == "postgresql://postgres@%2Ftmp%2Fs%2Fpg/satu"
    assert embedded.redis_url(place) == "unix:///tmp/s/redis.sock?db=0"
    assert embedded.celery_url(embedded.redis_url(place)) == "redis+socket:///tmp/s/redis.sock?virtual_host=0"
    assert embedded.celery_url("redis://redis:6379/0") == "redis://redis:6379/0"


def test_the_secret_key_is_made_once_and_readable_to_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "DATA", tmp_path)
    first = embedded.secret_key()
    assert len(first) >= 50
    assert embedded.secret_key() == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
