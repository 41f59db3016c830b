"""The screens of orders, returns and price lists."""

from frontoffice.sales.views import elsewhere, today
from frontoffice.sales.views.forms import EditOrder, NewOrder, ReturnGoods
from frontoffice.sales.views.orders import OrderRecord, Orders
from frontoffice.sales.views.prices import EditPriceList, NewPriceList, PriceListRecord, PriceLists, PriceRecord
from frontoffice.sales.views.returns import ReturnRecord, Returns

__all__ = [
    "EditOrder",
    "EditPriceList",
    "NewOrder",
    "NewPriceList",
    "OrderRecord",
    "Orders",
    "PriceListRecord",
    "PriceLists",
    "PriceRecord",
    "ReturnGoods",
    "ReturnRecord",
    "Returns",
    "elsewhere",
    "today",
]
