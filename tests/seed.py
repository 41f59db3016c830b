"""A cluster in which every migration has run, kept in `.satu` from one test run to the next: running them takes longer than most tests.

It is made anew when a migration, what migrations call, or a pinned package changes. Django still says `migrate` to each copy: it finds
nothing to apply, and brings the permissions and the roles up to date.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from config import embedded
from config.bootstrap import ROOT

KEPT = embedded.ROOT / ".satu" / "migrated"
CALLED = ("core/*.py", "core/people/granting.py", "requirements.lock")


def sow(place: embedded.Place) -> None:
    """Give a place that has no cluster yet a copy of the migrated one."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        seed = KEPT / key()
        if not seed.exists():
            grow(seed)
    copy(seed / "postgres", place.data / "postgres")


def key() -> str:
    """What the migrations and what they call look like."""
    files = [path for folder in ("core", "frontoffice", "backoffice", "integration") for path in (ROOT / folder).rglob("migrations/*.py")]
    files += [path for pattern in CALLED for path in ROOT.glob(pattern)]
    told = hashlib.sha256()
    for path in sorted(files):
        told.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return told.hexdigest()[:16]


def grow(seed: Path) -> None:
    """Run the migrations in a cluster of their own, and put it in place when it has stopped in order. Older ones go."""
    private = embedded.private()
    place = embedded.Place(private.data, private.sockets)  # one that lasts is stopped, not thrown away
    told = {"DATABASE_URL": embedded.database_url(place), "REDIS_URL": embedded.redis_url(place), "SECRET_KEY": "x" * 50, "SATU_DEMO": "0"}
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    try:
        with embedded.running(place):
            subprocess.run(migrate, cwd=ROOT, env={**os.environ, **told, "DJANGO_SETTINGS_MODULE": "config.settings"}, check=True)
        deadline = time.monotonic() + embedded.STOP_SECONDS
        while embedded.is_kept(place) and time.monotonic() < deadline:
            time.sleep(0.05)
        for old in KEPT.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
        new = seed.with_suffix(".new")
        new.mkdir()
        copy(place.data / "postgres", new / "postgres")
        new.rename(seed)
    finally:
        shutil.rmtree(place.data, ignore_errors=True)


def copy(source: Path, target: Path) -> None:
    """A cluster with its owner, who is not always we."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
