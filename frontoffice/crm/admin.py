"""Leads, deals and activities for clerks: to look at, with the safe actions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin, lines
from frontoffice.crm.models import Activity, Deal, DealLine, Lead, LostReason, Pipeline, Stage
from frontoffice.crm.operations import complete_activity, reopen_deal, take_lead, win_deal


@admin.register(Lead)
class LeadAdmin(ClerkAdmin):
    """Leads, and taking them."""

    list_display = ("name", "company_name", "status", "source", "owner", "created_at")
    list_filter = ("status", "source", "owner")
    list_select_related = ("owner",)
    search_fields = ("name", "company_name", "email", "phone")
    date_hierarchy = "created_at"
    acts = (Act(take_lead, _("Take leads")),)


@admin.register(Deal)
class DealAdmin(ClerkAdmin):
    """Deals with their lines."""

    list_display = ("name", "party", "status", "stage", "amount", "currency", "owner", "expected_close_date")
    list_filter = ("status", "stage", "owner")
    list_select_related = ("party", "stage", "owner")
    search_fields = ("name", "party__name")
    date_hierarchy = "created_at"
    inlines = (lines(DealLine, "position", "product", "description", "quantity", "unit_price", "discount", "amount"),)
    acts = (Act(win_deal, _("Win deals")), Act(reopen_deal, _("Reopen lost deals")))


@admin.register(Activity)
class ActivityAdmin(ClerkAdmin):
    """Activities, and ticking them off."""

    list_display = ("subject", "kind", "party", "deal", "assignee", "due_at", "done_at")
    list_filter = ("kind", "assignee")
    list_select_related = ("party", "deal", "assignee")
    search_fields = ("subject", "party__name", "deal__name")
    acts = (Act(complete_activity, _("Mark as done")),)


@admin.register(Pipeline)
class PipelineAdmin(ClerkAdmin):
    """Pipelines with their stages."""

    list_display = ("name",)
    inlines = (lines(Stage, "position", "name", "probability"),)


@admin.register(LostReason)
class LostReasonAdmin(ClerkAdmin):
    """Why deals are lost."""

    list_display = ("name",)
