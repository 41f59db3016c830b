"""The books in the clerks' admin: everything to look at, nothing to edit; what changes goes through operations."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from backoffice.finance.models import (
    Account,
    Allocation,
    CustomerAccount,
    FiscalYear,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    Journal,
    JournalEntry,
    JournalLine,
    Payment,
    Period,
    Tax,
    TaxRule,
)
from backoffice.finance.operations import close_period, reopen_period
from core.admin import Written
from core.errors import Refused
from core.people.models import User


class ReadOnly(Written):
    """Rows to look at."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operations write."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Operations write."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing in the books is deleted."""
        return False


class Rows(TabularInline):  # type: ignore[misc]
    """Rows of a document to look at."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Operations write."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Operations write."""
        return False


class InvoiceLines(Rows):
    """What was billed."""

    model = InvoiceLine
    fields = ("description", "product", "quantity", "unit_price", "discount", "net", "tax", "total", "account")


class InvoiceTaxes(Rows):
    """What taxes it carries."""

    model = InvoiceTax
    fields = ("tax", "rate", "base", "amount")


class Allocations(Rows):
    """What settled it."""

    model = Allocation
    fk_name = "invoice"
    fields: ClassVar[tuple[str, ...]] = ("payment", "credit_note", "amount", "allocated_on", "reason")


class PaymentAllocations(Allocations):
    """What it settled."""

    fk_name = "payment"
    fields = ("invoice", "amount", "allocated_on", "reason")


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly):
    """Invoices and credit notes."""

    list_display = ("number", "kind", "customer", "issued_on", "due_on", "currency", "total", "residual", "status", "is_opening")
    list_filter = ("kind", "status", "is_opening", "issued_on")
    list_select_related = ("customer",)
    search_fields = ("number", "customer__name", "order_number")
    date_hierarchy = "issued_on"
    ordering = ("-issued_on", "-pk")
    inlines = (InvoiceLines, InvoiceTaxes, Allocations)


@admin.register(Payment)
class PaymentAdmin(ReadOnly):
    """Payments."""

    list_display = ("number", "customer", "received_on", "method", "currency", "amount", "unallocated", "voided_on")
    list_filter = ("method", "received_on", "voided_on")
    list_select_related = ("customer",)
    search_fields = ("number", "customer__name", "reference")
    date_hierarchy = "received_on"
    ordering = ("-received_on", "-pk")
    inlines = (PaymentAllocations,)


class Lines(Rows):
    """Debits and credits."""

    model = JournalLine
    fields = ("account", "party", "product", "currency", "amount", "base_amount", "memo")


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnly):
    """The ledger."""

    list_display = ("number", "entry_date", "journal", "period", "memo", "source_number", "created_by", "approved_by")
    list_filter = ("journal", "entry_date")
    list_select_related = ("journal", "period", "created_by", "approved_by")
    search_fields = ("number", "memo", "source_number")
    date_hierarchy = "entry_date"
    ordering = ("-entry_date", "-pk")
    exclude = ("created_xid",)
    inlines = (Lines,)


@admin.register(Account)
class AccountAdmin(ReadOnly):
    """The chart of accounts."""

    list_display = ("code", "name", "kind", "purpose", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name")
    ordering = ("code",)


@admin.register(Journal)
class JournalAdmin(ReadOnly):
    """The books of first entry."""

    list_display = ("code", "name", "kind")
    ordering = ("code",)


@admin.register(FiscalYear)
class FiscalYearAdmin(ReadOnly):
    """Years of books."""

    list_display = ("name", "starts_on", "ends_on")
    ordering = ("-starts_on",)


@admin.register(Period)
class PeriodAdmin(ReadOnly):
    """Months of books, to close and to reopen."""

    list_display = ("name", "fiscal_year", "starts_on", "ends_on", "status")
    list_filter = ("status", "fiscal_year")
    list_select_related = ("fiscal_year",)
    ordering = ("-starts_on",)
    actions: ClassVar = ("close_periods", "reopen_periods")

    @admin.action(description=_("Close"), permissions=["close_period"])
    def close_periods(self, request: HttpRequest, chosen: QuerySet[Period]) -> None:
        """Let nothing be posted into them any more."""
        self._each(request, chosen, close_period)

    @admin.action(description=_("Reopen"), permissions=["reopen_period"])
    def reopen_periods(self, request: HttpRequest, chosen: QuerySet[Period]) -> None:
        """Let them take postings again."""
        self._each(request, chosen, reopen_period)

    def has_close_period_permission(self, request: HttpRequest) -> bool:
        """Who may close periods."""
        return request.user.has_perm("finance.close_period")

    def has_reopen_period_permission(self, request: HttpRequest) -> bool:
        """Who may reopen periods."""
        return request.user.has_perm("finance.reopen_period")

    def _each(self, request: HttpRequest, chosen: QuerySet[Period], operation: Any) -> None:
        for period in chosen.order_by("starts_on"):
            try:
                operation(period, by=User.of(request))
            except Refused as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, gettext("%(period)s: done.") % {"period": period})


class Rules(Rows):
    """What carries it."""

    model = TaxRule
    fields = ("tax_category", "starts_on", "ends_on")


@admin.register(Tax)
class TaxAdmin(ReadOnly):
    """The taxes we collect."""

    list_display = ("code", "name", "rate", "account")
    list_select_related = ("account",)
    ordering = ("code",)
    inlines = (Rules,)


@admin.register(CustomerAccount)
class CustomerAccountAdmin(ReadOnly):
    """What was agreed with customers."""

    list_display = ("party", "credit_limit", "payment_days")
    list_select_related = ("party",)
    search_fields = ("party__name",)
    ordering = ("party__name",)
