"""What is done with our own company: how it stands on its papers, and its logo."""

import struct
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.approvals.declaring import Told
from core.approvals.held import held
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.parties.events import PartyUpdated
from core.parties.models import Address, Company, ContactPoint, Party
from core.parties.operations import register_facts
from core.people.models import User

LARGEST_LOGO = 2 * 1024 * 1024
MOST_PIXELS = 5000
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
LOGO_TYPES = {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG}
"""What a logo may be: file ending -> the first bytes such a file has. Drawings that can carry scripts (SVG) are not taken."""

LETTERHEAD = {
    "bank_details": (gettext_lazy("Bank details"), "company"),
    "name": (gettext_lazy("Name"), "party"),
    "legal_name": (gettext_lazy("Legal name"), "party"),
    "tax_id": (gettext_lazy("Tax number"), "party"),
    "tax_id_country": (gettext_lazy("Country of the tax number"), "party"),
    "street": (gettext_lazy("Street"), "address"),
    "city": (gettext_lazy("City"), "address"),
    "region": (gettext_lazy("Region"), "address"),
    "postal_code": (gettext_lazy("Postal code"), "address"),
    "country": (gettext_lazy("Country"), "address"),
    "phone": (gettext_lazy("Phone"), "ways"),
    "email": (gettext_lazy("E-mail"), "ways"),
    "web": (gettext_lazy("Web site"), "ways"),
    "document_terms": (gettext_lazy("Terms"), "company"),
    "document_footer": (gettext_lazy("Footer"), "company"),
}
"""What stands on the letterhead, and where each is kept."""


class BadLogo(Refused):
    """A file that cannot be printed as a logo."""


def _other_bank_details(*, company: Company, bank_details: str | None = None, **_given: object) -> bool:
    return bank_details is not None and _in_lines(bank_details) != _in_lines(company.bank_details)


def _in_lines(text: str) -> list[str]:
    """A text without how its lines end: a browser sends them otherwise than they were kept."""
    return text.strip().splitlines()


def letterhead_of(company: Company) -> dict[str, str]:
    """What stands on the letterhead now, by name."""
    address = company.party.addresses.filter(kind=Address.Kind.OFFICE).order_by("pk").first()
    kept: dict[str, Any] = {"company": company, "party": company.party, "address": address}
    ways = {point.kind: point.value for point in company.party.contact_points.filter(is_primary=True)}
    return {
        name: ways.get(name, "") if where == "ways" else str(getattr(kept[where], name, "")) for name, (_label, where) in LETTERHEAD.items()
    }


def company_told(*, company: Company, **said: str | None) -> list[Told]:
    """Everything on the letterhead that would change, the bank details first."""
    told = []
    for name, now in letterhead_of(company).items():
        then = said.get(name, None if name == "bank_details" else "")  # what is left out becomes empty, but for the bank details
        if then is not None and _in_lines(then) != _in_lines(now):
            label, _where = LETTERHEAD[name]
            told.append(Told(str(label), now, then, permission="parties.view_bank_details" if name == "bank_details" else ""))
    return told


@held(
    "parties.update_company",
    title=gettext_lazy("Change the company's bank details"),
    needs="parties.approve_bank_details",
    about="company",
    when=_other_bank_details,
    tell=company_told,
)
def update_company(
    company: Company,
    *,
    name: str,
    legal_name: str = "",
    tax_id: str = "",
    tax_id_country: str = "",
    street: str = "",
    city: str = "",
    region: str = "",
    postal_code: str = "",
    country: str = "",
    phone: str = "",
    email: str = "",
    web: str = "",
    bank_details: str | None = None,
    document_terms: str = "",
    document_footer: str = "",
    by: User,
) -> Company:
    """Say how the company stands on its papers: name, address, tax number, ways to reach it, bank details, terms and footer."""
    with locked(company, Party.objects.filter(our_company=company), by=by) as (company, parties):
        party = parties[0]
        register_facts(
            party, name=name.strip(), legal_name=legal_name.strip(), tax_id=tax_id.strip(), tax_id_country=tax_id_country.strip()
        )
        _keep_address(party, street=street, city=city, region=region, postal_code=postal_code, country=country)
        for kind, value in ((ContactPoint.Kind.PHONE, phone), (ContactPoint.Kind.EMAIL, email), (ContactPoint.Kind.WEB, web)):
            _keep_way(party, kind, value.strip())
        company.document_terms, company.document_footer = document_terms, document_footer
        if bank_details is not None:  # who may not see them leaves them as they are
            company.bank_details = bank_details
        company.save(update_fields=["bank_details", "document_terms", "document_footer"])
        publish(PartyUpdated(party_id=party.pk, name=party.name, changed=("letterhead",)))
    return company


