"""Brings the translations up to date with the code."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.web import languages


class Command(BaseCommand):
    """New messages come in empty, forgotten ones go; then lists what waits for words."""

    help = "Write new messages of the code and the templates into locale/, and say which have no translation yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only look, or write too."""
        parser.add_argument("--check", action="store_true", help="fail when a message has no translation")

    def handle(self, *args: Any, **options: Any) -> None:
        """Every language."""
        said = waiting = 0
        for source in languages.sources():
            catalog = languages.update(source)
            missing = languages.missing(catalog)
            said, waiting = len(catalog), waiting + len(missing)
            for message in missing:
                self.stdout.write(f"{languages.language_of(source)}: {message.id if isinstance(message.id, str) else message.id[0]}")
        languages.compile_all()
        self.stdout.write(f"{said} messages, {waiting} without words.")
        if waiting and options["check"]:
            raise CommandError("Translate what is listed above in locale/*/LC_MESSAGES/django.po.")
