"""From a lead to an order: CRM -> Sales.

A deal that is won becomes an order, a draft that its seller checks and confirms. While the deal is still open its lines are
priced by the price lists of Sales.
"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.events import answers, on
from core.events.cause import actor
from frontoffice.crm.events import DealWon
from frontoffice.crm.questions import PriceFor
from frontoffice.sales import operations as sales


@on(DealWon, awaited=_("The order is being drafted"))
def order_what_was_won(event: DealWon) -> None:
    """What was won is ordered, at the prices it was won with."""
    sales.place_order(
        customer_id=event.party_id,
        deal_id=event.deal_id,
        deal_name=event.name,
        owner_id=event.owner_id,
        lines=[
            sales.NewLine(
                product_id=line.product_id,
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount=line.discount,
            )
            for line in event.lines
        ],
        by=actor(),
    )


@answers(PriceFor)
def what_it_costs_this_customer(question: PriceFor) -> Decimal:
    """Price lists decide, then the list price."""
    return sales.price_for(question.product_id, question.customer_id, question.quantity, question.on)
