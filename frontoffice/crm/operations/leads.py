"""Leads: created, taken, turned into deals, given up."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.money import ZERO
from core.parties.models import Contact, Party
from core.parties.operations import register_contact, register_party
from core.people.models import User
from core.removal import remove_row
from frontoffice.crm.events import LeadConverted, LeadCreated, LeadLost, LeadReopened
from frontoffice.crm.models import Deal, Lead
from frontoffice.crm.operations.deals import register_deal

UPDATABLE = frozenset({"name", "company_name", "job_title", "email", "phone", "source", "owner", "note"})


class LeadWithoutName(Refused):
    """Somebody without a name cannot be called back."""


class LeadDecided(Refused):
    """What became of the lead is history."""


class WhyLost(Refused):
    """Something is learnt from every lead and deal that is lost."""


def create_lead(
    *,
    name: str,
    company_name: str = "",
    job_title: str = "",
    email: str = "",
    phone: str = "",
    source: str = Lead.Source.OTHER,
    owner: User | None = None,
    note: str = "",
    by: User,
) -> Lead:
    """Note somebody who might want to buy."""
    with locked(by=by):
        lead = Lead(
            name=name.strip(),
            company_name=company_name.strip(),
            job_title=job_title,
            email=email,
            phone=phone,
            source=Lead.Source(source),
            owner=owner,
            note=note,
        )
        _check(lead)
        lead.save()
        publish(LeadCreated(lead_id=lead.pk, name=lead.name, company_name=lead.company_name, owner_id=lead.owner_id))
    return lead


def update_lead(lead: Lead, *, by: User, **changes: Any) -> Lead:
    """Correct what we know about a lead. Takes any of ``UPDATABLE``."""
    unknown = changes.keys() - UPDATABLE
    if unknown:
        raise TypeError(f"A lead has no {', '.join(sorted(unknown))} to write.")
    with locked(lead, by=by) as lead:
        _undecided(lead)
        for field, value in changes.items():
            setattr(lead, field, value)
        _check(lead)
        lead.save(update_fields=sorted(changes))
    return lead


def take_lead(lead: Lead, *, by: User) -> Lead:
    """Make a new lead one's own, and start to work on it."""
    with locked(lead, by=by) as lead:
        _undecided(lead)
        lead.move_to(Lead.Status.WORKING, owner=by)
    return lead


def give_back_lead(lead: Lead, *, owner: User | None = None, by: User) -> Lead:
    """Let go of a lead that was taken: it is new again, and nobody's unless somebody is named."""
    with locked(lead, by=by) as lead:
        lead.move_to(Lead.Status.NEW, owner=owner)
    return lead


def convert_lead(
    lead: Lead,
    *,
    party: Party | None = None,
    deal_name: str = "",
    estimate: Decimal = ZERO,
    expected_close_date: date | None = None,
    by: User,
) -> Deal:
    """Turn a lead into a deal with a party we know.

    The party is the one given, else an active one of the lead's company name (or of the person's e-mail address when there
    is no company), else a new one. With a company, the person becomes its contact unless that is known already.
    """
    with locked(lead, by=by) as lead:
        _undecided(lead)
        party = party or _known_party(lead) or _new_party(lead)
        contact = _contact(lead, party) if party.kind == Party.Kind.COMPANY else None
        deal = register_deal(
            name=deal_name.strip() or lead.company_name or lead.name,
            party=party,
            contact=contact,
            owner=lead.owner or by,
            estimate=estimate,
            expected_close_date=expected_close_date,
            note=lead.note,
        )
        lead.move_to(Lead.Status.CONVERTED, party=party, deal=deal)
        lead.activities.update(party=party, deal=deal)
        publish(LeadConverted(lead_id=lead.pk, name=str(lead), deal_id=deal.pk, party_id=party.pk))
    return deal


def lose_lead(lead: Lead, *, reason: str, by: User) -> Lead:
    """Give a lead up, and say why."""
    if not reason.strip():
        raise WhyLost(_("A lead is not given up without a reason."), fix=_("Say why."), field="reason")
    with locked(lead, by=by) as lead:
        _undecided(lead)
        lead.move_to(Lead.Status.LOST, lost_because=reason.strip()[:300])
        publish(LeadLost(lead_id=lead.pk, name=str(lead), reason=lead.lost_because))
    return lead


def reopen_lead(lead: Lead, *, by: User) -> Lead:
    """Work on a lost lead again; whose it was, it stays."""
    with locked(lead, by=by) as lead:
        lead.move_to(Lead.Status.WORKING, lost_because="")
        publish(LeadReopened(lead_id=lead.pk, name=str(lead)))
    return lead


def remove_lead(lead: Lead, *, by: User) -> None:
    """Forget a lead nothing came of."""
    with locked(lead, by=by) as lead:
        _undecided(lead)
        remove_row(lead)


def _check(lead: Lead) -> None:
    if not lead.name.strip():
        raise LeadWithoutName(_("A lead needs a name."), fix=_("Enter whom to ask for."), field="name")


def _undecided(lead: Lead) -> None:
    if lead.status in {Lead.Status.CONVERTED, Lead.Status.LOST}:
        raise LeadDecided(
            _("%(lead)s is %(status)s already.") % {"lead": lead, "status": lead.get_status_display().lower()},
            fix=_("Open its deal, or note a new lead."),
        )


def _known_party(lead: Lead) -> Party | None:
    parties = Party.objects.active().order_by("pk")
    if lead.company_name:
        return parties.companies().filter(name__iexact=lead.company_name).first()
    if lead.email:
        return parties.filter(contact_points__kind="email", contact_points__value__iexact=lead.email).first()
    return None


def _new_party(lead: Lead) -> Party:
    if lead.company_name:
        return register_party(name=lead.company_name, owner=lead.owner)
    return register_party(name=lead.name, kind=Party.Kind.PERSON, email=lead.email, phone=lead.phone, owner=lead.owner)


def _contact(lead: Lead, company: Party) -> Contact:
    known = company.contacts.filter(person__name__iexact=lead.name).order_by("pk").first()
    return known or register_contact(company, name=lead.name, job_title=lead.job_title, email=lead.email, phone=lead.phone)
