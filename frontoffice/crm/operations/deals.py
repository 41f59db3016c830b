"""Deals: opened, kept up to date, moved along the pipeline."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.cause import current_cause
from core.events.publishing import publish
from core.money import ZERO, round_money
from core.parties.models import Company, Contact, Party
from core.people.models import User
from core.removal import remove_row
from frontoffice.crm.events import DealAssigned, DealMoved, DealOpened
from frontoffice.crm.models import Deal, DealLine, Stage
from frontoffice.crm.operations.offering import OfferedLine, make_lines, still_open, sum_up
from frontoffice.crm.operations.pipelines import first_stage

UPDATABLE = frozenset({"name", "party", "contact", "owner", "estimate", "expected_close_date", "note"})


class BadDeal(Refused):
    """A deal nobody could make sense of."""


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
    lines: Sequence[OfferedLine] = (),
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
            lines=lines,
        )


def register_deal(
    *, name: str, stage: Stage | None = None, estimate: Decimal = ZERO, lines: Sequence[OfferedLine] = (), **more: Any
) -> Deal:
    """``open_deal`` for an operation that holds its own lock already, such as converting a lead."""
    currency = Company.objects.current().currency
    deal = Deal(name=name.strip(), stage=stage or first_stage(), currency=currency, estimate=round_money(estimate, currency), **more)
    _check(deal)
    made = make_lines(deal, lines)
    deal.save()
    DealLine.objects.bulk_create(made)
    sum_up(deal, made)
    publish(DealOpened(deal_id=deal.pk, name=deal.name, party_id=deal.party_id, amount=deal.amount, currency=deal.currency))
    if deal.owner is not None and deal.owner_id != current_cause().actor_id:
        _assigned(deal, deal.owner)
    return deal


def update_deal(deal: Deal, *, lines: Sequence[OfferedLine] | None = None, by: User, **changes: Any) -> Deal:
    """Correct what we know about an open deal. Takes any of ``UPDATABLE``; ``lines``, when given, take the place of the old ones."""
    unknown = changes.keys() - UPDATABLE
    if unknown:
        raise TypeError(f"A deal has no {', '.join(sorted(unknown))} to write.")
    with locked(deal, deal.lines.all(), by=by) as (deal, present):
        still_open(deal)
        before = deal.owner_id
        for field, value in changes.items():
            setattr(deal, field, value)
        deal.estimate = round_money(deal.estimate, deal.currency)
        _check(deal)
        deal.save(update_fields=sorted({*changes, "estimate"}))
        sum_up(deal, present if lines is None else _replace(deal, lines))
        if deal.owner is not None and deal.owner_id != before:
            _assigned(deal, deal.owner)
    return deal


def move_deal(deal: Deal, stage: Stage, *, by: User) -> Deal:
    """Put an open deal into another stage. Moved to where it stands, nothing happens."""
    with locked(deal, by=by) as deal:
        still_open(deal)
        before = deal.stage
        if before.pk != stage.pk:
            deal.stage, deal.stage_since = stage, clock.now()
            deal.save(update_fields=["stage", "stage_since"])
            publish(DealMoved(deal_id=deal.pk, name=deal.name, party_id=deal.party_id, from_stage=before.name, to_stage=stage.name))
    return deal


def remove_deal(deal: Deal, *, by: User) -> None:
    """Forget an open deal nothing came of, with its lines."""
    with locked(deal, by=by) as deal:
        still_open(deal)
        remove_row(deal)


def _assigned(deal: Deal, owner: User) -> None:
    publish(DealAssigned(deal_id=deal.pk, name=deal.name, party_id=deal.party_id, owner_id=owner.pk, owner_name=owner.name))


def _replace(deal: Deal, lines: Sequence[OfferedLine]) -> list[DealLine]:
    deal.lines.all().delete()
    return DealLine.objects.bulk_create(make_lines(deal, lines))


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


def open_deals_with(party_id: int) -> list[str]:
    """The names of the deals that are still to be decided with a party."""
    return list(Deal.objects.open().filter(party=party_id).order_by("pk").values_list("name", flat=True))
