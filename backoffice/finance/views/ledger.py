"""Journal entries and accounts on the screen."""

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance import forms
from backoffice.finance.models import Account, DayBalance, Journal, JournalEntry, JournalLine
from backoffice.finance.operations import (
    Posting,
    create_account,
    install_chart,
    post_entry,
    reverse_entry,
    update_account,
)
from backoffice.finance.reports import MOVED
from core import clock
from core.money import ZERO
from core.web import ui


def books(_row: object) -> str:
    """The currency of the books."""
    return ui.currency()


def source_link(entry: JournalEntry) -> SafeString:
    """The document an entry comes from, linked when it has a page."""
    url = ui.url_for(entry.source_kind, entry.source_id) if entry.source_id else ""
    return format_html('<a href="{}">{}</a>', url, entry.source_number) if url else format_html("{}", entry.source_number)


def remark(line: JournalLine) -> str:
    """Whom and what a line is about."""
    return " · ".join(filter(None, (line.party.name if line.party else "", line.product.name if line.product else "", line.memo)))


class Entries(ui.ListScreen):
    """All journal entries."""

    model = JournalEntry
    route = "entries"
    title = _("Journal entries")
    tip = _("Posted is posted: an entry is never changed, only reversed by another one.")
    nav = ui.Nav(_("Journal"), icon="book-open-text", order=40, key="j")
    columns = (
        ui.Text("number", _("Entry"), sort="number"),
        ui.Day("entry_date", _("Date"), sort="entry_date", phone="state"),
        ui.Text("journal", _("Journal"), sort="journal__name", muted=True),
        ui.Text("memo", _("Memo"), phone="sub"),
        ui.Text("source_number", _("Document"), muted=True),
        ui.Money("debits", _("Amount"), currency=books),
    )
    bulk = ("reverse",)
    search = ("number", "memo", "source_number")
    search_hint = _("Number, memo or document")
    segments = (
        ui.Segment("by-hand", _("By hand"), lambda rows: rows.filter(source_kind="")),
        ui.Segment("reversals", _("Reversals"), lambda rows: rows.filter(reverses__isnull=False)),
    )
    filters = (
        ui.Select("journal", _("Any journal"), ui.choices_of(Journal.objects.order_by("code")), icon="book"),
        ui.Period("entry_date"),
    )
    order = ("-entry_date", "-pk")
    related = ("journal",)
    create = "finance:journalentry-new"
    create_label = _("Post entry")
    empty = ui.Empty(_("Documents post by themselves. What no document knows, you post by hand."), "book-open-text")

    def queryset(self) -> QuerySet[JournalEntry]:
        """With what each moved."""
        debits = JournalLine.objects.filter(entry=OuterRef("pk"), base_amount__gt=0).values("entry").annotate(whole=Sum("base_amount"))
        rows: QuerySet[JournalEntry] = super().queryset()
        return rows.annotate(debits=Subquery(debits.values("whole")))


class EntryRecord(ui.RecordScreen):
    """One journal entry."""

    model = JournalEntry
    route = "entries"
    related = ("journal", "period", "created_by", "approved_by", "reverses", "reversed_by")
    status = None
    remarks = (ui.Day("entry_date", exact=True), ui.Text("journal"), ui.Text("memo"))
    verbs = (
        ui.Verb(
            reverse_entry,
            _("Reverse"),
            form=forms.TakeBackForm,
            slug="reverse",
            when=lambda entry: not entry.source_kind and entry.reverses_id is None and not hasattr(entry, "reversed_by"),
            danger=True,
            icon="undo-2",
            initial=lambda _entry: {"on": clock.today()},
        ),
    )
    sections = (
        ui.Lines(
            title=_("Lines"),
            rows=lambda entry: entry.lines.order_by("pk"),
            related=("account", "party", "product"),
            cells=(
                ui.Link("account", _("Account")),
                ui.Text(remark, _("About"), muted=True),
                ui.Money("debit", _("Debit"), currency=books, phone="state"),
                ui.Money("credit", _("Credit"), currency=books, phone="amount"),
            ),
        ),
        ui.Facts(
            cells=(
                ui.Text("journal", _("Journal")),
                ui.Text("period", _("Period")),
                ui.Custom("source_number", _("Document"), draw=source_link),
                ui.Link("reverses", _("Reverses")),
                ui.Link(lambda entry: getattr(entry, "reversed_by", None), _("Reversed by")),
                ui.Person("created_by", _("Posted by")),
                ui.Person("approved_by", _("Approved by")),
                ui.Moment("created_at", _("Posted")),
            ),
        ),
        ui.Files(),
        ui.Timeline(),
    )


