"""What moved on each account on each day. The database keeps it with the lines: a report adds up days, however many lines there are."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models.accounts import TELLS_COST, Account
from core.db import AmountField
from core.guards import KEPT, Guard
from core.people.hiding import hide_rows

ONLY_THE_LEDGER = Guard(
    name="only_the_ledger",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    # From inside another trigger, and with the rights of who owns the table: of all that a session can do, only a journal line is both.
    func="""
        IF pg_trigger_depth() < 2 OR current_user <> pg_get_userbyid((SELECT relowner FROM pg_class WHERE oid = TG_RELID)) THEN
            RAISE EXCEPTION 'What moved on a day follows from the journal lines of the day.' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)

hide_rows("finance.daybalance", Q(account__purpose__in=TELLS_COST), unless="catalog.view_cost")


class DayBalance(models.Model):
    """What moved on an account on a day, in the currency of the books. Those who post at the same moment do not wait for each other but
    write rows beside each other: a day may have several, which are added up."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="days", verbose_name=_("account"))
    day = models.DateField(_("day"))
    debit = AmountField(_("debit"))
    credit = AmountField(_("credit"))

    class Meta:
        verbose_name = _("balance of a day")
        verbose_name_plural = _("balances of days")
        constraints: ClassVar = [models.CheckConstraint(name="a_day_moves_forward", condition=Q(debit__gte=0, credit__gte=0))]
        indexes: ClassVar = [models.Index(fields=["account", "day"], name="day_of_account")]
        triggers: ClassVar = [ONLY_THE_LEDGER, *KEPT]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"
