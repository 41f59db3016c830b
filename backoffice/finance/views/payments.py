"""Payments, what they settled, and the terms customers buy on."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance import forms
from backoffice.finance.models import PAYMENT_DAYS, Allocation, CustomerAccount, Invoice, JournalEntry, Payment
from backoffice.finance.operations import (
    allocate_credit,
    allocate_to_oldest,
    credit_standing,
    deallocate,
    register_payment,
    set_credit_terms,
    void_payment,
)
from core import clock
from core.parties.models import Party
from core.web import ui


class Payments(ui.ListScreen):
    """All payments."""

    model = Payment
    route = "payments"
    title = _("Payments")
    nav = ui.Nav(
        _("Payments"), icon="banknote", order=30, key="m", counter=lambda user: Payment.objects.visible_to(user).with_credit().count()
    )
    columns = (
        ui.Text("number", _("Payment"), sort="number"),
        ui.Party("customer", _("Customer"), sort="customer__name", link=False),
        ui.Day("received_on", _("Received"), sort="received_on"),
        ui.Text("get_method_display", _("Method"), muted=True),
        ui.Text("reference", _("Reference"), muted=True),
        ui.Money("amount", _("Amount"), sort="amount", total=True, phone="amount"),
        ui.Money("unallocated", _("Not allocated"), sort="unallocated", total=True),
    )
    bulk = ("settle-oldest", "void")
    search = ("number", "customer__name", "reference")
    search_hint = _("Number, customer or reference")
    segments = (
        ui.Segment("credit", _("With credit left"), "with_credit"),
        ui.Segment("voided", _("Voided"), lambda rows: rows.exclude(voided_on=None)),
    )
    filters = (ui.Period("received_on"),)
    order = ("-received_on", "-pk")
    related = ("customer",)
    create = "finance:payment-new"
    create_label = _("Register payment")
    empty = ui.Empty(_("Register what customers pay: it settles their oldest invoices first."), "banknote")


class PaymentRecord(ui.RecordScreen):
    """One payment."""

    model = Payment
    route = "payments"
    related = ("customer", "account")
    status = None
    remarks = (ui.Party("customer"), ui.Day("received_on", exact=True), ui.Money("amount"))
    verbs = (
        ui.Verb(
            allocate_credit,
            _("Allocate"),
            form=forms.AllocateForm,
            slug="allocate",
            when=lambda payment: payment.unallocated > 0,
            primary=True,
            icon="arrow-right-left",
            initial=lambda payment: {"amount": payment.unallocated.normalize(), "on": clock.today()},
        ),
        ui.Verb(
            allocate_to_oldest,
            _("Settle the oldest"),
            permission="finance.allocate_credit",
            slug="settle-oldest",
            when=lambda payment: payment.unallocated > 0,
            icon="list-checks",
        ),
        ui.Verb(
            void_payment,
            _("Void"),
            form=forms.TakeBackForm,
            when=lambda payment: payment.voided_on is None,
            danger=True,
            icon="undo-2",
            initial=lambda _payment: {"on": clock.today()},
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Money("amount", _("Amount")),
                ui.Money("unallocated", _("Not allocated")),
                ui.Text("get_method_display", _("Method")),
                ui.Link("account", _("Account")),
                ui.Text("reference", _("Reference")),
                ui.Day("voided_on", _("Voided on"), exact=True),
            )
        ),
        ui.Related(),
        ui.Files(),
        ui.Table(
            title=_("Allocated to"),
            rows=lambda payment: payment.allocations.select_related("invoice", "payment").order_by("pk"),
            linked=True,
            empty=_("Nothing: all of it is the customer's credit."),
            cells=(
                ui.Text("invoice.number", _("Invoice")),
                ui.Day("allocated_on", _("On")),
                ui.Text("reason", _("Reason"), muted=True),
                ui.Money("amount", _("Amount"), currency="payment.currency"),
            ),
        ),
        ui.Table(
            title=_("In the ledger"),
            permission="finance.view_journalentry",
            rows=lambda payment: JournalEntry.objects.of("finance.payment", payment.pk).order_by("pk"),
            linked=True,
            cells=(ui.Text("number", _("Entry")), ui.Day("entry_date", _("Date")), ui.Text("memo", _("Memo"), muted=True)),
        ),
        ui.Timeline(),
        ui.History(),
    )


class NewPayment(ui.CreateScreen):
    """Register money a customer paid."""

    model = Payment
    route = "payments"
    title = _("Register payment")
    form_class = forms.PaymentForm
    operation = register_payment
    submit = _("Register")

    def initial(self) -> dict[str, Any]:
        """Today, by transfer."""
        return {"received_on": clock.today(), "method": Payment.Method.TRANSFER, **super().initial()}

    def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> ui.Preview:
        """What it would settle."""
        customer, amount = data.get("customer"), data.get("amount")
        if customer is None or not amount or amount < 0:
            return ui.Preview()
        currency = ui.currency()
        open_then = Invoice.objects.invoices().open().filter(customer=customer)
        if data.get("received_on"):
            open_then = open_then.filter(issued_on__lte=data["received_on"])
        settled, left = [], amount
        for invoice in open_then.oldest_due_first()[:50]:
            part = min(left, invoice.residual)
            if part:
                settled.append((invoice.number, ui.figures.money(part, currency)))
                left -= part
        notes = (ui.Note(gettext("%(left)s stays as credit") % {"left": ui.figures.money(left, currency)}, "warn"),) if left else ()
        return ui.Preview(totals=settled, notes=notes)


class AllocationRecord(ui.RecordScreen):
    """One allocation: so much of a payment or credit note, to one invoice."""

    model = Allocation
    route = "allocations"
    stands_in = "finance:payments"
    related = ("invoice__customer", "payment", "credit_note", "reverses", "reversed_by")
    status = None
    remarks = (ui.Party("invoice.customer"), ui.Day("allocated_on", exact=True))
    verbs = (
        ui.Verb(
            deallocate,
            _("Take back"),
            form=forms.TakeBackForm,
            slug="take-back",
            when=lambda row: row.reverses_id is None and not hasattr(row, "reversed_by"),
            danger=True,
            icon="undo-2",
            initial=lambda _row: {"on": clock.today()},
        ),
    )
    sections = (
        ui.Facts(
            place="main",
            cells=(
                ui.Money("amount", _("Amount"), currency="invoice.currency"),
                ui.Link("invoice", _("Invoice")),
                ui.Link("source", _("Settled by")),
                ui.Day("allocated_on", _("On"), exact=True),
                ui.Link("reverses", _("Takes back")),
                ui.Text("reason", _("Reason")),
            ),
        ),
        ui.Table(
            title=_("In the ledger"),
            permission="finance.view_journalentry",
            rows=lambda row: JournalEntry.objects.of("finance.allocation", row.pk).order_by("pk"),
            linked=True,
            empty=_("Posted with its payment or credit note."),
            cells=(ui.Text("number", _("Entry")), ui.Day("entry_date", _("Date")), ui.Text("memo", _("Memo"), muted=True)),
        ),
    )

    def heading(self) -> str:
        """What settled what."""
        return f"{self.record.source} → {self.record.invoice}"


class CreditTerms(ui.ListScreen):
    """What was agreed with customers."""

    model = CustomerAccount
    route = "credit-terms"
    title = _("Credit terms")
    nav = ui.Nav(_("Credit terms"), icon="handshake", order=70, group=_("Set-up"))
    columns = (
        ui.Party("party", _("Customer"), sort="party__name", link=False),
        ui.Money("credit_limit", _("Credit limit"), sort="credit_limit", currency=lambda _row: ui.currency()),
        ui.Number("payment_days", _("Days to pay"), sort="payment_days"),
    )
    search = ("party__name",)
    search_hint = _("Customer")
    segments = (ui.Segment("limited", _("With a limit"), Q(credit_limit__isnull=False)),)
    order = ("party__name", "pk")
    related = ("party",)
    create = "finance:customeraccount-new"
    create_label = _("Set credit terms")
    empty = ui.Empty(_("Who has no terms of their own has no limit and 30 days to pay."), "handshake")


class CreditTermsRecord(ui.RecordScreen):
    """What was agreed with one customer, and what they owe."""

    model = CustomerAccount
    route = "credit-terms"
    related = ("party",)
    status = None
    sections = (
        ui.Facts(
            place="main",
            cells=(
                ui.Party("party", _("Customer")),
                ui.Money("credit_limit", _("Credit limit"), currency=lambda _row: ui.currency()),
                ui.Money(lambda row: credit_standing(row.party_id).used, _("Owed now"), currency=lambda _row: ui.currency()),
                ui.Money(lambda row: credit_standing(row.party_id).available, _("Left"), currency=lambda _row: ui.currency()),
                ui.Number("payment_days", _("Days to pay")),
            ),
        ),
        ui.History(),
    )

    def links(self) -> list[ui.Action]:
        """Change them."""
        if not SetCreditTerms.may_open(self.user):
            return []
        return [ui.Action(gettext("Change"), f"{SetCreditTerms.url()}?customer={self.record.party_id}", "pencil", primary=True)]


class SetCreditTerms(ui.CreateScreen):
    """Agree on terms with a customer, or on other ones."""

    model = CustomerAccount
    route = "credit-terms"
    title = _("Set credit terms")
    form_class = forms.TermsForm
    operation = set_credit_terms

    def initial(self) -> dict[str, Any]:
        """What was agreed so far."""
        asked = self.request.GET.get("customer", "")
        customer: QuerySet[Party] = Party.objects.filter(pk=int(asked)) if asked.isdecimal() else Party.objects.none()
        known = CustomerAccount.objects.filter(party__in=customer).first()
        if known is None:
            return {"payment_days": PAYMENT_DAYS, "customer": customer.first()}
        return {"customer": customer.first(), "credit_limit": known.credit_limit, "payment_days": known.payment_days}
