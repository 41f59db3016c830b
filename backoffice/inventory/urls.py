"""Addresses of the warehouse's screens."""

from django.utils.translation import gettext_lazy as _

from backoffice.inventory import views
from core.web.registry import name_module, routes

name_module(_("Inventory"), "warehouse", area="inventory")
app_name = "inventory"
urlpatterns = routes(
    views.Deliveries,
    views.DeliveryRecord,
    views.PickPart,
    views.DeliverPart,
    views.PlanReceipt,
    views.NewReceipt,
    views.Receipts,
    views.ReceiptRecord,
    views.ReceivePart,
    views.Returns,
    views.ReturnRecord,
    views.ReceiveReturnPart,
    views.NewAdjustment,
    views.Adjustments,
    views.AdjustmentRecord,
    views.Stock,
    views.StockCard,
    views.StockValue,
    views.Moves,
)
