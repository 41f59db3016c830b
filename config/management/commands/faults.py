"""`manage.py faults`, as `manage.py help` lists it; the work is in `config.faulting`."""

import sys

from django.core.management.base import BaseCommand

from config import faulting


class Command(BaseCommand):
    help = "Breaks everything around the engine and counts what is lost: kills workers, Postgres, Redis and connections of its own."

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(faulting.main(argv[2:]))
