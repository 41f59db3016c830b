"""The first day of PT Nusantara Maju: the house is opened, the catalogue stocked, the customers met."""

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from backoffice.finance import operations as finance
from backoffice.inventory import operations as inventory
from core.catalog.models import Product, Unit
from core.catalog.operations import create_category, create_product
from core.parties.models import Address, Party, PartyRole
from core.parties.operations import add_address, add_contact, create_party
from core.people.models import User
from core.people.operations import create_user
from core.people.roles import Role
from integration.demo.cast import ARTICLES, CLIENTS, COLLEAGUES, COMPANY, PASSWORD, Client
from integration.demo.letterhead import dress_company
from integration.demo.trading import agree_on_prices, domain_of, mail_of, meet_suppliers
from integration.founding import found

STREETS = ("Sudirman", "Merdeka", "Diponegoro", "Gatot Subroto", "Pahlawan")


@dataclass
class House:
    """Everybody and everything the year is lived with. ``suppliers`` stand by the category they bring, ``costs`` is rupiah a unit, by
    product id."""

    people: dict[Role, list[User]] = field(default_factory=dict)
    goods: list[Product] = field(default_factory=list)
    services: list[Product] = field(default_factory=list)
    customers: list[Party] = field(default_factory=list)
    suppliers: dict[str, Party] = field(default_factory=dict)
    costs: dict[int, Decimal] = field(default_factory=dict)


def open_house(first_day: date, last_day: date, chance: random.Random) -> House:
    """Found the company on ``first_day`` with every fiscal year up to ``last_day``, and fill its shelves."""
    by = User.objects.service()
    found(name=COMPANY, country="ID", currency="IDR", chart="indonesia", first_year=date(first_day.year, 1, 1), by=by)
    for year in range(first_day.year + 1, last_day.year + 1):
        finance.open_fiscal_year(date(year, 1, 1), by=by)
    house = House()
    _let_colleagues_in(house, by)
    dress_company(by=house.people[Role.OWNER][0])
    _stock_the_catalogue(house)
    house.customers += [_meet(client, house, chance) for client in CLIENTS]
    house.suppliers |= meet_suppliers(by=house.people[Role.OWNER][0])
    agree_on_prices(house.goods, house.customers, today=last_day, by=house.people[Role.OWNER][0])
    inventory.receive_goods(
        lines=[
            inventory.ReceivedLine(product_id=product.pk, quantity=Decimal(lot_of(product) * 3), unit_cost=house.costs[product.pk])
            for product in house.goods
        ],
        on=first_day,
        opening=True,
        by=house.people[Role.STOREKEEPER][0],
    )
    return house


def lot_of(product: Product) -> int:
    """How many pieces are bought at a time."""
    return 40 if product.list_price < 1_500_000 else 24


def _let_colleagues_in(house: House, by: User) -> None:
    for colleague in COLLEAGUES:
        user = create_user(
            email=colleague.email,
            name=colleague.name,
            job_title=colleague.job_title,
            roles=[colleague.role],
            password=PASSWORD,
            by=by,
        )
        house.people.setdefault(colleague.role, []).append(user)


def _stock_the_catalogue(house: House) -> None:
    owner = house.people[Role.OWNER][0]
    units = {unit.code: unit for unit in Unit.objects.all()}
    for article in ARTICLES:
        product = create_product(
            sku=article.sku,
            name=article.name,
            kind=article.kind,
            unit=units[article.unit],
            category=create_category(name=article.category, by=owner),
            list_price=article.price,
            by=owner,
        )
        house.costs[product.pk] = article.cost
        (house.goods if product.is_goods else house.services).append(product)


def _meet(client: Client, house: House, chance: random.Random) -> Party:
    seller = chance.choice(house.people[Role.SALES])
    party = create_party(
        name=client.name,
        roles=[PartyRole.Role.CUSTOMER],
        industry=client.industry,
        language="id",
        owner=seller,
        email=f"office@{domain_of(client.name)}",
        phone=f"+62 21 555 {chance.randrange(1000, 9999)}",
        by=seller,
    )
    street = f"Jl. {chance.choice(STREETS)} {chance.randrange(1, 180)}"
    for kind in (Address.Kind.OFFICE, Address.Kind.SHIPPING):
        add_address(party, kind=kind, street=street, city=client.city, country="Indonesia", by=seller)
    add_contact(party, name=client.contact, job_title=client.job_title, email=mail_of(client.contact, client.name), by=seller)
    finance.set_credit_terms(party, credit_limit=client.credit_limit, payment_days=30, by=house.people[Role.ACCOUNTANT][0])
    return party
