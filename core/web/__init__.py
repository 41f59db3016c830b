'''The screens toolkit: a module declares its pages in a few lines and gets the whole workspace.

Everything comes from one import: ``from core.web import ui``. A module writes three files.

``views.py``: screens, declared as classes. ``forms.py``: Django forms that validate entries only.
``urls.py``: ``urlpatterns = routes(views.Orders, views.OrderRecord, ...)`` with ``from core.web.registry import routes``
(registration: side bar, palette, links between documents and the permission matrix derive from it).

The rules the toolkit keeps for you
-----------------------------------
- A screen opens with ``<app>.view_<model>``, a form or verb with the permission named as its operation (``sales.confirm_order``);
  ``permission = "..."`` overrides. ``sensitive = True`` (a screen), ``ui.Verb(..., sensitive=True)``: only for who confirmed a moment ago
  that it is them; others are led to confirm, and back. Rows are narrowed by the queryset's ``visible_to(user)`` when it has one.
- No view writes: forms, verbs and boards call ONE operation as ``operation(record, by=user, **cleaned_data)``
  (``operation(by=user, **cleaned_data)`` when creating). ``Refused`` lands at the field it names (``field="quantity"``, in a
  line grid ``field="lines-2-quantity"``), else on top of the form or in a message, with ``fix`` and ``link``; nothing typed is lost.
- ``route = "orders"`` gives every screen of that model its address and URL name:
  ListScreen ``orders/`` (``sales:orders``) · RecordScreen ``orders/<pk>/`` (``sales:order``) · verbs ``orders/<pk>/confirm/``
  (``sales:order-confirm``) · CreateScreen ``orders/new/`` (``sales:order-new``) · EditScreen ``orders/<pk>/edit/``
  (``sales:order-edit``) · BoardScreen ``orders/board/`` (``sales:order-board``). ReportScreen: ``route`` as it is.
- Links: ``ui.url_for("sales.order", pk)``, ``ui.url_of(order)``; both give "" when there is no page. The way to a record or form begins at
  the list of its kind, called as in the side bar; ``stands_in = "finance:payments"`` names another list where the kind has none.
- Nothing queries in templates: name foreign keys in ``related`` (select_related), prefetch in ``queryset()``.

Cells: one labelled way to show a value (list columns, facts, lines, remarks)
-----------------------------------------------------------------------------
``ui.Text(key, label)``, ``Number``, ``Quantity(unit="product.unit.code")``, ``Percent`` (0..1), ``Money(currency="currency" | "IDR" |
function, short=False, total=True)``, ``Day`` (``exact=True``, ``late=function``), ``Moment``, ``Status("status", label)``, ``Person``,
``Party``, ``Link`` (a related record, linked), ``Meter`` (0..1), ``YesNo``, ``Custom(key, label, draw=function)``. ``key`` is a dotted
path, a method's name or a function of the row. ``sort="customer__name"`` lets a list sort by that field; ``muted=True`` greys it;
``phone="main|state|sub|amount"`` places it on a phone's card (guessed when no column says it).

Lists: what every ``ListScreen`` gets, and what a module may add
---------------------------------------------------------------
Without a word more: pages by cursor (no OFFSET; counted and added up to 10,000 rows), a filter builder over the fields its columns
show (``?where=total~between~1000~2000&where=owner~me&match=any``), saved views (own and shared; one may open first), columns chosen and
ordered per person and per view, groups with counts and sums (``?group=status``; dates by month), CSV and XLSX of the shown columns (by a
job from 2,000 rows), ``j k x o e space``, a preview beside the list, cards and a sheet of filters on a phone. ``where`` stays shareable.
- ``more_columns = (ui.Text("note", _("Note")),)``: columns to choose from; what is shown is joined by itself (``select_related``).
- ``filterable = ("kind", ui.Where("roles", "roles__role", _("Roles"), "choice", choices=..., many=True))``: further fields to ask about.
- ``bulk = ("confirm", ui.Bulk("lose", undo=reopen_deal), ui.assign_owner(update_deal, when=is_open), ui.Bulk(move_deal, _("Move"),
  form=MoveForm, undo=move_deal, remember=("stage",), slug="move"))``: for many rows at once: a verb of the record by its address, or an operation called for each row
  as ``operation(row, by=user, **data, **form)``, each in its own transaction; up to 100 at once, more by a job; a report names what was
  refused and why. ``undo`` is the opposite operation; with ``remember`` it gets the values as they were.
- ``ui.Money("list_price", ..., edit=ui.Inline(update_product, forms.ProductForm, "list_price", when=...))``: changed where it stands
  with that field of the form (double click, ``e``, pencil; a page without scripts); stale rows are refused.
- ``at_hand = ("confirm",)``: verbs of the record a row offers when it is pointed at (``when`` must not query).

A complete example
------------------
::

    # frontoffice/sales/views.py
    class Orders(ui.ListScreen):
        """All orders."""
        model = Order
        route = "orders"
        title = _("Orders")
        nav = ui.Nav(_("Orders"), icon="shopping-cart", order=10, key="o",          # key: `g o` jumps here
                     counter=lambda user: Order.objects.visible_to(user).held().count(), hot=True)
        columns = (
            ui.Text("number", _("Order"), sort="number"),                           # the first column opens the record
            ui.Party("customer", _("Customer"), sort="customer__name", link=False),
            ui.Status(),                                                            # words of the model, tone of markup.TONES
            ui.Day("order_date", _("Date"), sort="order_date"),
            ui.Money("total", _("Total"), sort="total", total=True),                # summed per currency in the foot
        )
        related = ("customer",)
        search = ("number", "customer__name")
        search_hint = _("Number or customer")
        segments = (ui.Segment("open", _("Open"), "open"),                          # a queryset method's name, a Q or a function
                    ui.Segment("held", _("On hold"), Q(status="held")))
        start_segment = "open"
        filters = (ui.Period("order_date"), ui.Select("owner", _("Anyone"), sellers, icon="user-round"))   # sellers() -> pairs
        order = ("-order_date", "-pk")
        create = "sales:order-new"                                                  # the button shows to whoever may open it
        empty = ui.Empty(_("An order is a promise to a customer. Make the first one."), "shopping-cart")    # to="app:page", label=...: where rows begin elsewhere

    class OrderRecord(ui.RecordScreen):
        """One order."""
        model = Order
        route = "orders"
        related = ("customer",)
        edit = "sales:order-edit"
        remarks = (ui.Party("customer"), ui.Day("order_date"))                      # beside the state pill (status = ui.Status())
        verbs = (                                                                   # permission, URL, button: from the operation's name
            ui.Verb(confirm_order, _("Confirm"), to=Order.Status.CONFIRMED, primary=True, icon="check",
                    why_not=lambda order: "" if order.lines.exists() else _("Add a line first.")),   # shown disabled, with the reason
            ui.Verb(hold_order, _("Hold"), to=Order.Status.HELD, form=ReasonForm),  # asks in a dialog first; reason=... reaches the operation
            ui.Verb(cancel_order, _("Cancel order"), danger=True, confirm=_("Its reservations are released."),
                    when=lambda order: order.is_open),                              # `when` hides, `to` hides unless MOVES allow, `confirm` asks back
            ui.Verb(request_return, _("Return goods"), form=ReturnForm, tucked=True, done=_("The warehouse will expect the goods.")),  # under "…"
        )                                            # an operation that returns another record (a Return) leads to that record's page
        sections = (
            ui.Facts(cells=(ui.Money("net", _("Net")), ui.Person("owner", _("Owner")))),            # left
            ui.Related(), ui.Files(),                                                               # left
            ui.Lines(title=_("Lines"), rows="lines", related=("product",), cells=(                  # right
                ui.Text("description", _("Product")), ui.Quantity("quantity", _("Quantity"), unit="product.unit.code"),
                ui.Money("unit_price", _("Price"), currency="order.currency"), ui.Money("net", _("Net"), currency="order.currency")),
                totals=(ui.Money("net", _("Net")), ui.Money("tax", _("Tax")), ui.Money("total", _("Total")))),
            ui.Items(title=_("Open deals"), items=lambda order: [ui.Item("ERP", "closes 5 Jan", url="...", end="Rp 205 jt")]),
            ui.Panel(title=_("Stock"), body="sales/_stock.html", values=lambda order, user: {"rows": ...}),  # your own template
            ui.Timeline(party=lambda order: order.customer_id), ui.History(),       # every section: place=, tab=, permission=, when=
        )
        # The page asks for news by itself: what a worker changes shows within about a second.

    class NewOrder(ui.CreateScreen):
        """Make an order."""
        model = Order
        route = "orders"
        form_class = OrderForm                      # customer = ui.LookupField("parties.customer", label=_("Customer")), ...
        operation = place_order                     # place_order(by=user, customer=..., order_date=..., lines=[NewLine(...), ...])
        grid = ui.Grid(OrderLineForm, make=NewLine, total=_("Net"))     # rows -> NewLine(**row) -> argument "lines" (name="lines")

        def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> ui.Preview:   # as typed; writes nothing
            """What it would come to."""
            return ui.Preview(lines={number: "Rp 1.000" for number, row in lines}, totals=((_("Net"), "..."), (_("Total"), "...")),
                              notes=(ui.Note(_("Credit left: Rp 12 jt"), "warn"),))

    class EditOrder(ui.EditScreen): ...             # operation = change_order; initial() defaults to the record's attributes;
                                                    # override initial_lines() -> [{...}] when there is a grid

    class Pipeline(ui.BoardScreen):                 # also takes search, filters, create, related of a list
        """Deals by stage."""
        model = Deal
        route = "deals"
        title = _("Pipeline")
        nav = ui.Nav(_("Pipeline"), icon="square-kanban", order=20)
        lane_field = "stage_id"
        card_title, card_note = "name", ui.Party("party", link=False)
        card_foot = (ui.Person("owner"), ui.Day("closes_on"))
        amount = ui.Money("amount", short=True)
        move = move_deal                            # move_deal(deal, lane.value, by=user); refused -> the card goes back, with the reason
        quick = ui.Quick(open_deal, QuickDealForm, lane="stage")         # "+" in a lane: open_deal(by=user, stage=lane.value, **entries)
        def lanes(self): return [                   # probability weighs the sum; a lane with a verb does that verb (and asks what it asks)
            *(ui.Lane(str(stage.pk), stage.name, stage, probability=stage.probability) for stage in Stage.objects.order_by("position")),
            ui.Lane("lost", _("Lost"), verb=LOSE, folded=True, tone="bad")]
        def lane_expression(self): ...              # the lane's key in SQL where it is not lane_field alone (decided deals: their status)
        def signals(self, deal): return [ui.Signal(_("Stalled 12 d"))] if deal.stalled else []      # or signal() for one
        # Lanes show lane_size cards and "n more"; sums and counts are of all. What others move shows within five seconds.

    class TrialBalance(ui.ReportScreen):            # CSV, XLSX and print come with it
        """The sums of all accounts."""
        route = "reports/trial-balance"
        permission = "finance.view_entry"
        title = _("Trial balance")
        nav = ui.Nav(_("Trial balance"), icon="scale", order=60)
        form_class = UntilForm                      # a GET form; initial() gives what it says first
        span_fields = ("start", "end")              # names of the form's fields: "Last month" and its like fill them (one field: a day)
        def report(self, data): return ui.Report(   # figures=[ui.Kpi(...)], chart=ui.charts.bars(...), wide=True prints across
            heads=(ui.Head(_("Account")), ui.Head(_("Debit"), "money")), currency="IDR", note=_("As of 30 Nov 2026"),
            rows=[ui.Row((_("Assets"),), "group"),                                 # a group folds what stands below it up to its subtotal
                  ui.Row(("1100 Bank", Decimal(5)), level=1, urls=("", "...")),    # url= links the first cell, urls= each figure
                  ui.Row((_("Total"), Decimal(5)), "total")])
        # Comparing: a field with choices ui.COMPARISONS, then ui.compared(how, start, end); ui.Head(label, "change") shows the sign.
        # ui.Head(_("SKU"), under=True) stands below the column before it, and apart in files.

    # Charts: ui.charts.line, area, bars, stacked (Chart), funnel (Parts), shares, heat (Heat), spark. Chart(currency=...) writes money,
    # urls= makes each label lead on, Series(partial=1) marks a month that is not over, note= says as of when.

    # Home page: whatever a module contributes, to those who may see it (put it in views.py). Rows come by ui.Gather: the whole page
    # asks them in ONE statement and hands each function's `make` its lines (pk, key, note, currency, day, moment, a, b, c).
    @ui.kpi("sales.view_order", order=10)
    def revenue(user): return ui.gathered(
        ui.Gather(Order.objects.order_by().values("order_date"), day="order_date", a=Sum("net")),
        make=lambda lines: ui.Kpi(_("Revenue this month"), "...", *ui.change(now, then), _("against 1 to 23 Oct"), spark=[...], url="..."))
    @ui.step("sales.place_order", order=60)         # first steps of a new company, shown until all are done: gives a ui.Step
    @ui.tasks("sales.confirm_order")
    def waiting(user): return [ui.Task(_("Confirm SO/2026/00012"), _("PT Hasta Karya"), url="...", when=_("today"), badge="Sales")]
    @ui.card("sales.view_order", order=20, place="main")         # main or side; templates components/card_chart.html, card_items.html or yours
    def revenue_chart(user): return ui.HomeCard(_("Revenue"), "components/card_chart.html",
        {"chart": ui.charts.line(ui.charts.Chart(_("Revenue"), labels, [ui.charts.Series(_("This year"), values)]))})

    # Choosing records by typing, anywhere: ui.LookupField("sales.order") in a form
    ui.provide_lookup(ui.Lookup("sales.order", rows=lambda: Order.objects.open(), search=("number",), order="number",
                                permission="sales.view_order", label=lambda order: order.number))

Record pages: ``ui.Facts`` left, ``ui.Lines`` above, tables and timeline in the middle, ``ui.Related``, ``ui.Files`` and the documents
right (``place="side" | "wide" | "main" | "right"``); beside ``ui.Lines`` there is no right column: they follow the facts. ``counts =
(ui.Count(_("Orders"), number=lambda party: 3, url=..., permission=...),)`` is the strip under the title;
``ui.provide_counts("parties.party", ui.Count(...))`` puts a figure on another module's pages. A timeline has a composer: notes for
whoever holds ``notes.write_note``, and what ``ui.provide_composer("crm.deal", ui.Verb(log_activity, ..., form=..., slug="log-call",
permission="crm.log_activity"))`` adds. ``?peek`` is the record at a glance, for side panels. A model whose rows are called
differently says so in ``kind_words``. ``ui.provide_documents(provider)`` gives papers. Verbs get a free letter (``key="p"`` names one).

What a worker has still to do because of a record stands in its head when the handler says so: ``@on(OrderConfirmed,
awaited=_("The goods are being set aside"))``; a timeline has to be on the page.

Two at once: edit forms and asking verbs carry ``_version``; ``core.db.expecting(record, version)`` checks it under the operation's own lock
(``Stale``), and a page shows before, theirs and mine, field by field. Who edits is known for 20 seconds (``CACHES["presence"]``). Drafts
(``data-draft``), the unsaved-changes warning and Ctrl+Enter come with every form. ``ui.Grid(fixed=True)`` neither adds nor removes lines;
others take a block from a spreadsheet and are moved with Alt+arrows; ``lines-2-quantity`` in a refusal is the third line the operation got.

The shell comes by itself: ``Nav(..., group=_("Set-up"))`` folds places under one line of their module (``name_module(_("Sales"),
"shopping-cart", area="sales")`` in ``urls.py`` names the module); reports with a ``nav`` stand on the page "Reports"; every CreateScreen
stands in "New" (``c``) and takes ``?customer=7`` for its fields, so "New" on a customer's page offers it for that customer; every searched
list is found by the palette (Ctrl-K), its first ``search`` field as the name and the second as the note; the verbs of the record at hand
too. ``key="p"`` on an Action or Verb and ``data-key`` on a control is its key, and ``?`` shows it. ``tip = _("...")`` on a screen is a hint
that each person puts away. Scripts take their words from ``document.getElementById("words").dataset``; ``satu:offline``, ``satu:count``,
``satu:palette``, ``satu:keys`` and ``satu:theme`` are the shell's events. Telling people: ``core.notifications.operations.notify``.

Lookups that exist: ``parties.party``, ``parties.customer``, ``parties.supplier``, ``catalog.product`` (with stock and price; fills
``description``, ``unit_price`` and ``quantity`` of the same grid row), ``people.user``. Fields: ``ui.NumberField`` and
``ui.PercentField``, ``ui.DayField`` and ``ui.MomentField`` (read by ``core.web.entry`` in the page's notation), ``ui.LookupField``.
Override ``queryset``, ``heading``, ``subheading``,
``actions``/``links`` (``ui.Action``), ``initial`` where a declaration is not enough. Everything else a page of your own needs:
subclass ``ui.Screen`` with ``route``, ``template_name`` (extends ``base.html``, fills ``main``) and ``context()``. A button with no page
of its own is a ``ui.Deed``: ``do()`` makes the operation call, ``stands_on`` is the page it leads back to.
Integration plugs in with ``ui.provide_timeline(provider)`` and ``ui.provide_sign_ins(provider)``. Papers of a record (PDF, preview, sending) are
declared in the module's ``documents.py``, see ``core.printing``; further pages below every record page come by
``core.web.registry.provide_record_pages(pages)``.
Further buttons on lists: ``core.web.hooks.provide_list_actions(lambda url_name, user: [ui.Action(...)])``. What can be imported is
declared in a module's ``imports.py`` (``core.imports.kinds``) and gets its button, wizard, template and API; long work is a job (``core.jobs``).
'''
