"""Addresses of the sales screens."""

from django.utils.translation import gettext_lazy as _

from core.web.registry import name_module, routes
from frontoffice.sales import views

name_module(_("Sales"), "shopping-cart", area="sales")
urlpatterns = routes(
    views.Orders,
    views.NewOrder,
    views.OrderRecord,
    views.EditOrder,
    views.ReturnGoods,
    views.Returns,
    views.ReturnRecord,
    views.PriceLists,
    views.NewPriceList,
    views.PriceListRecord,
    views.EditPriceList,
    views.PriceRecord,
)
