"""`manage.py lint`: every static check of the house style, one line each. They are configured in pyproject.toml."""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from config import embedded
from config.bootstrap import DEVELOPMENT, ROOT
from config.modules import INSTALLED

CODE = ("config", "core", "integration", "frontoffice", "backoffice", "tests", "benchmarks", "manage.py")
VENV_PROGRAMS = Path(sys.executable).parent
LABELS = [package.rpartition(".")[2] for package in INSTALLED]
UNREACHABLE = re.compile(r"ConnectionError|Max retries|timed out|resolve|ServiceError|HTTPError|JSONDecodeError", re.IGNORECASE)


@dataclass(frozen=True)
class Check:
    """One tool, and what it proves."""

    name: str
    command: Sequence[str]
    proves: str
    environment: Mapping[str, str] | None = None
    skipped_when: re.Pattern[str] | None = None  # output that means the check could not be made


def python(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


def manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


def templates() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "*.html"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return listing.stdout.split() or [str(path.relative_to(ROOT)) for path in ROOT.glob("*/**/*.html") if ".venv" not in path.parts]


def checks() -> list[Check]:
    """All checks, in the order of the house style; the quick ones first within it."""
    code = [name for name in CODE if (ROOT / name).exists()]
    production = {
        "SECRET_KEY": "only-for-the-check-" + "".join(chr(33 + number * 7 % 90) for number in range(60)).replace("\\", ""),
        "SATU_HTTPS": "1",
        "ALLOWED_HOSTS": "satu.example",
        "DEBUG": "0",
        "SATU_DEMO": "0",
    }
    return [
        Check("ruff", python("ruff", "check", *code), "code style, bugs, security, banned imports"),
        Check("format", python("ruff", "format", "--check", *code), "one formatting"),
        Check(
            "imports",
            [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
            "who imports whom",
        ),
        Check("types", python("mypy"), "types, strictly"),
        Check("djade", [str(VENV_PROGRAMS / "djade"), "--target-version", "5.2", "--check", *templates()], "template formatting"),
        Check("djlint", python("djlint", "--lint", "--quiet", *templates()), "HTML in templates"),
        Check("migrations", manage("makemigrations", "--check", "--dry-run"), "models and migrations agree"),
        Check(
            "migration-safety",
            manage("lintmigrations", "--warnings-as-errors", "--ignore-initial-migrations", "--quiet", "ok", "--include-apps", *LABELS),
            "migrations do not break a running version",
            {"SATU_EXTRA_APPS": "django_migration_linter"},
        ),
        Check(
            "api",
            manage("spectacular", "--validate", "--fail-on-warn", "--api-version", "1", "--file", os.devnull),
            "the API describes itself",
        ),
        Check("deploy", manage("check", "--deploy", "--fail-level", "WARNING"), "production settings are safe", production),
        Check("dependencies", python("deptry", "."), "what is imported is declared, and the reverse"),
        Check("spelling", python("codespell_lib"), "spelling"),
        Check(
            "vulnerabilities",
            python("pip_audit", "--requirement", DEVELOPMENT, "--disable-pip", "--progress-spinner", "off", "--timeout", "20"),
            "no known vulnerability in a locked package",
            skipped_when=UNREACHABLE,
        ),
    ]


def main(words: Sequence[str]) -> int:
    """Run all checks, or the one that `--only` names; 1 when any fails."""
    known = checks()
    parser = argparse.ArgumentParser(prog="manage.py lint", description="Runs every static check of the house style.")
    parser.add_argument(
        "--only", action="append", choices=[check.name for check in known], metavar="NAME", help=", ".join(c.name for c in known)
    )
    only = parser.parse_args(words).only
    chosen = [check for check in known if not only or check.name in only]
    width = max(len(check.name) for check in chosen)
    place = embedded.private()
    failed = []
    with embedded.running(place), ThreadPoolExecutor(os.cpu_count()) as pool:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": embedded.database_url(place),
            "REDIS_URL": embedded.redis_url(place),
            "SECRET_KEY": "only-for-the-checks",
        }
        with contextlib.suppress(KeyboardInterrupt):
            for check, done in zip(chosen, pool.map(lambda check: perform(check, environment), chosen), strict=True):
                code, output, seconds = done
                word = "ok" if code == 0 else "failed"
                if code != 0 and check.skipped_when and check.skipped_when.search(output):
                    word, output = "skipped", f"the service could not be asked: {output.strip().splitlines()[-1][:200]}"
                elif code != 0:
                    failed.append(check.name)
                print(f"{check.name:<{width}}  {word:<7} {seconds:4.0f} s  {check.proves}", flush=True)  # noqa: T201
                if word != "ok":
                    print(output.rstrip(), flush=True)  # noqa: T201
            print(f"{len(failed)} of {len(chosen)} checks failed: {', '.join(failed)}" if failed else f"All {len(chosen)} checks passed.")  # noqa: T201
    return 1 if failed else 0


def perform(check: Check, environment: Mapping[str, str]) -> tuple[int, str, float]:
    """Run one check; give back its exit code, what it said, and how long it took."""
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**environment, **(check.environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, time.monotonic() - started
