"""The chart of accounts, and the journals entries are written in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import LEDGER, Tracked
from core.guards import KEPT
from core.people.hiding import hide_in_report, hide_rows
from core.reference import REFERENCE


class Purpose(models.TextChoices):
    """What the books use an account for by themselves. At most one account has each."""

    RECEIVABLE = "receivable", _("What customers owe")
    CUSTOMER_DEPOSITS = "customer_deposits", _("What customers paid in advance")
    BANK = "bank", _("Bank")
    CASH = "cash", _("Cash")
    STOCK = "stock", _("Stock")
    GOODS_RECEIVED = "goods_received", _("Goods received, not billed yet")
    OUTPUT_TAX = "output_tax", _("Tax on sales")
    REVENUE = "revenue", _("Sales")
    FREIGHT_REVENUE = "freight_revenue", _("Freight and other charges")
    COST_OF_GOODS = "cost_of_goods", _("Cost of goods sold")
    STOCK_ADJUSTMENT = "stock_adjustment", _("Stock adjustments")
    OPENING_BALANCE = "opening_balance", _("Opening balances")
    ROUNDING = "rounding", _("Rounding")


TELLS_COST = (
    Purpose.STOCK,
    Purpose.GOODS_RECEIVED,
    Purpose.COST_OF_GOODS,
    Purpose.STOCK_ADJUSTMENT,
    Purpose.OPENING_BALANCE,
)
"""The accounts both sides of whatever books a change of stock stand on: from them follows what goods cost, and so what is earned on them."""

hide_rows("finance.account", Q(purpose__in=TELLS_COST), unless="catalog.view_cost")
hide_in_report(
    "finance",
    *("cost_of_goods", "gross_profit", "result", "earlier_result", "current_result", "total_equity", "difference"),
    unless="catalog.view_cost",
)


class AccountQuerySet(models.QuerySet["Account"]):
    """Accounts by what they are for."""

    def free(self) -> "AccountQuerySet":
        """Those a person may post to by hand: all but the ones that documents keep."""
        return self.exclude(purpose__in=Account.KEPT_BY_DOCUMENTS)

    def for_money(self) -> "AccountQuerySet":
        """Those money can come in on."""
        return self.free().filter(kind=Account.Kind.ASSET, is_active=True)


class Account(Tracked):
    """A place in the books where amounts add up."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("Asset")
        LIABILITY = "liability", _("Liability")
        EQUITY = "equity", _("Equity")
        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expense")

    KEPT_BY_DOCUMENTS: ClassVar = (Purpose.RECEIVABLE, Purpose.CUSTOMER_DEPOSITS, Purpose.STOCK)
    LOCK_RANK: ClassVar[int] = LEDGER

    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    purpose = models.CharField(_("used for"), max_length=20, choices=Purpose, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = AccountQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("account")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose"], condition=~Q(purpose=""), name="one_account_per_purpose"),
            models.CheckConstraint(name="an_account_has_code_and_name", condition=~Q(code="") & ~Q(name="")),
            models.CheckConstraint(
                name="an_account_is_of_a_kind", condition=Q(kind__in=["asset", "liability", "equity", "income", "expense"])
            ),
        ]
        triggers: ClassVar = [*Tracked.Meta.triggers, *KEPT, REFERENCE]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("install_chart", "Can install a chart of accounts"),
            ("create_account", "Can create accounts"),
            ("update_account", "Can update accounts"),
            ("view_reports", "Can view the financial reports"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_kept_by_documents(self) -> bool:
        """Whether only documents post to it, so that it always equals the sum of them."""
        return self.purpose in self.KEPT_BY_DOCUMENTS

    @property
    def grows_by_debit(self) -> bool:
        """Whether it is normally a debit: what we own and what we spend."""
        return self.kind in {self.Kind.ASSET, self.Kind.EXPENSE}


class Journal(Tracked):
    """A book of first entry. Its code starts the number of every entry in it."""

    class Kind(models.TextChoices):
        SALES = "sales", _("Sales")
        BANK = "bank", _("Bank and cash")
        STOCK = "stock", _("Stock")
        GENERAL = "general", _("General")

    LOCK_RANK: ClassVar[int] = LEDGER

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, unique=True)
    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=60)

    class Meta(Tracked.Meta):
        verbose_name = _("journal")
        triggers: ClassVar = [*Tracked.Meta.triggers, *KEPT, REFERENCE]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
