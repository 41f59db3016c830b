"""Background jobs: done once, seen by their owner, survived by the next worker, and never silent about a failure."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core.audit.models import Change
from core.errors import Refused
from core.files.models import Attachment
from core.jobs import registry, worker
from core.jobs.models import Job
from core.jobs.operations import JobEnded, NotYourJob, UnknownJob, cancel_job, retry_job, start_job
from core.jobs.registry import job
from core.jobs.work import Work
from core.jobs.worker import claim, run, work_jobs
from core.notifications.models import Notification
from core.parties.models import Party
from core.parties.operations import create_party
from core.people.models import User
from core.people.operations import deactivate_user
from core.people.roles import Role
from tests.factories.ground import make_user
from tests.racing import race


class NothingThere(Refused):
    """A job's business rule."""


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Three kinds of jobs, and what they noticed."""
    noticed: dict[str, Any] = {"runs": 0, "started": Event(), "go_on": Event()}
    monkeypatch.setattr(registry, "KINDS", dict(registry.loaded()))
    monkeypatch.setattr("core.jobs.work.BETWEEN_WRITES", 0.0)

    @job("test.greet", title="Greeting of %(what)s", rights="parties.create_party")
    def greet(work: Work, what: str, times: int = 3) -> None:
        noticed["runs"] += 1
        work.total(times)
        for number in range(times):
            create_party(name=f"{what} {number}", by=work.user)
            work.step(note=f"{what} {number}")
        work.attach("names.csv", b"name\r\n", "text/csv")
        work.result({"text": f"{times} greeted.", "greeted": times})

    @job("test.wait", title="Waiting")
    def wait(work: Work) -> None:
        noticed["runs"] += 1
        work.total(2)
        noticed["started"].set()
        noticed["go_on"].wait(10)
        work.step()
        noticed["finished"] = True

    @job("test.fail", title="Failing")
    def fail(work: Work, *, refused: bool) -> None:
        create_party(name="Before the fall", by=work.user)
        if refused:
            raise NothingThere("There is nothing to count.", fix="Count something else.")
        raise RuntimeError("a secret of the house")

    yield noticed
    noticed["go_on"].set()


@pytest.mark.django_db(transaction=True)
def test_a_job_is_done_in_steps_that_others_see_and_gives_a_file_to_its_owner_only(seller: User, owner: User) -> None:
    started = start_job("test.greet", {"what": "Halo"}, back="/crm/leads/", by=seller)
    assert (started.status, str(started), started.attempts) == ("queued", "Greeting of Halo", 0)
    assert work_jobs() == 1
    ended = Job.objects.get()
    assert (ended.status, ended.done, ended.total, ended.attempts, ended.error, ended.lease_token) == ("done", 3, 3, 1, "", None)
    assert (ended.result, ended.note) == ({"text": "3 greeted.", "greeted": 3}, "Halo 2")
    file = Attachment.objects.get()
    assert (file.kind, file.object_id, file.name, file.size, file.uploaded_by) == ("jobs.job", ended.pk, "names.csv", 6, seller)
    assert [client_of(person).get(f"/files/{file.pk}/").status_code for person in (seller, owner)] == [200, 404]


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_told_once_in_their_language(seller: User) -> None:
    User.objects.filter(pk=seller.pk).update(language="id")
    greeting = start_job("test.greet", {"what": "Halo"}, by=seller)
    failing = start_job("test.fail", {"refused": True}, by=seller)
    work_jobs()
    assert list(Notification.objects.order_by("pk").values_list("user", "text", "url")) == [
        (seller.pk, "3 greeted.", f"/jobs/{greeting.pk}/"),
        (seller.pk, Notification.objects.get(url=f"/jobs/{failing.pk}/").text, f"/jobs/{failing.pk}/"),
    ]
    assert "There is nothing to count. Count something else." in Notification.objects.get(url=f"/jobs/{failing.pk}/").text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("refused", "words", "trace"),
    [
        (True, "There is nothing to count. Count something else.", ""),
        (False, "Something went wrong on our side. IT can see what.", "a secret"),
    ],
)
def test_a_failed_job_keeps_its_reason_in_words_and_the_trace_for_it(seller: User, refused: bool, words: str, trace: str) -> None:
    start_job("test.fail", {"refused": refused}, by=seller)
    work_jobs()
    failed = Job.objects.get()
    assert (failed.status, failed.error) == ("failed", words)
    assert trace in failed.trace
    page = client_of(seller).get(f"/jobs/{failed.pk}/").content.decode()
    assert words in page
    assert "a secret" not in page
    assert ("a secret" in client_of(make_user(Role.IT)).get(f"/jobs/{failed.pk}/").content.decode()) is (not refused)


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_runs_again_when_asked(seller: User, kinds: dict[str, Any]) -> None:
    start_job("test.fail", {"refused": True}, by=seller)
    work_jobs()
    failed = Job.objects.get()
    assert retry_job(failed, by=seller).status == "queued"
    work_jobs()
    assert Job.objects.get().attempts == 1
    assert Party.objects.filter(name="Before the fall").count() == 2
    assert Notification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_was_killed_is_picked_up_again(seller: User) -> None:
    start_job("test.greet", {"what": "Halo"}, by=seller)
    claimed = claim()
    assert claimed is not None
    assert work_jobs() == 0
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert work_jobs() == 1
    assert list(Job.objects.values_list("status", "attempts", "done")) == [("done", 2, 3)]
    assert run(*claimed) == ""
    assert Party.objects.filter(name__startswith="Halo").count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_every_worker_is_given_up(seller: User, kinds: dict[str, Any]) -> None:
    start_job("test.greet", {"what": "Halo"}, by=seller)
    for _attempt in range(worker.MAX_ATTEMPTS):
        assert claim() is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert work_jobs() == 0
    given_up = Job.objects.get()
    assert (given_up.status, given_up.error) == ("failed", "The worker stopped in the middle of it 3 times.")
    assert kinds["runs"] == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_run_each_job_once(seller: User, kinds: dict[str, Any], settings: Any) -> None:
    settings.JOBS_AT_ONCE = 8
    for number in range(8):
        start_job("test.greet", {"what": f"No. {number}", "times": 2}, by=seller)
    race(*[work_jobs] * 4)
    assert kinds["runs"] == 8
    assert Party.objects.filter(name__startswith="No. ").count() == 16
    assert set(Job.objects.values_list("status", "attempts")) == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_jobs_leave_room_for_the_deliveries(seller: User, settings: Any) -> None:
    settings.JOBS_AT_ONCE = 2
    for _number in range(3):
        start_job("test.greet", {"what": "Halo"}, by=seller)
    assert [claim() is not None for _turn in range(3)] == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_a_running_job_stops_at_its_next_step_when_cancelled(seller: User, kinds: dict[str, Any]) -> None:
    start_job("test.wait", {}, by=seller)
    thread = Thread(target=work_and_leave)
    thread.start()
    assert kinds["started"].wait(10)
    running = Job.objects.get()
    assert (running.status, running.total) == ("running", 2)
    cancel_job(running, by=seller)
    kinds["go_on"].set()
    thread.join(10)
    assert Job.objects.get().status == "cancelled"
    assert "finished" not in kinds
    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_lease_of_a_long_job_is_renewed(seller: User, kinds: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0.05)
    start_job("test.wait", {}, by=seller)
    thread = Thread(target=work_and_leave)
    thread.start()
    assert kinds["started"].wait(10)
    soon = timezone.now() + timedelta(seconds=1)
    Job.objects.update(lease_until=soon)
    for _look in range(100):
        if Job.objects.filter(lease_until__gt=soon).exists():
            break
        Event().wait(0.05)
    assert Job.objects.filter(lease_until__gt=soon).exists()
    kinds["go_on"].set()
    thread.join(10)
    assert Job.objects.get().status == "done"


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_by_its_owner_or_it_and_nobody_else(seller: User, accountant: User) -> None:
    waiting = start_job("test.greet", {"what": "Halo"}, by=seller)
    with pytest.raises(NotYourJob):
        cancel_job(waiting, by=accountant)
    assert Job.objects.get().status == "queued"
    cancel_job(waiting, by=make_user(Role.IT))
    with pytest.raises(JobEnded):
        cancel_job(waiting, by=seller)
    assert work_jobs() == 0
    assert Job.objects.get().status == "cancelled"


@pytest.mark.django_db
def test_who_lost_the_right_meanwhile_gets_nothing_done(seller: User, owner: User) -> None:
    start_job("test.greet", {"what": "Halo"}, by=seller)
    deactivate_user(seller, by=owner)
    work_jobs()
    assert (Job.objects.get().status, Party.objects.filter(name__startswith="Halo").count()) == ("failed", 0)


@pytest.mark.django_db
def test_a_kind_nobody_declared_is_not_started_and_one_of_a_newer_release_waits(seller: User) -> None:
    with pytest.raises(UnknownJob):
        start_job("test.nothing", {}, by=seller)
    Job.objects.create(kind="test.newer", user=seller)
    assert work_jobs() == 0
    assert list(Job.objects.values_list("kind", "status")) == [("test.newer", "queued")]


@pytest.mark.django_db
def test_the_trail_keeps_how_a_job_began_and_ended_but_not_every_step(seller: User) -> None:
    start_job("test.greet", {"what": "Halo", "times": 50}, by=seller)
    work_jobs()
    trail = Change.objects.filter(table="jobs_job").order_by("pk")
    assert [change.action for change in trail] == ["INSERT", "UPDATE", "UPDATE"]
    assert [change.actor_id for change in trail] == [seller.pk, None, seller.pk]


@pytest.mark.django_db
def test_everybody_sees_their_own_jobs_and_it_sees_all(seller: User, accountant: User) -> None:
    mine = start_job("test.greet", {"what": "Halo"}, by=seller)
    assert [client_of(person).get(f"/jobs/{mine.pk}/").status_code for person in (seller, accountant, make_user(Role.IT))] == [
        200,
        404,
        200,
    ]
    assert "Greeting of Halo" in client_of(seller).get("/jobs/").content.decode()
    assert "Greeting of Halo" not in client_of(accountant).get("/jobs/").content.decode()
    assert client_of(accountant).post(f"/jobs/{mine.pk}/cancel/").status_code == 404
    assert client_of(seller).post(f"/jobs/{mine.pk}/cancel/").status_code == 302
    assert Job.objects.get().status == "cancelled"


@pytest.mark.django_db
def test_the_api_reads_and_cancels_ones_own_jobs(seller: User, accountant: User) -> None:
    mine = start_job("test.greet", {"what": "Halo"}, by=seller)
    theirs, api = APIClient(), APIClient()
    theirs.force_authenticate(accountant)
    api.force_authenticate(seller)
    assert api.get("/api/v1/jobs/").json()["results"][0]["title"] == "Greeting of Halo"
    assert theirs.get("/api/v1/jobs/").json()["results"] == []
    assert theirs.post(f"/api/v1/jobs/{mine.pk}/cancel/").status_code == 404
    assert api.post(f"/api/v1/jobs/{mine.pk}/cancel/").json()["status"] == "cancelled"
    again = api.post(f"/api/v1/jobs/{mine.pk}/cancel/")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")


@pytest.mark.django_db(transaction=True)
def test_drain_works_jobs_without_a_worker(seller: User) -> None:
    start_job("test.greet", {"what": "Halo"}, by=seller)
    said = StringIO()
    call_command("drain", stdout=said)
    assert "1 jobs run." in said.getvalue()
    assert Job.objects.get().status == "done"


def work_and_leave() -> None:
    work_jobs()
    connection.close()


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client
