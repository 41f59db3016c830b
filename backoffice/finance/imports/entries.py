"""Journal entries by hand, from files: the rows of one reference are one entry."""

from decimal import Decimal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.finance.imports.accounts import ACCOUNT, DebitOrCredit, reverse
from backoffice.finance.models import JournalEntry
from backoffice.finance.operations import Posting, post_entry
from backoffice.finance.operations.entries import BadAmount, check_posting
from core.errors import Refused
from core.imports.kinds import ImportKind, RowRefused, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import day, not_negative, record, up_to
from core.parties.imports import CURRENCY, party_named
from core.people.models import User

ZERO = Decimal(0)


def post(facts: Facts, by: User) -> JournalEntry:
    """One entry with a line of every row."""
    lines = [_posting(place, row) for place, row in enumerate(facts["lines"])]
    return post_entry(on=facts["on"], memo=facts.get("memo") or facts["reference"], lines=lines, by=by)


def _posting(place: int, row: Facts) -> Posting:
    debit, credit = row.get("debit") or ZERO, row.get("credit") or ZERO
    if bool(debit) == bool(credit):
        raise RowRefused(place, DebitOrCredit(_now("Give the amount as a debit or as a credit."), field="debit"))
    try:
        check_posting(debit - credit, row["account"])
    except Refused as refusal:
        amount = "debit" if debit else "credit"
        raise RowRefused(place, refusal, field=amount if isinstance(refusal, BadAmount) else "account") from refusal
    party = row.get("party")
    return Posting(account_id=row["account"].pk, amount=debit - credit, party_id=party.pk if party else None, memo=row.get("line_memo", ""))


provide(
    ImportKind(
        "finance.entry",
        _("Journal entries"),
        JournalEntry,
        permission="finance.post_entry",
        columns=(
            Column(
                "reference",
                _("Entry reference"),
                up_to(80),
                required=True,
                synonyms=("reference", "entry", "voucher", "journal no", "no jurnal", "nomor jurnal", "no bukti", "bukti", "referensi"),
                example="JU-014",
                help=_("Rows of the same reference make one entry. A reference that came in before is not posted again."),
            ),
            Column(
                "on",
                _("Date"),
                day,
                required=True,
                synonyms=("entry date", "posting date", "tanggal", "tanggal jurnal"),
                example="31/01/2026",
            ),
            Column(
                "memo",
                _("Memo"),
                up_to(200),
                synonyms=("description", "keterangan", "catatan", "uraian"),
                example="Sewa gudang Januari",
            ),
            ACCOUNT,
            Column("debit", _("Debit"), not_negative, default=None, synonyms=("dr", "debet"), example="7500000"),
            Column("credit", _("Credit"), not_negative, default=None, synonyms=("cr", "kredit")),
            Column("line_memo", _("Line memo"), up_to(200), synonyms=("line description", "keterangan baris")),
            Column(
                "party",
                _("Party"),
                record(party_named, _("party")),
                default=None,
                synonyms=("customer", "supplier", "pelanggan", "pemasok", "pihak", "rekanan"),
                help=_("Its code, or its name when only one has it."),
            ),
            CURRENCY,
        ),
        group="reference",
        lines=("account", "debit", "credit", "line_memo", "party"),
        create=post,
        remove=reverse,
        kept_as=_("Reversed: what was posted stays in the books."),
        lists=("finance:entries",),
        icon="book-open",
        hint=_("Entries written by hand: one row for every debit and credit. Each entry balances, or none of its rows comes in."),
        examples=({"reference": "JU-014", "account": "1110", "credit": "7500000"},),
    )
)
