"""Northwind's master data: categories, products, customers, suppliers, shippers, employees."""

from collections.abc import Callable
from pathlib import Path

from django.db import models

from core.catalog.models import Category, Product, Unit
from core.catalog.operations import create_category, create_product, update_product
from core.imports.importer import Importer, Report, imported
from core.imports.mapping import Column, Facts, not_negative, one_of, text
from core.imports.reading import read_table
from core.parties.models import ContactPoint, Party, PartyRole
from core.parties.operations import add_address, add_contact, add_contact_point, create_party, update_party
from core.people.models import User
from core.people.operations import create_user
from integration.importing.northwind.source import SOURCE, Progress


def import_master_data(folder: Path, *, by: User, progress: Progress) -> dict[str, Report]:
    """Import every file of master data; one report per kind."""
    reports = {}
    for kind, file, importer in _FILES:
        rows = list(read_table(folder / file))
        reports[kind] = importer(by).run(rows, after_each=progress(kind, len(rows)))
    return reports


def _categories(by: User) -> Importer:
    def write(facts: Facts, _known: int | None) -> models.Model:
        return create_category(by=by, **facts)

    columns = [Column("name", "categoryName", text, required=True), Column("description", "description", text)]
    return Importer(SOURCE, "category", "categoryID", columns, write)


def _products(by: User) -> Importer:
    unit = Unit.objects.get(code="pcs")
    categories = Category.objects.in_bulk(list(imported(SOURCE, "category").values()))
    by_code = {code: categories[pk] for code, pk in imported(SOURCE, "category").items()}

    def write(facts: Facts, known: int | None) -> models.Model:
        code = facts.pop("code")
        if known is not None:
            return update_product(Product.objects.get(pk=known), by=by, **facts)
        return create_product(sku=f"NW-{int(code):03d}", unit=unit, by=by, **facts)

    columns = [
        Column("code", "productID", text, required=True),
        Column("name", "productName", text, required=True),
        Column("description", "quantityPerUnit", text),
        Column("category", "categoryID", one_of(by_code, "category"), default=None),
        Column("list_price", "unitPrice", not_negative, required=True),
    ]
    return Importer(SOURCE, "product", "productID", columns, write)


def _organisations(role: str, id_column: str) -> Callable[[User], Importer]:
    """Customers, suppliers and shippers: companies that differ in what they are to us."""
    is_shipper = role == PartyRole.Role.SHIPPER

    def make(by: User) -> Importer:
        def write(facts: Facts, known: int | None) -> models.Model:
            name, code = facts["name"], f"{_CODE_PREFIX[role]}{facts['code']}"
            if known is not None:
                return update_party(Party.objects.get(pk=known), name=name, by=by)
            party = create_party(name=name, code=code, roles=[role], phone=facts["phone"], time_zone="UTC", by=by)
            if facts.get("street"):
                add_address(
                    party,
                    street=facts["street"],
                    city=facts["city"],
                    region=facts["region"],
                    postal_code=facts["postal_code"],
                    country=facts["country"],
                    by=by,
                )
            if facts.get("fax") and facts["fax"] != facts["phone"]:
                add_contact_point(party, kind=ContactPoint.Kind.PHONE, value=facts["fax"], label="Fax", by=by)
            if facts.get("contact"):
                add_contact(party, name=facts["contact"], job_title=facts["job_title"], by=by)
            return party

        columns = [
            Column("code", id_column, text, required=True),
            Column("name", "companyName", text, required=True),
            Column("phone", "phone", text),
        ]
        if not is_shipper:
            columns += [
                Column("contact", "contactName", text),
                Column("job_title", "contactTitle", text),
                Column("street", "address", text),
                Column("city", "city", text),
                Column("region", "region", text),
                Column("postal_code", "postalCode", text),
                Column("country", "country", text),
                Column("fax", "fax", text),
            ]
        return Importer(SOURCE, role, id_column, columns, write)

    return make


def _employees(by: User) -> Importer:
    def write(facts: Facts, known: int | None) -> models.Model:
        if known is not None:
            return User.objects.get(pk=known)
        name = f"{facts['first']} {facts['last']}"
        email = f"{facts['first']}.{facts['last']}@northwind.example".lower()
        return create_user(email=email, name=name, job_title=facts["job_title"], roles=[], password=None, by=by)

    columns = [
        Column("first", "firstName", text, required=True),
        Column("last", "lastName", text, required=True),
        Column("job_title", "title", text),
    ]
    return Importer(SOURCE, "employee", "employeeID", columns, write)


_CODE_PREFIX: dict[str, str] = {PartyRole.Role.CUSTOMER: "", PartyRole.Role.SUPPLIER: "S-", PartyRole.Role.SHIPPER: "SH-"}

_FILES: tuple[tuple[str, str, Callable[[User], Importer]], ...] = (
    ("categories", "categories.csv", _categories),
    ("products", "products.csv", _products),
    ("customers", "customers.csv", _organisations(PartyRole.Role.CUSTOMER, "customerID")),
    ("suppliers", "suppliers.csv", _organisations(PartyRole.Role.SUPPLIER, "supplierID")),
    ("shippers", "shippers.csv", _organisations(PartyRole.Role.SHIPPER, "shipperID")),
    ("employees", "employees.csv", _employees),
)
