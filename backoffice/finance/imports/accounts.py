"""The chart of accounts and opening balances, from files."""

from decimal import Decimal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import Account, JournalEntry, Purpose
from backoffice.finance.operations import Posting, create_account, post_entry, reverse_entry, update_account
from backoffice.finance.operations.accounts import account_for
from core.errors import Refused
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, choice, day, not_negative, record, up_to, yes_or_no
from core.people.models import User

ZERO = Decimal(0)


class DebitOrCredit(Refused):
    """A balance stands on one side."""


def account_called(cell: str) -> Account | None:
    """An account by its code."""
    return Account.objects.filter(code__iexact=cell.split(" ", maxsplit=1)[0]).first()


ACCOUNT = Column(
    "account",
    _("Account"),
    record(account_called, _("account")),
    required=True,
    synonyms=("account code", "code", "kode", "kode akun", "akun", "no akun"),
    example="1110",
    help=_("Its code."),
)


def reverse(entry: JournalEntry, by: User) -> None:
    """Take an entry back on its own day, so that the books are as if it had never come."""
    reverse_entry(entry, on=entry.entry_date, reason=_now("taken back with its import"), by=by)


def open_account(facts: Facts, by: User) -> Account:
    """A new account."""
    wanted = dict(facts)
    active = wanted.pop("is_active", True)
    account = create_account(by=by, **wanted)
    return account if active else update_account(account, name=account.name, is_active=False, by=by)


def change_account(account: Account, facts: Facts, by: User) -> Account:
    """What a row says about an account we have; its kind stays."""
    if facts.get("kind", account.kind) != account.kind:
        raise Refused(
            _now("%(account)s stays what it is: reports of the past rest on it.") % {"account": account},
            fix=_now("Give the new kind another code."),
            field="kind",
        )
    return update_account(account, name=facts.get("name", account.name), is_active=facts.get("is_active", account.is_active), by=by)


provide(
    ImportKind(
        "finance.account",
        _("Accounts"),
        Account,
        permission="finance.create_account",
        change_permission="finance.update_account",
        columns=(
            Column(
                "code",
                _("Code"),
                up_to(16),
                required=True,
                synonyms=("account", "account code", "account no", "number", "kode", "kode akun", "no akun", "nomor akun"),
                example="6150",
            ),
            Column("name", _("Name"), up_to(120), required=True, synonyms=("account name", "nama", "nama akun"), example="Biaya iklan"),
            Column(
                "kind",
                _("Kind"),
                choice(
                    Account.Kind.choices,
                    aset="asset",
                    harta="asset",
                    aktiva="asset",
                    kewajiban="liability",
                    utang="liability",
                    liabilitas="liability",
                    modal="equity",
                    ekuitas="equity",
                    pendapatan="income",
                    penjualan="income",
                    revenue="income",
                    biaya="expense",
                    beban="expense",
                ),
                required=True,
                synonyms=("type", "account type", "jenis", "tipe", "jenis akun"),
                example="expense",
                choices=Account.Kind.choices,
            ),
            Column("is_active", _("In use"), yes_or_no, default=True, synonyms=("active", "aktif"), example="ya"),
        ),
        keys=("code",),
        find=lambda facts: Account.objects.filter(code__iexact=facts["code"]).first(),
        create=open_account,
        update=change_account,
        cells=lambda account: {"name": account.name, "is_active": cell_of(account.is_active)},
        remove=lambda account, by: update_account(account, name=account.name, is_active=False, by=by),
        kept_as=_("Kept, out of use: accounts are never removed."),
        lists=("finance:accounts",),
        icon="list-tree",
        hint=_("The chart of accounts: codes, names and kinds."),
        examples=({"code": "1350", "name": "Uang muka", "kind": "asset"},),
    )
)


def open_balance(facts: Facts, by: User) -> JournalEntry:
    """A balance an account starts with, against the opening balances."""
    amount = (facts.get("debit") or ZERO) - (facts.get("credit") or ZERO)
    if not amount or (facts.get("debit") and facts.get("credit")):
        raise DebitOrCredit(_now("Give the balance as a debit or as a credit."), field="debit")
    opposite = account_for(Purpose.OPENING_BALANCE)
    account: Account = facts["account"]
    lines = [Posting(account_id=account.pk, amount=amount), Posting(account_id=opposite.pk, amount=-amount)]
    memo = facts.get("memo") or _now("Opening balance %(account)s") % {"account": account.code}
    return post_entry(on=facts["on"], memo=memo, lines=lines, by=by)


provide(
    ImportKind(
        "finance.opening",
        _("Opening balances"),
        JournalEntry,
        permission="finance.post_entry",
        columns=(
            ACCOUNT,
            Column("on", _("Date"), day, required=True, synonyms=("as of", "tanggal", "per tanggal"), example="01/01/2026"),
            Column("debit", _("Debit"), not_negative, default=None, synonyms=("dr", "debet"), example="15000000"),
            Column("credit", _("Credit"), not_negative, default=None, synonyms=("cr", "kredit")),
            Column("memo", _("Memo"), up_to(200), synonyms=("description", "keterangan", "catatan")),
        ),
        keys=("account",),
        create=open_balance,
        remove=reverse,
        kept_as=_("Reversed: what was posted stays in the books."),
        lists=("finance:entries",),
        icon="scale",
        hint=_("What each account held when the books were opened. Receivables and stock are brought in by their documents."),
    )
)
