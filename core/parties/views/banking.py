"""The screens of bank accounts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.parties import forms
from core.parties.banking import change_bank_account, retire_bank_account
from core.parties.models import BankAccount
from core.web import ui


class BankAccounts(ui.ListScreen):
    """Where everybody wants to be paid."""

    model = BankAccount
    route = "bank-accounts"
    title = _("Bank accounts")
    columns = (
        ui.Party("party", _("Party"), sort="party__name", link=False),
        ui.Text("bank", _("Bank")),
        ui.Text("number", _("Account number or IBAN"), phone="sub"),
        ui.Text("holder", _("Holder"), muted=True),
        ui.Text("currency", _("Currency"), sort="currency"),
        ui.Person("set_by", _("Said by"), muted=True),
        ui.Person("approved_by", _("Approved by"), muted=True),
    )
    more_columns = (ui.Moment("retired_at", _("Out of use since"), muted=True), ui.Moment("updated_at", _("Changed"), muted=True))
    related = ("party", "set_by", "approved_by")
    search = ("party__name",)
    search_hint = _("Party")
    segments = (ui.Segment("in-use", _("In use"), "in_use"),)
    start_segment = "in-use"
    order = ("-pk",)
    empty = ui.Empty(
        _("Where suppliers and others want to be paid. A bank account is added on the page of its party."),
        "landmark",
        to="parties:parties",
        label=_("Parties"),
    )

    @classmethod
    def list_kind(cls) -> str:
        """The one list of bank accounts."""
        return BankAccount._meta.label_lower

    def crumbs(self) -> list[ui.Crumb]:
        """Parties, then this."""
        return [ui.Crumb(_("Parties"), reverse("parties:parties")), ui.Crumb(self.title)]

    def nav_name(self) -> str:
        """It belongs to the parties."""
        return "parties:parties"


class BankAccountRecord(ui.RecordScreen):
    """One bank account of a party: what was said, by whom, and who approved it."""

    model = BankAccount
    route = "bank-accounts"
    related = ("party", "set_by", "approved_by")
    status = None
    remarks = (ui.Party("party"), ui.Text(lambda account: _("Out of use") if account.is_retired else ""))
    verbs = (
        ui.Verb(
            change_bank_account,
            _("Change"),
            slug="change",
            form=forms.BankAccountForm,
            icon="pencil",
            sensitive=True,
            when=lambda account: not account.is_retired,
            initial=lambda account: {name: getattr(account, name) for name in ("holder", "bank", "number", "currency")},
        ),
        ui.Verb(
            retire_bank_account,
            _("Take out of use"),
            slug="retire",
            icon="archive",
            danger=True,
            when=lambda account: not account.is_retired,
            confirm=_("No money goes there any more. It is kept."),
        ),
    )
    sections = (
        ui.Facts(
            place="main",
            cells=(
                ui.Text("holder", _("Holder")),
                ui.Text("bank", _("Bank")),
                ui.Text("number", _("Account number or IBAN")),
                ui.Text("currency", _("Currency")),
                ui.Person("set_by", _("Said by")),
                ui.Person("approved_by", _("Approved by")),
                ui.Moment("updated_at", _("Changed")),
                ui.Moment("retired_at", _("Out of use since")),
            ),
        ),
        ui.History(),
    )

    def nav_name(self) -> str:
        """It belongs to the parties."""
        return "parties:parties"
