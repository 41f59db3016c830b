"""Where parties want to be paid."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.db import CurrencyField, Tracked
from core.parties.models.parties import OfPartyQuerySet, Party
from core.people.hiding import hide


class BankAccountQuerySet(OfPartyQuerySet["BankAccount"]):
    """Bank accounts by whether money may still go there."""

    def in_use(self) -> "BankAccountQuerySet":
        """Those that are not retired."""
        return self.filter(retired_at__isnull=True)


hide("parties.bankaccount", "holder", "bank", "number", unless="parties.view_bank_details")


class BankAccount(Tracked):
    """Where a party wants to be paid. Who says so does not approve it, where the owner demands a second person."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="bank_accounts", verbose_name=_("party"))
    holder = models.CharField(_("holder"), max_length=160)
    bank = models.CharField(_("bank"), max_length=120)
    number = models.CharField(_("account number or IBAN"), max_length=40)
    currency = CurrencyField(_("currency"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("said by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True, editable=False)

    objects = BankAccountQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("bank account")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("add_bank_account", "Can add bank accounts of parties"),
            ("change_bank_account", "Can change bank accounts of parties"),
            ("retire_bank_account", "Can take bank accounts of parties out of use"),
            ("approve_bank_details", "Can approve bank details"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_bank_account_has_holder_bank_and_number", condition=~Q(holder="") & ~Q(bank="") & ~Q(number="")),
            models.CheckConstraint(
                name="who_sets_bank_details_does_not_approve_them",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("set_by")),
            ),
            models.UniqueConstraint(
                fields=["party", "number"], condition=Q(retired_at__isnull=True), name="a_party_has_each_bank_account_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}, {self.currency}"

    @property
    def is_retired(self) -> bool:
        """Whether no money goes there any more."""
        return self.retired_at is not None
