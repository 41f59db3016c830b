"""What voiding a payment would change, in words for whoever checks it."""

from datetime import date

from django.utils.translation import gettext as _

from backoffice.finance.models import Allocation, Payment
from core import clock
from core.approvals.declaring import Told
from core.web import figures


def void_told(*, payment: Payment, reason: str, on: date | None = None) -> list[Told]:
    """A payment that would be taken back, and the invoices that would be open again."""
    live = Allocation.objects.filter(payment=payment, reverses=None, reversed_by=None).select_related("invoice").order_by("pk")
    whole = figures.money(payment.amount, payment.currency)
    received = _("%(amount)s received on %(day)s") % {"amount": whole, "day": figures.day(payment.received_on, year=True)}
    voided = _("Voided on %(day)s: %(reason)s") % {"day": figures.day(on or clock.today(), year=True), "reason": reason}
    settled = [
        Told(
            str(row.invoice),
            _("%(amount)s of it settled") % {"amount": figures.money(row.amount, payment.currency)},
            _("%(amount)s open again") % {"amount": figures.money(row.amount, payment.currency)},
        )
        for row in live
    ]
    return [Told(_("Customer"), str(payment.customer), str(payment.customer)), Told(str(payment), received, voided), *settled]
