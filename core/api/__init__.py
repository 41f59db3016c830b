"""The REST API's ground floor: every module declares its resources in ``api.py`` with what is here.

A resource is an ``OperationViewSet``: it lists, shows and filters through a serializer, and changes things only through verbs,
each named as in the domain and making one operation call::

    class OrderViewSet(OperationViewSet[Order]):
        queryset = Order.objects.select_related("customer").order_by("-pk")
        serializer_class = OrderSerializer            # what is read; status and totals are read-only there
        filterset_fields = ["status", "customer"]
        search_fields = ["number", "customer__name"]
        ordering_fields = ["order_date", "total"]

        @creation("sales.place_order", takes=PlaceOrderSerializer)
        def create(self, facts: Facts, by: User) -> Order:            # POST /api/v1/orders/
            return place_order(facts["customer"], lines=facts["lines"], by=by)

        @change("sales.update_order", takes=UpdateOrderSerializer)
        def partial_update(self, order: Order, facts: Facts, by: User) -> Order:     # PATCH /api/v1/orders/7/
            return update_order(order, by=by, **facts)

        @verb("sales.cancel_order", takes=CancelSerializer)
        def cancel(self, order: Order, facts: Facts, by: User) -> Order:             # POST /api/v1/orders/7/cancel/
            return cancel_order(order, reason=facts["reason"], by=by)

        @verb("sales.confirm_order")
        def confirm(self, order: Order, facts: Facts, by: User) -> Order:
            return confirm_order(order, by=by)

    ROUTES = [("orders", OrderViewSet)]

``@verb("people.change_roles", ..., sensitive=True)`` is done only for who confirmed a moment ago that it is them (``/api/v1/me/confirm/``).
``filterset_fields``, ``search_fields``, ``ordering_fields`` and ``expandable = {"customer": "parties.party", "lines.product": "catalog.product"}`` say
what may be asked; nothing else may. The queryset's ``visible_to(user)`` says who sees only some rows (`core.people.visibility`), for
lists, verbs, bodies and expansions alike; nobody reads, writes, filters or orders by what `core.people.hiding` hides from them. Every
record has an ETag; ``moves_money_or_stock = True`` makes its verbs demand ``If-Match``. ``creation`` also gives ``bulk/``, unless ``in_bulk=False``.
``takes_files`` names the actions whose body is a form. ``core.api.deprecation.deprecated`` marks what is going away. Docs: ``docs/api/``.

A verb answers with the record it changed (or with ``gives``, a serializer for what it returns). Reading needs ``view_<model>``.
``Refused`` becomes ``application/problem+json`` (RFC 9457) with status 409, bad input 400 with one entry per field in ``errors``.
A report is a ``ReportViewSet`` with a ``permission`` and a ``list`` that returns a Response.
"""
