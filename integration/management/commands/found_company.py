"""``manage.py found_company``: the first step of a company that is not the demo."""

import getpass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import clock
from core.errors import Refused
from core.people.models import User
from core.people.operations import change_preferences, create_user
from core.people.roles import Role
from integration.founding import found


class Command(BaseCommand):
    """Found the company and let its first owner in."""

    help = "Found the company: its name, the currency of its books, its chart of accounts, and its first owner."

    def add_arguments(self, parser: CommandParser) -> None:
        """Everything founding needs; the password is asked for when it is not given."""
        parser.add_argument("--name", required=True, help="what the company is called")
        parser.add_argument("--country", default="ID", help="ISO 3166 code, e.g. ID")
        parser.add_argument("--currency", default="IDR", help="ISO 4217 code of the books, e.g. IDR; it stays")
        parser.add_argument("--chart", default="general", choices=["general", "indonesia"], help="the chart of accounts")
        parser.add_argument("--fiscal-year-starts", type=int, default=1, metavar="MONTH", help="1 for January")
        parser.add_argument("--time-zone", default="Asia/Jakarta")
        parser.add_argument(
            "--language", default="en", choices=[code for code, _name in settings.LANGUAGES], help="of the owner, and of what is set up"
        )
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--owner-name", required=True)
        parser.add_argument("--owner-password", help="asked for when it is not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Found it whole, or not at all."""
        password = options["owner_password"] or getpass.getpass("Password of the owner: ")
        month = options["fiscal_year_starts"]
        if not 1 <= month <= 12:
            raise CommandError("--fiscal-year-starts is a month: 1 to 12.")
        today = clock.today()
        first_year = date(today.year if today.month >= month else today.year - 1, month, 1)
        by = User.objects.service()
        try:
            with transaction.atomic():
                found(
                    name=options["name"],
                    country=options["country"],
                    currency=options["currency"],
                    chart=options["chart"],
                    first_year=first_year,
                    fiscal_year_start_month=month,
                    time_zone=options["time_zone"],
                    language=options["language"],
                    by=by,
                )
                owner = create_user(email=options["owner_email"], name=options["owner_name"], roles=[Role.OWNER], password=password, by=by)
                change_preferences(owner, language=options["language"], by=by)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{options['name']} is founded. Sign in as {options['owner_email']}.")
