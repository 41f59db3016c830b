"""`manage.py screens`, as `manage.py help` lists it; the work is in `config.picturing`."""

import sys

from django.core.management.base import BaseCommand

from config import picturing


class Command(BaseCommand):
    help = "Takes a picture of every page of the demo company, in both sizes and themes; fails when a page has a fault."

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(picturing.main(argv[2:]))
