"""Deciding a deal: won, lost, or open again."""

from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.parties.models import PartyRole
from core.parties.operations import register_role
from core.people.models import User
from frontoffice.crm.events import DealLost, DealReopened, DealWon, WonLine
from frontoffice.crm.models import Deal, LostReason
from frontoffice.crm.operations.leads import WhyLost


class NothingSold(Refused):
    """A deal without lines would become an empty order."""


class NobodyToSellTo(Refused):
    """An order needs a customer."""


class StaysWon(Refused):
    """A won deal became an order."""


def win_deal(deal: Deal, *, by: User) -> Deal:
    """The customer said yes: an order follows, and whoever they were, they are a customer now."""
    with locked(deal, deal.lines.all(), by=by) as (deal, lines):
        party = deal.party
        if party is None:
            raise NobodyToSellTo(_("%(deal)s has no customer.") % {"deal": deal.name}, fix=_("Choose the customer first."), field="party")
        if not lines:
            raise NothingSold(_("%(deal)s has no lines.") % {"deal": deal.name}, fix=_("Add what the customer buys."), field="lines")
        deal.move_to(Deal.Status.WON, closed_at=clock.now())
        register_role(party, PartyRole.Role.CUSTOMER)
        publish(
            DealWon(
                deal_id=deal.pk,
                name=deal.name,
                party_id=party.pk,
                owner_id=deal.owner_id,
                currency=deal.currency,
                amount=deal.amount,
                lines=tuple(
                    WonLine(
                        product_id=line.product_id,
                        description=line.description,
                        quantity=line.quantity,
                        unit_price=line.unit_price,
                        discount=line.discount,
                    )
                    for line in sorted(lines, key=lambda line: line.position)
                ),
            )
        )
    return deal


def lose_deal(deal: Deal, *, reason: LostReason | None, note: str = "", by: User) -> Deal:
    """The customer said no, or nothing at all: say why, so that we can learn from it."""
    if reason is None:
        raise WhyLost(_("A deal is not lost without a reason."), fix=_("Choose why."), field="reason")
    with locked(deal, by=by) as deal:
        deal.move_to(Deal.Status.LOST, closed_at=clock.now(), lost_reason=reason, lost_note=note.strip()[:300])
        publish(
            DealLost(
                deal_id=deal.pk,
                name=deal.name,
                party_id=deal.party_id,
                reason=reason.name,
                amount=deal.amount,
                currency=deal.currency,
            )
        )
    return deal


def reopen_deal(deal: Deal, *, by: User) -> Deal:
    """Work on a lost deal again. A won one stays won: it became an order."""
    with locked(deal, by=by) as deal:
        if deal.status == Deal.Status.WON:
            raise StaysWon(_("%(deal)s is won and became an order.") % {"deal": deal.name}, fix=_("Cancel the order, and open a new deal."))
        deal.move_to(Deal.Status.OPEN, closed_at=None, lost_reason=None, lost_note="", stage_since=clock.now())
        publish(DealReopened(deal_id=deal.pk, name=deal.name, party_id=deal.party_id))
    return deal
