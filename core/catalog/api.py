"""The catalogue in the API."""

from core.api.viewsets import Facts, OperationViewSet, change, creation
from core.catalog import operations
from core.catalog.models import Category, Product, Unit
from core.catalog.serializers import (
    CategorySerializer,
    CreateProductSerializer,
    ProductSerializer,
    UnitSerializer,
    UpdateProductSerializer,
)
from core.people.models import User


class ProductViewSet(OperationViewSet[Product]):
    """Goods and services."""

    queryset = Product.objects.select_related("unit").order_by("-pk")
    serializer_class = ProductSerializer
    expandable = {"category": "catalog.category", "unit": "catalog.unit"}
    filterset_fields = {"kind": ["exact"], "is_active": ["exact"], "category": ["exact"], "sku": ["exact"], "tax_category": ["exact"]}
    search_fields = ("sku", "name")
    ordering_fields = ("sku", "name", "list_price", "created_at")

    @creation("catalog.create_product", takes=CreateProductSerializer)
    def create(self, facts: Facts, by: User) -> Product:
        """Put something new in the catalogue."""
        return operations.create_product(by=by, **facts)

    @change("catalog.update_product", takes=UpdateProductSerializer)
    def partial_update(self, product: Product, facts: Facts, by: User) -> Product:
        """Change what we say about a product."""
        return operations.update_product(product, by=by, **facts)


class CategoryViewSet(OperationViewSet[Category]):
    """The shelves of the catalogue."""

    queryset = Category.objects.order_by("-pk")
    serializer_class = CategorySerializer
    search_fields = ("name",)
    ordering_fields = ("name",)

    @creation("catalog.create_product", takes=CategorySerializer)
    def create(self, facts: Facts, by: User) -> Category:
        """Open a shelf of the catalogue."""
        return operations.create_category(by=by, **facts)


class UnitViewSet(OperationViewSet[Unit]):
    """The units of measure."""

    queryset = Unit.objects.order_by("-pk")
    serializer_class = UnitSerializer
    filterset_fields = {"category": ["exact"], "code": ["exact"]}


ROUTES = [("products", ProductViewSet), ("categories", CategoryViewSet), ("units", UnitViewSet)]
