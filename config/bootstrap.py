"""Makes the environment Satu runs in: `.venv` with the hash-locked requirements, then the same command again inside it.

Standard library only: this runs before anything is installed. Where Django can already be imported, it stays out of the way.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "satu-installed.json"
UNFINISHED = VENV / "satu-installing"
LOG = ROOT / ".satu" / "install.log"

RUN_TIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"  # holds the run-time ones too
INSTALLER = "requirements-uv.lock"
# These also start without Django, so that they can say what is wrong when the code cannot be loaded.
FOR_DEVELOPERS = ("test", "lint", "screens", "faults", "fuzz")
DISK_NEEDED = {RUN_TIME: 900, DEVELOPMENT: 1400}  # MB, unpacked, with the installer's own cache

NO_NETWORK = re.compile(
    r"resolve host|name resolution|Name or service not known|dns error|Could not connect|tcp connect error|"
    r"Connection refused|Network is unreachable|timed out|error sending request|Failed to establish|No matching distribution|"
    r"No solution found|Failed to fetch",
    re.IGNORECASE,
)
NO_SPACE = re.compile(r"No space left on device|os error 28", re.IGNORECASE)


class CannotPrepare(Exception):
    """The environment cannot be made; the message is one clear sentence for the person."""


def main(argv: list[str]) -> None:
    """Run the command in a prepared environment, whatever interpreter it was started with."""
    command = next((word for word in argv[1:] if not word.startswith("-")), "help")
    try:
        prepare(command, argv)
    except CannotPrepare as reason:
        sys.exit(f"Satu cannot start: {reason}")
    except KeyboardInterrupt:
        sys.exit("\nStopped before the installation was complete; the next start repairs it.")
    if command in FOR_DEVELOPERS:
        from config import faulting, fuzzing, linting, picturing, testing

        sys.exit({"test": testing, "lint": linting, "screens": picturing, "faults": faulting, "fuzz": fuzzing}[command].main(argv[2:]))
    from config import command_line

    command_line.main(argv)


def prepare(command: str, argv: Sequence[str]) -> None:
    """Return when the running interpreter is fit for the command; otherwise make one and hand over to it."""
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if not inside and importlib.util.find_spec("django"):
        return
    lock = DEVELOPMENT if command in FOR_DEVELOPERS else RUN_TIME
    if is_installed(lock):
        if inside:
            return
    else:
        with only_one_at_a_time():
            if not is_installed(lock):  # somebody else may have done it while we waited
                install(lock)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), *argv[1:]])  # noqa: S606


def fingerprint(lock: str) -> str:
    """What must be unchanged for an installation to be still good."""
    return hashlib.sha256((ROOT / lock).read_bytes() + str(ROOT).encode()).hexdigest()


def is_installed(lock: str) -> bool:
    """Whether `.venv` holds exactly what the lock names, for an interpreter that still works."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return fingerprint(lock) in stamp.get("locks", [])


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Two commands started together must not install into one environment at the same time."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "install.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install(lock: str) -> None:
    """Make `.venv`, put the installer in it, let it install the lock; the stamp comes last, so that half a job is redone."""
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < DISK_NEEDED[lock]:
        raise CannotPrepare(
            f"the disk of {ROOT} has {free} MB free and the installation needs about {DISK_NEEDED[lock]} MB; free some and run it again."
        )
    LOG.write_text("")
    try:
        repair = UNFINISHED.exists()
        if not works(PYTHON):
            step("Making .venv", make_venv)
        UNFINISHED.touch()
        if not works(VENV / "bin" / "uv"):
            step("Getting the installer (uv)", install_uv)
        count = len(re.findall(r"^[a-z0-9].*==", (ROOT / lock).read_text(), re.MULTILINE))
        step(f"Installing {count} packages", lambda: install_packages(lock, repair=repair))
        let_tools_find_the_code()
        locks = [fingerprint(name) for name in (RUN_TIME, lock)]
        unfinished_stamp = STAMP.with_suffix(".new")
        unfinished_stamp.write_text(json.dumps({"python": sys.version, "locks": locks}))
        unfinished_stamp.replace(STAMP)
        UNFINISHED.unlink()
    except OSError as error:
        if error.errno == 28:
            raise CannotPrepare(f"the disk of {ROOT} is full; free about {DISK_NEEDED[lock]} MB and run it again.") from error
        raise


