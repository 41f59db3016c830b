"""The ground floor's known cast: the company, its people, a product, a customer."""

from decimal import Decimal
from typing import Any

from core.catalog.models import Product, Unit
from core.catalog.operations import create_product, install_units
from core.parties.models import Company, Party, PartyRole
from core.parties.operations import create_party, found_company
from core.people.models import User
from core.people.operations import create_user
from core.people.roles import Role
from integration.demo.cast import ARTICLES, COLLEAGUES, COMPANY, PASSWORD

_articles = {article.sku: article for article in ARTICLES}


def make_company(currency: str = "IDR", **more: Any) -> Company:
    """PT Nusantara Maju, with the standard units in place."""
    by = User.objects.service()
    company = found_company(name=COMPANY, country="ID", currency=currency, by=by, **more)
    install_units(by=by)
    return company


def make_user(role: Role = Role.SALES) -> User:
    """The colleague who plays this role, able to sign in."""
    colleague = next(person for person in COLLEAGUES if person.role == role)
    known = User.objects.filter(email=colleague.email).first()
    return known or create_user(
        email=colleague.email,
        name=colleague.name,
        roles=[role],
        password=PASSWORD,
        job_title=colleague.job_title,
        by=User.objects.service(),
    )


def make_customer(name: str = "PT Fajar Teknologi", **more: Any) -> Party:
    """A company we sell to."""
    return create_party(name=name, roles=[PartyRole.Role.CUSTOMER], by=User.objects.service(), **more)


def make_product(sku: str = "DESK-140", **more: Any) -> Product:
    """An article of the cast; ``more`` overrides, or makes a new one."""
    article = _articles.get(sku)
    known: dict[str, Any] = (
        {"name": article.name, "list_price": article.price, "kind": article.kind, "unit": article.unit} if article else {}
    )
    wanted = {"name": sku, "list_price": Decimal(100), "unit": "pcs"} | known | more
    unit = Unit.objects.get(code=wanted.pop("unit"))
    return create_product(sku=sku, unit=unit, by=User.objects.service(), **wanted)
