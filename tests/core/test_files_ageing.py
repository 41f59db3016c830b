"""Files that are kept for a while only: never too early, never another's, and the page says until when."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from core.files.models import Attachment
from core.files.operations import keep_file
from core.imports.models import ImportRun
from core.imports.operations import match_columns, start_import, upload_table
from core.jobs.models import Job
from core.jobs.worker import work_jobs
from core.people.models import User
from integration.tasks import tidy
from tests.factories.ground import make_customer

TABLE = b"Nama\nCV Melati\n"


def a_job(by: User, days_ago: float, status: str = Job.Status.DONE) -> Job:
    """A job that ended so many days ago, with a file."""
    job = Job.objects.create(kind="list.export", params={"what": "Orders"}, user=by, status=status, finished_at=ended(days_ago))
    keep_file("jobs.job", job.pk, "orders.csv", ContentFile(b"number"), "text/csv", by=by)
    return job


def ended(days_ago: float) -> Any:
    return timezone.now() - timedelta(days=days_ago)


def files_of(kind: str) -> list[int]:
    return list(Attachment.objects.filter(kind=kind).order_by("object_id").values_list("object_id", flat=True))


def test_what_a_job_made_is_removed_after_its_time_and_nothing_else_is(seller: User, django_capture_on_commit_callbacks: Any) -> None:
    old, young, failed = a_job(seller, 31), a_job(seller, 29), a_job(seller, 40, Job.Status.FAILED)
    customer = make_customer()
    keep_file("parties.party", old.pk, "contract.pdf", ContentFile(b"%PDF-"), "application/pdf", by=seller)
    keep_file("parties.party", customer.pk, "contract.pdf", ContentFile(b"%PDF-"), "application/pdf", by=seller)
    stored = {file.object_id: file.file for file in Attachment.objects.filter(kind="jobs.job")}
    with django_capture_on_commit_callbacks(execute=True):
        tidy()
    assert files_of("jobs.job") == [young.pk]
    assert len(files_of("parties.party")) == 2
    assert [stored[job.pk].storage.exists(stored[job.pk].name) for job in (old, young, failed)] == [False, True, False]
    assert Job.objects.count() == 3


def test_files_are_kept_for_ever_where_the_setting_says_so(seller: User, settings: Any) -> None:
    settings.FILES_KEPT_DAYS = 0
    job = a_job(seller, 4000)
    tidy()
    assert files_of("jobs.job") == [job.pk]


def test_the_file_of_an_import_stays_until_the_import_is_over_and_its_time_is_up(seller: User) -> None:
    waiting, done = (upload_table("parties.customer", name="c.csv", content=TABLE, by=seller) for _ in range(2))
    match_columns(done, fields=["name"], existing="update", by=seller)
    work_jobs()
    done.refresh_from_db()
    start_import(done, by=seller)
    work_jobs()
    tidy()
    assert files_of("imports.importrun") == [waiting.pk, done.pk]
    ImportRun.objects.update(imported_at=ended(31))
    ImportRun.objects.filter(pk=waiting.pk).update(imported_at=None)
    tidy()
    assert files_of("imports.importrun") == [waiting.pk]
    assert ImportRun.objects.get(pk=done.pk).rows.count() == 1


@pytest.mark.parametrize(("days", "words"), [(1, "Can be fetched until"), (31, "Files it made are no longer kept.")])
def test_the_page_says_until_when_a_file_can_be_fetched(seller: User, client: Client, days: int, words: str) -> None:
    job = a_job(seller, days)
    tidy()
    client.force_login(seller)
    assert words in client.get(f"/jobs/{job.pk}/").content.decode()
