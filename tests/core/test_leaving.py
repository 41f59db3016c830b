"""Somebody leaves: their access ends at once, everywhere, and nothing goes on in their name."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.files.models import Attachment
from core.files.operations import attach
from core.jobs import registry
from core.jobs.models import Job
from core.jobs.operations import start_job
from core.jobs.registry import job
from core.jobs.work import Work
from core.jobs.worker import work_jobs
from core.notes.operations import write_note
from core.notifications.models import Notification
from core.people.models import User
from core.people.operations import deactivate_user
from core.people.roles import Role
from core.tokens.models import Token
from core.tokens.operations import issue_token
from frontoffice.crm.operations import create_lead, update_lead
from integration.delivery import drain
from tests.factories.crm import make_deal, make_lead
from tests.factories.ground import make_customer, make_user


@pytest.fixture
def leaver(seller: User) -> User:
    """Dewi, on her last day."""
    return seller


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch, owner: User) -> dict[str, Any]:
    """A job in the middle of which its person leaves."""
    noticed: dict[str, Any] = {"after": 0}
    monkeypatch.setattr(registry, "KINDS", dict(registry.loaded()))
    monkeypatch.setattr("core.jobs.work.BETWEEN_WRITES", 0.0)

    @job("test.last_day", title="Last day")
    def last_day(work: Work) -> None:
        work.total(2)
        deactivate_user(work.user, by=owner)
        work.step()
        noticed["after"] += 1
        work.attach("customers.csv", b"all of them", "text/csv")

    return noticed


def test_every_session_on_every_device_ends(leaver: User, owner: User) -> None:
    desk, phone = Client(), Client()
    for device in (desk, phone):
        device.force_login(leaver)
        assert device.get("/sales/orders/").status_code == 200
    deactivate_user(leaver, by=owner)
    for device in (desk, phone):
        assert device.get("/sales/orders/").status_code == 302
        assert device.get("/api/v1/orders/").status_code == 401
        assert device.get("/admin/parties/party/").status_code == 302


def test_a_live_page_and_a_half_filled_form_are_shut_too(leaver: User, owner: User, client: Client) -> None:
    deal = make_deal(make_customer(), owner=leaver)
    client.force_login(leaver)
    address = f"/crm/deals/{deal.pk}/"
    assert client.get(address).status_code == 200
    deactivate_user(leaver, by=owner)
    live = client.get(address, headers={"HX-Request": "true"})
    assert (live.status_code, deal.name in live.content.decode()) == (403, False)
    assert client.post(f"{address}edit/", {"name": "Mine"}, headers={"HX-Request": "true"}).status_code == 403
    assert client.get("/counters/").status_code == 302
    deal.refresh_from_db()
    assert deal.name != "Mine"


def test_tokens_die(leaver: User, owner: User, client: Client) -> None:
    _row, token = issue_token(name="Till", by=leaver)
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/orders/", headers=bearer).status_code == 200
    deactivate_user(leaver, by=owner)
    assert client.get("/api/v1/orders/", headers=bearer).status_code == 401
    assert not Token.objects.living().filter(user=leaver).exists()


def test_a_session_or_a_token_that_was_kept_aside_is_worth_nothing(leaver: User, owner: User, client: Client) -> None:
    """Behind the operation's back, as from a backup: who may not come in does not come in, whatever they hold."""
    deactivate_user(leaver, by=owner)
    client.force_login(leaver)
    _row, token = Token.objects.issue(leaver, "Kept aside", days=1, scopes=[], made_by=owner)
    assert client.get("/sales/orders/").status_code == 302
    assert client.get("/api/v1/orders/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert leaver.get_all_permissions() == set() or not User.objects.get(pk=leaver.pk).has_perm("sales.view_order")


def test_what_waits_to_run_for_them_is_cancelled(leaver: User, owner: User) -> None:
    waiting = start_job("list.export", {"screen": "crm:deals", "query": "", "kind": "csv"}, by=leaver)
    other = start_job("list.export", {"screen": "crm:deals", "query": "", "kind": "csv"}, by=owner)
    deactivate_user(leaver, by=owner)
    drain()
    assert list(Job.objects.filter(pk__in=[waiting.pk, other.pk]).order_by("pk").values_list("status", flat=True)) == [
        "cancelled",
        "queued",
    ]


@pytest.mark.django_db(transaction=True)
def test_what_runs_for_them_stops_at_its_next_step_and_leaves_no_file(kinds: dict[str, Any], leaver: User) -> None:
    running = start_job("test.last_day", {}, by=leaver)
    work_jobs()
    running.refresh_from_db()
    assert (kinds["after"], Attachment.objects.filter(kind="jobs.job", object_id=running.pk).count()) == (0, 0)
    assert running.status != "done"


def test_files_they_were_given_are_out_of_reach(leaver: User, owner: User, client: Client) -> None:
    deal = make_deal(make_customer(), owner=leaver)
    file = attach("crm.deal", deal.pk, SimpleUploadedFile("plan.txt", b"words"), by=leaver)
    client.force_login(leaver)
    assert client.get(f"/files/{file.pk}/").status_code == 200
    deactivate_user(leaver, by=owner)
    assert client.get(f"/files/{file.pk}/").status_code == 302
    assert client.get(f"/api/v1/attachments/{file.pk}/download/").status_code == 401


def test_nothing_more_is_told_to_them(leaver: User, owner: User) -> None:
    lead = make_lead(owner=leaver, by=owner)
    deactivate_user(leaver, by=owner)
    Notification.objects.filter(user=leaver).delete()
    write_note("crm.lead", lead.pk, f"@{leaver.name} are you there?", by=owner)
    create_lead(name="New", company_name="CV New", email="", owner=leaver, by=owner)
    update_lead(lead, note="Changed", by=owner)
    drain()
    assert not Notification.objects.filter(user=leaver).exists()
    assert leaver not in User.objects.who_may("sales.view_order")
    assert leaver not in User.objects.in_role(Role.SALES)


def test_who_stays_keeps_working(leaver: User, owner: User) -> None:
    colleague, client = make_user(Role.STOREKEEPER), Client()
    client.force_login(colleague)
    deactivate_user(leaver, by=owner)
    assert client.get("/inventory/stock/").status_code == 200
