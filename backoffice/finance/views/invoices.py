"""Invoices and credit notes on the screen."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.finance import forms
from backoffice.finance.models import Allocation, Invoice, JournalEntry
from backoffice.finance.operations import (
    BillLine,
    TaxableLine,
    allocate_credit,
    compute_taxes,
    credit_invoice,
    issue_credit_note,
    issue_invoice,
    pay_invoice,
)
from core import clock
from core.printing.bulk import by_mail, in_one_file
from core.web import markup, ui


def is_late(invoice: Invoice) -> bool:
    """Whether it should have been paid by now."""
    return not invoice.is_credit_note and invoice.status == Invoice.Status.OPEN and invoice.due_on < clock.today()


def state(invoice: Invoice) -> str:
    """Where an invoice stands, in a word."""
    if invoice.is_credit_note:
        return gettext("Credit left") if invoice.residual else gettext("Used")
    if is_late(invoice):
        return gettext("Overdue")
    if invoice.status == Invoice.Status.PAID:
        return gettext("Paid")
    return gettext("Open") if invoice.residual == invoice.total else gettext("Partly paid")


def pill(invoice: Invoice) -> SafeString:
    """The state as a pill."""
    partly = invoice.residual != invoice.total
    tone = "bad" if is_late(invoice) else "good" if not invoice.residual else "warn" if partly or invoice.is_credit_note else "info"
    return markup.pill(state(invoice), tone)


STATE = ui.Custom(state, _("State"), draw=pill, phone="state")


def overdue(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Those that should have been paid by now."""
    return rows.filter(pk__in=Invoice.objects.overdue(clock.today()).values("pk"))


class Invoices(ui.ListScreen):
    """All invoices."""

    model = Invoice
    route = "invoices"
    title = _("Invoices")
    tip = _("Invoices come by themselves from what was delivered. Register a payment and the oldest are settled first.")
    nav = ui.Nav(
        _("Invoices"),
        icon="receipt-text",
        order=10,
        key="i",
        counter=lambda user: Invoice.objects.visible_to(user).overdue(clock.today()).count(),
        hot=True,
    )
    columns: ClassVar[tuple[ui.Cell, ...]] = (
        ui.Text("number", _("Invoice"), sort="number"),
        ui.Party("customer", _("Customer"), sort="customer__name", link=False),
        STATE,
        ui.Day("issued_on", _("Issued"), sort="issued_on", muted=True),
        ui.Day("due_on", _("Due"), sort="due_on", late=is_late),
        ui.Text("order_number", _("Order"), muted=True),
        ui.Money("total", _("Total"), sort="total", total=True, phone="amount"),
        ui.Money("residual", pgettext_lazy("amount", "Open"), sort="residual", total=True),
    )
    more_columns = (
        ui.Text("memo", _("Memo"), muted=True),
        ui.Money("net", _("Net"), sort="net", total=True),
        ui.Moment("created_at", _("Written"), sort="created_at", muted=True),
    )
    search = ("number", "customer__name", "order_number", "memo")
    search_hint = _("Number, customer or order")
    segments: ClassVar[tuple[ui.Segment, ...]] = (
        ui.Segment("open", _("Open"), "open"),
        ui.Segment("overdue", _("Overdue"), overdue),
        ui.Segment("paid", _("Paid"), lambda rows: rows.filter(status=Invoice.Status.PAID)),
    )
    filters = (ui.Period("issued_on"),)
    order = ("-issued_on", "-pk")
    related = ("customer",)
    bulk: ClassVar[tuple[ui.Bulk, ...]] = (by_mail("invoice"), in_one_file("finance.view_invoice", "invoice"))
    create = "finance:invoice-new"
    empty = ui.Empty(_("Invoices come by themselves when goods leave. You can also write one by hand."), "receipt-text")

    def queryset(self) -> QuerySet[Invoice]:
        """Invoices only."""
        return super().queryset().filter(kind=Invoice.Kind.INVOICE)


