"""The ledger: entries and their lines. The database refuses one that does not balance, and any change to one that is posted."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models.accounts import TELLS_COST, Account, Journal
from backoffice.finance.models.periods import Period
from core import clock
from core.catalog.models import Product
from core.db import LEDGER, AmountField, CurrencyField, ThisTransaction, TransactionIdField
from core.guards import ERASABLE, POSTED, Guard, Keeper
from core.parties.models import Party
from core.people.hiding import hide_rows

OPEN_PERIOD = Guard(
    name="open_period",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("period", "finance_period%ROWTYPE")],
    # FOR SHARE waits for somebody who is closing the period, and makes them wait for us.
    func="""
        NEW.created_xid = pg_current_xact_id();
        SELECT * INTO period FROM finance_period WHERE id = NEW.period_id FOR SHARE;
        IF period.status IS DISTINCT FROM 'open' THEN
            RAISE EXCEPTION 'Period % is closed.', period.name USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'entries_go_into_open_periods';
        END IF;
        IF NEW.entry_date NOT BETWEEN period.starts_on AND period.ends_on THEN
            RAISE EXCEPTION '% is not in period %.', NEW.entry_date, period.name
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_entry_lies_in_its_period';
        END IF;
        RETURN NEW;
    """,
)

BALANCED = Guard(
    name="balanced",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[("lines", "bigint"), ("off", "text")],
    func="""
        SELECT COALESCE(sum(n), 0), string_agg(currency || ' ' || amount, ', ') FILTER (WHERE amount <> 0 OR base <> 0)
        INTO lines, off
        FROM (
            SELECT currency, count(*) AS n, sum(amount) AS amount, sum(sum(base_amount)) OVER () AS base
            FROM finance_journalline WHERE entry_id = NEW.id GROUP BY currency
        ) AS per_currency;
        IF lines < 2 THEN
            RAISE EXCEPTION 'Entry % has fewer than two lines.', NEW.number
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_entry_has_two_lines';
        END IF;
        IF off IS NOT NULL THEN
            RAISE EXCEPTION 'Entry % does not balance: %.', NEW.number, off
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_entry_balances';
        END IF;
        RETURN NULL;
    """,
)

WHOLE = Guard(
    name="whole",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
    declare=[("wrong", "text")],
    # Balance is looked at again here: SET CONSTRAINTS IMMEDIATE would use up the check of the header before further lines come.
    func="""
        SELECT e.number INTO wrong FROM finance_journalentry AS e
        WHERE e.id IN (SELECT entry_id FROM added) AND e.created_xid <> pg_current_xact_id() LIMIT 1;
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'Entry % is posted: it takes no more lines.', wrong
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_posted_entry_takes_no_lines';
        END IF;
        SELECT e.number INTO wrong FROM finance_journalline AS l JOIN finance_journalentry AS e ON e.id = l.entry_id
        WHERE l.entry_id IN (SELECT entry_id FROM added)
        GROUP BY e.number, l.currency HAVING sum(l.amount) <> 0 LIMIT 1;
        IF wrong IS NULL THEN
            SELECT e.number INTO wrong FROM finance_journalline AS l JOIN finance_journalentry AS e ON e.id = l.entry_id
            WHERE l.entry_id IN (SELECT entry_id FROM added)
            GROUP BY e.number HAVING sum(l.base_amount) <> 0 LIMIT 1;
        END IF;
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'Entry % does not balance.', wrong USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_entry_balances';
        END IF;
        RETURN NULL;
    """,
)

SUMMED = Keeper(
    name="summed",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
    declare=[("moved", "record")],
    # Whose day somebody else is writing at this moment is not waited for: a row beside it does as well, and nobody can lock up with anybody.
    func="""
        FOR moved IN
            SELECT l.account_id, e.entry_date AS day,
                   sum(greatest(l.base_amount, 0)) AS debit, sum(greatest(-l.base_amount, 0)) AS credit
            FROM added AS l JOIN finance_journalentry AS e ON e.id = l.entry_id
            GROUP BY l.account_id, e.entry_date
        LOOP
            UPDATE finance_daybalance AS known SET debit = known.debit + moved.debit, credit = known.credit + moved.credit
            WHERE known.id = (
                SELECT id FROM finance_daybalance WHERE account_id = moved.account_id AND day = moved.day
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
            );
            IF NOT FOUND THEN
                INSERT INTO finance_daybalance (account_id, day, debit, credit)
                VALUES (moved.account_id, moved.day, moved.debit, moved.credit);
            END IF;
        END LOOP;
        RETURN NULL;
    """,
)


hide_rows("finance.journalentry", Q(lines__account__purpose__in=TELLS_COST), unless="catalog.view_cost")
hide_rows("finance.journalline", Q(account__purpose__in=TELLS_COST), unless="catalog.view_cost")


class JournalEntryQuerySet(models.QuerySet["JournalEntry"]):
    """Entries by where they come from."""

    def of(self, kind: str, pk: int) -> "JournalEntryQuerySet":
        """What one document posted, e.g. ``("finance.invoice", 7)``."""
        return self.filter(source_kind=kind, source_id=pk)


class JournalEntry(models.Model):
    """One balanced posting. A mistake is corrected by a new entry that reverses it; of an erased person the memo forgets the name."""

    LOCK_RANK: ClassVar[int] = LEDGER

    number = models.CharField(_("number"), max_length=24, unique=True)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries", verbose_name=_("journal"))
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entries", verbose_name=_("period"))
    entry_date = models.DateField(_("date"))
    memo = models.CharField(_("memo"), max_length=200, blank=True)
    source_kind = models.CharField(_("kind of document"), max_length=60, blank=True)
    source_id = models.BigIntegerField(_("document"), null=True, blank=True)
    source_number = models.CharField(_("document number"), max_length=40, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    created_xid = TransactionIdField(db_default=ThisTransaction(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("posted by"))
    created_at = models.DateTimeField(_("posted at"), default=clock.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # nobody looks for entries by it
        related_name="+",
        verbose_name=_("approved by"),
    )

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id"],
                condition=Q(source_kind__startswith="finance.", reverses__isnull=True),
                name="a_finance_document_is_posted_once",
            ),
            models.CheckConstraint(
                name="a_source_has_kind_and_id",
                condition=Q(source_kind="", source_id__isnull=True) | (~Q(source_kind="") & Q(source_id__isnull=False)),
            ),
            models.CheckConstraint(name="an_entry_never_reverses_itself", condition=~Q(reverses=F("id"))),
            models.CheckConstraint(
                name="who_posts_an_entry_does_not_approve_it", condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("created_by"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entry_date", "id"], name="entry_by_date"),
            models.Index(fields=["source_kind", "source_id"], name="entry_by_source"),
        ]
        triggers: ClassVar = [OPEN_PERIOD, BALANCED, *ERASABLE]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("post_entry", "Can post journal entries"),
            ("reverse_entry", "Can reverse journal entries"),
            ("approve_entry", "Can approve journal entries by hand"),
        ]

    def __str__(self) -> str:
        return self.number


class JournalLine(models.Model):
    """An amount on an account: debit positive, credit negative. Written with its entry, all lines in one statement."""

    LOCK_RANK: ClassVar[int] = LEDGER

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines", verbose_name=_("account"))
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("party"))
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product"))
    currency = CurrencyField(_("currency"))
    amount = AmountField(_("amount"), help_text=_("In its currency: debit positive, credit negative."))
    base_amount = AmountField(_("amount in the books"), help_text=_("In the currency of the books: debit positive, credit negative."))
    memo = models.CharField(_("memo"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("journal line")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_line_moves_something", condition=~Q(amount=0) | ~Q(base_amount=0)),
            models.CheckConstraint(
                name="both_amounts_on_one_side", condition=Q(amount__gte=0, base_amount__gte=0) | Q(amount__lte=0, base_amount__lte=0)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "entry"], name="line_of_account"),
            models.Index(fields=["party", "account"], name="line_of_party", condition=Q(party__isnull=False)),
        ]
        triggers: ClassVar = [WHOLE, SUMMED, *POSTED]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount} {self.currency}"

    @property
    def debit(self) -> object:
        """The amount in the books when it is a debit, else None."""
        return self.base_amount if self.base_amount > 0 else None

    @property
    def credit(self) -> object:
        """The amount in the books when it is a credit, else None."""
        return -self.base_amount if self.base_amount < 0 else None
