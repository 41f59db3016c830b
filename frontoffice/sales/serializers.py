"""Orders, returns and prices as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.catalog.models import Product
from core.parties.models import Address, Party
from core.people.models import User
from frontoffice.sales.models import Order, OrderLine, PriceList, PriceRule, Return, ReturnLine


class OrderLineSerializer(serializers.ModelSerializer[OrderLine]):
    """One thing ordered, and how far it went. ``discount`` is a fraction, 0 to 1."""

    class Meta:
        model = OrderLine
        fields = (
            "id", "position", "product", "description", "is_goods", "quantity", "unit_price", "discount", "tax_category", "amount", "net",
            "tax", "total", "delivered_quantity", "dropped_quantity", "invoiced_quantity", "returned_quantity",
        )  # fmt: skip
        read_only_fields = fields


class OrderSerializer(serializers.ModelSerializer[Order]):
    """What a customer orders. The states follow from the lines. ``hold_limit`` and ``hold_used`` are the customer's credit limit and how
    much of it was used when the order was put on hold; ``hold_reason`` says so in words."""

    lines = OrderLineSerializer(many=True, read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    delivery_state = serializers.CharField(read_only=True)
    invoice_state = serializers.CharField(read_only=True)
    hold_reason = serializers.CharField(source="why_held", read_only=True)

    class Meta:
        model = Order
        fields = (
            "id", "number", "status", "delivery_state", "invoice_state", "customer", "customer_name", "deal_id", "order_date",
            "requested_date", "currency", "prices_include_tax", "shipping_address", "note", "hold_limit", "hold_used", "hold_reason",
            "cancel_reason", "owner", "net", "tax", "total", "lines", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class NewOrderLineSerializer(serializers.Serializer[Any]):
    """A line to order. Without a product it is a charge with a description and a price; without a price the customer's is taken."""

    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.all(), required=False, allow_null=True)
    description = serializers.CharField(max_length=300, required=False, allow_blank=True)
    quantity = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    unit_price = serializers.DecimalField(max_digits=20, decimal_places=6, required=False, allow_null=True)
    discount = serializers.DecimalField(max_digits=12, decimal_places=6, required=False)
    tax_category = serializers.ChoiceField(choices=Product.TaxCategory.choices, required=False, allow_blank=True)


class UpdateOrderSerializer(serializers.Serializer[Any]):
    """What may be changed about a draft. ``lines``, when sent, take the place of the old ones."""

    order_date = serializers.DateField(required=False)
    requested_date = serializers.DateField(required=False, allow_null=True)
    prices_include_tax = serializers.BooleanField(required=False)
    shipping_address = serializers.PrimaryKeyRelatedField(queryset=Address.objects.all(), required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.all(), required=False, allow_null=True)
    lines = NewOrderLineSerializer(many=True, required=False)


class PlaceOrderSerializer(UpdateOrderSerializer):
    """A new order, a draft."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all())


class ChangeOrderLineSerializer(serializers.Serializer[Any]):
    """What may be changed about one line, named by its id."""

    line = serializers.PrimaryKeyRelatedField(queryset=OrderLine.objects.all())
    description = serializers.CharField(max_length=300, required=False)
    quantity = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    unit_price = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    discount = serializers.DecimalField(max_digits=12, decimal_places=6, required=False)
    tax_category = serializers.ChoiceField(choices=Product.TaxCategory.choices, required=False)


class RemoveOrderLineSerializer(serializers.Serializer[Any]):
    """Which line."""

    line = serializers.PrimaryKeyRelatedField(queryset=OrderLine.objects.all())


class OrderReasonSerializer(serializers.Serializer[Any]):
    """Why, in words."""

    reason = serializers.CharField(max_length=300)


class ReturnedLineSerializer(serializers.Serializer[Any]):
    """How many of an order line come back."""

    order_line = serializers.PrimaryKeyRelatedField(queryset=OrderLine.objects.all())
    quantity = serializers.DecimalField(max_digits=20, decimal_places=6)


class RequestReturnSerializer(OrderReasonSerializer):
    """What comes back, and why."""

    lines = ReturnedLineSerializer(many=True)


class ReturnedGoodsSerializer(serializers.ModelSerializer[ReturnLine]):
    """How many of an order line are to come back, and did."""

    class Meta:
        model = ReturnLine
        fields = ("id", "order_line", "quantity", "received_quantity")
        read_only_fields = fields


class ReturnSerializer(serializers.ModelSerializer[Return]):
    """Goods of one order that come back."""

    lines = ReturnedGoodsSerializer(many=True, read_only=True)

    class Meta:
        model = Return
        fields = (
            "id",
            "number",
            "status",
            "order",
            "reason",
            "requested_on",
            "received_on",
            "lines",
            "version",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class PriceRuleSerializer(serializers.ModelSerializer[PriceRule]):
    """One price, for one unit, from ``min_quantity`` units on."""

    class Meta:
        model = PriceRule
        fields = ("id", "price_list", "product", "min_quantity", "unit_price", "version")
        read_only_fields = fields


class PriceListSerializer(serializers.ModelSerializer[PriceList]):
    """Prices for one customer, or for everybody, between two days."""

    rules = PriceRuleSerializer(many=True, read_only=True)

    class Meta:
        model = PriceList
        fields = (
            "id",
            "name",
            "currency",
            "customer",
            "is_active",
            "valid_from",
            "valid_to",
            "rules",
            "version",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class CreatePriceListSerializer(serializers.Serializer[Any]):
    """A new price list."""

    name = serializers.CharField(max_length=100)
    customer = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all(), required=False, allow_null=True)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)


class UpdatePriceListSerializer(CreatePriceListSerializer):
    """What may be changed about a price list."""

    name = serializers.CharField(max_length=100, required=False)
    is_active = serializers.BooleanField(required=False)


class SetPriceSerializer(serializers.Serializer[Any]):
    """What one unit of a product costs, from ``min_quantity`` units on."""

    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.all())
    min_quantity = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    unit_price = serializers.DecimalField(max_digits=20, decimal_places=6)


class RemovePriceSerializer(serializers.Serializer[Any]):
    """Which price."""

    rule = serializers.PrimaryKeyRelatedField(queryset=PriceRule.objects.all())
