"""The catalogue as the API reads and takes it."""

from typing import Any

from rest_framework import serializers

from core.catalog.models import Category, Product, Unit


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """A unit of measure."""

    class Meta:
        model = Unit
        fields = ("id", "code", "name", "category", "factor", "decimals")
        read_only_fields = fields


class CategorySerializer(serializers.ModelSerializer[Category]):
    """A shelf of the catalogue."""

    class Meta:
        model = Category
        fields = ("id", "name", "description")


class ProductSerializer(serializers.ModelSerializer[Product]):
    """Something sold. ``list_price`` is in the currency of the books, for one ``unit``."""

    unit = serializers.SlugRelatedField[Unit](slug_field="code", read_only=True)

    class Meta:
        model = Product
        fields = (
            "id", "sku", "name", "kind", "description", "unit", "category", "list_price", "cost_method", "tax_category", "is_active",
            "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class UpdateProductSerializer(serializers.Serializer[Any]):
    """What may be changed about a product."""

    name = serializers.CharField(max_length=160, required=False)
    description = serializers.CharField(required=False, allow_blank=True)
    category = serializers.PrimaryKeyRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)
    list_price = serializers.DecimalField(max_digits=20, decimal_places=6, min_value=0, required=False)
    tax_category = serializers.ChoiceField(choices=Product.TaxCategory.choices, required=False)
    is_active = serializers.BooleanField(required=False)


class CreateProductSerializer(UpdateProductSerializer):
    """A new product."""

    sku = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=Product.Kind.choices, default=Product.Kind.GOODS)
    unit = serializers.SlugRelatedField[Unit](slug_field="code", queryset=Unit.objects.all())
    list_price = serializers.DecimalField(max_digits=20, decimal_places=6, min_value=0)
