"""`manage.py up`: one command, one Ctrl-C, and a clear sentence when it cannot."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def environment(data: Path, **more: str) -> dict[str, str]:
    """As on a person's machine: no servers given, nothing of the test run's own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.match("DATABASE_URL|REDIS_URL|SECRET_KEY|SATU|DJANGO|DEBUG|PYTEST", name)
    }
    return {**kept, "SATU_DATA": str(data), **more}


def up(data: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "manage.py"), "up", *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended without saying {words!r}:\n{said}")


def refusal(data: Path, *words: str) -> str:
    process = up(data, *words)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1, said
    assert "Traceback" not in said
    return said.strip().splitlines()[-1]


@pytest.fixture
def port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@contextlib.contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.mark.slow
def test_it_comes_up_and_goes_down_and_comes_up_again(data: Path, port: int) -> None:
    first = up(data, "--no-demo", "--port", str(port))
    with ended(first):
        read_until(first, f"Satu is ready: http://127.0.0.1:{port}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            assert answer.read() == b'{"postgres": "ok", "migrations": "ok", "redis": "ok"}'
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/") as answer:
            assert answer.status == 200

        assert "it already runs at" in refusal(data, "--no-demo", "--port", str(port + 1))
        assert "it already runs at" in refusal(data, "--no-demo", "--fresh")

        postgres = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
        first.send_signal(signal.SIGINT)
        assert first.wait(120) == 0
        assert not Path(f"/proc/{postgres}").exists()

    second = up(data, "--no-demo", "--port", str(port))
    with ended(second):
        read_until(second, "Satu is ready")
        second.send_signal(signal.SIGTERM)
        assert second.wait(120) == 0


def test_a_taken_port_is_named_with_the_way_out(data: Path) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        taken = line.getsockname()[1]
        said = refusal(data, "--no-demo", "--port", str(taken))
    assert said.startswith(f"Satu cannot start: port {taken} of 127.0.0.1 is taken by another program")
    assert f"--port {taken + 1}" in said


def test_the_demo_is_shown_to_this_machine_only(data: Path) -> None:
    assert "so it does not listen at 0.0.0.0" in refusal(data, "--host", "0.0.0.0")


def test_starting_over_never_touches_a_given_database(data: Path, port: int) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "up", "--fresh", "--no-demo", "--port", str(port)]
    given = environment(data, DATABASE_URL="postgresql://nobody@localhost:9/theirs", SECRET_KEY="x" * 50)
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)
    assert done.returncode == 1
    assert "the database that DATABASE_URL names is yours to empty" in done.stderr
