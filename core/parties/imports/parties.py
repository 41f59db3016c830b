"""Customers and suppliers, from files."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.imports.columns import EMAIL, OWNER, PHONE
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, choice, up_to
from core.parties.imports.columns import the_only
from core.parties.models import Address, Party, PartyRole
from core.parties.operations import UPDATABLE, create_party, give_role, remove_party, set_address, set_main_point, take_role, update_party
from core.people.models import User
from core.people.visibility import seen_now

PLACE = ("street", "city", "region", "postal_code", "country")
LANGUAGES = (("id", _("Indonesian")), ("en", _("English")))

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
    replace(EMAIL, example="halo@sinarjaya.example"),
    replace(PHONE, parse=up_to(200), example="+62 21 555 0123"),
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
    OWNER,
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
        return seen_now(Party.objects.all()).filter(code__iexact=facts["code"]).first()
    if facts.get("tax_id"):
        digits = "".join(character for character in facts["tax_id"] if character.isalnum())
        known = seen_now(Party.objects.all()).filter(tax_id__in={facts["tax_id"], digits}).first()
        if known is not None:
            return known
    found: Party | None = the_only(
        seen_now(Party.objects.companies()).filter(name__iexact=facts.get("name", "")).order_by("pk")[:2], facts.get("name", "")
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
