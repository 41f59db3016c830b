"""`manage.py lint`, as `manage.py help` lists it; the work is in `config.linting`, which also runs when Django cannot start."""

import sys

from django.core.management.base import BaseCommand

from config import linting


class Command(BaseCommand):
    help = "Runs every static check of the house style. `--only NAME` runs one."

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(linting.main(argv[2:]))
