"""Credit terms of customers, from files."""

import re
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import PAYMENT_DAYS, CustomerAccount
from backoffice.finance.operations import set_credit_terms
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import BadCell, Column, Facts
from core.imports.notation import cell_of, not_negative
from core.parties.imports import CUSTOMER
from core.people.models import User

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
            replace(CUSTOMER.also("account name"), field="party"),
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
        lists=("parties:parties", "finance:credit-terms"),
        icon="scale",
        hint=_("How much customers may owe you, and how many days they have to pay."),
    )
)
