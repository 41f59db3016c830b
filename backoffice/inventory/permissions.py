"""What each role may do in the warehouse."""

from django.utils.translation import gettext_lazy as _

from core.approvals.duties import Conflict, Duty

_see = ("view_warehouse", "view_location", "view_stocklevel", "view_deliveryorder", "view_returnreceipt")
_see_all = (*_see, "view_receipt", "view_stockmove", "view_valuation", "view_adjustment")  # with what goods cost

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

CONFLICTS = (
    Conflict(
        "stock-moved-and-adjusted",
        _("Goods are taken, and booked away as a difference."),
        Duty(_("Receives and delivers goods"), ("inventory.receive_goods", "inventory.receive_receipt", "inventory.deliver")),
        Duty(_("Adjusts and counts stock"), ("inventory.adjust_stock",)),
    ),
)
