"""The screens of the warehouse."""

from backoffice.inventory.views import elsewhere
from backoffice.inventory.views.deliveries import Deliveries, DeliverPart, DeliveryRecord, PickPart
from backoffice.inventory.views.receipts import NewReceipt, PlanReceipt, ReceiptRecord, Receipts, ReceivePart
from backoffice.inventory.views.returns import ReceiveReturnPart, ReturnRecord, Returns
from backoffice.inventory.views.stock import AdjustmentRecord, Adjustments, Moves, NewAdjustment, Stock, StockCard
from backoffice.inventory.views.today import stock_value
from backoffice.inventory.views.valuation import StockValue

__all__ = [
    "AdjustmentRecord",
    "Adjustments",
    "DeliverPart",
    "Deliveries",
    "DeliveryRecord",
    "Moves",
    "NewAdjustment",
    "NewReceipt",
    "PickPart",
    "PlanReceipt",
    "ReceiptRecord",
    "Receipts",
    "ReceivePart",
    "ReceiveReturnPart",
    "ReturnRecord",
    "Returns",
    "Stock",
    "StockCard",
    "StockValue",
    "elsewhere",
    "stock_value",
]