class NewEntry(ui.CreateScreen):
    """Post an entry by hand."""

    model = JournalEntry
    route = "entries"
    title = _("Post entry")
    form_class = forms.EntryForm
    operation = post_entry
    grid = ui.Grid(forms.PostingForm, spare=2, least=2)
    submit = _("Post")

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": clock.today(), **super().initial()}

    def make_line(self, row: dict[str, Any]) -> Posting:
        """A row of the grid as the operation takes it: a debit is positive, a credit negative."""
        return Posting(account_id=row["account"].pk, amount=signed(row), memo=row.get("memo", ""))

    def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> ui.Preview:
        """Whether it balances."""
        amounts = [signed(row) for _number, row in lines]
        off = sum(amounts, ZERO)
        debits = sum((amount for amount in amounts if amount > 0), ZERO)
        currency = ui.currency()
        note = (
            ui.Note(gettext("Balances"), "good")
            if not off
            else ui.Note(gettext("Off by %(off)s") % {"off": ui.figures.money(off, currency)}, "bad")
        )
        return ui.Preview(totals=((_("Debits"), ui.figures.money(debits, currency)),), notes=(note,) if lines else ())


def signed(row: dict[str, Any]) -> Decimal:
    """The amount of a row: debit positive, credit negative."""
    return (row.get("debit") or ZERO) - (row.get("credit") or ZERO)


class Accounts(ui.ListScreen):
    """The chart of accounts."""

    model = Account
    route = "accounts"
    title = _("Chart of accounts")
    nav = ui.Nav(_("Accounts"), icon="list-tree", order=50, group=_("Set-up"))
    columns = (
        ui.Text("code", _("Code"), sort="code", phone="sub"),
        ui.Text("name", _("Account"), sort="name", phone="main"),
        ui.Text("get_kind_display", _("Kind"), muted=True),
        ui.Text("get_purpose_display", _("Used for"), muted=True),
        ui.YesNo("is_active", _("In use")),
        ui.Money("balance", _("Balance"), currency=books),
    )
    bulk = (
        ui.switch(update_account, _("Take out of use"), on=False, slug="retire"),
        ui.switch(update_account, _("Put in use"), on=True, slug="restore"),
    )
    search = ("code", "name")
    search_hint = _("Code or name")
    filters = (ui.Select("kind", _("Any kind"), lambda: Account.Kind.choices, icon="shapes"),)
    order = ("code", "pk")
    page_size = 100
    create = "finance:account-new"
    empty = ui.Empty(_("The books need accounts. Install a chart to start with."), "list-tree")

    def queryset(self) -> QuerySet[Account]:
        """With their balances."""
        days = DayBalance.objects.filter(account=OuterRef("pk")).values("account").annotate(whole=Sum(MOVED))
        rows: QuerySet[Account] = super().queryset()
        return rows.annotate(balance=Subquery(days.values("whole")))

    def actions(self) -> list[ui.Action]:
        """Install a chart, where there are no journals yet; else open an account."""
        if InstallChart.may_open(self.user) and not Journal.objects.exists():
            return [ui.Action(gettext("Install a chart"), InstallChart.url(), "list-tree", primary=True)]
        return super().actions()


class AccountRecord(ui.RecordScreen):
    """One account."""

    model = Account
    route = "accounts"
    status = None
    edit = "finance:account-edit"
    remarks = (ui.Text("code"), ui.Text("get_kind_display"))
    sections = (
        ui.Facts(
            cells=(
                ui.Text("code", _("Code")),
                ui.Text("get_kind_display", _("Kind")),
                ui.Text("get_purpose_display", _("Used for")),
                ui.Money(lambda account: account.lines.aggregate(whole=Sum("base_amount"))["whole"] or ZERO, _("Balance"), currency=books),
                ui.YesNo("is_active", _("In use")),
                ui.YesNo("is_kept_by_documents", _("Kept by documents only")),
            )
        ),
        ui.Table(
            title=_("Last lines"),
            rows=lambda account: account.lines.order_by("-entry__entry_date", "-pk"),
            related=("entry",),
            limit=20,
            empty=_("Nothing has been posted to it yet. Documents post by themselves; the rest is a journal entry."),
            cells=(
                ui.Link("entry", _("Entry")),
                ui.Day("entry.entry_date", _("Date")),
                ui.Text("entry.memo", _("Memo"), muted=True),
                ui.Money("base_amount", _("Amount"), currency=books),
            ),
        ),
        ui.History(),
    )

    def links(self) -> list[ui.Action]:
        """Its ledger."""
        if not self.user.has_perm("finance.view_reports"):
            return []
        return [ui.Action(gettext("Ledger"), f"{reverse('finance:reports-general-ledger')}?account={self.record.pk}", "book-open-text")]


class NewAccount(ui.CreateScreen):
    """Open an account."""

    model = Account
    route = "accounts"
    form_class = forms.NewAccountForm
    operation = create_account


class EditAccount(ui.EditScreen):
    """Rename an account, or take it out of use."""

    model = Account
    route = "accounts"
    form_class = forms.AccountForm
    operation = update_account


class InstallChart(ui.CreateScreen):
    """Start the books."""

    model = Account
    route = "accounts/chart"
    name = "chart-new"
    title = _("Install a chart of accounts")
    form_class = forms.ChartForm
    operation = install_chart
    submit = _("Install")
