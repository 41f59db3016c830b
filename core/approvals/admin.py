"""What waits for a second person, and where one is demanded, for clerks: to look at, to approve, to withdraw, to switch."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin
from core.approvals.models import Approval, SecondPerson
from core.approvals.operations import approve_request, demand_second, waive_second, withdraw_request


@admin.register(Approval)
class ApprovalAdmin(ClerkAdmin):
    """What waits, and what was decided; who declines says why on its page. Who may approve which says the operation itself."""

    list_display = ("title", "subject", "status", "asked_by", "asked_at", "decided_by", "decided_at")
    list_filter = ("status", "operation")
    list_select_related = ("asked_by", "decided_by")
    search_fields = ("subject", "words", "asked_by__name")
    ordering = ("-pk",)
    fields = (
        "title",
        "operation",
        "subject",
        "status",
        "words",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
        "declined_because",
        "version",
    )
    acts = (
        Act(approve_request, _("Approve"), sensitive=True, permission="approvals.view_approval"),
        Act(withdraw_request, _("Withdraw"), permission="approvals.view_approval"),
    )


@admin.register(SecondPerson)
class SecondPersonAdmin(ClerkAdmin):
    """Where a second person is demanded."""

    list_display = ("__str__", "operation", "demanded", "updated_at")
    list_filter = ("demanded",)
    search_fields = ("operation",)
    ordering = ("operation",)
    acts = (
        Act(demand_second, _("Demand a second person"), sensitive=True),
        Act(waive_second, _("Do without"), sensitive=True),
    )
