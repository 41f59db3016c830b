"""Who is told of what: the facts of the day that somebody waits for, or has to do something about.

Nobody is told of what they did themselves, everybody in their own language, and of one fact once, however often it is handled.
"""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from backoffice.finance import operations as finance
from backoffice.finance.events import InvoicePaid, InvoiceReopened, PaymentReceived
from backoffice.inventory.events import GoodsDelivered, StockReserved
from core.events import on
from core.events.cause import actor, current_cause
from core.notifications.operations import notify_each
from core.parties.models import Party
from core.people.events import RolesChanged
from core.people.models import CompanyRole, User
from core.people.roles import Role
from core.web.figures import day, day_and_time, short_money
from core.web.registry import url_for
from frontoffice.crm.events import ActivityFellDue, DealAssigned
from frontoffice.sales import operations as sales
from frontoffice.sales.events import OrderHeld, OrderKept, OrderReleased
from integration.events import CancellationStuck, CreditHoldLasted, DeliveryOverdue, PaymentOverdue


@on(OrderHeld)
def ask_for_a_release(event: OrderHeld) -> None:
    """Whoever may let it go ahead decides."""
    _tell(
        User.objects.who_may("sales.release_order"),
        lambda: (
            _("%(order)s for %(customer)s is on hold and waits for your word (%(total)s).")
            % {"order": event.order_number, "customer": _name(event.customer_id), "total": short_money(event.total, event.currency)}
        ),
        url=url_for("sales.order", event.order_id),
        icon="circle-pause",
    )


@on(OrderReleased)
def tell_the_seller_it_goes_ahead(event: OrderReleased) -> None:
    """The seller can tell the customer."""
    _tell(
        _seller(event.order_id),
        lambda: (
            _("%(order)s for %(customer)s was released by %(who)s and goes ahead.")
            % {"order": event.order_number, "customer": _name(event.customer_id), "who": actor().name}
        ),
        url=url_for("sales.order", event.order_id),
        icon="circle-play",
    )


@on(OrderKept)
def tell_the_seller_it_stands(event: OrderKept) -> None:
    """It was to be cancelled, but goods had left."""
    _tell(
        _seller(event.order_id),
        lambda: _("%(order)s could not be cancelled: goods had left already.") % {"order": event.order_number},
        url=url_for("sales.order", event.order_id),
        icon="circle-alert",
    )


@on(StockReserved, beside=True)
def tell_the_seller_goods_are_short(event: StockReserved) -> None:
    """Only when something is missing."""
    if event.short:
        _tell(
            _seller(event.order_id),
            lambda: (
                _("Stock is short for %(order)s of %(customer)s: %(delivery)s waits.")
                % {"order": event.order_number, "customer": _name(event.customer_id), "delivery": event.delivery_number}
            ),
            url=url_for("sales.order", event.order_id),
            icon="package-x",
        )


@on(GoodsDelivered, beside=True)
def tell_the_seller_goods_left(event: GoodsDelivered) -> None:
    """And whether a rest follows."""
    _tell(
        _seller(event.order_id),
        lambda: (
            (
                _("%(order)s for %(customer)s has been delivered.")
                if event.complete
                else _("Part of %(order)s for %(customer)s has been delivered; the rest follows with %(backorder)s.")
            )
            % {"order": event.order_number, "customer": _name(event.customer_id), "backorder": event.backorder_number}
        ),
        url=url_for("inventory.deliveryorder", event.delivery_id),
        icon="truck",
    )


@on(InvoicePaid, beside=True)
def tell_the_seller_it_is_paid(event: InvoicePaid) -> None:
    """The order has come to its end."""
    if event.order_id is not None:
        _tell(
            _seller(event.order_id),
            lambda: (
                _("%(customer)s has paid %(invoice)s (%(total)s).")
                % {
                    "customer": _name(event.customer_id),
                    "invoice": event.invoice_number,
                    "total": short_money(event.total, event.currency),
                }
            ),
            url=url_for("finance.invoice", event.invoice_id),
            icon="banknote",
        )


@on(InvoiceReopened)
def tell_who_keeps_the_books_it_is_open_again(event: InvoiceReopened) -> None:
    """What had settled it was taken back."""
    _tell(
        User.objects.in_role(Role.ACCOUNTANT),
        lambda: (
            _("%(invoice)s of %(customer)s is open again: %(residual)s.")
            % {
                "invoice": event.invoice_number,
                "customer": _name(event.customer_id),
                "residual": short_money(event.residual, event.currency),
            }
        ),
        url=url_for("finance.invoice", event.invoice_id),
        icon="rotate-ccw",
    )


