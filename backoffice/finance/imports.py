"""The chart of accounts, opening balances and credit terms, from files."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import PAYMENT_DAYS, Account, CustomerAccount, JournalEntry, Purpose
from backoffice.finance.operations import Posting, create_account, post_entry, reverse_entry, set_credit_terms, update_account
from backoffice.finance.operations.accounts import account_for
from core.errors import Refused
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import BadCell, Column, Facts
from core.imports.notation import cell_of, choice, day, not_negative, record, up_to, yes_or_no
from core.parties.imports import party_named
from core.people.models import User

ZERO = Decimal(0)


class DebitOrCredit(Refused):
    """A balance stands on one side."""


def account_called(cell: str) -> Account | None:
    """An account by its code."""
    return Account.objects.filter(code__iexact=cell.split(" ", maxsplit=1)[0]).first()


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
            Column(
                "account",
                _("Account"),
                record(account_called, _("account")),
                required=True,
                synonyms=("account code", "code", "kode", "kode akun", "akun", "no akun"),
                example="1110",
                help=_("Its code."),
            ),
            Column("on", _("Date"), day, required=True, synonyms=("as of", "tanggal", "per tanggal"), example="01/01/2026"),
            Column("debit", _("Debit"), not_negative, default=None, synonyms=("dr", "debet"), example="15000000"),
            Column("credit", _("Credit"), not_negative, default=None, synonyms=("cr", "kredit")),
            Column("memo", _("Memo"), up_to(200), synonyms=("description", "keterangan", "catatan")),
        ),
        keys=("account",),
        create=open_balance,
        remove=lambda entry, by: reverse_entry(entry, on=entry.entry_date, reason=_now("taken back with its import"), by=by),
        kept_as=_("Reversed: what was posted stays in the books."),
        lists=("finance:entries",),
        icon="scale",
        hint=_("What each account held when the books were opened. Receivables and stock are brought in by their documents."),
    )
)


WITHOUT_LIMIT = frozenset({"no limit", "unlimited", "without limit", "tanpa batas", "tidak terbatas", "tak terbatas"})


def limit(cell: str) -> Decimal | None:
    """An amount, or in words that there is no limit: an empty cell leaves the limit a customer has."""
    return None if cell.strip().casefold() in WITHOUT_LIMIT else not_negative(cell)


def days(cell: str) -> int:
    """A number of days: 30, Net 30, 30 hari."""
    found = re.fullmatch(r"(?:net\s*)?([0-9]{1,4})(?:\s*(?:days?|hari))?", cell.strip().casefold())
    if found is None:
        raise BadCell(_now("“%(cell)s” is not a number of days. Write it like 30.") % {"cell": cell})
    return int(found[1])


def agree_terms(facts: Facts, by: User) -> CustomerAccount:
    """Terms for a customer who had none of their own."""
    return set_credit_terms(
        facts["party"], credit_limit=facts.get("credit_limit"), payment_days=facts.get("payment_days", PAYMENT_DAYS), by=by
    )


def change_terms(account: CustomerAccount, facts: Facts, by: User) -> CustomerAccount:
    """What a row says about terms we have; what it leaves out stays."""
    return set_credit_terms(
        account.party,
        credit_limit=facts.get("credit_limit", account.credit_limit),
        payment_days=facts.get("payment_days", account.payment_days),
        by=by,
    )


provide(
    ImportKind(
        "finance.terms",
        _("Credit terms"),
        CustomerAccount,
        permission="finance.set_credit_terms",
        columns=(
            Column(
                "party",
                _("Customer"),
                record(party_named, _("customer")),
                required=True,
                synonyms=("customer code", "company", "account name", "pelanggan", "kode pelanggan", "nama pelanggan", "perusahaan"),
                example="PT Fajar Teknologi",
                help=_("Its code, or its name when only one has it."),
            ),
            Column(
                "credit_limit",
                _("Credit limit"),
                limit,
                default=None,
                synonyms=("limit", "plafon", "plafon kredit", "batas kredit", "limit kredit"),
                example="50000000",
                help=_("In the currency of the books. “No limit” takes a limit away."),
            ),
            Column(
                "payment_days",
                _("Days to pay"),
                days,
                default=PAYMENT_DAYS,
                synonyms=("payment terms", "terms", "net days", "tempo", "termin", "jatuh tempo", "syarat pembayaran", "hari"),
                example="30",
            ),
        ),
        keys=("party",),
        find=lambda facts: CustomerAccount.objects.filter(party=facts["party"]).select_related("party").first(),
        create=agree_terms,
        update=change_terms,
        cells=lambda account: {"credit_limit": cell_of(account.credit_limit), "payment_days": str(account.payment_days)},
        remove=lambda account, by: set_credit_terms(account.party, credit_limit=None, payment_days=PAYMENT_DAYS, by=by),
        kept_as=_("Back to no limit and 30 days, as for everybody without terms of their own."),
        lists=("parties:parties",),
        icon="scale",
        hint=_("How much customers may owe you, and how many days they have to pay."),
    )
)
