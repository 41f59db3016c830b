"""Invoices and credit notes: what customers owe us, and what we owe them back."""

from datetime import date
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models.accounts import Account
from backoffice.finance.models.taxes import Tax
from core.catalog.models import Product
from core.db import AmountField, CurrencyField, PriceField, QuantityField, RateField, Stateful, Tracked
from core.guards import KEPT, POSTED, Guard
from core.parties.models import Party
from core.people.visibility import Scoped, provide_scope

ISSUED = Guard(
    name="issued",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(exclude=["number", "residual", "status", "version", "updated_at"]),
    func="RAISE EXCEPTION '% is issued: correct it with a credit note.', OLD.number USING ERRCODE = 'integrity_constraint_violation';",
)

NUMBERED = Guard(
    name="numbered",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    # One carried over from another system gives its number free when it is taken back, so that it can be carried over again.
    condition=pgtrigger.Condition("OLD.number IS DISTINCT FROM NEW.number AND NOT OLD.is_opening"),
    func="RAISE EXCEPTION '% is issued: it keeps its number.', OLD.number USING ERRCODE = 'integrity_constraint_violation';",
)

SETTLED_AS_ALLOCATED = Guard(
    name="settled_as_allocated",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    timing=pgtrigger.Deferred,
    declare=[("residual_now", "numeric"), ("applied", "numeric")],
    func="""
        SELECT residual INTO residual_now FROM finance_invoice WHERE id = NEW.id;
        SELECT COALESCE(sum(amount), 0) INTO applied FROM finance_allocation WHERE NEW.id IN (invoice_id, credit_note_id);
        IF residual_now <> NEW.total - applied THEN
            RAISE EXCEPTION '% has % open, but % less % is not that.', NEW.number, residual_now, NEW.total, applied
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'open_is_total_less_allocated';
        END IF;
        RETURN NULL;
    """,
)


provide_scope("finance.invoice", _("Invoices, credit notes and payments"))


class InvoiceQuerySet(Scoped["Invoice"]):
    """Invoices and credit notes by what is to be done with them. They are whose the customer is."""

    NOUN = "finance.invoice"
    OWNERS = ("customer__owner",)

    def invoices(self) -> "InvoiceQuerySet":
        """What customers owe us."""
        return self.filter(kind=Invoice.Kind.INVOICE)

    def credit_notes(self) -> "InvoiceQuerySet":
        """What we owe customers back."""
        return self.filter(kind=Invoice.Kind.CREDIT_NOTE)

    def open(self) -> "InvoiceQuerySet":
        """Those not settled in full."""
        return self.filter(status=Invoice.Status.OPEN)

    def overdue(self, on: date) -> "InvoiceQuerySet":
        """Open invoices whose day to be paid lies before ``on``."""
        return self.invoices().open().filter(due_on__lt=on)

    def oldest_due_first(self) -> "InvoiceQuerySet":
        """In the order money is applied to them."""
        return self.order_by("due_on", "issued_on", "pk")