def make_venv() -> None:
    """A fresh `.venv`; Debian ships Python without ensurepip, so pip may have to come from the running interpreter."""
    shutil.rmtree(VENV, ignore_errors=True)
    if importlib.util.find_spec("ensurepip") and run([sys.executable, "-m", "venv", str(VENV)]) == 0:
        return
    if run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)]) != 0 or not works(PYTHON):
        raise CannotPrepare("this Python cannot make virtual environments; on Debian or Ubuntu `apt-get install python3-venv` adds that.")


def install_uv() -> None:
    """The fast installer, itself pinned by hash."""
    pip = [str(PYTHON), "-m", "pip"]
    if run([*pip, "--version"]) != 0:
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if run([*pip, "--version"]) != 0:
        raise CannotPrepare("this Python has no pip; on Debian or Ubuntu `apt-get install python3-venv` adds it.")
    if run([*pip, "install", "--quiet", "--require-hashes", "-r", str(ROOT / INSTALLER)]) != 0:
        say_why("the package installer could not be downloaded")


def install_packages(lock: str, *, repair: bool) -> None:
    """The locked packages: by uv, and by plain pip where uv does not get along with the machine's settings."""
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(ROOT / lock)]
    if run([*uv, *(["--reinstall"] if repair else [])], env={**os.environ, **settings_for_uv()}) == 0:
        return
    if NO_SPACE.search(LOG.read_text()):
        say_why("")
    pip = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "-r", str(ROOT / lock)]
    if run([*pip, *(["--force-reinstall"] if repair else [])]) != 0:
        say_why("the packages could not be installed")


def settings_for_uv() -> dict[str, str]:
    """Where pip is told to find packages, in uv's words: uv does not read pip's configuration."""
    listing = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    told: dict[str, str] = {}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section == ":env:" or key not in told:  # what the environment says goes before what the files say
            told[key] = value.strip("'").replace("\\n", " ")
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "trusted-host": "UV_INSECURE_HOST",
        "cert": "SSL_CERT_FILE",
        "default-timeout": "UV_HTTP_TIMEOUT",
    }
    uv = {names[key]: " ".join(value.split()) for key, value in told.items() if key in names and names[key] not in os.environ}
    # Every package is pinned by hash, so whichever index has the right file may give it.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_NO_PROGRESS": "1", **uv}


def let_tools_find_the_code() -> None:
    """So that plain `pytest`, `celery` and `uvicorn` of the environment find the code from any folder."""
    for site in VENV.glob("lib/python*/site-packages"):
        (site / "satu.pth").write_text(f"{ROOT}\n")


def works(program: Path) -> bool:
    """Whether a program of the environment starts (its interpreter may have been removed, or the disk filled while copying it)."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(command: Sequence[str], env: dict[str, str] | None = None) -> int:
    """Run a step with its output in the log."""
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, cwd=ROOT, check=False).returncode


def say_why(what: str) -> None:
    """Turn the log of a failed step into one sentence."""
    log = LOG.read_text(errors="replace")
    if NO_SPACE.search(log):
        raise CannotPrepare(f"the disk filled up during the installation; free some space on the disk of {ROOT} and run it again.")
    if NO_NETWORK.search(log):
        raise CannotPrepare(
            f"{what}, because the package index could not be reached; check the network (or proxy) and run it again. Details: {LOG}"
        )
    raise CannotPrepare(f"{what}; the last words were: {' '.join(log.strip().splitlines()[-1:])} Details: {LOG}")


def step(title: str, work: Callable[[], None]) -> None:
    """Do one step with a line that shows it is alive and how long it took."""
    started = time.monotonic()
    done = threading.Event()
    wheel = threading.Thread(target=turn, args=(title, started, done), daemon=True)
    if sys.stderr.isatty():
        wheel.start()
    else:
        say(f"  {title} ...\n")
    try:
        work()
    finally:
        done.set()
        if wheel.ident:
            wheel.join()
            say("\r\033[K")
    say(f"  {title}: {time.monotonic() - started:.0f} s\n")


def turn(title: str, started: float, done: threading.Event) -> None:
    """Turn a wheel until the step is done."""
    for sign in itertools.cycle("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"):
        say(f"\r  {title} {sign} {time.monotonic() - started:.0f} s ")
        if done.wait(0.12):
            return


def say(text: str) -> None:
    """Progress goes to standard error, at once."""
    sys.stderr.write(text)
    sys.stderr.flush()
