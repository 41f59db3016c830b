"""`manage.py fuzz`: starts an embedded Postgres and Redis that nobody else uses, and lets `tests.fuzz` ask everything the API offers."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

from config import embedded
from config.bootstrap import ROOT
from config.supervisor import python


def main(words: Sequence[str]) -> int:
    """Run the harness; 1 when the API broke its word. `--size ci|half|full|night`, `--seed N`, `--roles NAMES`."""
    if not (ROOT / "tests" / "fuzz").exists():
        print("The tests are not here, and the harness is one of them.", file=sys.stderr)  # noqa: T201
        return 2
    place = embedded.private()
    told = {
        "DATABASE_URL": embedded.database_url(place),
        "REDIS_URL": embedded.redis_url(place),
        "SATU_DATA": str(place.data),
        "SECRET_KEY": "only-for-the-harness-" + "x" * 50,
        "SATU_API_REQUESTS_A_MINUTE": "100000000",
        "SATU_API_SIGN_INS_A_MINUTE": "100000000",
        "LOG_FORMAT": "readable",
        "LOG_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore",
    }
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave nothing behind
    try:
        with embedded.running(place):
            return subprocess.run([*python("tests.fuzz"), *words], cwd=ROOT, env={**os.environ, **told}, check=False).returncode
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(place.data)
