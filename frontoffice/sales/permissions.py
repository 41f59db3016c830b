"""What each role may do with prices, orders and returns."""

from django.utils.translation import gettext_lazy as _

from core.approvals.duties import Conflict, Duty

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

CONFLICTS = (
    Conflict(
        "orders-placed-and-released",
        _("Somebody sells beyond what the customer may owe, and releases it."),
        Duty(_("Places and confirms orders"), ("sales.place_order", "sales.confirm_order")),
        Duty(_("Releases orders on hold"), ("sales.release_order",)),
    ),
)
