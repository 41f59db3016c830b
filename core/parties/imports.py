"""Customers, suppliers and the people who speak for them, from files."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import BadCell, Column, Facts
from core.imports.notation import cell_of, choice, email, record, up_to
from core.parties.models import Address, Company, Contact, Party, PartyRole
from core.parties.operations import (
    UPDATABLE,
    add_contact,
    create_party,
    give_role,
    remove_contact,
    remove_party,
    set_address,
    set_main_point,
    take_role,
    update_contact,
    update_party,
)
from core.people.models import User

PLACE = ("street", "city", "region", "postal_code", "country")
LANGUAGES = (("id", _("Indonesian")), ("en", _("English")))


class Ambiguous(Refused):
    """Several records answer to one name."""


def colleague(cell: str) -> User | None:
    """Who works here, by e-mail or name."""
    people = User.objects.filter(is_active=True, kind=User.Kind.HUMAN)
    return people.filter(email__iexact=cell).first() or people.filter(name__iexact=cell).order_by("pk").first()


def party_named(cell: str) -> Party | None:
    """A party by its code, else by its name when only one has it."""
    by_code = Party.objects.filter(code__iexact=cell).first()
    return by_code or the_only(Party.objects.active().filter(name__iexact=cell).order_by("pk")[:2], cell)


def the_only(found: Iterable[Any], cell: str) -> Any:
    """The one record that was found, None when there is none; refuses when there are several."""
    rows = list(found)
    if len(rows) > 1:
        raise Ambiguous(_now("Several records are called “%(name)s”.") % {"name": cell}, fix=_now("Give the code instead."))
    return rows[0] if rows else None


def books_currency(cell: str) -> str:
    """The currency of the books: no other is taken."""
    books: str = Company.objects.current().currency
    if cell.strip().upper() != books:
        raise BadCell(_now("The books are kept in %(books)s, this is in %(currency)s.") % {"books": books, "currency": cell})
    return books


CUSTOMER = Column(
    "customer",
    _("Customer"),
    record(party_named, _("customer")),
    required=True,
    synonyms=("customer code", "company", "pelanggan", "kode pelanggan", "nama pelanggan", "perusahaan"),
    example="C-0012",
    help=_("Its code, or its name when only one has it."),
)
CURRENCY = Column(
    "currency",
    _("Currency"),
    books_currency,
    synonyms=("mata uang", "valuta", "curr"),
    example="IDR",
    help=_("Only the currency of the books is taken."),
)

PARTY_COLUMNS = (
    Column(
        "code",
        _("Code"),
        up_to(32),
        synonyms=("customer code", "kode", "kode pelanggan", "kode pemasok", "no pelanggan", "customer no", "account no"),
        example="C-0012",
    ),
    Column(
        "name",
        _("Name"),
        up_to(160),
        required=True,
        synonyms=(
            "company",
            "company name",
            "customer",
            "customer name",
            "supplier",
            "nama",
            "nama pelanggan",
            "nama perusahaan",
            "pelanggan",
            "perusahaan",
            "nama pemasok",
            "vendor",
        ),
        example="PT Sinar Jaya",
    ),
    Column("legal_name", _("Legal name"), up_to(200), synonyms=("nama resmi", "nama badan hukum", "registered name")),
    Column("email", _("E-mail"), email, synonyms=("email address", "surel", "e mail", "alamat email"), example="halo@sinarjaya.example"),
    Column(
        "phone",
        _("Phone"),
        up_to(200),
        synonyms=("telephone", "tel", "mobile", "telepon", "no telepon", "hp", "no hp", "nomor telepon", "phone number"),
        example="+62 21 555 0123",
    ),
    Column("tax_id", _("Tax number"), up_to(32), synonyms=("npwp", "vat", "vat number", "tax id", "nomor pajak")),
    Column(
        "tax_id_country",
        _("Country of the tax number"),
        up_to(2),
        synonyms=("tax country", "negara pajak", "negara npwp"),
        help=_("Two letters, such as ID."),
    ),
    Column("industry", _("Industry"), up_to(80), synonyms=("industri", "bidang usaha", "sector", "segment"), example="Manufaktur"),
    Column(
        "language",
        _("Language"),
        choice(LANGUAGES, indonesia="id", inggris="en", bahasa="id"),
        default="id",
        synonyms=("bahasa",),
        choices=LANGUAGES,
    ),
    Column(
        "owner",
        _("Owner"),
        record(colleague, _("colleague")),
        default=None,
        synonyms=("account manager", "salesperson", "sales", "pemilik", "penanggung jawab"),
        help=_("The e-mail address or name of a colleague."),
    ),
    Column(
        "street",
        _("Street"),
        up_to(200),
        synonyms=("address", "alamat", "jalan", "address line 1", "street address"),
        example="Jl. Melati 5",
    ),
    Column("city", _("City"), up_to(100), synonyms=("kota", "town", "kabupaten"), example="Bandung"),
    Column("region", _("Region"), up_to(100), synonyms=("provinsi", "propinsi", "state", "province")),
    Column("postal_code", _("Postal code"), up_to(16), synonyms=("kode pos", "zip", "zip code", "postcode"), example="40115"),
    Column("country", _("Country"), up_to(60), synonyms=("negara",), example="Indonesia"),
)


def party_cells(party: Party) -> dict[str, str]:
    """A party as a row of a file."""
    points = {point.kind: point.value for point in party.contact_points.all() if point.is_primary}
    address = next((one for one in party.addresses.order_by("pk") if one.kind == Address.Kind.OFFICE), None)
    plain = {
        name: cell_of(getattr(party, name)) for name in ("code", "name", "legal_name", "tax_id", "tax_id_country", "industry", "language")
    }
    return {
        **plain,
        "email": points.get("email", ""),
        "phone": points.get("phone", ""),
        "owner": party.owner.email if party.owner else "",
        **{name: getattr(address, name, "") for name in PLACE},
        "roles": ",".join(sorted(party.roles.values_list("role", flat=True))),
    }


def find_party(facts: Facts) -> Party | None:
    """The party a row is about: by code, else by tax number, else by name when only one has it."""
    if facts.get("code"):
        return Party.objects.filter(code__iexact=facts["code"]).first()
    if facts.get("tax_id"):
        digits = "".join(character for character in facts["tax_id"] if character.isalnum())
        known = Party.objects.filter(tax_id__in={facts["tax_id"], digits}).first()
        if known is not None:
            return known
    found: Party | None = the_only(
        Party.objects.companies().filter(name__iexact=facts.get("name", "")).order_by("pk")[:2], facts.get("name", "")
    )
    return found


def _place(facts: Facts) -> dict[str, str]:
    place = {name: facts[name] for name in PLACE if name in facts}
    return {**place, "country": place.get("country") or "Indonesia"} if any(place.values()) else place


def _party_kind(role: str, title: Any, kind: str, hint: Any) -> ImportKind:
    def create(facts: Facts, by: User) -> Party:
        plain = {name: value for name, value in facts.items() if name in UPDATABLE or name in {"email", "phone"}}
        party = create_party(roles=[role], by=by, **plain)
        place = _place(facts)
        return set_address(party, by=by, **place) if place else party

    def update(party: Party, facts: Facts, by: User) -> Party:
        plain = {name: value for name, value in facts.items() if name in UPDATABLE}
        if plain.get("code", "").casefold() == party.code.casefold():
            plain.pop("code", None)
        update_party(party, by=by, **plain)
        for point in ("email", "phone"):
            if point in facts:
                set_main_point(party, point, facts[point], by=by)
        place = {name: facts[name] for name in PLACE if name in facts}
        if place:
            set_address(party, by=by, **place)
        if "roles" not in facts:
            return give_role(party, role, by=by)
        return party if role in facts["roles"].split(",") else take_role(party, role, by=by)

    return ImportKind(
        kind,
        title,
        Party,
        permission="parties.create_party",
        change_permission="parties.update_party",
        columns=PARTY_COLUMNS,
        keys=("code", "tax_id", "name"),
        find=find_party,
        create=create,
        update=update,
        cells=party_cells,
        remove=lambda party, by: remove_party(party, by=by),
        lists=("parties:parties",),
        icon="building-2",
        kept=(Column("roles", _("Roles")),),
        hint=hint,
        examples=(
            {"code": "C-0013", "name": "CV Maju Bersama", "email": "info@majubersama.example", "city": "Surabaya", "country": "Indonesia"},
        ),
    )


provide(
    _party_kind(
        PartyRole.Role.CUSTOMER, _("Customers"), "parties.customer", _("Companies you sell to, with address, e-mail and tax number.")
    )
)
provide(
    _party_kind(
        PartyRole.Role.SUPPLIER, _("Suppliers"), "parties.supplier", _("Companies you buy from, with address, e-mail and tax number.")
    )
)


def find_contact(facts: Facts) -> Contact | None:
    """The contact of a company with this name."""
    found = Contact.objects.filter(company=facts["company"], person__name__iexact=facts["name"]).select_related("person", "company")
    return found.order_by("pk").first()


def create_contact(facts: Facts, by: User) -> Model:
    """A new person who speaks for a company."""
    facts = dict(facts)
    return add_contact(facts.pop("company"), by=by, **facts)


def change_contact(contact: Contact, facts: Facts, by: User) -> Contact:
    """What a row says about a person we know."""
    if "job_title" in facts:
        update_contact(contact, job_title=facts["job_title"], by=by)
    for point in ("email", "phone"):
        if point in facts:
            set_main_point(contact.person, point, facts[point], by=by)
    return contact


def contact_cells(contact: Contact) -> dict[str, str]:
    """A contact as a row of a file."""
    points = {point.kind: point.value for point in contact.person.contact_points.all() if point.is_primary}
    return {"name": contact.person.name, "job_title": contact.job_title, "email": points.get("email", ""), "phone": points.get("phone", "")}


provide(
    ImportKind(
        "parties.contact",
        _("Contacts"),
        Contact,
        permission="parties.update_party",
        columns=(
            Column(
                "company",
                _("Company"),
                record(party_named, _("company")),
                required=True,
                synonyms=("customer", "account", "perusahaan", "pelanggan", "kode pelanggan", "company name", "company code"),
                example="PT Fajar Teknologi",
                help=_("Its code, or its name when only one has it."),
            ),
            Column(
                "name",
                _("Name"),
                up_to(160),
                required=True,
                synonyms=("contact", "contact name", "full name", "nama", "nama kontak", "kontak", "person", "pic"),
                example="Andi Wijaya",
            ),
            Column(
                "job_title",
                _("Job title"),
                up_to(120),
                synonyms=("title", "position", "jabatan", "posisi", "role"),
                example="Manajer Pembelian",
            ),
            Column("email", _("E-mail"), email, synonyms=("email address", "surel", "alamat email"), example="andi@fajar.example"),
            Column(
                "phone",
                _("Phone"),
                up_to(200),
                synonyms=("telephone", "mobile", "telepon", "hp", "no hp", "nomor telepon"),
                example="+62 812 555 0199",
            ),
        ),
        keys=("company", "name"),
        together=True,
        find=find_contact,
        create=create_contact,
        update=change_contact,
        cells=contact_cells,
        remove=lambda contact, by: remove_contact(contact, by=by),
        lists=("parties:parties",),
        icon="contact-round",
        hint=_("People who speak for companies you know already."),
    )
)
