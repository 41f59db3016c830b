"""What the back office says while somebody still types: can it be promised, and is the customer good for it."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from core.catalog.models import Product
from core.catalog.questions import AvailableToPromise
from core.events import ask
from core.parties.questions import CreditStanding
from core.web import figures
from core.web.forms import Note


def stock_notes(wanted: Iterable[tuple[Product, Decimal]]) -> list[Note]:
    """One remark for each product: how many can be promised, and whether that is enough."""
    summed: dict[int, Decimal] = {}
    products: dict[int, Product] = {}
    for product, quantity in wanted:
        if product.is_goods:
            products[product.pk] = product
            summed[product.pk] = summed.get(product.pk, Decimal(0)) + quantity
    if not products:
        return []
    answers = ask(AvailableToPromise(product_ids=tuple(products)))
    return [_stock_note(products[one.product_id], summed[one.product_id], one.available, one.incoming) for one in answers]


def credit_notes(customer_id: int | None, more: Decimal) -> list[Note]:
    """How much credit is left to a customer, and whether ``more`` still fits."""
    if customer_id is None:
        return []
    credit = ask(CreditStanding(customer_id=customer_id))
    if credit.limit is None:
        return [Note(_("Credit: no limit, %(used)s used.") % {"used": figures.money(credit.used, credit.currency)})]
    left = credit.limit - credit.used
    words = {"left": figures.money(left, credit.currency), "limit": figures.money(credit.limit, credit.currency)}
    if more > left:
        return [Note(_("Credit: %(left)s left of %(limit)s. The order will wait on hold until it is released.") % words, "warn")]
    return [Note(_("Credit: %(left)s left of %(limit)s.") % words, "good")]


def _stock_note(product: Product, wanted: Decimal, available: Decimal, incoming: Decimal) -> Note:
    words = {"what": product.name, "available": figures.quantity(available, product.unit.code)}
    if wanted <= available:
        return Note(_("%(what)s: %(available)s can be promised.") % words, "good")
    if available <= 0 < incoming:
        words["incoming"] = figures.quantity(incoming, product.unit.code)
        return Note(_("%(what)s: none can be promised now, %(incoming)s are on their way.") % words, "warn")
    if available <= 0:
        return Note(_("%(what)s: none can be promised now; all of it will wait for the next receipt.") % words, "warn")
    if incoming > 0:
        words["incoming"] = figures.quantity(incoming, product.unit.code)
        return Note(_("%(what)s: only %(available)s can be promised, %(incoming)s are on their way.") % words, "warn")
    return Note(_("%(what)s: only %(available)s can be promised; the rest will wait for the next receipt.") % words, "warn")
