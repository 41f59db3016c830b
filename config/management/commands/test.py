"""`manage.py test`, as `manage.py help` lists it; the work is in `config.testing`, which also runs when Django cannot start."""

import sys

from django.core.management.base import BaseCommand

from config import testing


class Command(BaseCommand):
    help = "Runs all tests with pytest, in parallel, on embedded servers of their own. All options are pytest's."

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(testing.main(argv[2:]))
