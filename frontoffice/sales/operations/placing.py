"""Placing an order."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Case, Exists, OuterRef, Subquery, When
from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.docflow.flow import link
from core.errors import Refused
from core.events.publishing import publish
from core.parties.models import Address, Company, Party, PartyRole
from core.parties.operations import register_role
from core.people.models import User
from frontoffice.sales.events import OrderPlaced
from frontoffice.sales.models import Order
from frontoffice.sales.operations.lines import NewLine, make_lines, total_up


class WrongAddress(Refused):
    """Goods would go to somebody else's address."""


class NotSoldTo(Refused):
    """We do not deal with this party any more."""


def place_order(
    *,
    customer_id: int,
    lines: Sequence[NewLine],
    by: User,
    deal_id: int | None = None,
    deal_name: str = "",
    order_date: date | None = None,
    requested_date: date | None = None,
    prices_include_tax: bool = False,
    shipping_address_id: int | None = None,
    note: str = "",
    owner_id: int | None = None,
) -> Order:
    """Write down what a customer wants: a draft with a number, in the currency of the books.

    One deal becomes one order: placed again for the same deal, the first order comes back. Without a date it is today's;
    without an address the customer's shipping address is taken; without an owner it is ``by``'s.
    """
    with locked(Party.objects.filter(pk=customer_id), by=by) as found:
        if deal_id is not None:
            known = Order.objects.filter(deal_id=deal_id).first()
            if known is not None:
                return known
        customer = _customer(found)
        address_id, is_customer = _known_of(customer, shipping_address_id)
        order = Order(
            customer=customer,
            deal_id=deal_id,
            order_date=order_date or clock.today(),
            requested_date=requested_date,
            currency=Company.objects.current().currency,
            prices_include_tax=prices_include_tax,
            shipping_address_id=address_id,
            note=note,
            owner_id=owner_id or by.pk,
        )
        made = make_lines(lines, customer=customer, on=order.order_date, first_position=1)
        total_up(order, made)
        if not is_customer:
            register_role(customer, PartyRole.Role.CUSTOMER)
        if deal_id is not None:
            link("crm.deal", deal_id, (deal_name or f"#{deal_id}")[:40], "sales.order", order.pk, order.number, relation="becomes")
        publish(
            OrderPlaced(
                order_id=order.pk,
                order_number=order.number,
                customer_id=customer.pk,
                deal_id=deal_id,
                total=order.total,
                currency=order.currency,
            )
        )
    return order


def _customer(found: list[Party]) -> Party:
    if not found or not found[0].is_active:
        raise NotSoldTo(
            _("We do not deal with %(name)s.") % {"name": found[0].name if found else _("this customer")},
            fix=_("Choose another customer, or make them active again."),
            field="customer",
        )
    return found[0]


def _known_of(customer: Party, address_id: int | None) -> tuple[int | None, bool]:
    """Where the goods go (the address given, or else the customer's for goods, or else their office), and whether they are a customer yet."""
    addresses = Address.objects.filter(party=OuterRef("pk")).order_by(Case(When(kind=Address.Kind.SHIPPING, then=0), default=1), "pk")
    wanted = (
        addresses.filter(kind__in=[Address.Kind.SHIPPING, Address.Kind.OFFICE]) if address_id is None else addresses.filter(pk=address_id)
    )
    role = PartyRole.objects.filter(party=OuterRef("pk"), role=PartyRole.Role.CUSTOMER)
    known: tuple[int | None, bool] = Party.objects.filter(pk=customer.pk).values_list(Subquery(wanted.values("pk")[:1]), Exists(role)).get()
    if address_id is not None and known[0] is None:
        raise WrongAddress(
            _("That address does not belong to %(name)s.") % {"name": customer.name},
            fix=_("Choose one of the customer's addresses."),
            field="shipping_address",
        )
    return known
