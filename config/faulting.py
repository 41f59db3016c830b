"""`manage.py faults`: starts an embedded Postgres and Redis that nobody else uses, and lets `tests.faults` strike them."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from config import embedded
from config.bootstrap import ROOT
from config.supervisor import python


def main(words: Sequence[str]) -> int:
    """Run the harness; 1 when a promise is broken. `--size ci|half|full`, `--seed N`, `--only NAMES`."""
    if not (ROOT / "tests" / "faults").exists():
        print("The tests are not here, and the harness is one of them.", file=sys.stderr)  # noqa: T201
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave nothing behind
    with embedded.for_a_while() as place:
        told = {
            "DATABASE_URL": embedded.database_url(place),
            "FAULTS_PLACE": str(place.data),
            "SATU_DATA": str(place.data),
            "SECRET_KEY": "only-for-the-harness-" + "x" * 50,
            "SATU_DEMO": "0",
            "DEBUG": "0",
            "LOG_FORMAT": "readable",
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore",
        }
        return subprocess.run([*python("tests.faults"), *words], cwd=ROOT, env={**os.environ, **told}, check=False).returncode
