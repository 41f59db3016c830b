"""Price lists, orders and returns."""

from frontoffice.sales.models.orders import DeliveryState, InvoiceState, Order, OrderLine, beyond_credit
from frontoffice.sales.models.prices import PriceList, PriceRule
from frontoffice.sales.models.returns import Return, ReturnLine

__all__ = ["DeliveryState", "InvoiceState", "Order", "OrderLine", "PriceList", "PriceRule", "Return", "ReturnLine", "beyond_credit"]
