"""Orders, returns and price lists in the API."""

from django.utils.translation import gettext as _

from core.api.viewsets import Facts, OperationViewSet, change, creation, verb
from core.errors import Refused
from core.people.models import User
from core.printing.api import PapersMixin
from frontoffice.sales import operations, serializers
from frontoffice.sales.models import Order, OrderLine, PriceList, PriceRule, Return


class LineOfAnother(Refused):
    """The line belongs to another record than the one addressed."""


class OrderViewSet(PapersMixin, OperationViewSet[Order]):
    """What customers order."""

    queryset = Order.objects.with_states().select_related("customer").prefetch_related("lines").order_by("-pk")
    serializer_class = serializers.OrderSerializer
    expandable = {"customer": "parties.party", "owner": "people.user", "lines.product": "catalog.product"}
    filterset_fields = {
        "status": ["exact"],
        "customer": ["exact"],
        "owner": ["exact"],
        "deal_id": ["exact"],
        "number": ["exact"],
        "order_date": ["exact", "gte", "lte"],
    }
    search_fields = ("number", "customer__name")
    ordering_fields = ("number", "order_date", "total", "created_at")

    @creation("sales.place_order", takes=serializers.PlaceOrderSerializer)
    def create(self, facts: Facts, by: User) -> Order:
        """Write down what a customer wants: a draft."""
        address, owner = facts.pop("shipping_address", None), facts.pop("owner", None)
        return operations.place_order(
            customer_id=facts.pop("customer").pk,
            lines=_wanted(facts),
            shipping_address_id=address.pk if address else None,
            owner_id=owner.pk if owner else None,
            by=by,
            **facts,
        )

    @change("sales.update_order", takes=serializers.UpdateOrderSerializer)
    def partial_update(self, order: Order, facts: Facts, by: User) -> Order:
        """Change a draft."""
        lines = _wanted(facts) if "lines" in facts else None
        return operations.update_order(order, lines=lines, by=by, **facts)

    @verb("sales.update_order", takes=serializers.NewOrderLineSerializer)
    def add_line(self, order: Order, facts: Facts, by: User) -> Order:
        """Put one more line on a draft."""
        product = facts.pop("product", None)
        return operations.add_line(order, product_id=product.pk if product else None, by=by, **facts).order

    @verb("sales.update_order", takes=serializers.ChangeOrderLineSerializer)
    def change_line(self, order: Order, facts: Facts, by: User) -> Order:
        """Change one line of a draft."""
        return operations.change_line(_line(order, facts), by=by, **facts).order

    @verb("sales.update_order", takes=serializers.RemoveOrderLineSerializer)
    def remove_line(self, order: Order, facts: Facts, by: User) -> Order:
        """Take one line off a draft."""
        return operations.remove_line(_line(order, facts), by=by)

    @verb("sales.confirm_order")
    def confirm(self, order: Order, facts: Facts, by: User) -> Order:
        """Promise it to the customer; beyond the credit limit it goes on hold instead."""
        return operations.confirm_order(order, by=by)

    @verb("sales.release_order")
    def release(self, order: Order, facts: Facts, by: User) -> Order:
        """Let an order on hold go ahead."""
        return operations.release_order(order, by=by)

    @verb("sales.cancel_order", takes=serializers.OrderReasonSerializer)
    def cancel(self, order: Order, facts: Facts, by: User) -> Order:
        """Call it off."""
        return operations.cancel_order(order, by=by, **facts)

    @verb("sales.request_return", takes=serializers.RequestReturnSerializer, gives=serializers.ReturnSerializer)
    def request_return(self, order: Order, facts: Facts, by: User) -> Return:
        """Agree that goods come back; answers with the return."""
        lines = [operations.LineQuantity(line["order_line"].pk, line["quantity"]) for line in facts["lines"]]
        return operations.request_return(order, lines=lines, reason=facts["reason"], by=by)


class ReturnViewSet(OperationViewSet[Return]):
    """Goods that come back."""

    queryset = Return.objects.prefetch_related("lines").order_by("-pk")
    serializer_class = serializers.ReturnSerializer
    expandable = {"order": "sales.order"}
    filterset_fields = {"status": ["exact"], "order": ["exact"], "number": ["exact"]}
    search_fields = ("number", "order__number", "order__customer__name")
    ordering_fields = ("number", "requested_on")

    @verb("sales.cancel_return", takes=serializers.OrderReasonSerializer)
    def cancel(self, goods_return: Return, facts: Facts, by: User) -> Return:
        """The customer keeps the goods."""
        return operations.cancel_return(goods_return, by=by, **facts)


class PriceRuleViewSet(OperationViewSet[PriceRule]):
    """Single prices, whichever list they are on. They are set and removed on their list."""

    queryset = PriceRule.objects.order_by("-pk")
    serializer_class = serializers.PriceRuleSerializer
    expandable = {"price_list": "sales.pricelist", "product": "catalog.product"}
    filterset_fields = {"price_list": ["exact"], "product": ["exact", "in"], "min_quantity": ["exact", "gte", "lte"]}
    search_fields = ("product__sku", "product__name", "price_list__name")
    ordering_fields = ("unit_price", "min_quantity")


class PriceListViewSet(OperationViewSet[PriceList]):
    """Prices for one customer, or for everybody."""

    queryset = PriceList.objects.prefetch_related("rules").order_by("-pk")
    serializer_class = serializers.PriceListSerializer
    expandable = {"customer": "parties.party", "rules.product": "catalog.product"}
    filterset_fields = {"customer": ["exact"], "is_active": ["exact"]}
    search_fields = ("name", "customer__name")
    ordering_fields = ("name",)

    @creation("sales.create_price_list", takes=serializers.CreatePriceListSerializer)
    def create(self, facts: Facts, by: User) -> PriceList:
        """Open a price list."""
        return operations.create_price_list(by=by, **facts)

    @change("sales.update_price_list", takes=serializers.UpdatePriceListSerializer)
    def partial_update(self, price_list: PriceList, facts: Facts, by: User) -> PriceList:
        """Change whom and when it is for."""
        return operations.update_price_list(price_list, by=by, **facts)

    @verb("sales.set_price", takes=serializers.SetPriceSerializer)
    def set_price(self, price_list: PriceList, facts: Facts, by: User) -> PriceList:
        """Say what one unit of a product costs."""
        return operations.set_price(price_list, by=by, **facts).price_list

    @verb("sales.remove_price", takes=serializers.RemovePriceSerializer)
    def remove_price(self, price_list: PriceList, facts: Facts, by: User) -> PriceList:
        """Take a price off the list."""
        rule = facts["rule"]
        if rule.price_list_id != price_list.pk:
            raise LineOfAnother(_("The price is not on %(list)s.") % {"list": price_list.name}, fix=_("Load the list again."), field="rule")
        return operations.remove_price(rule, by=by)


def _wanted(facts: Facts) -> list[operations.NewLine]:
    wanted = []
    for line in facts.pop("lines", []):
        product = line.pop("product", None)
        wanted.append(operations.NewLine(product_id=product.pk if product else None, **line))
    return wanted


def _line(order: Order, facts: Facts) -> OrderLine:
    line: OrderLine = facts.pop("line")
    if line.order_id != order.pk:
        raise LineOfAnother(_("The line is not on %(order)s.") % {"order": order.number}, fix=_("Load the order again."), field="line")
    return line


ROUTES = [("orders", OrderViewSet), ("returns", ReturnViewSet), ("price-lists", PriceListViewSet), ("prices", PriceRuleViewSet)]
