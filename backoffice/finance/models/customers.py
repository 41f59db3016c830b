"""What the books know about a customer beyond who they are."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import AmountField, Tracked
from core.parties.models import Party
from core.people.visibility import Scoped

PAYMENT_DAYS = 30
"""How long a customer has to pay when nothing else was agreed."""


class CustomerAccountQuerySet(Scoped["CustomerAccount"]):
    """Terms: whose the customer is."""

    NOUN = "finance.invoice"
    OWNERS = ("party__owner",)


class CustomerAccount(Tracked):
    """The terms a customer buys on. Who has none of their own has no limit and 30 days."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="customer_account", verbose_name=_("customer"))
    credit_limit = AmountField(_("credit limit"), null=True, blank=True, help_text=_("In the currency of the books. Empty: no limit."))
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=PAYMENT_DAYS)

    objects = CustomerAccountQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("credit terms")
        verbose_name_plural = _("credit terms")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_credit_limit_is_not_negative", condition=Q(credit_limit__isnull=True) | Q(credit_limit__gte=0)),
            models.CheckConstraint(name="at_most_a_year_to_pay", condition=Q(payment_days__lte=366)),
        ]
        default_permissions = ("view",)
        permissions: ClassVar = [("set_credit_terms", "Can set a customer's credit terms")]

    def __str__(self) -> str:
        return str(self.party)
