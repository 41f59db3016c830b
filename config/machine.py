"""What the embedded servers and the supervisor ask of the operating system."""

import ctypes
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def dies_with_parent(wish: signal.Signals) -> Callable[[], None]:
    """Ask Linux to send the child this signal when the thread that started it ends; elsewhere do nothing."""
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None).prctl
    starter = os.getpid()

    def ask() -> None:
        prctl(1, int(wish))  # PR_SET_PDEATHSIG
        if os.getppid() != starter:
            os._exit(1)

    return ask


def user_words(user: tuple[int, int] | None) -> tuple[int | None, int | None, list[str | int] | None]:
    """How subprocess is told to start a program as another user: number, group, further groups."""
    return (*user, []) if user else (None, None, None)


def let_pass(folder: Path) -> None:
    """Let other users pass through (not look into) the folders above, which is all that Postgres under another user needs."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def is_running(pid: int, named: str) -> bool:
    """Whether this process lives and is the program we mean (numbers are used again)."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return False
        words = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False).stdout  # noqa: S607
    return named in words


def connects(path: Path) -> bool:
    """Whether somebody answers at the socket."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(path))
        except OSError:
            return False
    return True


def redis_says(path: Path, command: str) -> str | None:
    """What Redis answers to one command; None when there is no Redis."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(path))
            line.sendall(f"{command}\r\n".encode())
            return line.recv(64).decode().strip()
        except OSError:
            return None


def describe(code: int) -> str:
    """How a process ended, in words."""
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit {code}"
