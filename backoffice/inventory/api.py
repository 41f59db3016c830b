"""The warehouse in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.inventory import operations, serializers
from backoffice.inventory.models import Adjustment, DeliveryOrder, Location, Receipt, ReturnReceipt, StockLevel, StockMove, Valuation
from core.api.viewsets import Facts, OperationViewSet, ReportViewSet, creation, verb
from core.people.models import User
from core.printing.api import PapersMixin

DAYS = ["exact", "gte", "lte"]


class DeliveryViewSet(PapersMixin, OperationViewSet[DeliveryOrder]):
    """Deliveries: what has to leave, and what left."""

    queryset = DeliveryOrder.objects.prefetch_related("lines__product").order_by("-pk")
    serializer_class = serializers.DeliveryOrderSerializer
    expandable = {"customer": "parties.party", "lines.product": "catalog.product"}
    moves_money_or_stock = True
    filterset_fields = {
        "status": ["exact", "in"],
        "order_id": ["exact"],
        "customer": ["exact"],
        "backorder_of": ["exact"],
        "delivered_on": DAYS,
        "scheduled_on": DAYS,
    }
    search_fields = ("number", "order_number", "customer__name")
    ordering_fields = ("wanted_since", "scheduled_on", "delivered_on")

    @verb("inventory.pick_delivery", takes=serializers.QuantitiesSerializer)
    def pick(self, delivery: DeliveryOrder, facts: Facts, by: User) -> DeliveryOrder:
        """Note what was taken from the shelf: the given quantities, or everything that is set aside."""
        return operations.pick_delivery(delivery, by=by, **facts)

    @verb("inventory.deliver", takes=serializers.DatedQuantitiesSerializer)
    def deliver(self, delivery: DeliveryOrder, facts: Facts, by: User) -> DeliveryOrder:
        """Hand over what is picked, or the given quantities. What stays behind goes on a backorder."""
        return operations.deliver(delivery, by=by, **facts)

    @verb("inventory.deliver", takes=serializers.DaySerializer)
    def deliver_all(self, delivery: DeliveryOrder, facts: Facts, by: User) -> DeliveryOrder:
        """Pick and hand over everything that is set aside."""
        return operations.deliver_all(delivery, by=by, **facts)

    @verb("inventory.cancel_backorder", takes=serializers.ReasonSerializer)
    def cancel_backorder(self, delivery: DeliveryOrder, facts: Facts, by: User) -> DeliveryOrder:
        """Do not deliver the rest of an order."""
        return operations.cancel_backorder(delivery, reason=facts["reason"], by=by)


class ReceiptViewSet(OperationViewSet[Receipt]):
    """Receipts: what came in, and what will."""

    queryset = Receipt.objects.prefetch_related("lines__product").order_by("-pk")
    serializer_class = serializers.ReceiptSerializer
    expandable = {"supplier": "parties.party", "lines.product": "catalog.product"}
    moves_money_or_stock = True
    filterset_fields = {"status": ["exact", "in"], "supplier": ["exact"], "is_opening": ["exact"], "expected_on": DAYS, "received_on": DAYS}
    search_fields = ("number", "supplier__name", "note")
    ordering_fields = ("expected_on", "received_on")

    @creation("inventory.receive_goods", takes=serializers.ReceiveGoodsSerializer)
    def create(self, facts: Facts, by: User) -> Receipt:
        """Put goods on the shelf that nobody planned."""
        return operations.receive_goods(by=by, **facts)

    @verb("inventory.receive_receipt", takes=serializers.DatedQuantitiesSerializer)
    def receive(self, receipt: Receipt, facts: Facts, by: User) -> Receipt:
        """Put planned goods on the shelf: all of them, or the given quantities. The rest stays planned."""
        return operations.receive_receipt(receipt, by=by, **facts)

    @verb("inventory.cancel_receipt", takes=serializers.ReasonSerializer)
    def cancel(self, receipt: Receipt, facts: Facts, by: User) -> Receipt:
        """Stop waiting for planned goods."""
        return operations.cancel_receipt(receipt, reason=facts["reason"], by=by)


class PlannedReceiptViewSet(OperationViewSet[Receipt]):
    """What is on its way to us. A new one is planned here; it is received as a receipt."""

    queryset = Receipt.objects.planned().prefetch_related("lines__product").order_by("-pk")
    serializer_class = serializers.ReceiptSerializer
    expandable = {"supplier": "parties.party", "lines.product": "catalog.product"}
    moves_money_or_stock = True
    filterset_fields = {"supplier": ["exact"], "expected_on": DAYS}
    search_fields = ("number", "supplier__name", "note")
    ordering_fields = ("expected_on",)

    @creation("inventory.plan_receipt", takes=serializers.PlanReceiptSerializer)
    def create(self, facts: Facts, by: User) -> Receipt:
        """Note that goods are on their way to us."""
        return operations.plan_receipt(by=by, **facts)


class ReturnReceiptViewSet(OperationViewSet[ReturnReceipt]):
    """What customers send back."""

    queryset = ReturnReceipt.objects.prefetch_related("lines__product").order_by("-pk")
    serializer_class = serializers.ReturnReceiptSerializer
    expandable = {"customer": "parties.party", "lines.product": "catalog.product"}
    moves_money_or_stock = True
    filterset_fields = {"status": ["exact"], "customer": ["exact"], "order_id": ["exact"], "return_id": ["exact"], "received_on": DAYS}
    search_fields = ("number", "return_number", "order_number", "customer__name")
    ordering_fields = ("received_on",)

    @verb("inventory.receive_return", takes=serializers.DatedQuantitiesSerializer)
    def receive(self, receipt: ReturnReceipt, facts: Facts, by: User) -> ReturnReceipt:
        """Put back on the shelf what came: all that was announced, or the given quantities."""
        return operations.receive_return(receipt, by=by, **facts)


class StockLevelViewSet(OperationViewSet[StockLevel]):
    """How much lies where."""

    queryset = StockLevel.objects.with_figures().select_related("product").order_by("-pk")
    serializer_class = serializers.StockLevelSerializer
    expandable = {"product": "catalog.product", "location": "inventory.location"}
    filterset_fields = {"product": ["exact", "in"], "product__sku": ["exact"], "location": ["exact"]}
    search_fields = ("product__name", "product__sku")
    ordering_fields = ("on_hand", "reserved")


class ValuationViewSet(OperationViewSet[Valuation]):
    """What stock is worth, by product."""

    queryset = Valuation.objects.select_related("product").order_by("-pk")
    serializer_class = serializers.ValuationSerializer
    expandable = {"product": "catalog.product"}
    filterset_fields = {"product": ["exact", "in"], "product__sku": ["exact"]}
    search_fields = ("product__name", "product__sku")
    ordering_fields = ("value", "quantity")


class StockMoveViewSet(OperationViewSet[StockMove]):
    """Everything that moved."""

    queryset = StockMove.objects.order_by("-pk")
    serializer_class = serializers.StockMoveSerializer
    expandable = {"product": "catalog.product"}
    filterset_fields = {
        "product": ["exact"],
        "moved_on": DAYS,
        "from_location": ["exact"],
        "to_location": ["exact"],
        "document_kind": ["exact"],
        "document_id": ["exact"],
        "order_line_id": ["exact"],
    }
    search_fields = ("document_number", "reason", "product__name", "product__sku")
    ordering_fields = ("moved_on",)


class AdjustmentViewSet(OperationViewSet[Adjustment]):
    """What was counted, and why it was not what the books said."""

    queryset = Adjustment.objects.order_by("-pk")
    serializer_class = serializers.AdjustmentSerializer
    expandable = {"product": "catalog.product", "location": "inventory.location"}
    filterset_fields = {"product": ["exact"], "location": ["exact"], "adjusted_on": DAYS}
    search_fields = ("number", "reason", "product__name", "product__sku")
    ordering_fields = ("adjusted_on",)

    @creation("inventory.adjust_stock", takes=serializers.AdjustStockSerializer)
    def create(self, facts: Facts, by: User) -> Adjustment:
        """Bring the books to what lies on the shelf, and say why."""
        product = facts.pop("product")
        return operations.adjust_stock(product, by=by, **facts)


class LocationViewSet(OperationViewSet[Location]):
    """Our places, and the places outside that goods come from and go to."""

    queryset = Location.objects.select_related("warehouse").order_by("-pk")
    serializer_class = serializers.LocationSerializer
    filterset_fields = {"kind": ["exact"], "warehouse": ["exact"]}


class AvailabilityViewSet(ReportViewSet):
    """What can be promised: on hand, set aside, free and on its way, over all places."""

    permission = "inventory.view_stocklevel"
    serializer_class = serializers.AvailabilitySerializer

    @extend_schema(parameters=[serializers.AskedProductsSerializer], responses=serializers.AvailabilitySerializer(many=True))
    def list(self, request: Request) -> Response:
        """One answer per product asked about (``?product=1&product=2``), in that order."""
        asked = serializers.AskedProductsSerializer(data={"product": request.query_params.getlist("product")})
        asked.is_valid(raise_exception=True)
        answers = operations.available_to_promise(asked.validated_data["product"])
        return Response(serializers.AvailabilitySerializer(answers, many=True).data)


ROUTES = [
    ("deliveries", DeliveryViewSet),
    ("receipts", ReceiptViewSet),
    ("planned-receipts", PlannedReceiptViewSet),
    ("return-receipts", ReturnReceiptViewSet),
    ("stock-levels", StockLevelViewSet),
    ("stock-values", ValuationViewSet),
    ("stock-moves", StockMoveViewSet),
    ("stock-adjustments", AdjustmentViewSet),
    ("stock-locations", LocationViewSet),
    ("availability", AvailabilityViewSet),
]
