"""Payments, and what they settled."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models.accounts import Account
from backoffice.finance.models.invoices import Invoice
from core import clock
from core.db import AmountField, CurrencyField, Tracked
from core.guards import KEPT, POSTED, Guard
from core.parties.models import Party
from core.people.visibility import Scoped

RECEIVED = Guard(
    name="received",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(exclude=["unallocated", "voided_on", "version", "updated_at"]),
    func="RAISE EXCEPTION '% is posted: only what it settles may change.', OLD.number USING ERRCODE = 'integrity_constraint_violation';",
)

USED_AS_ALLOCATED = Guard(
    name="used_as_allocated",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    timing=pgtrigger.Deferred,
    declare=[("free_now", "numeric"), ("applied", "numeric")],
    func="""
        SELECT unallocated + CASE WHEN voided_on IS NULL THEN 0 ELSE amount END INTO free_now FROM finance_payment WHERE id = NEW.id;
        SELECT COALESCE(sum(amount), 0) INTO applied FROM finance_allocation WHERE payment_id = NEW.id;
        IF free_now <> NEW.amount - applied THEN
            RAISE EXCEPTION '% has % left, but % less % is not that.', NEW.number, free_now, NEW.amount, applied
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'left_is_amount_less_allocated';
        END IF;
        RETURN NULL;
    """,
)

ALLOCATED = Guard(
    name="allocated",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[("wrong", "text")],
    func="""
        SELECT i.number INTO wrong FROM finance_invoice AS i
        WHERE i.id IN (NEW.invoice_id, NEW.credit_note_id)
          AND i.residual <> i.total - (SELECT sum(a.amount) FROM finance_allocation AS a WHERE i.id IN (a.invoice_id, a.credit_note_id))
        LIMIT 1;
        IF wrong IS NULL AND NEW.payment_id IS NOT NULL THEN
            SELECT p.number INTO wrong FROM finance_payment AS p
            WHERE p.id = NEW.payment_id
              AND p.unallocated <> CASE WHEN p.voided_on IS NULL THEN p.amount ELSE 0 END - (SELECT sum(a.amount) FROM finance_allocation AS a WHERE a.payment_id = p.id);
        END IF;
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'What is open on % does not follow from its allocations.', wrong
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'open_is_total_less_allocated';
        END IF;
        RETURN NULL;
    """,
)


class PaymentQuerySet(Scoped["Payment"]):
    """Payments by what is left of them. They are whose the customer is."""

    NOUN = "finance.invoice"
    OWNERS = ("customer__owner",)

    def standing(self) -> "PaymentQuerySet":
        """Those that were not voided."""
        return self.filter(voided_on__isnull=True)

    def with_credit(self) -> "PaymentQuerySet":
        """Those of which something is left for other invoices."""
        return self.filter(unallocated__gt=0)


class Payment(Tracked):
    """Money a customer paid us. ``unallocated`` is what no invoice took yet: their credit. Voided, it counts for nothing."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        CARD = "card", _("Card")
        CASH = "cash", _("Cash")
        OTHER = "other", _("Other")

    number = models.CharField(_("number"), max_length=24, unique=True)
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="payments", verbose_name=_("customer"))
    received_on = models.DateField(_("received on"))
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    unallocated = AmountField(_("not allocated"))
    method = models.CharField(_("method"), max_length=8, choices=Method, default=Method.TRANSFER)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("received on account"))
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    voided_on = models.DateField(_("voided on"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("payment")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_voided_payment_has_nothing_left", condition=Q(voided_on__isnull=True) | Q(unallocated=0)),
            models.CheckConstraint(name="a_payment_is_some_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="left_lies_between_nothing_and_all", condition=Q(unallocated__gte=0, unallocated__lte=F("amount"))),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_on", "-id"], name="payment_by_date"),
            models.Index(fields=["customer", "-received_on"], name="payment_of_customer"),
            models.Index(fields=["customer"], name="payment_with_credit", condition=Q(unallocated__gt=0)),
        ]
        triggers: ClassVar = [*Tracked.Meta.triggers, RECEIVED, USED_AS_ALLOCATED, *KEPT]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("register_payment", "Can register payments"),
            ("void_payment", "Can void payments"),
            ("approve_void", "Can approve that payments are voided"),
            ("allocate_credit", "Can apply credit to invoices"),
            ("deallocate", "Can take back an allocation"),
        ]

    def __str__(self) -> str:
        return self.number


class AllocationQuerySet(Scoped["Allocation"]):
    """What settled what: whose the customer is."""

    NOUN = "finance.invoice"
    OWNERS = ("invoice__customer__owner",)


class Allocation(models.Model):
    """So much of a payment or a credit note settled an invoice. Taken back by a row that reverses it, with the opposite amount."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations", verbose_name=_("invoice"))
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations", verbose_name=_("payment")
    )
    credit_note = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("credit note")
    )
    amount = AmountField(_("amount"))
    allocated_on = models.DateField(_("allocated on"))
    allocated_at = models.DateTimeField(_("allocated at"), default=clock.now, editable=False)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("takes back")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_allocation_has_one_source",
                condition=Q(payment__isnull=False, credit_note__isnull=True) | Q(payment__isnull=True, credit_note__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_reversal_is_negative",
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["invoice", "allocated_on"], name="allocation_of_invoice")]
        triggers: ClassVar = [ALLOCATED, *POSTED]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.amount}"

    @property
    def source(self) -> "Payment | Invoice":
        """The payment or credit note it uses."""
        return self.payment or self.credit_note  # type: ignore[return-value]
