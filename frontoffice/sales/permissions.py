"""What each role may do with prices, orders and returns."""

_see = ("view_order", "view_orderline", "view_pricelist", "view_pricerule", "view_return", "view_returnline")
_orders = ("place_order", "update_order", "confirm_order", "cancel_order", "request_return", "cancel_return")
_prices = ("create_price_list", "update_price_list", "set_price", "remove_price")

GRANTS: dict[str, tuple[str, ...]] = {
    "sales": (*_see, *_orders, *_prices),
    "support": (*_see, "request_return"),
    "marketing": _see,
    "storekeeper": ("view_order", "view_orderline", "view_return", "view_returnline"),
    "accountant": (*_see, "release_order"),
}
