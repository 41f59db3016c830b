"""The page of one job, and everybody's list of theirs."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from core import clock
from core.files.ageing import kept_until
from core.files.models import Attachment
from core.jobs.models import Job
from core.jobs.operations import cancel_job, retry_job
from core.people.models import User
from core.web import ui


def progress_of(job: Job) -> str:
    """How far it is, in words."""
    if job.total:
        return f"{ui.figures.quantity(job.done)} / {ui.figures.quantity(job.total)}"
    return ui.figures.quantity(job.done) if job.done else ""


class OneOfTheirs(ui.Screen):
    """Open to whoever works here: it shows only what is one's own, or all of it to those who look after the system."""

    @classmethod
    def needed_permission(cls) -> str:
        """None of its own."""
        return ""

    @classmethod
    def may_open(cls, user: User) -> bool:
        """Whoever has any role at all."""
        return user.is_active and bool(user.get_all_permissions())


class Jobs(OneOfTheirs, ui.ListScreen):
    """What was or is being done in the background."""

    model = Job
    route = ""
    name = "jobs"
    title = _("My jobs")
    hint = _("Exports, imports and other work that goes on in the background.")
    columns = (
        ui.Text("title", _("Job")),
        ui.Status("status", _("State")),
        ui.Custom(progress_of, _("Progress"), draw=progress_of),
        ui.Person("user", _("For")),
        ui.Moment("created_at", _("Asked for"), sort="created_at"),
        ui.Moment("finished_at", _("Ended"), sort="finished_at", muted=True),
    )
    related = ("user",)
    segments = (
        ui.Segment("mine", _("Mine"), lambda rows: rows),
        ui.Segment("open", _("Under way"), "unfinished"),
        ui.Segment("failed", _("Failed"), lambda rows: rows.filter(status=Job.Status.FAILED)),
    )
    order = ("-pk",)
    empty = ui.Empty(
        _("Long work, such as an export or an import, is done in the background and shows here."),
        "hourglass",
        "imports:new",
        _("New import"),
    )

    @classmethod
    def list_kind(cls) -> str:
        """The list jobs stand in, although it has no line of its own in the side bar."""
        return cls.kind()

    def queryset(self) -> QuerySet[Any]:
        """Mine; everybody's on "All" for those who look after the system."""
        rows = super().queryset()
        return rows.filter(user=self.user) if self.segment == "mine" else rows


def panel(job: Job, user: User) -> dict[str, Any]:
    """What the page says about it."""
    mine = job.user_id == user.pk
    until = kept_until(job.finished_at)
    onward = str(job.result.get("url") or "")
    return {
        "job": job,
        "files": Attachment.objects.filter(kind="jobs.job", object_id=job.pk).order_by("pk") if mine else (),
        "facts": [
            (name, value) for name, value in job.result.items() if name not in {"url", "text"} and not isinstance(value, dict | list)
        ],
        "files_until": ui.figures.day_and_time(until) if until else "",
        "files_gone": mine and job.status == Job.Status.DONE and until is not None and until < clock.now(),
        "onward": onward if url_has_allowed_host_and_scheme(onward, allowed_hosts=None) else "",
        "back": job.back if url_has_allowed_host_and_scheme(job.back, allowed_hosts=None) else "",
        "may_cancel": job.is_open and (mine or user.has_perm("jobs.cancel_job")),
        "may_retry": job.status == Job.Status.FAILED and (mine or user.has_perm("jobs.retry_job")),
        "trace": job.trace if user.has_perm("jobs.view_job") else "",
    }


class JobRecord(OneOfTheirs, ui.RecordScreen):
    """One job: how far it is, what came out of it, what went wrong."""

    model = Job
    route = ""
    name = "job"
    related = ("user",)
    remarks = (ui.Person("user"), ui.Moment("created_at"))
    sections = (
        ui.Panel(title=_("Progress"), body="jobs/_job.html", values=panel),
        ui.Facts(
            cells=(
                ui.Text("kind", _("Kind")),
                ui.Moment("created_at", _("Asked for")),
                ui.Moment("started_at", _("Begun")),
                ui.Moment("finished_at", _("Ended")),
                ui.Number("attempts", _("Attempts")),
            )
        ),
    )


class JobVerb(OneOfTheirs):
    """A button on a job's page."""

    title = _("Job")

    def job(self) -> Job:
        """The job, if this person may see it."""
        return get_object_or_404(Job.objects.visible_to(self.user), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking changes nothing: on to the page."""
        return redirect("jobs:job", kwargs["pk"])


class Cancel(JobVerb):
    """Stops a job."""

    route = "<int:pk>/cancel"
    name = "job-cancel"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stop it, and stay on its page."""
        job = cancel_job(self.job(), by=self.user)
        return redirect(reverse("jobs:job", args=[job.pk]))


class Retry(JobVerb):
    """Runs a failed job again."""

    route = "<int:pk>/retry"
    name = "job-retry"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put it back among those that wait."""
        job = retry_job(self.job(), by=self.user)
        return redirect(reverse("jobs:job", args=[job.pk]))
