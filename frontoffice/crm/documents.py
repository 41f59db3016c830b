"""The quotation for a deal: what the customer may say yes to, before there is an order."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.parties.models import Address
from core.printing.documents import document
from core.printing.letterhead import addressee
from core.printing.paper import Column, Fact, Paper, Remark, Row, Table, Total
from core.printing.wording import amounts, day, price
from core.web import figures
from frontoffice.crm.models import Deal


def may_be_quoted(deal: Deal) -> bool:
    """Whether there is somebody to quote to, and something that costs money."""
    return deal.is_open and deal.party_id is not None and deal.amount > 0 and deal.lines.exists()


@document("crm.deal", "quotation", _("Quotation"), party=lambda deal: deal.party, when=may_be_quoted, icon="file-pen-line")
def quotation(deal: Deal) -> Paper:
    """The lines of the deal at their prices, without tax: that is added on the order."""
    assert deal.party is not None
    lines = list(deal.lines.select_related("product__unit").order_by("position", "pk"))
    written = amounts(deal.currency, [deal.amount, *(line.amount for line in lines)])
    discounted = any(line.discount for line in lines)
    number = f"Q-{deal.pk:05d}"
    facts = [
        Fact(gettext("Date"), day(clock.today())),
        Fact(gettext("For"), deal.name),
        Fact(gettext("Attention"), deal.contact.person.name if deal.contact else ""),
        Fact(gettext("Your contact"), deal.owner.name if deal.owner else ""),
    ]
    heads = [
        Column(gettext("Description"), wide=True),
        Column(gettext("Quantity"), figures=True),
        Column(gettext("Unit price"), figures=True),
    ]
    heads += [Column(gettext("Discount"), figures=True)] if discounted else []
    return Paper(
        title=gettext("Quotation"),
        number=number,
        made_on=clock.today(),
        to_label=gettext("To"),
        to=addressee(deal.party, Address.Kind.OFFICE, Address.Kind.BILLING),
        facts=tuple(fact for fact in facts if fact.value),
        headline=written(deal.amount),
        headnote=gettext("without tax"),
        tables=(
            Table(
                (*heads, Column(gettext("Amount"), figures=True)),
                tuple(
                    Row(
                        (
                            line.description,
                            figures.quantity(line.quantity, line.product.unit.code if line.product else ""),
                            price(line.unit_price, deal.currency),
                            *([figures.percent(line.discount) if line.discount else ""] if discounted else []),
                            written(line.amount),
                        ),
                        note=line.product.sku if line.product else "",
                    )
                    for line in lines
                ),
            ),
        ),
        totals=(Total(gettext("Total without tax"), written(deal.amount), strong=True),),
        remarks=(Remark(gettext("Tax"), gettext("Tax is added at the rate that applies on the day of the order.")),),
        with_terms=True,
        cover=gettext("Please find attached our quotation %(number)s over %(total)s without tax. We look forward to your order.")
        % {"number": number, "total": written(deal.amount)},
    )
