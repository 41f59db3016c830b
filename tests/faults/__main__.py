"""`manage.py faults`: tries the promises of carrying on servers of its own, prints a table, and writes docs/promises.md.

Started by `config.faulting`, which has started the servers; everything that is struck here belongs to this run.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.bootstrap import ROOT
from config.embedded import DATABASE, Place
from tests.faults.ground import Ground

if TYPE_CHECKING:
    from tests.faults.trials import Finding, Trials

REPORT = ROOT / "docs" / "promises.md"


def main(words: list[str]) -> int:
    """Run what was asked for; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="manage.py faults")
    parser.add_argument("--size", choices=("ci", "half", "full"), default="full", help="how much of everything (full)")
    parser.add_argument("--seed", type=int, default=20261124, help="what the accidents are drawn from")
    parser.add_argument(
        "--only",
        default="",
        help="some trials only, by name, e.g. 1,3,contender,throughput; of a full size, their rows alone are written anew",
    )
    asked = parser.parse_args(words)
    place = Place(Path(os.environ["FAULTS_PLACE"]), Path(os.environ["FAULTS_PLACE"]))
    ground = Ground(DATABASE, place.postgres_socket / ".s.PGSQL.5432", place.redis_socket, place=place)
    os.environ["REDIS_URL"] = ground.redis_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    trials = prepared(ground, asked.size, asked.seed, place.data)
    wanted = {name for name in asked.only.split(",") if name}
    for name, trial in list_of(trials):
        if not wanted or name in wanted:
            begun = time.monotonic()
            finding = trial()
            finding.took = f"{time.monotonic() - begun:.0f} s on {datetime.now(UTC):%Y-%m-%d}, load {os.getloadavg()[1]:.1f}"
            trials.findings.append(finding)
            say(line_of(finding))
    if not wanted or asked.size == "full":
        REPORT.write_text(written(kept() if wanted else {}, trials.findings, asked.size, asked.seed))
        say(f"Written to {REPORT.relative_to(ROOT)}.")
    broken = [one for one in trials.findings if one.ours and not one.holds]
    say(f"Size {asked.size}, seed {asked.seed}: {len(broken)} broken of {sum(one.ours for one in trials.findings)}.")
    return 1 if broken else 0


def prepared(ground: Ground, size: str, seed: int, folder: Path) -> "Trials":
    """A company with everything on the shelf, in an empty database."""
    import django  # noqa: PLC0415 - the address of the broker had to be known first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0, interactive=False)
    from core.people.models import User  # noqa: PLC0415
    from tests.factories.ground import make_customer  # noqa: PLC0415
    from tests.factories.house import make_house, make_stocked  # noqa: PLC0415
    from tests.faults.trials import SIZES, Trials  # noqa: PLC0415

    make_house()
    goods = [make_stocked(sku, 2 * SIZES[size].flows + 4 * SIZES[size].contender) for sku in ("DESK-140", "CHAIR-ERG", "LAMP-LED")]
    customers = [make_customer(f"PT Pelanggan {number}") for number in range(20)]
    return Trials(ground, SIZES[size], seed, folder, customers, goods, User.objects.service())


def list_of(trials: "Trials") -> "list[tuple[str, Callable[[], Finding]]]":
    """Every trial by name, the contender last: it leaves books that do not agree."""
    tests = trials.by_tests
    return [
        ("throughput", lambda: trials.throughput(1)),
        ("throughput", lambda: trials.throughput(4)),
        ("latency", trials.latency),
        ("1", trials.nothing_lost),
        ("2", trials.redis_is_disposable),
        ("3", trials.order_per_record),
        ("4", trials.poison_stops_nobody),
        ("5", trials.replay_is_safe),
        (
            "6",
            lambda: tests(
                "6", "Old events still work", "every golden payload through today's handlers", "tests/architecture/test_events.py"
            ),
        ),
        (
            "7",
            lambda: tests(
                "7", "Processes finish or compensate", "a kill -9 at every boundary of every step", "tests/journeys/test_crashes.py"
            ),
        ),
        (
            "16",
            lambda: tests("16", "Drift is found", "figures changed behind the application's back", "tests/integration/test_reconciling.py"),
        ),
        ("contender", trials.the_contender_with_kills_only),
        ("contender", trials.the_contender),
    ]


def line_of(finding: "Finding") -> str:
    """One row for the terminal."""
    verdict = "holds" if finding.holds else "BROKEN" if finding.ours else "does not hold"
    return f"{finding.number:>2}  {finding.promise:<36}  {verdict:<13}  {finding.came}  [{finding.done}; {finding.took}]"


def kept() -> dict[tuple[str, str], str]:
    """The rows of the report as it is: number and promise -> the whole row."""
    rows = [line for line in REPORT.read_text().splitlines() if line.startswith("| ")][1:] if REPORT.exists() else []
    return {(cells[1].strip(), cells[2].strip()): row for row in rows for cells in [row.split("|")]}


def written(before: dict[tuple[str, str], str], findings: "list[Finding]", size: str, seed: int) -> str:
    """docs/promises.md: what was found now, in the place of what was found before."""
    now = {
        (one.number, one.promise): f"| {one.number} | {one.promise} | {one.done} | {one.came} | "
        f"{'holds' if one.holds else '**broken**' if one.ours else 'does not hold'} | {one.took} |"
        for one in findings
    }
    rows = "\n".join((before | now).values())
    return f"""# What was promised, and what came of it

Written by `python3 manage.py faults --size {size} --seed {seed}` on {os.cpu_count()} cores with embedded servers of its own. Postgres writes every commit to
disk; Redis keeps nothing. `--only 4` tries one promise again. Each row says when it was tried, and the load of the machine (5 minutes) when it was done.

| # | Promise | What was done | What came of it | | Took |
|---|---|---|---|---|---|
{rows}

The rows without a number are figures beside the promises: how fast the engine is when nothing happens, and how the plain design
(`transaction.on_commit(task.delay)` for every listener, tasks acknowledged late, ten retries, a visibility timeout of ten seconds) fares with the
same handlers, workers and accidents. Its handlers are as safe to repeat as ours, so that it doubles little; what it loses, it loses silently.

*Lost*: a flow that is not delivered, billed, paid and noted in the order, each of them. *Doubled*: one of them more than once.
*Stuck*: deliveries that are neither done nor on their way to it. *Invariants*: ledger, stock, numbers, orders, as `manage.py verify` checks them.

How connections are left half open: the proxy ends the server's side and says nothing to the client. A client of Redis has to notice by its own
timeouts; to a client of Postgres the proxy does in {25 / 5:.0f} s what the kernel's keepalive does in 25.
"""


def say(line: str) -> None:
    """To the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
