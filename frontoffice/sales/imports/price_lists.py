"""Price lists, from files; their prices come in a file of their own."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, day, up_to, yes_or_no
from core.parties.imports import CUSTOMER
from core.people.models import User
from frontoffice.sales.models import PriceList
from frontoffice.sales.operations import create_price_list, update_price_list


def open_list(facts: Facts, by: User) -> PriceList:
    """A new price list."""
    facts = dict(facts)
    in_use = facts.pop("is_active", True)
    price_list = create_price_list(by=by, **facts)
    return price_list if in_use else update_price_list(price_list, is_active=False, by=by)


def list_cells(price_list: PriceList) -> dict[str, str]:
    """A price list as a row of a file."""
    plain = {name: cell_of(getattr(price_list, name)) for name in ("name", "valid_from", "valid_to", "is_active")}
    return {**plain, "customer": price_list.customer.name if price_list.customer else ""}


provide(
    ImportKind(
        "sales.pricelist",
        _("Price lists"),
        PriceList,
        permission="sales.create_price_list",
        change_permission="sales.update_price_list",
        columns=(
            Column(
                "name",
                _("Name"),
                up_to(100),
                required=True,
                synonyms=("price list", "list", "list name", "nama", "daftar harga", "nama daftar harga"),
                example="Reseller 2027",
            ),
            replace(CUSTOMER, required=False, default=None, help=_("Empty: for everybody.")),
            Column(
                "valid_from",
                _("From"),
                day,
                default=None,
                synonyms=("valid from", "start date", "berlaku dari", "mulai", "tanggal mulai"),
                example="01/01/2027",
            ),
            Column(
                "valid_to", _("Until"), day, default=None, synonyms=("valid to", "end date", "berlaku sampai", "sampai", "tanggal selesai")
            ),
            Column("is_active", _("In use"), yes_or_no, default=True, synonyms=("active", "aktif", "dipakai"), example="ya"),
        ),
        keys=("name",),
        find=lambda facts: PriceList.objects.filter(name__iexact=facts["name"]).select_related("customer").first(),
        create=open_list,
        update=lambda price_list, facts, by: update_price_list(price_list, by=by, **facts),
        cells=list_cells,
        remove=lambda price_list, by: update_price_list(price_list, is_active=False, by=by),
        kept_as=_("Kept, out of use: documents may have taken prices from it."),
        lists=("sales:price-lists",),
        icon="tags",
        hint=_("Price lists for one customer or for everybody, with the time they are for."),
    )
)
