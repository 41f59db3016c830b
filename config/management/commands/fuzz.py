"""`manage.py fuzz`, as `manage.py help` lists it; the work is in `config.fuzzing`."""

import sys

from django.core.management.base import BaseCommand

from config import fuzzing


class Command(BaseCommand):
    help = "Asks the API everything it offers, well and badly formed, as four people: counts server errors and broken descriptions."

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(fuzzing.main(argv[2:]))
