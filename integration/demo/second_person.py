"""PT Nusantara Maju lets nobody post entries by hand alone: the rule, and one entry that waits for it."""

from contextlib import suppress
from decimal import Decimal

from backoffice.finance.models import Account, Purpose
from backoffice.finance.operations import Posting, post_entry
from core import clock
from core.approvals.models import SecondPerson
from core.approvals.operations import demand_second
from core.approvals.rules import sync_second_persons
from core.errors import WaitsForSecond
from core.people.models import User

DEMANDED = ("finance.post_entry", "finance.reverse_entry")
RENT_ACCOUNT, RENT = "6-1200", Decimal(18_500_000)


def demand_two_for_entries(*, by: User) -> None:
    """The owner wants two people to look at every entry by hand."""
    sync_second_persons()
    for rule in SecondPerson.objects.filter(operation__in=DEMANDED, demanded=False).order_by("pk"):
        demand_second(rule, by=by)


def ask_for_an_entry(*, by: User) -> None:
    """The accountant posts the rent of the month, and waits for somebody to look at it."""
    rent, bank = Account.objects.get(code=RENT_ACCOUNT), Account.objects.get(purpose=Purpose.BANK)
    lines = [Posting(account_id=rent.pk, amount=RENT, memo="Gudang Cakung"), Posting(account_id=bank.pk, amount=-RENT)]
    with suppress(WaitsForSecond):
        post_entry(on=clock.today(), memo="Sewa gudang bulan ini", lines=lines, by=by)
