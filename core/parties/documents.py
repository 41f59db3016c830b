"""A sample of the company's own papers, to see what the letterhead looks like."""

from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.parties.models import Company
from core.printing.documents import document
from core.printing.paper import Addressee, Column, Fact, Paper, Row, Table, Total
from core.printing.wording import amounts, day
from core.web import figures


@document("parties.company", "sample", _("Sample invoice"), party=lambda company: company.party, is_sent=False, icon="eye")
def sample(company: Company) -> Paper:
    """An invoice to nobody over nothing."""
    price, count = Decimal(1_250_000 if company.currency == "IDR" else 125), Decimal(3)
    written = amounts(company.currency, [price])
    return Paper(
        title=gettext("Sample invoice"),
        number="INV/0000/00000",
        made_on=clock.today(),
        to_label=gettext("Bill to"),
        to=Addressee(gettext("A customer"), (gettext("Their street 1"), gettext("Their city"))),
        facts=(Fact(gettext("Invoice date"), day(clock.today())), Fact(gettext("Due date"), day(clock.today()))),
        headline=gettext("%(amount)s due %(day)s") % {"amount": written(price * count), "day": day(clock.today())},
        tables=(
            Table(
                (
                    Column(gettext("Description"), wide=True),
                    Column(gettext("Quantity"), figures=True),
                    Column(gettext("Unit price"), figures=True),
                    Column(gettext("Amount"), figures=True),
                ),
                (Row((gettext("Something good"), figures.quantity(count), written(price), written(price * count))),),
            ),
        ),
        totals=(Total(gettext("Total"), written(price * count), strong=True),),
        with_bank_details=True,
        with_terms=True,
        stamp=gettext("SAMPLE"),
    )
