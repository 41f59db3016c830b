"""The company as it stands at the head and the foot of its papers."""

from dataclasses import dataclass, field

from django.utils.translation import gettext

from core.parties.models import Address, Company, ContactPoint, Party
from core.printing.paper import Addressee


@dataclass(frozen=True)
class Letterhead:
    """What the company says of itself on paper."""

    name: str
    address: list[str] = field(default_factory=list)
    footer: str = ""
    bank_details: str = ""
    terms: str = ""
    logo: bytes = b""
    logo_ending: str = ""


def letterhead() -> Letterhead:
    """The company's own, in the language that is active now."""
    company = Company.objects.founded()
    if company is None:
        return Letterhead("Satu")
    party = company.party
    reached = party.contact_points.order_by("-is_primary", "kind", "pk")
    by_kind = {point.kind: point.value for point in reversed(reached)}
    ways = [by_kind[kind] for kind in (ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL, ContactPoint.Kind.WEB) if kind in by_kind]
    return Letterhead(
        name=party.legal_name or party.name,
        address=[*address_lines(address_of(party, Address.Kind.OFFICE)), *tax_line(party), *ways],
        footer=company.document_footer,
        bank_details=company.bank_details,
        terms=company.document_terms,
        logo=company.read_logo(),
        logo_ending=company.logo_ending,
    )


def addressee(party: Party, *kinds: str, at: Address | None = None) -> Addressee:
    """A party as it is written to: its name and the first address of these kinds (else any), and its tax number."""
    return Addressee(party.legal_name or party.name, (*address_lines(at or address_of(party, *kinds)), *([] if at else tax_line(party))))


def address_of(party: Party, *kinds: str) -> Address | None:
    """The first address of the kind wanted most; any other when there is none."""
    wanted = list(kinds)
    found = sorted(party.addresses.all(), key=lambda one: (wanted.index(one.kind) if one.kind in wanted else len(wanted), one.pk))
    return found[0] if found else None


def address_lines(address: Address | None) -> list[str]:
    """An address as it stands on an envelope."""
    if address is None:
        return []
    town = " ".join(part for part in (address.city, address.postal_code) if part)
    return [part for part in (address.street, town, address.region, address.country) if part]


def tax_line(party: Party) -> list[str]:
    """The party's tax number, when we know it."""
    return [gettext("Tax no. %(number)s") % {"number": party.tax_id}] if party.tax_id else []
