"""Embedded Postgres and Redis, for when no DATABASE_URL / REDIS_URL is given.

Whoever needs the servers says `with running():`. The first one starts a *keeper*: a process that starts both servers, mends a
crashed one, and stops them when the last user is gone. Users are counted by a shared file lock, which the kernel gives
back also after a kill -9, so nothing is left behind and nothing is stopped under somebody's hands. Standard library only.
"""

import contextlib
import fcntl
import hashlib
import ipaddress
import os
import secrets
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SATU_DATA") or ROOT / ".satu").absolute()
DATABASE = "satu"
STOP_SECONDS = 30
ONLY_OWNER = 0o700


class CannotStart(Exception):
    """A server does not start; the message says why in one sentence."""


@dataclass(frozen=True)
class Place:
    """Where a pair of servers lives: its data, and its sockets in a folder with a short name (108 bytes is all a socket may have)."""

    data: Path
    sockets: Path
    lasting: bool = True  # False: data of a test run, fast and thrown away

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / "pg"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    def make(self) -> None:
        """Create the folders, and refuse a socket folder that somebody else has put there."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(mode=ONLY_OWNER, exist_ok=True)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise CannotStart(f"{self.sockets} belongs to somebody else; remove it, it is where the servers' sockets must be.")
        self.sockets.chmod(0o711 if os.geteuid() == 0 else ONLY_OWNER)  # as root, Postgres passes through under another user

    def lock(self, name: str) -> Path:
        return self.data / f"{name}.lock"


def home() -> Place:
    """The servers of this copy of the code, with data that stays: in `.satu`, or where SATU_DATA says."""
    short = hashlib.sha256(str(DATA).encode()).hexdigest()[:10]
    return Place(DATA, Path(f"/tmp/satu-{os.geteuid()}-{short}"))  # Place.make checks whose it is


def private() -> Place:
    """Servers of a test run's own, with data that is thrown away."""
    folder = Path(tempfile.mkdtemp(prefix="satu-test-", dir="/tmp"))
    return Place(folder, folder, lasting=False)


# -- Addresses --------------------------------------------------------------------------------------------------------
def database_url(place: Place | None = None) -> str:
    """The address of the embedded Postgres, whether it runs or not."""
    return f"postgresql://postgres@{quote(str((place or home()).postgres_socket), safe='')}/{DATABASE}"


def redis_url(place: Place | None = None, number: int = 0) -> str:
    """The address of the embedded Redis, whether it runs or not."""
    return f"unix://{(place or home()).redis_socket}?db={number}"


def celery_url(redis_url: str) -> str:
    """The same Redis in Celery's words."""
    return redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


def is_of_this_machine(host: str) -> bool:
    """Whether a name or a number always means the machine itself (``testserver`` is what Django's test client says)."""
    bare = host.strip("[]")
    if bare in {"localhost", "testserver"} or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def secret_key() -> str:
    """A secret of this copy of the code's own, made once. For demonstration and development; production is given one."""
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / "secret-key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=DATA, prefix="secret-key-") as new:  # created with mode 0600
            new.write(secrets.token_urlsafe(48))
            new.flush()
            with contextlib.suppress(FileExistsError):  # whoever comes first wins
                os.link(new.name, path)
    return path.read_text()


# -- Users of the servers ---------------------------------------------------------------------------------------------
@contextlib.contextmanager
def running(place: Place | None = None) -> Iterator[None]:
    """Both servers answer inside this block; they stop when the last block anywhere is left."""
    place = place or home()
    place.make()
    with place.lock("users").open("a") as user:
        keeper = join(place, user.fileno())
        try:
            yield
        finally:
            user.close()
            if keeper:
                with contextlib.suppress(subprocess.TimeoutExpired):  # others may still need what we started
                    keeper.wait(5 if place.lasting else STOP_SECONDS)


def join(place: Place, user: int) -> subprocess.Popen[str] | None:
    """Count as a user, and start a keeper if there is none; gives back the keeper when it is ours."""
    with place.lock("start").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(user, fcntl.LOCK_SH)  # waits while a keeper is just stopping the servers
        return None if is_kept(place) else start_keeper(place)


def is_kept(place: Place) -> bool:
    """Whether a keeper is alive."""
    with place.lock("keeper").open("a") as file:
        return not free(file.fileno())


def is_used(place: Place) -> bool:
    """Whether anybody uses the servers now."""
    with place.lock("users").open("a") as file:
        return not free(file.fileno())


def free(file: int) -> bool:
    """Take a lock if nobody has it (it is given back when the file closes)."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def start_keeper(place: Place) -> subprocess.Popen[str]:
    """Start the process that keeps the servers, and wait until they answer."""
    command = [sys.executable, "-m", "config.keeper", str(place.data), str(place.sockets), "lasting" if place.lasting else "private"]
    keeper = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert keeper.stdout
    with keeper.stdout as words:
        said = words.readline().strip()
    if said != "ready":
        keeper.wait()
        raise CannotStart(said or f"the embedded servers ended at once; see {place.data}/*.log.")
    return keeper
