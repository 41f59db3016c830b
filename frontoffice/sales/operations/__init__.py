"""What is done with prices, orders and returns."""

from frontoffice.sales.operations.cancelling import cancel_order, finish_cancellation
from frontoffice.sales.operations.confirming import confirm_order, reconsider_held_orders, release_order
from frontoffice.sales.operations.editing import add_line, change_line, remove_line, update_order
from frontoffice.sales.operations.fulfilling import (
    LineQuantity,
    Progress,
    awaits_goods,
    committed_to,
    drop_rest,
    open_orders_of,
    progress_of,
    promised_for,
    record_delivery,
    record_invoicing,
    seller_of,
)
from frontoffice.sales.operations.lines import NewLine, OrderFigures, figures_for
from frontoffice.sales.operations.placing import place_order
from frontoffice.sales.operations.prices import create_price_list, price_for, remove_price, set_price, update_price_list
from frontoffice.sales.operations.returns import cancel_return, record_return, request_return

__all__ = [
    "LineQuantity",
    "NewLine",
    "OrderFigures",
    "Progress",
    "add_line",
    "awaits_goods",
    "cancel_order",
    "cancel_return",
    "change_line",
    "committed_to",
    "confirm_order",
    "create_price_list",
    "drop_rest",
    "figures_for",
    "finish_cancellation",
    "open_orders_of",
    "place_order",
    "price_for",
    "progress_of",
    "promised_for",
    "reconsider_held_orders",
    "record_delivery",
    "record_invoicing",
    "record_return",
    "release_order",
    "remove_line",
    "remove_price",
    "request_return",
    "seller_of",
    "set_price",
    "update_order",
    "update_price_list",
]