@on(PaymentReceived, beside=True)
def tell_who_keeps_the_books_of_an_overpayment(event: PaymentReceived) -> None:
    """Money that no invoice took stays the customer's: somebody should ask what it is for."""
    if event.unallocated > 0:
        _tell(
            User.objects.in_role(Role.ACCOUNTANT),
            lambda: (
                _("%(customer)s paid %(amount)s more than was open (%(payment)s).")
                % {
                    "customer": _name(event.customer_id),
                    "amount": short_money(event.unallocated, event.currency),
                    "payment": event.number,
                }
            ),
            url=url_for("finance.payment", event.payment_id),
            icon="coins",
        )


@on(CreditHoldLasted)
def ask_again_for_a_release(event: CreditHoldLasted) -> None:
    """The customer waits for our word."""
    if sales.progress_of(event.order_id).on_hold:
        _tell(
            [*User.objects.who_may("sales.release_order"), *_seller(event.order_id)],
            lambda: (
                _("%(order)s for %(customer)s has been on hold since %(day)s: release it, or tell the customer.")
                % {"order": event.order_number, "customer": _name(event.customer_id), "day": day(event.since)}
            ),
            url=url_for("sales.order", event.order_id),
            icon="timer",
        )


@on(DeliveryOverdue)
def tell_the_seller_goods_are_late(event: DeliveryOverdue) -> None:
    """The customer was promised another day."""
    if sales.awaits_goods(event.order_id):
        _tell(
            _seller(event.order_id),
            lambda: (
                _("%(order)s for %(customer)s was promised for %(day)s and has not left in full.")
                % {"order": event.order_number, "customer": _name(event.customer_id), "day": day(event.promised_for)}
            ),
            url=url_for("sales.order", event.order_id),
            icon="timer",
        )


@on(CancellationStuck)
def tell_the_operator_a_cancellation_is_stuck(event: CancellationStuck) -> None:
    """A delivery of an event gave up, or no worker runs."""
    if sales.progress_of(event.order_id).cancelling:
        _tell(
            [*User.objects.who_may("events.retry_delivery"), *_seller(event.order_id)],
            lambda: _("%(order)s is still being cancelled: the warehouse has not answered.") % {"order": event.order_number},
            url=url_for("sales.order", event.order_id),
            icon="timer",
        )


@on(PaymentOverdue)
def tell_who_keeps_the_books_a_payment_is_late(event: PaymentOverdue) -> None:
    """And the seller of the customer, who can ask."""
    item = finance.open_item(event.invoice_id)
    if item.residual > 0:
        customer = Party.objects.select_related("owner").get(pk=event.customer_id)
        _tell(
            [*User.objects.in_role(Role.ACCOUNTANT), *([customer.owner] if customer.owner else [])],
            lambda: (
                _("%(invoice)s of %(customer)s was due on %(day)s: %(residual)s are open.")
                % {
                    "invoice": event.invoice_number,
                    "customer": customer.name,
                    "day": day(event.due_on),
                    "residual": short_money(item.residual, item.currency),
                }
            ),
            url=url_for("finance.invoice", event.invoice_id),
            icon="timer",
        )


@on(DealAssigned)
def tell_the_new_owner(event: DealAssigned) -> None:
    """Somebody else's hands gave it into theirs."""
    _tell(
        User.objects.filter(pk=event.owner_id),
        lambda: _("%(who)s gave you the deal %(deal)s.") % {"who": actor().name, "deal": event.name},
        url=url_for("crm.deal", event.deal_id),
        icon="handshake",
    )


@on(RolesChanged)
def tell_what_somebody_may_do_now(event: RolesChanged) -> None:
    """A new role is work waiting; one taken away, pages that are gone."""
    roles = CompanyRole.objects.named().filter(group__name__in=event.roles).order_by("pk")
    _tell(
        User.objects.filter(pk=event.user_id),
        lambda: (
            _("%(who)s changed what you may do: you work as %(roles)s now.")
            % {"who": actor().name, "roles": ", ".join(role.name for role in roles) or "–"}
        ),
        url="/",
        icon="key-round",
    )


@on(ActivityFellDue)
def remind_who_has_to_do_it(event: ActivityFellDue) -> None:
    """In their own time zone, whoever they planned it with."""
    _tell(
        User.objects.filter(pk=event.assignee_id),
        lambda: (
            _("Due %(when)s: %(subject)s (%(about)s)")
            % {"when": day_and_time(event.due_at), "subject": event.subject, "about": event.about}
        ),
        url=url_for("crm.activity", event.activity_id),
        icon="alarm-clock",
    )


def _tell(users: Iterable[User], words: Callable[[], str], *, url: str, icon: str) -> None:
    notify_each(users, words, url=url, icon=icon, key=str(current_cause().causation_id or ""), but=actor())


def _seller(order_id: int) -> list[User]:
    seller = sales.seller_of(order_id)
    return [seller] if seller else []


def _name(party_id: int) -> str:
    return Party.objects.get(pk=party_id).name
