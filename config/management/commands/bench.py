"""`manage.py bench`, as `manage.py help` lists it; the work is in `config.benching`."""

import sys

from django.core.management.base import BaseCommand

from config import benching


class Command(BaseCommand):
    help = "Measures Satu against the physical limit and against itself, on servers of its own; run it on an idle machine."

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(benching.main(argv[2:]))
