"""The screens of companies and people."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from core.parties import forms
from core.parties.banking import add_bank_account
from core.parties.consent import record_consent
from core.parties.models import Address, Party, PartyRole, Purpose
from core.parties.operations import add_address, add_contact, add_contact_point, create_party, give_role, update_party
from core.parties.views.banking import BankAccounts
from core.people.models import User
from core.web import ui
from core.web.gathering import Gathered

REACHED_BY = {"email": "mail", "phone": "phone", "mobile": "smartphone", "web": "globe"}


def owners() -> list[tuple[int, str]]:
    """The people who own customers."""
    return list(User.objects.filter(parties__isnull=False).distinct().order_by("name").values_list("pk", "name"))


def city_of(party: Party) -> str:
    """The city of the first address."""
    return next((address.city for address in party.addresses.all()), "")


def roles_of(party: Party) -> str:
    """What a party is to us, in words."""
    return ", ".join(str(role) for role in party.roles.all())


def ways_to(party: Party) -> list[ui.Item]:
    """How they are reached, the main ways first, and what each may be used for beside business."""
    purposes = dict(Purpose.choices)
    return [
        ui.Item(
            point.value,
            " · ".join(filter(None, (str(point.get_kind_display()), point.label, *(str(purposes[one]) for one in said)))),
            icon=REACHED_BY.get(point.kind, "at-sign"),
        )
        for point in party.contact_points.with_agreed().order_by("-is_primary", "pk")
        for said in [point.agreed_to]  # type: ignore[attr-defined]  # with_agreed gives it
    ]


class Parties(ui.ListScreen):
    """All companies and people."""

    model = Party
    route = ""
    name = "parties"
    title = _("Companies and people")
    nav = ui.Nav(_("Parties"), icon="building-2", order=10, key="p")
    columns = (
        ui.Party("name", _("Name"), own=True, link=False, sort="name"),
        ui.Text(roles_of, _("Roles"), phone="sub"),
        ui.Text(city_of, _("City"), muted=True),
        ui.Text("industry", _("Industry"), sort="industry", muted=True, edit=ui.Inline(update_party, forms.PartyForm, "industry")),
        ui.Person("owner", _("Owner"), sort="owner__name", edit=ui.Inline(update_party, forms.PartyForm, "owner")),
        ui.Moment("updated_at", _("Changed"), sort="updated_at", muted=True),
    )
    more_columns = (
        ui.Text("code", _("Code"), sort="code", muted=True),
        ui.Text("legal_name", _("Legal name"), muted=True),
        ui.Text("tax_id", _("Tax number"), muted=True),
        ui.YesNo("is_active", _("We deal with them")),
        ui.Moment("created_at", _("Known since"), sort="created_at", muted=True),
    )
    filterable = ("kind", ui.Where("roles", "roles__role", _("Roles"), "choice", choices=lambda: PartyRole.Role.choices, many=True))
    bulk = (ui.assign_owner(update_party),)
    search = ("name", "legal_name", "code", "tax_id", "addresses__city")
    search_hint = _("Name, code or city")
    segments = (
        ui.Segment("customers", _("Customers"), "customers"),
        ui.Segment("suppliers", _("Suppliers"), "suppliers"),
        ui.Segment("companies", _("Companies"), "companies"),
    )
    filters = (ui.Select("owner", _("Any owner"), owners, icon="user-round"),)
    order = ("name", "pk")
    related = ("owner",)
    create = "parties:party-new"
    empty = ui.Empty(_("Everyone you deal with lives here once: customers, suppliers and the people behind them."), "building-2")

    def actions(self) -> list[ui.Action]:
        """Where they want to be paid stands on a page of its own."""
        banks = [ui.Action(_("Bank accounts"), BankAccounts.url(), "landmark")] if BankAccounts.may_open(self.user) else []
        return [*banks, *super().actions()]

    def queryset(self) -> QuerySet[Party]:
        """With roles and addresses, for their columns."""
        return super().queryset().prefetch_related("roles", "addresses")


class PartyRecord(ui.RecordScreen):
    """One company or person: what we know, who speaks for them, and everything that happened."""

    model = Party
    route = ""
    avatar = "square"
    related = ("owner",)
    edit = "parties:party-edit"
    remarks = (ui.Text(roles_of), ui.Text("industry"), ui.Text(city_of))
    verbs = (
        ui.Verb(add_address, _("Add address"), form=forms.AddressForm, icon="map-pin", permission="parties.update_party", tucked=True),
        ui.Verb(
            add_contact,
            _("Add contact"),
            form=forms.ContactForm,
            icon="user-round-plus",
            permission="parties.update_party",
            when=lambda party: party.kind == Party.Kind.COMPANY,
        ),
        ui.Verb(
            add_contact_point,
            _("Add phone or e-mail"),
            form=forms.ContactPointForm,
            icon="phone",
            permission="parties.update_party",
            tucked=True,
        ),
        ui.Verb(
            record_consent,
            _("Note consent"),
            form=forms.ConsentForm,
            icon="badge-check",
            permission="parties.record_consent",
            tucked=True,
        ),
        ui.Verb(
            add_bank_account,
            _("Add bank account"),
            form=forms.BankAccountForm,
            icon="landmark",
            tucked=True,
            sensitive=True,
            initial=lambda party: {"holder": party.legal_name or party.name, "currency": ui.currency()},
        ),
        ui.Verb(give_role, _("Give role"), form=forms.RoleForm, icon="tags", permission="parties.update_party", tucked=True),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Person("owner", _("Owner")),
                ui.Text("code", _("Code")),
                ui.Text("legal_name", _("Legal name")),
                ui.Text("tax_id", _("Tax number")),
                ui.Text("time_zone", _("Time zone")),
                ui.YesNo("is_active", _("We deal with them")),
            )
        ),
        ui.Items(
            title=_("People"),
            when=lambda party: party.kind == Party.Kind.COMPANY,
            empty=_("Nobody speaks for them yet."),
            items=lambda party: [
                ui.Item(contact.person.name, contact.job_title, url=ui.url_of(contact.person), avatar=contact.person.name)
                for contact in party.contacts.select_related("person").order_by("pk")
            ],
        ),
        ui.Items(
            title=_("Reach them"),
            empty=_("No phone and no e-mail yet."),
            items=ways_to,
        ),
        ui.Items(
            title=_("Addresses"),
            place="right",
            empty=_("No address yet."),
            items=lambda party: [ui.Item(str(address), address.get_kind_display(), icon="map-pin") for address in party.addresses.all()],
        ),
        ui.Items(
            title=_("Bank accounts"),
            place="right",
            permission="parties.view_bank_details",
            empty=_("No bank account yet."),
            items=lambda party: [
                ui.Item(account.number, f"{account.bank} · {account.holder}", url=ui.url_of(account), end=account.currency, icon="landmark")
                for account in party.bank_accounts.in_use().order_by("pk")
            ],
        ),
        ui.Files(),
        ui.Timeline(party=lambda party: party.pk),
        ui.History(),
    )

    def queryset(self) -> QuerySet[Party]:
        """With addresses, the first one first: the line under the name tells its city, and the page all of them."""
        return super().queryset().prefetch_related(Prefetch("addresses", Address.objects.order_by("pk")))


class NewParty(ui.CreateScreen):
    """Get to know somebody."""

    model = Party
    route = ""
    form_class = forms.NewPartyForm
    operation = create_party
    wide = ("roles",)


class EditParty(ui.EditScreen):
    """Correct what we know."""

    model = Party
    route = ""
    form_class = forms.PartyForm
    operation = update_party


ui.provide_lookup(
    ui.Lookup(
        "parties.party",
        rows=lambda: Party.objects.filter(is_active=True),
        search=("name", "code", "legal_name"),
        permission="parties.view_party",
        note=lambda party: party.industry,
    )
)
ui.provide_lookup(
    ui.Lookup(
        "parties.customer",
        rows=lambda: Party.objects.filter(is_active=True).customers(),
        search=("name", "code", "legal_name"),
        permission="parties.view_party",
        note=lambda party: party.industry,
    )
)
ui.provide_lookup(
    ui.Lookup(
        "parties.supplier",
        rows=lambda: Party.objects.filter(is_active=True, roles__role=PartyRole.Role.SUPPLIER),
        search=("name", "code", "legal_name"),
        permission="parties.view_party",
    )
)


@ui.step("parties.create_party", order=40)
def first_customer(_user: User) -> Gathered:
    """Who buys it."""
    rows = PartyRole.objects.filter(role=PartyRole.Role.CUSTOMER).order_by("pk")
    return ui.gathered(
        ui.Gather(rows, pk="pk", most=1),
        make=lambda lines: ui.Step(
            _("Add a customer"), _("Everything that happens with them stands on one page."), NewParty.url(), bool(lines)
        ),
    )
