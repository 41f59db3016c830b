"""Telling somebody that their job came to an end."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.jobs.models import Job
from core.jobs.registry import loaded
from core.notifications.operations import notify
from core.people.reading import as_read_by


def tell_the_owner(job: Job) -> None:
    """A notification in their language, in the transaction that ends the job; none for kinds that tell on their own."""
    kind = loaded().get(job.kind)
    if kind is not None and not kind.tells:
        return
    with as_read_by(job.user):
        if job.status == Job.Status.DONE:
            words = job.result.get("text") or _("%(job)s is ready.") % {"job": job}
        else:
            words = _("%(job)s failed: %(reason)s") % {"job": job, "reason": job.error}
        icon = kind.icon if kind is not None and job.status == Job.Status.DONE else "circle-alert"
        notify(job.user, words, url=reverse("jobs:job", args=[job.pk]), icon=icon, key=f"job-{job.pk}-{job.attempts}-{job.status}")
