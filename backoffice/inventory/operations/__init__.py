"""What people do in the warehouse.

The signatures, for whoever calls them (all raise ``core.errors.Refused`` subclasses when a rule says no)::

    install_warehouse(*, by) -> Warehouse                                                  idempotent
    reserve_stock(*, order_id, order_number, customer_id, lines: Sequence[WantedLine], by,
                  ship_to_address_id=None, requested_date=None) -> DeliveryOrder           idempotent by order_id
    reserve_waiting(product_ids, *, by) -> list[DeliveryOrder]                             oldest first
    pick_delivery(delivery, quantities=None, *, by) -> DeliveryOrder                       {line id: quantity}, None = all reserved
    deliver(delivery, *, by, on=None, quantities=None) -> DeliveryOrder                    what is picked, or the given quantities
    deliver_all(delivery, *, by, on=None) -> DeliveryOrder                                 everything reserved
    cancel_deliveries(order_id, *, order_number, customer_id, by) -> list[DeliveryOrder]   all or nothing
    cancel_backorder(delivery, *, reason, by) -> DeliveryOrder
    receive_goods(*, lines: Sequence[ReceivedLine], by, supplier=None, on=None, opening=False, note="") -> Receipt
    plan_receipt(*, lines, by, supplier=None, expected_on=None, note="") -> Receipt
    receive_receipt(receipt, *, by, on=None, quantities=None) -> Receipt                   the rest stays planned on a new receipt
    cancel_receipt(receipt, *, reason, by) -> Receipt
    adjust_stock(product, *, location=None, counted=None | difference=None, reason, by, on=None, unit_cost=None) -> Adjustment
    expect_return(*, return_id, return_number, order_id, order_number, customer_id,
                  lines: Sequence[WantedLine], by) -> ReturnReceipt                        idempotent by return_id
    call_off_return(return_id, *, by) -> ReturnReceipt
    receive_return(receipt, *, by, on=None, quantities=None) -> ReturnReceipt
    available_to_promise(product_ids) -> tuple[Availability, ...]

``WantedLine(order_line_id, product_id, quantity)`` and ``ReceivedLine(product_id, quantity, unit_cost)`` live in
``backoffice.inventory.operations.lines``.
"""

from backoffice.inventory.operations.adjusting import adjust_stock
from backoffice.inventory.operations.cancelling import cancel_backorder, cancel_deliveries
from backoffice.inventory.operations.delivering import deliver, deliver_all, pick_delivery
from backoffice.inventory.operations.lines import ReceivedLine, WantedLine
from backoffice.inventory.operations.promising import available_to_promise
from backoffice.inventory.operations.receiving import cancel_receipt, plan_receipt, receive_goods, receive_receipt
from backoffice.inventory.operations.reserving import reserve_stock, reserve_waiting
from backoffice.inventory.operations.returning import call_off_return, expect_return, receive_return
from backoffice.inventory.operations.warehouses import install_warehouse

__all__ = [
    "ReceivedLine",
    "WantedLine",
    "adjust_stock",
    "available_to_promise",
    "call_off_return",
    "cancel_backorder",
    "cancel_deliveries",
    "cancel_receipt",
    "deliver",
    "deliver_all",
    "expect_return",
    "install_warehouse",
    "pick_delivery",
    "plan_receipt",
    "receive_goods",
    "receive_receipt",
    "receive_return",
    "reserve_stock",
    "reserve_waiting",
]
