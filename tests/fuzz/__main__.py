"""`manage.py fuzz`: tries promise 18 on a demo company of its own, prints a table, and writes docs/api/fuzz.md.

Started by `config.fuzzing`, which has started the servers; whatever is written here is thrown away with them.
"""

import argparse
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config import showroom
from config.bootstrap import ROOT
from config.supervisor import python
from tests.fuzz.shooting import ENDS_ACCESS, PHASES, Shot, shoot

ROLES = ("owner", "sales", "storekeeper", "accountant")
DAYS = 10


@dataclass(frozen=True)
class Size:
    """How many examples of each operation, in which phases, and in which further ones the owner asks.

    ``coverage`` tries each value of each field by itself, at its edges and beyond. Whether a body is read right is not a matter of who sends it,
    so it is asked once, by who is refused nothing.
    """

    examples: int
    phases: str
    owners: str = ""

    def phases_of(self, role: str) -> str:
        """What is tried as somebody."""
        return f"{self.phases},{self.owners}" if self.owners and role == ROLES[0] else self.phases


SIZES = {
    "ci": Size(1, "fuzzing"),
    "half": Size(3, "examples,fuzzing"),
    "full": Size(10, "examples,fuzzing,stateful", "coverage"),
    "night": Size(50, PHASES),
}


def main(words: list[str]) -> int:
    """Run it; 1 when the API broke its word."""
    parser = argparse.ArgumentParser(prog="manage.py fuzz")
    parser.add_argument("--size", choices=tuple(SIZES), default="full", help="how much of everything (full)")
    parser.add_argument("--seed", type=int, default=20261130, help="what the requests are drawn from")
    parser.add_argument("--roles", default=",".join(ROLES), help="some roles only; writes no report")
    asked = parser.parse_args(words)
    folder = Path(os.environ["SATU_DATA"]) / "fuzz"
    folder.mkdir()
    told = showroom.environment(os.environ["DATABASE_URL"], folder / "static", demo=False)
    say(f"A demo company of {DAYS} days is made ...")
    showroom.fill(told, DAYS)
    roles = asked.roles.split(",")
    with showroom.serving(told) as address:
        description = folder / "openapi.json"
        with urllib.request.urlopen(f"{address}/api/schema/?format=json", timeout=60) as answer:
            description.write_bytes(answer.read())

        def as_(role: str) -> Shot:
            size = SIZES[asked.size]
            how = {"address": address, "description": description, "folder": folder, "seed": asked.seed, "examples": size.examples}
            shot = shoot(role, token_of(role, told), phases=size.phases_of(role), words=["--exclude-path-regex", ENDS_ACCESS], **how)  # type: ignore[arg-type]
            shot.add(shoot(role, token_of(role, told), phases="fuzzing", words=["--include-path-regex", ENDS_ACCESS], **how))  # type: ignore[arg-type]
            say(line_of(shot))
            return shot

        with ThreadPoolExecutor(max(1, (os.cpu_count() or 2) - 1)) as crew:
            shots = list(crew.map(as_, roles))
    for shot in shots:
        for one in (*shot.wrong, *shot.broken):
            say(f"  {shot.role}: {one}")
    if tuple(roles) == ROLES:
        report = ROOT / "docs" / "api" / "fuzz.md"
        report.write_text(written(shots, asked.size, asked.seed))
        say(f"Written to {report.relative_to(ROOT)}.")
    errors, violations = sum(shot.server_errors for shot in shots), sum(shot.violations for shot in shots)
    broken = sum(len(shot.broken) for shot in shots)
    say(f"Size {asked.size}, seed {asked.seed}: {errors} server errors, {violations} schema violations, {broken} errors of the harness.")
    if errors or violations or broken:
        kept = Path(os.environ.get("TMPDIR", "/tmp")) / "satu-fuzz"
        subprocess.run(["cp", "-r", str(folder), str(kept)], check=False)
        say(f"How to repeat each stands in {kept}.")
    return 1 if errors or violations or broken else 0


def token_of(role: str, told: dict[str, str]) -> str:
    """A new token of the colleague who plays a role, who is let in again should a request before have shut them out."""
    made = subprocess.run([*python("tests.fuzz.letting_in"), role], cwd=ROOT, env=told, check=True, capture_output=True, text=True)
    return made.stdout.strip()


def line_of(shot: Shot) -> str:
    """One row for the terminal."""
    return (
        f"{shot.role:<12} {shot.operations:>4} operations {shot.cases:>7} requests {shot.server_errors:>4} server errors "
        f"{shot.violations:>4} schema violations  [{shot.seconds:.0f} s]"
    )


def written(shots: list[Shot], size: str, seed: int) -> str:
    """docs/api/fuzz.md."""
    asked, seconds, how = sum(shot.cases for shot in shots), sum(shot.seconds for shot in shots), SIZES[size]
    beside = f"; {how.owners} as the owner alone, since how a value is read is no matter of who sends it" if how.owners else ""
    rows = "\n".join(
        f"| {shot.role} | {shot.operations} | {shot.cases:,} | {shot.server_errors} | {shot.violations} | {shot.seconds:.0f} s |"
        for shot in shots
    )
    found = "\n".join(f"- {shot.role}: {one}" for shot in shots for one in (*shot.wrong, *shot.broken))
    return f"""# The API keeps its word

Promise 18. Written by `python3 manage.py fuzz --size {size} --seed {seed}` on {datetime.now(UTC):%Y-%m-%d}: Schemathesis with all its checks against a
running Satu with a demo company of {DAYS} days, on servers of its own, as four people with their rights: {asked:,} requests in {seconds / 60:.0f} minutes.
Up to {how.examples} examples of each operation in each phase ({how.phases}{beside}).

| Role | Operations | Requests | Server errors | Schema violations | Took |
|---|---|---|---|---|---|
{rows}

{found or "Nothing was wrong."}

What may be answered to what stands with its reasons in `tests/fuzz/schemathesis.toml`. What ends somebody's access (revoke, deactivate,
change-roles, tokens) comes last, under a token of its own. A share of it runs in every `python3 manage.py test`.
"""


def say(line: str) -> None:
    """To the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
