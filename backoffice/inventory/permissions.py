"""What each role may do in the warehouse."""

_see_goods = ("view_warehouse", "view_location", "view_stocklevel", "view_stockmove")
_see = (*_see_goods, "view_deliveryorder", "view_receipt", "view_returnreceipt")
_see_all = (*_see, "view_valuation", "view_adjustment")

GRANTS: dict[str, tuple[str, ...]] = {
    "storekeeper": (
        *_see_all,
        "pick_delivery",
        "deliver",
        "cancel_backorder",
        "receive_goods",
        "plan_receipt",
        "receive_receipt",
        "cancel_receipt",
        "receive_return",
        "adjust_stock",
    ),
    "sales": _see,
    "support": _see,
    "accountant": _see_all,
}