def set_logo(company: Company, *, logo: UploadedFile, by: User) -> Company:
    """Put a logo on every paper from now on. PNG or JPEG, by its ending and its first bytes together."""
    ending = PurePath(logo.name or "").suffix.lower()
    size = logo.size or 0
    if ending not in LOGO_TYPES:
        raise BadLogo(_("A logo is a PNG or a JPEG."), fix=_("Save it as PNG and choose that file."), field="logo")
    if not 0 < size <= LARGEST_LOGO:
        raise BadLogo(_("The file is empty or larger than %(mb)s MB.") % {"mb": LARGEST_LOGO // 1024 // 1024}, field="logo")
    logo.seek(0)
    content = logo.read()
    width, height = pixels(content)
    if not content.startswith(LOGO_TYPES[ending]) or not width or not height:
        raise BadLogo(_("%(name)s is not what its name says.") % {"name": logo.name}, field="logo")
    if max(width, height) > MOST_PIXELS:
        raise BadLogo(
            _("The picture has %(width)s × %(height)s pixels.") % {"width": width, "height": height},
            fix=_("Make it smaller: at most %(most)s on a side.") % {"most": MOST_PIXELS},
            field="logo",
        )
    with locked(company, by=by) as company:
        _forget_file(company)
        company.logo.save(f"logo{'.png' if ending == '.png' else '.jpg'}", ContentFile(content), save=False)
        company.save(update_fields=["logo"])
    return company


def remove_logo(company: Company, *, by: User) -> Company:
    """Print the company's name instead of a logo."""
    with locked(company, by=by) as company:
        _forget_file(company)
        company.logo = ""
        company.save(update_fields=["logo"])
    return company


def pixels(content: bytes) -> tuple[int, int]:
    """Width and height a PNG or JPEG says it has; (0, 0) for anything else. Reads the head, decodes nothing."""
    if content.startswith(PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    place = 2
    while content.startswith(JPEG) and place + 9 < len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            return int.from_bytes(content[place + 7 : place + 9], "big"), int.from_bytes(content[place + 5 : place + 7], "big")
        place += 2 + length
    return 0, 0


def _forget_file(company: Company) -> None:
    if company.logo:
        storage, name = company.logo.storage, company.logo.name or ""
        transaction.on_commit(lambda: storage.delete(name))


def _keep_address(party: Party, **parts: str) -> None:
    known = party.addresses.filter(kind=Address.Kind.OFFICE).order_by("pk").first()
    words = {name: value.strip() for name, value in parts.items()}
    if known is None and any(words.values()):
        Address.objects.create(party=party, kind=Address.Kind.OFFICE, **words)
    elif known is not None and any(getattr(known, name) != value for name, value in words.items()):
        for name, value in words.items():
            setattr(known, name, value)
        known.save(update_fields=list(words))


def _keep_way(party: Party, kind: str, value: str) -> None:
    main = party.contact_points.filter(kind=kind, is_primary=True).first()
    if main is not None and main.value == value:
        return
    if main is not None:
        main.delete()
    if value:
        party.contact_points.filter(kind=kind, value=value).delete()
        ContactPoint.objects.create(party=party, kind=kind, value=value, is_primary=True)