class Invoice(Stateful):
    """A bill, or (``kind`` credit note) its opposite. Amounts are positive on both; ``residual`` is what is not settled yet.

    ``is_opening``: sent by the system the company comes from, under its number there; it stands for what was open of it.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PAID = "paid", _("Settled")

    MOVES: ClassVar = {Status.OPEN: (Status.PAID,), Status.PAID: (Status.OPEN,)}

    number = models.CharField(_("number"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.INVOICE)
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("customer"))
    order_id = models.BigIntegerField(_("order"), null=True, blank=True)
    order_number = models.CharField(_("order number"), max_length=40, blank=True)
    delivery_id = models.BigIntegerField(_("delivery"), null=True, blank=True)
    return_id = models.BigIntegerField(_("return"), null=True, blank=True)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("due on"))
    currency = CurrencyField(_("currency"))
    prices_include_tax = models.BooleanField(_("prices include tax"), default=False)
    net = AmountField(_("net"))
    tax = AmountField(_("tax"))
    total = AmountField(_("total"))
    residual = AmountField(_("open amount"))
    status = models.CharField(_("status"), max_length=4, choices=Status)
    memo = models.CharField(_("memo"), max_length=200, blank=True)
    is_opening = models.BooleanField(_("carried over"), default=False, db_default=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("invoice")
        constraints: ClassVar = [
            models.CheckConstraint(name="an_invoice_is_net_and_tax", condition=Q(total=F("net") + F("tax"))),
            models.CheckConstraint(name="an_invoice_is_not_negative", condition=Q(net__gte=0, tax__gte=0)),
            models.CheckConstraint(name="open_lies_between_nothing_and_all", condition=Q(residual__gte=0, residual__lte=F("total"))),
            models.CheckConstraint(
                name="paid_means_nothing_open", condition=Q(status="paid", residual=0) | Q(status="open", residual__gt=0)
            ),
            models.CheckConstraint(name="an_invoice_falls_due_after_issue", condition=Q(due_on__gte=F("issued_on"))),
            models.CheckConstraint(
                name="a_credit_note_is_for_no_delivery",
                condition=Q(kind="invoice", return_id__isnull=True) | Q(kind="credit_note", delivery_id__isnull=True),
            ),
            models.UniqueConstraint(fields=["delivery_id"], condition=Q(delivery_id__isnull=False), name="one_invoice_per_delivery"),
            models.UniqueConstraint(fields=["return_id"], condition=Q(return_id__isnull=False), name="one_credit_note_per_return"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "due_on", "id"], name="open_invoice_of_customer", condition=Q(status="open")),
            models.Index(fields=["kind", "-issued_on", "-id"], name="invoice_by_date"),
            models.Index(fields=["customer", "-issued_on"], name="invoice_of_customer"),
            models.Index(fields=["order_id"], name="invoice_of_order", condition=Q(order_id__isnull=False)),
        ]
        triggers: ClassVar = [*Tracked.Meta.triggers, ISSUED, NUMBERED, SETTLED_AS_ALLOCATED, *KEPT]
        default_permissions = ("view",)
        permissions: ClassVar = [("issue_invoice", "Can issue invoices"), ("issue_credit_note", "Can issue credit notes")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        """Whether it is what we owe, not what we are owed."""
        return self.kind == self.Kind.CREDIT_NOTE

    @property
    def kind_words(self) -> str:
        """What a document of this kind is called."""
        return str(self.get_kind_display())

    @property
    def settled(self) -> object:
        """How much of it is settled."""
        return self.total - self.residual


class InvoiceLine(models.Model):
    """One thing on an invoice or a credit note. Never changes."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    order_line_id = models.BigIntegerField(_("order line"), null=True, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product"))
    description = models.CharField(_("description"), max_length=300)
    quantity = QuantityField(_("quantity"))
    unit_price = PriceField(_("unit price"))
    discount = RateField(_("discount"), default=0, help_text=_("As a fraction: 0.1 is 10 %."))
    tax_category = models.CharField(_("tax category"), max_length=8, choices=Product.TaxCategory)
    net = AmountField(_("net"))
    tax = AmountField(_("tax"))
    total = AmountField(_("total"))
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"))

    class Meta:
        verbose_name = _("invoice line")
        constraints: ClassVar = [
            models.CheckConstraint(name="an_invoice_line_is_net_and_tax", condition=Q(total=F("net") + F("tax"))),
            models.CheckConstraint(name="an_invoice_line_counts_something", condition=Q(quantity__gt=0, unit_price__gte=0)),
            models.CheckConstraint(name="an_invoice_line_discount_is_a_fraction", condition=Q(discount__gte=0, discount__lte=1)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["order_line_id"], name="invoice_line_of_order_line", condition=Q(order_line_id__isnull=False))
        ]
        triggers: ClassVar = POSTED
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.description


class InvoiceTax(models.Model):
    """What one tax comes to on a whole invoice: rounded once, here. Never changes."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="taxes")
    tax = models.ForeignKey(Tax, on_delete=models.PROTECT, related_name="+", verbose_name=_("tax"))
    rate = RateField(_("rate"))
    base = AmountField(_("taxed amount"))
    amount = AmountField(_("tax"))

    class Meta:
        verbose_name = _("tax on an invoice")
        verbose_name_plural = _("taxes on an invoice")
        constraints: ClassVar = [models.UniqueConstraint(fields=["invoice", "tax"], name="each_tax_once_per_invoice")]
        triggers: ClassVar = POSTED
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.tax_id}: {self.amount}"
