"""Jobs for those who look after the system: to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin
from core.jobs.models import Job
from core.jobs.operations import cancel_job, retry_job


@admin.register(Job)
class JobAdmin(ClerkAdmin):
    """What is done in the background."""

    list_display = ("title", "status", "user", "done", "total", "attempts", "created_at", "finished_at")
    list_filter = ("status", "kind")
    list_select_related = ("user",)
    search_fields = ("kind", "user__name")
    ordering = ("-pk",)
    acts = (Act(cancel_job, _("Cancel")), Act(retry_job, _("Run again")))
