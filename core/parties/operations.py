"""What is done with parties: created, kept up to date, given ways to be reached."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.parties.events import ContactAdded, PartyCreated, PartyUpdated
from core.parties.models import Address, Company, Contact, ContactPoint, Party, PartyRole
from core.people.models import User
from core.people.zones import known_zones
from core.removal import StillUsed, remove_row
from core.writing import Part, write_whole

UPDATABLE = frozenset({"name", "legal_name", "tax_id", "tax_id_country", "language", "time_zone", "industry", "owner", "is_active", "code"})


class BadTaxNumber(Refused):
    """A tax number that its country could not have given out."""


class NameMissing(Refused):
    """Somebody without a name cannot be found again."""


class AlreadyKnown(Refused):
    """The same code or tax number belongs to another party."""


class UnknownTimeZone(Refused):
    """No place on Earth keeps this time."""


def create_party(
    *,
    name: str,
    kind: str = Party.Kind.COMPANY,
    roles: Sequence[str] = (),
    email: str = "",
    phone: str = "",
    by: User,
    **more: Any,
) -> Party:
    """Get to know a company or a person, and what they are to us.

    ``more`` takes any of ``UPDATABLE``. A tax number is checked against its country's rule (python-stdnum).
    """
    with locked(by=by):
        return register_party(name=name, kind=kind, roles=roles, email=email, phone=phone, **more)


def register_party(
    *, name: str, kind: str = Party.Kind.COMPANY, roles: Sequence[str] = (), email: str = "", phone: str = "", **more: Any
) -> Party:
    """``create_party`` for an operation that holds its own lock already, such as converting a lead."""
    _known_fields(more)
    party = Party(name=name.strip(), kind=kind, **more)
    _check(party)
    ways = ((ContactPoint.Kind.EMAIL, email), (ContactPoint.Kind.PHONE, phone))
    with _told_apart():
        write_whole(
            party,
            Part([PartyRole(role=PartyRole.Role(role)) for role in dict.fromkeys(roles)], "party"),
            Part([ContactPoint(kind=way, value=value, is_primary=True) for way, value in ways if value], "party"),
        )
    publish(PartyCreated(party_id=party.pk, name=party.name, roles=tuple(dict.fromkeys(str(role) for role in roles))))
    return party


def update_party(party: Party, *, by: User, **changes: Any) -> Party:
    """Correct what we know about somebody. Takes any of ``UPDATABLE``; unchanged values are not written."""
    _known_fields(changes)
    with locked(party, by=by) as party:
        changed = tuple(sorted(field for field, value in changes.items() if getattr(party, field) != value))
        for field in changed:
            setattr(party, field, changes[field])
        _check(party)
        if changed:
            _save(party, update_fields=changed)
            publish(PartyUpdated(party_id=party.pk, name=party.name, changed=changed))
    return party


def register_facts(party: Party, **facts: Any) -> None:
    """``update_party`` for an operation that holds the lock and publishes itself."""
    for field, value in facts.items():
        setattr(party, field, value)
    _check(party)
    _save(party, update_fields=tuple(facts))


def give_role(party: Party, role: str, *, by: User) -> Party:
    """Let a party be one more thing to us, e.g. a customer who is a supplier too."""
    with locked(party, by=by) as party:
        register_role(party, role)
    return party


def register_role(party: Party, role: str) -> None:
    """``give_role`` for an operation that holds its own lock already, such as winning a deal."""
    _role, is_new = PartyRole.objects.get_or_create(party=party, role=PartyRole.Role(role))
    if is_new:
        publish(PartyUpdated(party_id=party.pk, name=party.name, changed=("roles",)))


def add_address(
    party: Party,
    *,
    street: str,
    city: str,
    country: str,
    kind: str = Address.Kind.OFFICE,
    region: str = "",
    postal_code: str = "",
    by: User,
) -> Address:
    """Note where a party is, gets its goods or its bills."""
    with locked(party, by=by) as party:
        address = Address.objects.create(
            party=party, kind=kind, street=street, city=city, region=region, postal_code=postal_code, country=country
        )
        publish(PartyUpdated(party_id=party.pk, name=party.name, changed=("addresses",)))
    return address


def add_contact_point(party: Party, *, kind: str, value: str, label: str = "", is_primary: bool = False, by: User) -> ContactPoint:
    """Note one more way to reach a party. A new main one takes the place of the old."""
    with locked(party, party.contact_points.filter(kind=kind), by=by) as (party, points):
        if any(point.value == value for point in points):
            raise AlreadyKnown(_("%(value)s is noted already.") % {"value": value}, field="value")
        if is_primary:
            party.contact_points.filter(kind=kind, is_primary=True).update(is_primary=False)
        point = ContactPoint.objects.create(party=party, kind=kind, value=value, label=label, is_primary=is_primary or not points)
        publish(PartyUpdated(party_id=party.pk, name=party.name, changed=("contact_points",)))
    return point


def add_contact(company: Party, *, name: str, job_title: str = "", email: str = "", phone: str = "", by: User) -> Contact:
    """Get to know a person who speaks for a company."""
    with locked(company, by=by) as company:
        return register_contact(company, name=name, job_title=job_title, email=email, phone=phone)


def register_contact(company: Party, *, name: str, job_title: str = "", email: str = "", phone: str = "") -> Contact:
    """``add_contact`` for an operation that holds its own lock already, such as converting a lead."""
    if not name.strip():
        raise NameMissing(_("A contact needs a name."), field="name")
    person = Party.objects.create(kind=Party.Kind.PERSON, name=name.strip(), language=company.language, time_zone=company.time_zone)
    for kind, value in ((ContactPoint.Kind.EMAIL, email), (ContactPoint.Kind.PHONE, phone)):
        if value:
            ContactPoint.objects.create(party=person, kind=kind, value=value, is_primary=True)
    contact = Contact.objects.create(company=company, person=person, job_title=job_title)
    publish(ContactAdded(company_id=company.pk, person_id=person.pk, name=person.name, job_title=job_title))
    return contact


def set_main_point(party: Party, kind: str, value: str, *, by: User) -> Party:
    """Say which e-mail address or number of a party is the main one: the present main one becomes it, or goes when there is none."""
    with locked(party, party.contact_points.filter(kind=kind), by=by) as (party, points):
        main = next((point for point in points if point.is_primary), None)
        if (main.value if main else "") == value:
            return party
        known = next((point for point in points if point.value == value), None)
        if known is not None and main is not None:
            main.is_primary = False
            main.save(update_fields=["is_primary"])
        if known is not None:
            known.is_primary = True
            known.save(update_fields=["is_primary"])
        elif main is not None and value:
            main.value = value
            main.save(update_fields=["value"])
        elif main is not None:
            main.delete()
        else:
            ContactPoint.objects.create(party=party, kind=kind, value=value, is_primary=True)
        publish(PartyUpdated(party_id=party.pk, name=party.name, changed=("contact_points",)))
    return party


def set_address(party: Party, *, kind: str = Address.Kind.OFFICE, by: User, **facts: str) -> Party:
    """Say where a party is: its first address of this kind becomes it, or goes when every one of ``facts`` is empty."""
    with locked(party, party.addresses.filter(kind=kind), by=by) as (party, addresses):
        if addresses and not any(facts.values()):
            addresses[0].delete()
        elif any(facts.values()):
            address = addresses[0] if addresses else Address(party=party, kind=kind)
            for field, value in facts.items():
                setattr(address, field, value)
            address.save()
        publish(PartyUpdated(party_id=party.pk, name=party.name, changed=("addresses",)))
    return party


def update_contact(contact: Contact, *, job_title: str, by: User) -> Contact:
    """Correct what somebody is at the company they speak for."""
    with locked(contact, by=by) as contact:
        contact.job_title = job_title
        contact.save(update_fields=["job_title"])
        publish(PartyUpdated(party_id=contact.company_id, name=contact.company.name, changed=("contacts",)))
    return contact


def take_role(party: Party, role: str, *, by: User) -> Party:
    """Let a party be one thing less to us; what it was stays in the trail."""
    with locked(party, by=by) as party:
        if party.roles.filter(role=role).delete()[0]:
            publish(PartyUpdated(party_id=party.pk, name=party.name, changed=("roles",)))
    return party


def remove_party(party: Party, *, by: User) -> None:
    """Forget a party nothing came of, with its addresses and contact points. What happened stays in the trail."""
    with locked(party, by=by) as party:
        if party.contacts.exists():
            raise StillUsed(_("%(record)s is kept: people speak for it.") % {"record": party}, fix=_("Remove them first."))
        remove_row(party)


def remove_contact(contact: Contact, *, by: User) -> None:
    """Forget a person nothing came of, who spoke for a company."""
    with locked(contact, Party.objects.filter(pk=contact.person_id), by=by) as (contact, people):
        remove_row(contact)
        for person in people:
            remove_row(person)


def found_company(
    *, name: str, country: str, currency: str, fiscal_year_start_month: int = 1, time_zone: str = "Asia/Jakarta", by: User
) -> Company:
    """Say whose books these are. Done once; the currency of the books stays."""
    with locked(by=by):
        if Company.objects.exists():
            raise AlreadyKnown(
                _("This database keeps the books of %(name)s.") % {"name": Company.objects.current()},
                fix=_("Use another database for another company."),
            )
        party = Party.objects.create(name=name, kind=Party.Kind.COMPANY, time_zone=time_zone)
        return Company.objects.create(
            party=party,
            country=country,
            currency=currency,
            fiscal_year_start_month=fiscal_year_start_month,
            time_zone=time_zone,
        )


def _known_fields(changes: dict[str, Any]) -> None:
    unknown = changes.keys() - UPDATABLE
    if unknown:
        raise TypeError(f"A party has no {', '.join(sorted(unknown))} to write.")


def _check(party: Party) -> None:
    if not party.name.strip():
        raise NameMissing(_("A party needs a name."), field="name")
    if party.time_zone not in known_zones():
        raise UnknownTimeZone(
            _("%(zone)s is no time zone.") % {"zone": party.time_zone}, fix=_("Write it like Asia/Jakarta."), field="time_zone"
        )
    if party.tax_id:
        party.tax_id = _tax_number(party.tax_id, party.tax_id_country)


def _tax_number(number: str, country: str) -> str:
    rule = get_cc_module(country.lower(), "vat") if country else None
    if rule is None:
        return number.strip()
    try:
        return str(rule.compact(rule.validate(number)))
    except ValidationError as error:
        raise BadTaxNumber(
            _("%(number)s is not a tax number of %(country)s: %(reason)s")
            % {"number": number, "country": country.upper(), "reason": error},
            fix=_("Check it against the customer's papers, or leave it empty for now."),
            field="tax_id",
        ) from error


def _save(party: Party, update_fields: Sequence[str] | None = None) -> None:
    with _told_apart(), transaction.atomic():
        party.save(update_fields=update_fields)


@contextmanager
def _told_apart() -> Iterator[None]:
    """A code or tax number that another party has is refused in words."""
    try:
        yield
    except IntegrityError as error:
        if "one_party_per_" not in str(error):
            raise
        field = "tax_id" if "tax_number" in str(error) else "code"
        raise AlreadyKnown(
            _("Another party has this %(what)s.") % {"what": _("tax number") if field == "tax_id" else _("code")},
            fix=_("Search for it: it may be the same party."),
            field=field,
        ) from error
