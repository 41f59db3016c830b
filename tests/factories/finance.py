"""The books of the known cast: a chart, an open year, and documents in them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from backoffice.finance.models import Invoice, Payment
from backoffice.finance.operations import BillLine, install_chart, issue_invoice, open_fiscal_year, register_payment
from core.parties.models import Company, Party
from core.people.models import User

TODAY = date(2026, 3, 16)


def make_books(chart: str = "general", years: Sequence[int] = (2026,)) -> None:
    """A chart of accounts, and fiscal years that take postings."""
    by = User.objects.service()
    install_chart(chart, by=by)
    for year in years:
        open_fiscal_year(date(year, Company.objects.current().fiscal_year_start_month, 1), by=by)


def make_bill_line(amount: object = 1000, **more: Any) -> BillLine:
    """A line of one piece for so much."""
    return BillLine(**{"description": "Standing desk 140", "quantity": Decimal(1), "unit_price": Decimal(str(amount))} | more)


def make_invoice(customer: Party, amount: object = 1000, on: date = TODAY, **more: Any) -> Invoice:
    """An invoice over one line of so much."""
    wanted = {"currency": Company.objects.current().currency, "lines": [make_bill_line(amount)], "by": User.objects.service()} | more
    return issue_invoice(customer_id=customer.pk, invoice_on=on, **wanted)


def make_payment(customer: Party, amount: object = 1000, on: date = TODAY, **more: Any) -> Payment:
    """Money from a customer, applied to what is due first unless told otherwise."""
    return register_payment(customer, Decimal(str(amount)), received_on=on, **{"by": User.objects.service()} | more)
