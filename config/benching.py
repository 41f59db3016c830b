"""`manage.py bench`: measures Satu on an embedded Postgres and Redis that nobody else uses. What to run it beside is nothing."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from config import embedded, showroom
from config.bootstrap import ROOT
from config.supervisor import python

NEED = {
    "order_to_cash": "company",
    "claims": "company",
    "lists": "company",
    "import_customers": "company",
    "palette": "demo",
    "news": "demo",
}
"""Each benchmark, and what its database has to hold: a founded company, or the demo's year."""

COMPANY = ("--name", "PT Ukur", "--owner-email", "owner@ukur.example", "--owner-name", "Ukur", "--owner-password", "only-for-benchmarks-1")


def main(words: Sequence[str]) -> int:
    """Run the benchmarks that are named, else all; 1 when one of them misses its goal. Each prints what docs/performance.md quotes."""
    if not (ROOT / "benchmarks").exists():
        print("The benchmarks are not here.", file=sys.stderr)  # noqa: T201
        return 2
    parser = argparse.ArgumentParser(prog="manage.py bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NEED))
    wanted = parser.parse_args(words).names or list(NEED)
    unknown = sorted(set(wanted) - NEED.keys())
    if unknown:
        parser.error(f"there is no benchmark called {unknown[0]}; there are {', '.join(NEED)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave nothing behind
    missed = [name for need in ("company", "demo") if (names := [one for one in wanted if NEED[one] == need]) for name in run(names, need)]
    if missed:
        print(f"Missed its goal: {', '.join(missed)}.")  # noqa: T201
    return 1 if missed else 0


def run(names: Sequence[str], need: str) -> list[str]:
    """Run benchmarks on servers with what they need in them; those that missed their goal."""
    with embedded.for_a_while() as place:
        told = {
            **showroom.environment(embedded.database_url(place), place.data / "static", demo=need == "demo"),
            "REDIS_URL": embedded.redis_url(place),
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 50,
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        if need == "demo":
            showroom.fill(told)
        else:
            for step in (["build_assets"], ["collectstatic", "--no-input"], ["migrate", "--verbosity", "0"], ["found_company", *COMPANY]):
                subprocess.run([sys.executable, "manage.py", *step], cwd=ROOT, env=told, check=True, stdout=subprocess.DEVNULL)
        missed = []
        for name in names:
            print(f"== {name} (load {os.getloadavg()[0]:.1f})", flush=True)  # noqa: T201
            if subprocess.run(python(f"benchmarks.{name}"), cwd=ROOT, env=told, check=False).returncode:
                missed.append(name)
        return missed
