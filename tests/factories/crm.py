"""Leads, deals and the pipeline, through the real operations."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.catalog.models import Product
from core.parties.models import Party
from core.people.models import User
from frontoffice.crm.models import Deal, Lead, LostReason, Stage
from frontoffice.crm.operations import add_line, create_lead, install_pipeline, open_deal


def make_pipeline() -> list[Stage]:
    """The standard pipeline's stages, in order."""
    return list(install_pipeline(by=User.objects.service()).stages.order_by("position"))


def make_lead(name: str = "Bagus Prakoso", company_name: str = "PT Cakra Media", **more: Any) -> Lead:
    """Somebody who might want to buy."""
    by = more.pop("by", None) or User.objects.service()
    return create_lead(name=name, company_name=company_name, by=by, **({"email": "bagus@cakra.example"} | more))


def make_deal(
    party: Party | None = None, lines: Sequence[tuple[Product, int]] = (), name: str = "Meeting room furniture", **more: Any
) -> Deal:
    """An open deal with a line for each (product, quantity), at the list price."""
    make_pipeline()
    by = more.pop("by", None) or User.objects.service()
    deal = open_deal(name=name, party=party, by=by, **more)
    for product, quantity in lines:
        add_line(deal, product=product, quantity=Decimal(quantity), unit_price=product.list_price, by=by)
    deal.refresh_from_db()
    return deal


def lost_reason(name: str = "Price") -> LostReason:
    """One of the standard lost reasons."""
    make_pipeline()
    return LostReason.objects.get(name=name)
