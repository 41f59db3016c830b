"""The whole house: the company founded in every module, with goods on the shelf."""

from datetime import date
from decimal import Decimal

from backoffice.inventory.operations import ReceivedLine, receive_goods
from core import clock
from core.catalog.models import Product
from core.parties.models import Company
from core.people.models import User
from integration.demo.cast import ARTICLES, COMPANY
from integration.founding import found
from tests.factories.ground import make_product

COST = {article.sku: article.cost for article in ARTICLES}


def make_house() -> Company:
    """PT Nusantara Maju with chart of accounts, open fiscal year, warehouse and pipeline."""
    year = clock.today().year
    return found(name=COMPANY, country="ID", currency="IDR", chart="indonesia", first_year=date(year, 1, 1), by=User.objects.service())


def make_stocked(sku: str = "DESK-140", quantity: int = 20) -> Product:
    """An article of the cast with so many on the shelf, at the cast's cost."""
    product = make_product(sku)
    receive(product, quantity)
    return product


def receive(product: Product, quantity: int) -> None:
    """Goods come in at the cast's cost."""
    lines = [ReceivedLine(product_id=product.pk, quantity=Decimal(quantity), unit_cost=COST[product.sku])]
    receive_goods(lines=lines, by=User.objects.service())
