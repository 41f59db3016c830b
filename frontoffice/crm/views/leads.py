"""The screens of leads."""

from django.utils.translation import gettext_lazy as _

from core.people.models import User
from core.web import ui
from frontoffice.crm import forms
from frontoffice.crm.models import Lead
from frontoffice.crm.operations import convert_lead, create_lead, give_back_lead, lose_lead, reopen_lead, take_lead, update_lead
from frontoffice.crm.views.activities import LOG, PLAN, TABLE


def sellers() -> list[tuple[int, str]]:
    """The people who own leads."""
    return list(User.objects.filter(leads__isnull=False).distinct().order_by("name").values_list("pk", "name"))


def is_undecided(lead: Lead) -> bool:
    """Whether it may still be corrected."""
    return lead.status in {Lead.Status.NEW, Lead.Status.WORKING}


class Leads(ui.ListScreen):
    """All leads."""

    model = Lead
    route = "leads"
    title = _("Leads")
    hint = _("People who might want to buy. Take one, call, and turn it into a deal.")
    nav = ui.Nav(_("Leads"), icon="sparkles", order=10, key="l", counter=lambda user: Lead.objects.visible_to(user).unowned().count())
    columns = (
        ui.Text("name", _("Name"), sort="name"),
        ui.Text("company_name", _("Company"), sort="company_name"),
        ui.Status("status", _("Status")),
        ui.Text("get_source_display", _("Source"), muted=True),
        ui.Text("phone", _("Phone"), muted=True, edit=ui.Inline(update_lead, forms.LeadForm, "phone", when=is_undecided)),
        ui.Person("owner", _("Owner"), sort="owner__name", edit=ui.Inline(update_lead, forms.LeadForm, "owner", when=is_undecided)),
        ui.Moment("created_at", _("Since"), sort="created_at", muted=True),
    )
    more_columns = (
        ui.Text("email", _("E-mail"), muted=True, edit=ui.Inline(update_lead, forms.LeadForm, "email", when=is_undecided)),
        ui.Text("job_title", _("Job title"), muted=True),
        ui.Text("lost_because", _("Lost because"), muted=True),
    )
    bulk = (
        ui.Bulk("take", undo=give_back_lead, remember=("owner",)),
        ui.assign_owner(update_lead, when=is_undecided),
        ui.Bulk("lose", undo=reopen_lead),
        "reopen",
    )
    at_hand = ("take",)
    related = ("owner",)
    search = ("name", "company_name", "email", "phone")
    search_hint = _("Name, company, e-mail or phone")
    segments = (
        ui.Segment("open", _("Open"), "open"),
        ui.Segment("unowned", _("Nobody's"), "unowned"),
        ui.Segment("converted", _("Converted"), lambda rows: rows.filter(status=Lead.Status.CONVERTED)),
        ui.Segment("lost", _("Lost"), lambda rows: rows.filter(status=Lead.Status.LOST)),
    )
    start_segment = "open"
    filters = (
        ui.Select("owner", _("Anyone"), sellers, icon="user-round"),
        ui.Select("source", _("Any source"), lambda: Lead.Source.choices),
        ui.Period("created_at__date"),
    )
    order = ("-created_at", "-pk")
    create = "crm:lead-new"
    empty = ui.Empty(_("Everybody who might want to buy starts here. Note the first one."), "sparkles")


class LeadRecord(ui.RecordScreen):
    """One lead: who it is, what was done, and what it became."""

    model = Lead
    route = "leads"
    related = ("owner", "party", "deal")
    edit = "crm:lead-edit"
    remarks = (ui.Text("company_name"), ui.Text("job_title"), ui.Text("get_source_display"))
    verbs = (
        ui.Verb(
            convert_lead,
            _("Convert"),
            form=forms.ConvertForm,
            to=Lead.Status.CONVERTED,
            primary=True,
            icon="arrow-right",
            initial=lambda lead: {"deal_name": lead.company_name or lead.name},
        ),
        ui.Verb(take_lead, _("Take"), when=lambda lead: lead.status == Lead.Status.NEW, icon="hand"),
        ui.Verb(reopen_lead, _("Reopen"), when=lambda lead: lead.status == Lead.Status.LOST, icon="rotate-ccw"),
        LOG,
        PLAN,
        ui.Verb(give_back_lead, _("Give back"), to=Lead.Status.NEW, tucked=True, icon="undo-2"),
        ui.Verb(lose_lead, _("Give up"), form=forms.ReasonForm, to=Lead.Status.LOST, danger=True, tucked=True, icon="x"),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Person("owner", _("Owner")),
                ui.Text("email", _("E-mail")),
                ui.Text("phone", _("Phone")),
                ui.Text("get_source_display", _("Source")),
                ui.Party("party", _("Became")),
                ui.Link("deal", _("Deal")),
                ui.Text("lost_because", _("Lost because")),
                ui.Moment("created_at", _("Since")),
            )
        ),
        ui.Files(),
        ui.Facts(title=_("Note"), place="main", cells=(ui.Text("note", ""),), when=lambda lead: bool(lead.note)),
        TABLE,
        ui.Timeline(),
        ui.History(),
    )

    def edit_url(self) -> str:
        """Only what is not decided is edited."""
        return super().edit_url() if self.record.status in {Lead.Status.NEW, Lead.Status.WORKING} else ""


class NewLead(ui.CreateScreen):
    """Note somebody who might want to buy."""

    model = Lead
    route = "leads"
    form_class = forms.LeadForm
    operation = create_lead
    wide = ("note",)


class EditLead(ui.EditScreen):
    """Correct what we know about a lead."""

    model = Lead
    route = "leads"
    related = ("owner",)
    form_class = forms.LeadForm
    operation = update_lead
    wide = ("note",)