class CreditNotes(Invoices):
    """All credit notes."""

    route = "credit-notes"
    title = _("Credit notes")
    tip = _("A credit note takes back a part of what was billed. What is left of it settles the customer's next invoices.")
    nav = ui.Nav(_("Credit notes"), icon="undo-2", order=20)
    columns = (
        ui.Text("number", _("Credit note"), sort="number"),
        ui.Party("customer", _("Customer"), sort="customer__name", link=False),
        STATE,
        ui.Day("issued_on", _("Issued"), sort="issued_on", muted=True),
        ui.Text("order_number", _("Order"), muted=True),
        ui.Text("memo", _("Reason"), muted=True),
        ui.Money("total", _("Total"), sort="total", total=True, phone="amount"),
        ui.Money("residual", _("Credit left"), sort="residual", total=True),
    )
    segments = (ui.Segment("open", _("Credit left"), "open"), ui.Segment("used", _("Used"), lambda rows: rows.filter(residual=0)))
    bulk = (by_mail("credit-note"), in_one_file("finance.view_invoice", "credit-note"))
    create = "finance:credit-note-new"
    create_label = _("New credit note")
    empty = ui.Empty(_("A credit note takes back what an invoice asked for too much."), "undo-2")

    @classmethod
    def list_kind(cls) -> str:
        """Invoices are *the* list of the kind."""
        return ""

    def queryset(self) -> QuerySet[Invoice]:
        """Credit notes only."""
        return ui.ListScreen.queryset(self).filter(kind=Invoice.Kind.CREDIT_NOTE)

    def counted(self, count: int) -> str:
        """How many there are."""
        return gettext("%(count)d credit notes") % {"count": count}


def allocations_of(invoice: Invoice) -> QuerySet[Allocation]:
    """What settled it, or what it settled."""
    rows = invoice.applications if invoice.is_credit_note else invoice.allocations
    return rows.select_related("invoice", "payment", "credit_note").order_by("pk")


class InvoiceRecord(ui.RecordScreen):
    """One invoice or credit note."""

    model = Invoice
    route = "invoices"
    related = ("customer",)
    status = STATE
    remarks = (ui.Party("customer"), ui.Day("issued_on", exact=True))
    verbs = (
        ui.Verb(
            pay_invoice,
            _("Register payment"),
            form=forms.PayInvoiceForm,
            slug="register-payment",
            permission="finance.register_payment",
            when=lambda invoice: not invoice.is_credit_note and invoice.residual > 0,
            primary=True,
            icon="banknote",
            key="p",
            initial=lambda invoice: {"amount": invoice.residual.normalize(), "received_on": clock.today(), "method": "transfer"},
        ),
        ui.Verb(
            credit_invoice,
            _("Credit all of it"),
            form=forms.CreditInvoiceForm,
            permission="finance.issue_credit_note",
            when=lambda invoice: not invoice.is_credit_note,
            danger=True,
            icon="undo-2",
            initial=lambda _invoice: {"credit_on": clock.today()},
        ),
        ui.Verb(
            allocate_credit,
            _("Apply to an invoice"),
            form=forms.AllocateForm,
            when=lambda invoice: invoice.is_credit_note and invoice.residual > 0,
            primary=True,
            icon="arrow-right-left",
            initial=lambda note: {"amount": note.residual.normalize(), "on": clock.today()},
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Money("total", _("Total")),
                ui.Money("residual", pgettext_lazy("amount", "Open")),
                ui.Day("due_on", _("Due"), exact=True, late=is_late),
                ui.Text("order_number", _("Order")),
                ui.Text("memo", _("Memo")),
                ui.YesNo("prices_include_tax", _("Prices include tax")),
                ui.YesNo("is_opening", _("Carried over")),
            )
        ),
        ui.Related(),
        ui.Files(),
        ui.Lines(
            title=_("Lines"),
            rows=lambda invoice: invoice.lines.order_by("pk"),
            related=("product__unit", "invoice"),
            cells=(
                ui.Text("description", _("Description")),
                ui.Quantity("quantity", _("Quantity"), unit="product.unit.code", phone="sub"),
                ui.Money("unit_price", _("Price"), currency="invoice.currency"),
                ui.Percent("discount", _("Discount")),
                ui.Money("tax", _("Tax"), currency="invoice.currency"),
                ui.Money("total", _("Total"), currency="invoice.currency"),
            ),
            totals=(ui.Money("net", _("Net")), ui.Money("tax", _("Tax")), ui.Money("total", _("Total"))),
        ),
        ui.Table(
            title=_("Taxes"),
            rows=lambda invoice: invoice.taxes.order_by("pk"),
            related=("tax", "invoice"),
            when=lambda invoice: invoice.tax > 0,
            cells=(
                ui.Link("tax", _("Tax")),
                ui.Percent("rate", _("Rate"), zero=True),
                ui.Money("base", pgettext_lazy("tax", "On"), currency="invoice.currency"),
                ui.Money("amount", _("Tax"), currency="invoice.currency"),
            ),
        ),
        ui.Table(
            title=_("Settled by"),
            rows=allocations_of,
            linked=True,
            empty=_("Nothing yet. A payment of the customer settles the oldest invoices first."),
            cells=(
                ui.Text(lambda row: str(row.source), _("By")),
                ui.Text("invoice.number", _("Invoice")),
                ui.Day("allocated_on", _("On")),
                ui.Text("reason", _("Reason"), muted=True),
                ui.Money("amount", _("Amount"), currency="invoice.currency"),
            ),
        ),
        ui.Table(
            title=_("In the ledger"),
            permission="finance.view_journalentry",
            rows=lambda invoice: JournalEntry.objects.of("finance.invoice", invoice.pk).order_by("pk"),
            linked=True,
            empty=_("Nothing to post: it comes to nothing."),
            cells=(ui.Text("number", _("Entry")), ui.Day("entry_date", _("Date")), ui.Text("memo", _("Memo"), muted=True)),
        ),
        ui.Timeline(),
        ui.History(),
    )

    def list_name(self) -> str:
        """Credit notes have a list of their own."""
        return "finance:credit-notes" if self.record.is_credit_note else super().list_name()

    def onward(self, result: Any) -> HttpResponse:
        """To the credit note a credit made, else as usual."""
        if isinstance(result, Invoice) and result != self.record:
            target = ui.url_of(result)
            return HttpResponse(status=204, headers={"HX-Redirect": target}) if self.request.htmx else redirect(target)
        return super().onward(result)


