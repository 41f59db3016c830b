"""What is done with bank accounts of parties: added, changed, taken out of use."""

import re
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import iban
from stdnum.exceptions import ValidationError

from core import clock
from core.approvals.declaring import Told
from core.approvals.held import checker, held
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.parties.events import PartyUpdated
from core.parties.models import BankAccount, Party
from core.people.models import User

SEES = "parties.view_bank_details"
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]+")
CURRENCY = re.compile(r"[A-Z]{3}")


class BadBankAccount(Refused):
    """A number no bank could have given out, or a word that is missing."""


class BankAccountKnown(Refused):
    """The party has this account already."""


class BankAccountRetired(Refused):
    """What is out of use stays as it is."""


def added_told(*, party: Party, holder: str, bank: str, number: str, currency: str) -> list[Told]:
    """A bank account that would be new."""
    return [Told(_("Party"), after=party.name), *_told({}, {"holder": holder, "bank": bank, "number": number, "currency": currency})]


def changed_told(
    *, account: BankAccount, holder: str | None = None, bank: str | None = None, number: str | None = None, currency: str | None = None
) -> list[Told]:
    """A bank account as it is, and as it would be."""
    said = {"holder": holder, "bank": bank, "number": number, "currency": currency}
    now = {name: str(getattr(account, name)) for name in said}
    return [
        Told(_("Party"), account.party.name, account.party.name),
        *_told(now, {name: value or now[name] for name, value in said.items()}),
    ]


def _told(now: Mapping[str, str], then: Mapping[str, str]) -> list[Told]:
    labels = {"holder": _("Holder"), "bank": _("Bank"), "number": _("Account number or IBAN"), "currency": _("Currency")}
    return [Told(labels[name], now.get(name, ""), value, permission=SEES) for name, value in then.items() if now.get(name) != value]


@held(
    "parties.add_bank_account",
    title=gettext_lazy("Add a bank account"),
    needs="parties.approve_bank_details",
    about="party",
    tell=added_told,
)
def add_bank_account(party: Party, *, holder: str, bank: str, number: str, currency: str, by: User) -> BankAccount:
    """Note where a party wants to be paid. An IBAN is checked by its own digits."""
    with locked(party, by=by) as party:
        account = BankAccount(party=party, set_by=by, approved_by=checker())
        _write(account, {"holder": holder, "bank": bank, "number": number, "currency": currency})
        publish(PartyUpdated(party_id=party.pk, name=party.name, changed=("bank_accounts",)))
    return account


@held(
    "parties.change_bank_account",
    title=gettext_lazy("Change a bank account"),
    needs="parties.approve_bank_details",
    about="account",
    tell=changed_told,
)
def change_bank_account(
    account: BankAccount,
    *,
    holder: str | None = None,
    bank: str | None = None,
    number: str | None = None,
    currency: str | None = None,
    by: User,
) -> BankAccount:
    """Correct where a party wants to be paid; what is not said stays."""
    said = {"holder": holder, "bank": bank, "number": number, "currency": currency}
    with locked(account, by=by) as account:
        if account.is_retired:
            raise BankAccountRetired(_("This bank account is out of use."), fix=_("Add the new one."))
        account.set_by, account.approved_by = by, checker()
        _write(account, {name: value for name, value in said.items() if value is not None})
        publish(PartyUpdated(party_id=account.party_id, name=account.party.name, changed=("bank_accounts",)))
    return account


def retire_bank_account(account: BankAccount, *, by: User) -> BankAccount:
    """Let no money go there any more. It is kept, and one that takes its place is added."""
    with locked(account, by=by) as account:
        if account.is_retired:
            raise BankAccountRetired(_("This bank account is out of use already."))
        account.retired_at = clock.now()
        account.save(update_fields=["retired_at"])
        publish(PartyUpdated(party_id=account.party_id, name=account.party.name, changed=("bank_accounts",)))
    return account


def compact(number: str) -> str:
    """A bank account's number as it is kept: an IBAN without spaces and checked, any other as it is written."""
    tight = re.sub(r"[\s.-]", "", number).upper()
    if not IBAN.fullmatch(tight):
        return " ".join(number.split())
    try:
        return str(iban.validate(tight))
    except ValidationError as error:
        raise BadBankAccount(
            _("%(number)s is no IBAN: %(reason)s") % {"number": number, "reason": error},
            fix=_("Compare it with the party's papers."),
            field="number",
        ) from error


def _write(account: BankAccount, said: Mapping[str, str]) -> None:
    for name, value in said.items():
        words = value.strip()
        if not words:
            raise BadBankAccount(_("A bank account needs a holder, a bank and a number."), field=name)
        setattr(account, name, compact(words) if name == "number" else words.upper() if name == "currency" else words)
    if not CURRENCY.fullmatch(account.currency):
        raise BadBankAccount(
            _("%(currency)s is no currency.") % {"currency": account.currency}, fix=_("Three letters, such as IDR."), field="currency"
        )
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        if "a_party_has_each_bank_account_once" not in str(error):
            raise
        raise BankAccountKnown(_("The party has this account already."), fix=_("Change that one."), field="number") from error
