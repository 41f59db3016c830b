"""The screens of the catalogue."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalog import forms
from core.catalog.models import Category, Product
from core.catalog.operations import create_product, update_product
from core.catalog.questions import AvailableToPromise
from core.events.question import ANSWERERS, ask
from core.people.models import User
from core.web import ui
from core.web.gathering import Gathered


def price(product: Product) -> str:
    """The list price in full."""
    return ui.figures.money(product.list_price, ui.currency())


def stock_hints(products: Sequence[Product]) -> Mapping[int, str]:
    """What may be promised of each product, with its price, in one question for all."""
    available = {}
    goods = tuple(product.pk for product in products if product.is_goods)
    if goods and AvailableToPromise in ANSWERERS:
        available = {one.product_id: one.available for one in ask(AvailableToPromise(product_ids=goods))}
    return {
        product.pk: " · ".join(
            filter(
                None,
                (
                    gettext("%(quantity)s available") % {"quantity": ui.figures.quantity(available[product.pk], product.unit.code)}
                    if product.pk in available
                    else "",
                    price(product),
                ),
            )
        )
        for product in products
    }


class Products(ui.ListScreen):
    """All goods and services."""

    model = Product
    route = "products"
    title = _("Products")
    nav = ui.Nav(_("Products"), icon="package", order=20, key="c")
    columns = (
        ui.Text("name", _("Product"), sort="name"),
        ui.Text("sku", _("SKU"), sort="sku", muted=True),
        ui.Text("get_kind_display", _("Kind"), muted=True),
        ui.Text(
            "category", _("Category"), sort="category__name", muted=True, edit=ui.Inline(update_product, forms.ProductForm, "category")
        ),
        ui.Text("unit.code", _("Unit"), muted=True),
        ui.Money(
            "list_price",
            _("List price"),
            sort="list_price",
            currency=lambda _product: ui.currency(),
            edit=ui.Inline(update_product, forms.ProductForm, "list_price"),
        ),
        ui.YesNo("is_active", _("For sale"), phone="state"),
    )
    more_columns = (
        ui.Text("get_tax_category_display", _("Tax"), muted=True, edit=ui.Inline(update_product, forms.ProductForm, "tax_category")),
        ui.Text("get_cost_method_display", _("Cost method"), muted=True),
        ui.Moment("updated_at", _("Changed"), sort="updated_at", muted=True),
    )
    bulk = (
        ui.switch(update_product, _("Offer for sale"), on=True, slug="offer"),
        ui.switch(update_product, _("Stop selling"), on=False, slug="withdraw"),
    )
    search = ("name", "sku")
    search_hint = _("Name or SKU")
    segments = (ui.Segment("active", _("For sale"), "active"), ui.Segment("goods", _("Goods"), "goods"))
    filters = (ui.Select("category", _("Any category"), ui.choices_of(Category.objects.order_by("name")), icon="shapes"),)
    order = ("name", "pk")
    related = ("unit", "category")
    create = "catalog:product-new"
    empty = ui.Empty(_("What you sell, goods and services, with one price and one unit each."), "package")


class ProductRecord(ui.RecordScreen):
    """One product."""

    model = Product
    route = "products"
    avatar = "square"
    related = ("unit", "category")
    edit = "catalog:product-edit"
    remarks = (ui.Text("sku"), ui.Text("get_kind_display"), ui.Text("category"))
    sections = (
        ui.Facts(
            cells=(
                ui.Text("sku", _("SKU")),
                ui.Money("list_price", _("List price"), currency=lambda _product: ui.currency()),
                ui.Text("unit.name", _("Unit")),
                ui.Text("category", _("Category")),
                ui.Text("get_tax_category_display", _("Tax")),
                ui.Text("get_cost_method_display", _("Cost method")),
                ui.YesNo("is_active", _("For sale")),
            )
        ),
        ui.Files(),
        ui.Facts(title=_("Description"), place="main", cells=(ui.Text("description", ""),), when=lambda product: bool(product.description)),
        ui.Timeline(),
        ui.History(),
    )


class NewProduct(ui.CreateScreen):
    """Put something into the catalogue."""

    model = Product
    route = "products"
    form_class = forms.NewProductForm
    operation = create_product


class EditProduct(ui.EditScreen):
    """Change what we say about it."""

    model = Product
    route = "products"
    form_class = forms.ProductForm
    operation = update_product


ui.provide_lookup(
    ui.Lookup(
        "catalog.product",
        rows=lambda: Product.objects.active().select_related("unit"),
        search=("name", "sku"),
        permission="catalog.view_product",
        note=lambda product: product.sku,
        hint=stock_hints,
        fill=lambda product: {
            "description": product.name,
            "unit_price": ui.figures.typed(product.list_price),
            "quantity": "1",
        },
    )
)


@ui.step("catalog.create_product", order=30)
def first_product(_user: User) -> Gathered:
    """What is sold."""
    return ui.gathered(
        ui.Gather(Product.objects.order_by("pk"), pk="pk", most=1),
        make=lambda lines: ui.Step(
            _("Add a product"), _("Its price and tax go into every offer and invoice."), NewProduct.url(), bool(lines)
        ),
    )
