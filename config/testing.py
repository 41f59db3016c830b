"""`manage.py test`: pytest over all cores. Its servers come from the plugin `tests.services`, also when pytest is called directly."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence

from config.bootstrap import ROOT


def main(words: Sequence[str]) -> int:
    """Run the tests; all words are pytest's."""
    if not importlib.util.find_spec("pytest"):
        print("This environment has Django but not the test tools; install requirements-dev.lock into it.", file=sys.stderr)  # noqa: T201
        return 2
    told = any(word.startswith(("-n", "--numprocesses", "--pdb")) for word in words)
    spread = [] if told else ["-n", str(os.cpu_count() or 1), "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", *spread, *words]
    tests = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            return tests.wait()
        except KeyboardInterrupt:  # pytest has got it as well, and stops its servers before it ends
            continue
