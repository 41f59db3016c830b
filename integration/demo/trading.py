"""Whom PT Nusantara Maju buys from, and what it agreed to sell for."""

from datetime import date, timedelta
from decimal import Decimal

from core.catalog.models import Product
from core.parties.models import Address, Party, PartyRole
from core.parties.operations import add_address, add_contact, create_party
from core.people.models import User
from frontoffice.sales import operations as sales
from frontoffice.sales.models import PriceList
from integration.demo.cast import AGREEMENTS, SUPPLIERS, Agreement, Supplier

STEP = Decimal(5_000)
"""Agreed prices are whole steps of so many rupiah."""


def domain_of(name: str) -> str:
    """The made-up domain of a company."""
    return name.lower().removeprefix("pt ").removeprefix("cv ").replace(" ", "") + ".example"


def mail_of(contact: str, company: str) -> str:
    """The made-up address of somebody at a company."""
    return f"{contact.lower().replace(' ', '.')}@{domain_of(company)}"


def meet_suppliers(*, by: User) -> dict[str, Party]:
    """The suppliers, by the category of goods they bring."""
    return {category: party for supplier in SUPPLIERS for party in [_meet(supplier, by)] for category in supplier.categories}


def _meet(supplier: Supplier, by: User) -> Party:
    party = create_party(
        name=supplier.name,
        roles=[PartyRole.Role.SUPPLIER],
        industry=supplier.industry,
        language="id",
        email=f"order@{domain_of(supplier.name)}",
        by=by,
    )
    add_address(party, kind=Address.Kind.OFFICE, street="Kawasan Industri Blok C", city=supplier.city, country="Indonesia", by=by)
    add_contact(party, name=supplier.contact, job_title=supplier.job_title, email=mail_of(supplier.contact, supplier.name), by=by)
    return party


def agree_on_prices(goods: list[Product], customers: list[Party], *, today: date, by: User) -> None:
    """The price lists, as seen from ``today``, the day the story is told."""
    products = {product.sku: product for product in goods}
    clients = {party.name: party for party in customers}
    for agreement in AGREEMENTS:
        price_list = _open(agreement, clients.get(agreement.client), today, by)
        for sku, pieces, off in agreement.terms:
            product = products[sku]
            sales.set_price(price_list, product=product, unit_price=less(product.list_price, off), min_quantity=Decimal(pieces), by=by)


def less(price: Decimal, off: Decimal) -> Decimal:
    """A price with a share off it, down to the next whole step."""
    return price * (1 - off) // STEP * STEP


def _open(agreement: Agreement, client: Party | None, today: date, by: User) -> PriceList:
    since, until = (today + timedelta(days=days) if days is not None else None for days in (agreement.since, agreement.until))
    return sales.create_price_list(name=agreement.name, customer=client, valid_from=since, valid_to=until, by=by)