def bill_line(row: dict[str, Any], *, prices_include_tax: bool) -> BillLine:
    """A row of the grid as the operation takes it."""
    product = row.get("product")
    return BillLine(
        product_id=product.pk if product else None,
        description=row["description"],
        quantity=row["quantity"],
        unit_price=row["unit_price"],
        discount=row.get("discount") or Decimal(0),
        tax_category=row.get("tax_category") or (product.tax_category if product else "standard"),
        prices_include_tax=prices_include_tax,
    )


class BillScreen(ui.CreateScreen):
    """What writing an invoice and a credit note have in common."""

    model = Invoice
    grid = ui.Grid(forms.BillLineForm, total=_("Total"))

    def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> ui.Preview:
        """What it would come to, with tax."""
        inclusive = bool(data.get("prices_include_tax"))
        currency = ui.currency()
        rows = {number: bill_line(row, prices_include_tax=inclusive) for number, row in lines}
        taxes = compute_taxes(
            on=data.get("invoice_on") or data.get("credit_on") or clock.today(),
            currency=currency,
            prices_include_tax=inclusive,
            lines=[TaxableLine(str(number), line.amount, line.tax_category) for number, line in rows.items()],
        )
        each = [(tax.name, tax.amount) for tax in taxes.by_tax if tax.amount]
        totals = [(gettext("Net"), taxes.net), *each, (gettext("Total"), taxes.total)]
        return ui.Preview(
            lines={int(line.key): ui.figures.money(line.total, currency) for line in taxes.lines},
            totals=[(label, ui.figures.money(amount, currency)) for label, amount in totals],
        )

    def bill_lines(self, data: dict[str, Any]) -> list[BillLine]:
        """The grid's rows as the operations take them."""
        return [bill_line(row, prices_include_tax=data["prices_include_tax"]) for row in data["lines"]]


class NewInvoice(BillScreen):
    """Bill a customer by hand."""

    route = "invoices"
    form_class = forms.InvoiceForm
    operation = issue_invoice
    submit = _("Issue")

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"invoice_on": clock.today(), **super().initial()}

    def perform(self, data: dict[str, Any]) -> Invoice:
        """Issue it."""
        return issue_invoice(
            customer_id=data["customer"].pk,
            invoice_on=data["invoice_on"],
            currency=ui.currency(),
            lines=self.bill_lines(data),
            memo=data["memo"],
            by=self.user,
        )


class NewCreditNote(BillScreen):
    """Credit a customer by hand."""

    route = "credit-notes"
    name = "credit-note-new"
    stands_in = "finance:credit-notes"
    title = _("New credit note")
    form_class = forms.CreditNoteForm
    operation = issue_credit_note
    submit = _("Issue")

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"credit_on": clock.today(), **super().initial()}

    def perform(self, data: dict[str, Any]) -> Invoice:
        """Issue it."""
        return issue_credit_note(
            customer_id=data["customer"].pk,
            credit_on=data["credit_on"],
            currency=ui.currency(),
            lines=self.bill_lines(data),
            reason=data["reason"],
            by=self.user,
        )


ui.provide_lookup(
    ui.Lookup(
        "finance.invoice",
        rows=lambda: Invoice.objects.invoices().open().select_related("customer"),
        search=("number", "customer__name", "order_number"),
        order="due_on",
        permission="finance.view_invoice",
        note=lambda invoice: invoice.customer.name,
        hint=lambda invoices: {
            invoice.pk: gettext("%(open)s open") % {"open": ui.figures.money(invoice.residual, invoice.currency)} for invoice in invoices
        },
        fill=lambda invoice: {"amount": ui.figures.typed(invoice.residual)},
    )
)
