"""`manage.py faults`: starts an embedded Postgres and Redis that nobody else uses, and lets `tests.faults` strike them."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from config import embedded
from config.bootstrap import ROOT
from config.supervisor import python


def main(words: Sequence[str]) -> int:
    """Run the harness; 1 when a promise is broken. `--size ci|half|full`, `--seed N`, `--only NAMES`."""
    if not (ROOT / "tests" / "faults").exists():
        print("The tests are not here, and the harness is one of them.", file=sys.stderr)  # noqa: T201
        return 2
    folder = embedded.private()
    place = embedded.Place(folder.data, folder.sockets)  # as a person's own: a commit is on the disk
    told = {
        "DATABASE_URL": embedded.database_url(place),
        "FAULTS_PLACE": str(place.data),
        "SATU_DATA": str(place.data),
        "SECRET_KEY": "only-for-the-harness-" + "x" * 50,
        "SATU_DEMO": "0",
        "DEBUG": "0",
        "LOG_FORMAT": "readable",
        "LOG_LEVEL": "ERROR",
    }
    harness = [*python("tests.faults"), *words]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave nothing behind
    try:
        with embedded.running(place):
            return subprocess.run(harness, cwd=ROOT, env={**os.environ, **told, "PYTHONWARNINGS": "ignore"}, check=False).returncode
    finally:
        deadline = time.monotonic() + embedded.STOP_SECONDS
        while embedded.is_kept(place) and time.monotonic() < deadline:
            time.sleep(0.1)
        with contextlib.suppress(OSError):
            shutil.rmtree(place.data)
