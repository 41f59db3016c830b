"""Schemathesis against a running Satu, as somebody: every check it knows, and what it found."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.bootstrap import ROOT

ENDS_ACCESS = r"/(revoke|deactivate|change-roles)/$|/tokens/"
"""What may lock the caller out comes last, under a token of its own."""
PHASES = "examples,coverage,fuzzing,stateful"
SERVER_ERROR = "ST101"


@dataclass
class Shot:
    """What came of one role: how much was asked, and each thing that was wrong, as ``code title: operation``."""

    role: str
    operations: int = 0
    cases: int = 0
    wrong: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def server_errors(self) -> int:
        """How often it broke."""
        return sum(one.startswith(SERVER_ERROR) for one in self.wrong)

    @property
    def violations(self) -> int:
        """How often it said other than it had described."""
        return len(self.wrong) - self.server_errors

    def add(self, other: "Shot") -> None:
        """Take another pass into the account."""
        self.operations, self.cases = self.operations + other.operations, self.cases + other.cases
        self.wrong, self.broken, self.seconds = self.wrong + other.wrong, self.broken + other.broken, self.seconds + other.seconds


def shoot(
    role: str,
    token: str,
    *,
    address: str,
    description: Path,
    folder: Path,
    examples: int,
    phases: str,
    seed: int,
    words: Sequence[str] = (),
) -> Shot:
    """Ask everything the description offers, with these examples of each, and read the report."""
    name = f"{role}-{len(list(folder.glob(f'{role}-*.json')))}"
    report, log = folder / f"{name}.json", folder / f"{name}.log"
    command = [
        *(str(Path(sys.executable).with_name("st")), "--config-file", str(ROOT / "tests" / "fuzz" / "schemathesis.toml")),
        *("run", str(description), "--url", address, "--header", f"Authorization: Bearer {token}"),
        *("--checks", "all", "--phases", phases, "--max-examples", str(examples), "--seed", str(seed), "--continue-on-failure"),
        *("--generation-database", "none", "--no-shrink", "--no-color", "--warnings", "off"),
        *("--suppress-health-check", "all", "--report", "json", "--report-json-path", str(report), "--output-truncate", "false"),
        *words,
    ]
    begun = time.monotonic()
    with log.open("w") as out:
        subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, check=False)
    if not report.exists():
        raise RuntimeError(f"Schemathesis wrote no report as {role}; its own words:\n{log.read_text()[-4000:]}")
    shot = read(role, json.loads(report.read_text()))
    shot.seconds = time.monotonic() - begun
    return shot


def read(role: str, report: dict[str, Any]) -> Shot:
    """A report of Schemathesis."""
    wrong = [f"{one['code']} {one['title']}: {what}" for one in report["failures"] for what in map(_named, one["operations"])]
    broken = [json.dumps(one)[:400] for one in report["errors"]]
    return Shot(role, report["operations"]["tested"], report["test_cases"]["generated"], wrong, broken)


def _named(operation: Any) -> str:
    return str(operation.get("label", operation) if isinstance(operation, dict) else operation)


def part_of(description: dict[str, Any], part: int, parts: int) -> dict[str, Any]:
    """Every so-manieth path of a description: several who ask share it."""
    every = {at: what for at, what in sorted(description["paths"].items()) if not re.search(ENDS_ACCESS, at)}
    return description | {"paths": dict(list(every.items())[part::parts])}
