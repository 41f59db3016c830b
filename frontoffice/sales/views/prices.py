"""The screens of price lists."""

from django.utils.translation import gettext_lazy as _

from core.web import ui
from frontoffice.sales import forms
from frontoffice.sales.models import PriceList, PriceRule
from frontoffice.sales.operations import create_price_list, remove_price, set_price, update_price_list


class PriceLists(ui.ListScreen):
    """All price lists."""

    model = PriceList
    route = "price-lists"
    title = _("Price lists")
    hint = _("A customer's own prices come first, then everybody's, then the list price of the product.")
    nav = ui.Nav(_("Price lists"), icon="tags", order=30)
    columns = (
        ui.Text("name", _("Name"), sort="name"),
        ui.Party("customer", _("For"), sort="customer__name", link=False),
        ui.YesNo("is_active", _("In use")),
        ui.Day("valid_from", _("From"), sort="valid_from", exact=True),
        ui.Day("valid_to", _("Until"), sort="valid_to", exact=True),
    )
    bulk = (
        ui.switch(update_price_list, _("Take out of use"), on=False, slug="retire"),
        ui.switch(update_price_list, _("Put in use"), on=True, slug="restore"),
    )
    related = ("customer",)
    search = ("name", "customer__name")
    segments = (ui.Segment("active", _("In use"), "active"),)
    order = ("name", "pk")
    create = "sales:pricelist-new"
    empty = ui.Empty(_("Without price lists everybody pays the list price. Make one for a customer, a season or a quantity."), "tags")


class PriceListRecord(ui.RecordScreen):
    """One price list with its prices."""

    model = PriceList
    route = "price-lists"
    related = ("customer",)
    edit = "sales:pricelist-edit"
    status = None
    remarks = (ui.Party("customer"), ui.Text("currency"))
    verbs = (ui.Verb(set_price, _("Set price"), form=forms.PriceForm, primary=True, icon="plus"),)
    sections = (
        ui.Facts(
            cells=(
                ui.Party("customer", _("For")),
                ui.YesNo("is_active", _("In use")),
                ui.Day("valid_from", _("From"), exact=True),
                ui.Day("valid_to", _("Until"), exact=True),
            )
        ),
        ui.Table(
            title=_("Prices"),
            rows=lambda price_list: price_list.rules.select_related("product__unit", "price_list").order_by(
                "product__name", "min_quantity", "pk"
            ),
            linked=True,
            empty=_("No prices yet. Set the first one."),
            cells=(
                ui.Text("product.name", _("Product")),
                ui.Quantity("min_quantity", _("From quantity"), unit="product.unit.code"),
                ui.Money("product.list_price", _("List price"), currency="price_list.currency"),
                ui.Money("unit_price", _("Unit price"), currency="price_list.currency"),
            ),
        ),
        ui.History(),
    )

    def onward(self, result: object) -> object:  # type: ignore[override]
        """Setting a price leads back to the list."""
        return super().onward(None)


class PriceRecord(ui.RecordScreen):
    """One price."""

    model = PriceRule
    route = "prices"
    related = ("product__unit", "price_list__customer")
    status = None
    remarks = (ui.Link("price_list"), ui.Money("unit_price", currency="price_list.currency"))
    verbs = (
        ui.Verb(remove_price, _("Remove price"), danger=True, icon="trash-2", confirm=_("Orders keep the price they were made with.")),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Link("price_list", _("Price list")),
                ui.Link("product", _("Product")),
                ui.Quantity("min_quantity", _("From quantity"), unit="product.unit.code"),
                ui.Money("unit_price", _("Unit price"), currency="price_list.currency"),
            )
        ),
        ui.History(),
    )

    def heading(self) -> str:
        """The product it is about."""
        return str(self.record.product)


class NewPriceList(ui.CreateScreen):
    """Open a price list."""

    model = PriceList
    route = "price-lists"
    form_class = forms.PriceListForm
    operation = create_price_list


class EditPriceList(ui.EditScreen):
    """Change whom and when prices are for."""

    model = PriceList
    route = "price-lists"
    related = ("customer",)
    form_class = forms.EditPriceListForm
    operation = update_price_list
