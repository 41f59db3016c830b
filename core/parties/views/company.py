"""The screens of our own company."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.parties import forms
from core.parties.company import letterhead_of, remove_logo, set_logo, update_company
from core.parties.models import Company
from core.people.models import User
from core.web import ui


def logo_of(company: Company) -> str:
    """Whether there is a logo."""
    return gettext("On every paper") if company.logo else gettext("None yet: the name stands in its place")


def sample_of(company: Company, _user: User) -> dict[str, str]:
    """The first page of the sample invoice, and where it is seen whole; the version makes the browser ask anew."""
    picture, url = (reverse(f"parties:company-{page}", args=[company.pk, "sample"]) for page in ("page-picture", "print"))
    return {"picture": f"{picture}?v={company.version}.{company.party.version}", "url": url}


class OurCompany(ui.Screen):
    """The way to the one company this database keeps."""

    route = "company"
    name = "our-company"
    permission = "parties.view_company"
    title = _("Company")
    nav = ui.Nav(_("Company"), icon="landmark", order=90)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """On to its page."""
        return redirect(ui.url_of(get_object_or_404(Company)))


class CompanyRecord(ui.RecordScreen):
    """Our own company: how it stands on its papers."""

    model = Company
    route = "company"
    related = ("party",)
    status = None
    avatar = "square"
    edit = "parties:company-edit"
    remarks = (ui.Text("party.legal_name"), ui.Text("currency"))
    verbs = (
        ui.Verb(set_logo, _("Set logo"), form=forms.LogoForm, icon="image-up", permission="parties.update_company", slug="set-logo"),
        ui.Verb(
            remove_logo,
            _("Remove logo"),
            icon="image-off",
            permission="parties.update_company",
            slug="remove-logo",
            when=lambda company: bool(company.logo),
            tucked=True,
        ),
    )
    sections = (
        ui.Facts(
            title=_("On paper"),
            cells=(
                ui.Text(logo_of, _("Logo")),
                ui.Text("party.legal_name", _("Legal name")),
                ui.Text("party.tax_id", _("Tax number")),
                ui.Text(lambda company: str(company.party.addresses.order_by("pk").first() or ""), _("Address")),
                ui.Text("bank_details", _("Bank details")),
                ui.Text("document_terms", _("Terms")),
                ui.Text("document_footer", _("Footer")),
            ),
        ),
        ui.Facts(
            title=_("Books"),
            cells=(
                ui.Text("currency", _("Currency of the books")),
                ui.Text("country", _("Country")),
                ui.Text("time_zone", _("Time zone")),
            ),
        ),
        ui.Panel(title=_("What it looks like"), body="printing/_sample.html", values=sample_of),
        ui.History(),
    )

    def subheading(self) -> str:
        """What this page is for."""
        return gettext("What stands at the head and the foot of everything you print or send")


class EditCompany(ui.EditScreen):
    """Change how the company stands on its papers."""

    model = Company
    route = "company"
    permission = "parties.update_company"
    form_class = forms.CompanyForm
    operation = update_company
    related = ("party",)
    sensitive = True  # the bank details
    wide = ("bank_details", "document_terms", "document_footer")

    def initial(self) -> dict[str, object]:
        """As it stands now."""
        return dict(letterhead_of(self.record))
