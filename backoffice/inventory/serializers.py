"""The warehouse as the API reads and takes it. Quantities are in the product's unit, costs and values in the currency of the books."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from backoffice.inventory.models import (
    Adjustment,
    DeliveryLine,
    DeliveryOrder,
    Location,
    Receipt,
    ReceiptLine,
    ReturnLine,
    ReturnReceipt,
    StockLevel,
    StockMove,
    Valuation,
)
from backoffice.inventory.operations import ReceivedLine
from core.catalog.models import Product
from core.parties.models import Party

# -- What is read -----------------------------------------------------------------------------------------------------


class LocationSerializer(serializers.ModelSerializer[Location]):
    """A place goods can be."""

    warehouse = serializers.CharField(source="warehouse.code", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Location
        fields = ("id", "name", "kind", "warehouse", "is_default")
        read_only_fields = fields


class DeliveryOrderLineSerializer(serializers.ModelSerializer[DeliveryLine]):
    """So much of a product for one order line: wanted, set aside, picked, gone."""

    sku = serializers.CharField(source="product.sku", read_only=True)

    class Meta:
        model = DeliveryLine
        fields = (
            "id",
            "order_line_id",
            "product",
            "sku",
            "quantity",
            "reserved_quantity",
            "picked_quantity",
            "delivered_quantity",
        )
        read_only_fields = fields


class DeliveryOrderSerializer(serializers.ModelSerializer[DeliveryOrder]):
    """Goods to hand to a customer for one order."""

    lines = DeliveryOrderLineSerializer(many=True, read_only=True)

    class Meta:
        model = DeliveryOrder
        fields = (
            "id",
            "number",
            "status",
            "order_id",
            "order_number",
            "customer",
            "ship_to_address",
            "ship_to",
            "location",
            "wanted_since",
            "scheduled_on",
            "delivered_on",
            "backorder_of",
            "cancelled_because",
            "version",
            "lines",
        )
        read_only_fields = fields


class ReceiptLineSerializer(serializers.ModelSerializer[ReceiptLine]):
    """So much of a product at a cost."""

    sku = serializers.CharField(source="product.sku", read_only=True)

    class Meta:
        model = ReceiptLine
        fields = ("id", "product", "sku", "quantity", "unit_cost", "received_quantity")
        read_only_fields = fields


class ReceiptSerializer(serializers.ModelSerializer[Receipt]):
    """Goods that came in, or will."""

    lines = ReceiptLineSerializer(many=True, read_only=True)

    class Meta:
        model = Receipt
        fields = (
            "id",
            "number",
            "status",
            "supplier",
            "location",
            "is_opening",
            "expected_on",
            "received_on",
            "rest_of",
            "note",
            "version",
            "lines",
        )
        read_only_fields = fields


class ReturnReceiptLineSerializer(serializers.ModelSerializer[ReturnLine]):
    """So much of a product back from one order line."""

    sku = serializers.CharField(source="product.sku", read_only=True)

    class Meta:
        model = ReturnLine
        fields = ("id", "order_line_id", "product", "sku", "quantity", "received_quantity")
        read_only_fields = fields


class ReturnReceiptSerializer(serializers.ModelSerializer[ReturnReceipt]):
    """What a customer sends back."""

    lines = ReturnReceiptLineSerializer(many=True, read_only=True)

    class Meta:
        model = ReturnReceipt
        fields = (
            "id",
            "number",
            "status",
            "return_id",
            "return_number",
            "order_id",
            "order_number",
            "customer",
            "location",
            "received_on",
            "version",
            "lines",
        )
        read_only_fields = fields


class StockLevelSerializer(serializers.ModelSerializer[StockLevel]):
    """How much of a product lies in one place. ``incoming`` counts the product's planned receipts, over all places."""

    sku = serializers.CharField(source="product.sku", read_only=True)
    available = serializers.DecimalField(source="free", max_digits=20, decimal_places=6, read_only=True)
    incoming = serializers.DecimalField(max_digits=20, decimal_places=6, read_only=True)

    class Meta:
        model = StockLevel
        fields = ("id", "product", "sku", "location", "on_hand", "reserved", "available", "incoming")
        read_only_fields = fields


class ValuationSerializer(serializers.ModelSerializer[Valuation]):
    """What all stock of a product is worth."""

    sku = serializers.CharField(source="product.sku", read_only=True)
    average = serializers.DecimalField(max_digits=20, decimal_places=6, read_only=True)

    class Meta:
        model = Valuation
        fields = ("id", "product", "sku", "quantity", "value", "average")
        read_only_fields = fields


