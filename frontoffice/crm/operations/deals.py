"""Deals: opened, kept up to date, moved along the pipeline."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.money import ZERO, round_money
from core.parties.models import Company, Contact, Party
from core.people.models import User
from frontoffice.crm.events import DealMoved, DealOpened
from frontoffice.crm.models import Deal, DealLine, Stage
from frontoffice.crm.operations.pipelines import first_stage

UPDATABLE = frozenset({"name", "party", "contact", "owner", "estimate", "expected_close_date", "note"})


class BadDeal(Refused):
    """A deal nobody could make sense of."""


class DealDecided(Refused):
    """What was won or lost is not changed any more."""


def open_deal(
    *,
    name: str,
    party: Party | None = None,
    contact: Contact | None = None,
    stage: Stage | None = None,
    owner: User | None = None,
    estimate: Decimal = ZERO,
    expected_close_date: date | None = None,
    note: str = "",
    by: User,
) -> Deal:
    """Start working for a sale, in the first stage unless said otherwise. ``estimate`` is in the currency of the books."""
    with locked(by=by):
        return register_deal(
            name=name,
            party=party,
            contact=contact,
            stage=stage,
            owner=owner or by,
            estimate=estimate,
            expected_close_date=expected_close_date,
            note=note,
        )


def register_deal(*, name: str, stage: Stage | None = None, estimate: Decimal = ZERO, **more: Any) -> Deal:
    """``open_deal`` for an operation that holds its own lock already, such as converting a lead."""
    currency = Company.objects.current().currency
    deal = Deal(name=name.strip(), stage=stage or first_stage(), currency=currency, estimate=round_money(estimate, currency), **more)
    deal.amount = deal.estimate
    _check(deal)
    deal.save()
    publish(DealOpened(deal_id=deal.pk, name=deal.name, party_id=deal.party_id, amount=deal.amount, currency=deal.currency))
    return deal


def update_deal(deal: Deal, *, by: User, **changes: Any) -> Deal:
    """Correct what we know about an open deal. Takes any of ``UPDATABLE``; the lines keep the prices they have."""
    unknown = changes.keys() - UPDATABLE
    if unknown:
        raise TypeError(f"A deal has no {', '.join(sorted(unknown))} to write.")
    with locked(deal, deal.lines.all(), by=by) as (deal, lines):
        still_open(deal)
        for field, value in changes.items():
            setattr(deal, field, value)
        deal.estimate = round_money(deal.estimate, deal.currency)
        _check(deal)
        deal.save(update_fields=sorted({*changes, "estimate"}))
        sum_up(deal, lines)
    return deal


def move_deal(deal: Deal, *, stage: Stage, by: User) -> Deal:
    """Put an open deal into another stage. Moved to where it stands, nothing happens."""
    with locked(deal, by=by) as deal:
        still_open(deal)
        before = deal.stage
        if before.pk != stage.pk:
            deal.stage, deal.stage_since = stage, clock.now()
            deal.save(update_fields=["stage", "stage_since"])
            publish(
                DealMoved(deal_id=deal.pk, name=deal.name, party_id=deal.party_id, from_stage=before.name, to_stage=stage.name)
            )
    return deal


def still_open(deal: Deal) -> None:
    """Refuse to change what is decided."""
    if not deal.is_open:
        raise DealDecided(
            _("%(deal)s is %(status)s and cannot be changed any more.")
            % {"deal": deal.name, "status": deal.get_status_display().lower()},
            fix=_("Reopen it first.") if deal.status == Deal.Status.LOST else _("Change the order it became."),
        )


def sum_up(deal: Deal, lines: list[DealLine]) -> None:
    """Keep the amount: the sum of the lines, or the estimate while there are none."""
    deal.amount = sum((line.amount for line in lines), ZERO) if lines else deal.estimate
    deal.save(update_fields=["amount"])


def _check(deal: Deal) -> None:
    if not deal.name.strip():
        raise BadDeal(_("A deal needs a name."), fix=_("Say what it is about."), field="name")
    if deal.estimate < 0:
        raise BadDeal(_("An estimate cannot be below zero."), fix=_("Enter what the sale may bring."), field="estimate")
    if deal.contact is not None and deal.contact.company_id != deal.party_id:
        raise BadDeal(
            _("%(contact)s does not speak for this customer.") % {"contact": deal.contact.person.name},
            fix=_("Choose one of the customer's contacts."),
            field="contact",
        )
