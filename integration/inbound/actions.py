"""What a message becomes: one operation, called as the source's own user."""

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from backoffice.finance.models import Invoice
from backoffice.finance.operations import pay_invoice
from core import clock
from core.errors import Refused
from core.people.models import User
from frontoffice.crm.operations import create_lead
from integration.inbound.models import Source

NEEDED = {Source.Action.LEAD: "crm.create_lead", Source.Action.PAYMENT: "finance.register_payment"}
"""The one permission a source's user has."""

LEAD_FIELDS = {"name": 160, "company_name": 160, "job_title": 120, "email": 254, "phone": 40, "note": 5000}


class BadMessage(Refused):
    """A message that nothing can become of."""


def act(source: Source, body: str, *, by: User) -> models.Model:
    """Do what the source is for; what it says stands in ``data``, or at the top."""
    said = json.loads(body)
    data = said.get("data", said)
    if not isinstance(data, dict):
        raise BadMessage(_("%(field)s is missing.") % {"field": "data"})
    return _lead(data, by) if source.action == Source.Action.LEAD else _payment(data, by)


def _lead(data: dict[str, Any], by: User) -> models.Model:
    """Somebody filled in a form on a web site."""
    entries: dict[str, Any] = {name: _text(data, name, longest) for name, longest in LEAD_FIELDS.items()}
    return create_lead(**entries, source="web", by=by)


def _payment(data: dict[str, Any], by: User) -> models.Model:
    """A bank or a payment provider says that an invoice was paid."""
    number = _text(data, "invoice", 40)
    invoice = Invoice.objects.filter(number=number).first() if number else None
    if invoice is None:
        raise BadMessage(_("There is no invoice %(number)s.") % {"number": number})
    if _text(data, "currency", 3) != invoice.currency:
        raise BadMessage(_("The invoice %(number)s is in %(currency)s.") % {"number": number, "currency": invoice.currency})
    try:
        amount = Decimal(_text(data, "amount", 40))
        paid_on = date.fromisoformat(_text(data, "received_on", 10)) if data.get("received_on") else clock.today()
    except (InvalidOperation, ValueError) as error:
        raise BadMessage(_("The amount or the day cannot be read.")) from error
    if not amount.is_finite() or amount <= 0:
        raise BadMessage(_("The amount or the day cannot be read."))
    return pay_invoice(invoice, amount, received_on=paid_on, method="transfer", reference=_text(data, "reference", 80), by=by)


def _text(data: dict[str, Any], name: str, longest: int) -> str:
    value = data.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, (str, int)) or isinstance(value, bool) or len(str(value)) > longest or "\x00" in str(value):
        raise BadMessage(_("%(field)s cannot be read.") % {"field": name})
    return str(value).strip()
