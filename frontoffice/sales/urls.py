"""Addresses of the sales screens."""

from core.web.registry import routes
from frontoffice.sales import views

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