class StockMoveSerializer(serializers.ModelSerializer[StockMove]):
    """Goods that went from one place to another; ``value`` is the change of the stock's value."""

    class Meta:
        model = StockMove
        fields = (
            "id",
            "product",
            "quantity",
            "from_location",
            "to_location",
            "moved_on",
            "moved_at",
            "moved_by",
            "unit_cost",
            "value",
            "document_kind",
            "document_id",
            "document_number",
            "order_line_id",
            "reason",
        )
        read_only_fields = fields


class AdjustmentSerializer(serializers.ModelSerializer[Adjustment]):
    """What was counted, and why it was not what the books said."""

    class Meta:
        model = Adjustment
        fields = ("id", "number", "product", "location", "difference", "on_hand", "reason", "adjusted_on")
        read_only_fields = fields


class AvailabilitySerializer(serializers.Serializer[Any]):
    """What can be promised of one product, over all places."""

    product_id = serializers.IntegerField()
    on_hand = serializers.DecimalField(max_digits=20, decimal_places=6)
    reserved = serializers.DecimalField(max_digits=20, decimal_places=6)
    available = serializers.DecimalField(max_digits=20, decimal_places=6)
    incoming = serializers.DecimalField(max_digits=20, decimal_places=6)


# -- What is taken ----------------------------------------------------------------------------------------------------


class DaySerializer(serializers.Serializer[Any]):
    """On which day it happened; today unless said otherwise."""

    on = serializers.DateField(required=False, allow_null=True, default=None)


class ReasonSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=200)


class LineQuantitySerializer(serializers.Serializer[Any]):
    """How many of one line of the document."""

    line = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    quantity = serializers.DecimalField(max_digits=20, decimal_places=6, min_value=Decimal(0))


class QuantitiesSerializer(serializers.Serializer[Any]):
    """How many of each line; everything when it is left out."""

    quantities = LineQuantitySerializer(many=True, required=False, allow_null=True, default=None)

    def validate_quantities(self, rows: list[dict[str, Any]] | None) -> dict[int, Decimal] | None:
        """Line id to quantity, as the operations take it."""
        if rows is None:
            return None
        quantities: dict[int, Decimal] = {row["line"]: row["quantity"] for row in rows}
        if len(quantities) != len(rows):
            raise serializers.ValidationError(_("Give each line once."))
        return quantities


class DatedQuantitiesSerializer(DaySerializer, QuantitiesSerializer):
    """How many of each line, and the day it happened."""


class TakenLineSerializer(serializers.Serializer[Any]):
    """So much of a product at a cost."""

    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.goods())
    quantity = serializers.DecimalField(max_digits=20, decimal_places=6)
    unit_cost = serializers.DecimalField(max_digits=20, decimal_places=6)

    def to_internal_value(self, data: Any) -> ReceivedLine:
        """The line as the operations take it."""
        row = super().to_internal_value(data)
        return ReceivedLine(row["product"].pk, row["quantity"], row["unit_cost"])


class ReceiveGoodsSerializer(DaySerializer):
    """Goods nobody planned."""

    supplier = serializers.PrimaryKeyRelatedField(queryset=Party.objects.suppliers(), required=False, allow_null=True, default=None)
    opening = serializers.BooleanField(default=False)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")
    lines = TakenLineSerializer(many=True, allow_empty=False)


class PlanReceiptSerializer(serializers.Serializer[Any]):
    """Goods on their way to us."""

    supplier = serializers.PrimaryKeyRelatedField(queryset=Party.objects.suppliers(), required=False, allow_null=True, default=None)
    expected_on = serializers.DateField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")
    lines = TakenLineSerializer(many=True, allow_empty=False)


class AdjustStockSerializer(DaySerializer):
    """What was counted (or the difference), and why."""

    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.goods())
    location = serializers.PrimaryKeyRelatedField(queryset=Location.objects.internal(), required=False, allow_null=True, default=None)
    counted = serializers.DecimalField(max_digits=20, decimal_places=6, required=False, allow_null=True, default=None)
    difference = serializers.DecimalField(max_digits=20, decimal_places=6, required=False, allow_null=True, default=None)
    unit_cost = serializers.DecimalField(max_digits=20, decimal_places=6, required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=200)


class AskedProductsSerializer(serializers.Serializer[Any]):
    """The products asked about: ``?product=1&product=2``."""

    product = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=200)
