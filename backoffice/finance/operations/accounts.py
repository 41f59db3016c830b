"""Accounts, journals and taxes: what the books are made of."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backoffice.finance.models import Account, Journal, Purpose, Tax, TaxRule
from backoffice.finance.operations.charts import CHARTS
from core.db import locked
from core.errors import Refused
from core.people.models import User
from core.reference import copied, reference

JOURNALS = (
    (Journal.Kind.SALES, "SAL"),
    (Journal.Kind.BANK, "BNK"),
    (Journal.Kind.STOCK, "STK"),
    (Journal.Kind.GENERAL, "GEN"),
)


class UnknownChart(Refused):
    """There is no chart of that name."""


class AccountTaken(Refused):
    """Two accounts cannot share a code, nor a purpose."""


class AccountInUse(Refused):
    """What is posted stays where it was posted."""


class NoAccount(Refused):
    """The books have no account for something they have to post."""


class BadTax(Refused):
    """A tax that cannot be collected."""


def install_chart(chart: str, *, by: User) -> list[Account]:
    """Start the books: accounts, journals and taxes of a chart (``general`` or ``indonesia``). What is there already stays."""
    if chart not in CHARTS:
        raise UnknownChart(
            _("There is no chart called %(chart)s.") % {"chart": chart}, fix=_("Choose %(charts)s.") % {"charts": ", ".join(CHARTS)}
        )
    wanted = CHARTS[chart]
    with locked(by=by):
        for kind, code in JOURNALS:
            Journal.objects.get_or_create(kind=kind, defaults={"code": code, "name": str(kind.label)})
        served = set(Account.objects.exclude(purpose="").values_list("purpose", flat=True))
        for row in wanted.accounts:
            if row.purpose not in served:
                Account.objects.get_or_create(code=row.code, defaults={"name": row.name, "kind": row.kind, "purpose": row.purpose})
        for kept in wanted.taxes:
            owed_on = Account.objects.get(purpose=Purpose.OUTPUT_TAX)
            tax, _is_new = Tax.objects.get_or_create(code=kept.code, defaults={"name": kept.name, "rate": kept.rate, "account": owed_on})
            for category in kept.tax_categories:
                TaxRule.objects.get_or_create(tax_category=category, tax=tax)
        return list(Account.objects.order_by("code"))


def create_account(*, code: str, name: str, kind: str, purpose: str = "", by: User) -> Account:
    """Open a new account."""
    with locked(by=by):
        account = Account(code=code.strip(), name=name.strip(), kind=kind, purpose=purpose)
        _save(account)
    return account


def update_account(account: Account, *, name: str = "", is_active: bool = True, by: User) -> Account:
    """Rename an account, or take it out of use; without a name it keeps its own. Its code and kind stay, because reports of the past rest on them."""
    with locked(account, by=by) as account:
        if not is_active and account.purpose:
            raise AccountInUse(
                _("%(account)s is where the books post “%(purpose)s”.") % {"account": account, "purpose": account.get_purpose_display()},
                fix=_("Keep it in use."),
                field="is_active",
            )
        account.name, account.is_active = name.strip() or account.name, is_active
        account.save(update_fields=["name", "is_active"])
    return account


def create_tax(*, code: str, name: str, rate: Decimal, account: Account, by: User) -> Tax:
    """Know a new tax. ``rate`` is a fraction; what we collect of it is owed on ``account``."""
    with locked(by=by):
        if not 0 <= rate <= 1:
            raise BadTax(_("A rate lies between 0 and 1: 11 % is 0.11."), field="rate")
        if account.kind != Account.Kind.LIABILITY:
            raise BadTax(_("Tax we collect is a debt: choose a liability account."), field="account")
        if Tax.objects.filter(code=code).exists():
            raise BadTax(_("There is a tax %(code)s already.") % {"code": code}, field="code")
        return Tax.objects.create(code=code, name=name, rate=rate, account=account)


def apply_tax(tax: Tax, tax_category: str, *, starts_on: date | None = None, by: User) -> TaxRule:
    """Let a tax category carry a tax, from a day on or for ever. A rule it already has goes on until then."""
    with locked(TaxRule.objects.filter(tax=tax, tax_category=tax_category), by=by) as rules:
        if any(rule.starts_on == starts_on for rule in rules):
            raise BadTax(_("It carries %(tax)s already.") % {"tax": tax}, field="tax")
        return TaxRule.objects.create(tax=tax, tax_category=tax_category, starts_on=starts_on)


def end_tax(rule: TaxRule, *, ends_on: date, by: User) -> TaxRule:
    """Let a tax category carry a tax no longer than until ``ends_on``."""
    with locked(rule, by=by) as rule:
        if rule.starts_on and ends_on < rule.starts_on - timedelta(days=1):
            raise BadTax(_("It cannot end before it starts."), field="ends_on")
        rule.ends_on = ends_on
        rule.save(update_fields=["ends_on"])
    return rule


def account_for(purpose: str) -> Account:
    """The account the books use for something; refuses when there is none."""
    return accounts_for(purpose)[purpose]


def accounts_for(*purposes: str) -> dict[str, Account]:
    """The accounts the books use for several things, by purpose."""
    found = reference("accounts by purpose", _by_purpose)
    if not found.keys() >= set(purposes):  # opened since they were read
        found = _by_purpose()
    for purpose in purposes:
        if purpose not in found:
            raise NoAccount(
                _("The books have no account for “%(purpose)s”.") % {"purpose": Account(purpose=purpose).get_purpose_display()},
                fix=_("Install a chart of accounts, or create an account used for it."),
            )
    return {purpose: copied(found[purpose]) for purpose in purposes}


def _by_purpose() -> dict[str, Account]:
    return {account.purpose: account for account in Account.objects.exclude(purpose="")}


def _save(account: Account) -> None:
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        if "one_account_per_purpose" in str(error):
            raise AccountTaken(_("Another account is used for this already."), field="purpose") from error
        if "code" in str(error):
            raise AccountTaken(_("Another account has this code."), fix=_("Choose another one."), field="code") from error
        raise
