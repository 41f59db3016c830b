"""The screens of leads, deals and activities, as a seller uses them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core import clock
from core.people.models import User
from frontoffice.crm.models import Activity, Deal, Lead
from frontoffice.crm.operations import lose_deal, lose_lead, plan_activity, win_deal
from tests.factories.crm import lost_reason, make_deal, make_lead, make_pipeline
from tests.factories.ground import make_product


@pytest.fixture
def page(client: Client, by: User, company: Any) -> Client:
    """A seller's browser."""
    make_pipeline()
    client.force_login(by)
    return client


def grid(*rows: dict[str, Any]) -> dict[str, Any]:
    """The rows of a line grid as the browser sends them."""
    data = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0, "lines-MIN_NUM_FORMS": 0, "lines-MAX_NUM_FORMS": 1000}
    return data | {f"lines-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}


def test_a_lead_is_noted_taken_and_converted_on_its_pages(page, by):
    answer = page.post("/crm/leads/new/", {"name": "Bagus Prakoso", "company_name": "PT Cakra Media", "source": "web"})
    lead = Lead.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/crm/leads/{lead.pk}/")
    assert "Bagus Prakoso" in page.get("/crm/leads/").content.decode()

    page.post(f"/crm/leads/{lead.pk}/take/")
    answer = page.post(f"/crm/leads/{lead.pk}/convert/", {"deal_name": "Desks", "estimate": "95.000.000"})
    lead.refresh_from_db()
    assert (lead.status, lead.owner, lead.deal.name, lead.deal.amount) == ("converted", by, "Desks", Decimal(95_000_000))
    assert answer.url == f"/crm/deals/{lead.deal_id}/"
    shown = page.get(f"/crm/leads/{lead.pk}/").content.decode()
    assert f"/crm/deals/{lead.deal_id}/" in shown
    assert "/edit/" not in shown


def test_a_lead_is_edited_and_given_up(page):
    lead = make_lead()
    assert page.post(f"/crm/leads/{lead.pk}/edit/", {"name": "Bagus P.", "source": "event"}).status_code == 302
    assert page.post(f"/crm/leads/{lead.pk}/lose/", {"reason": ""}).status_code == 422
    page.post(f"/crm/leads/{lead.pk}/lose/", {"reason": "No budget"})
    lead.refresh_from_db()
    assert (lead.name, lead.status, lead.lost_because) == ("Bagus P.", "lost", "No budget")


def test_what_was_done_to_many_leads_is_undone(page, seller, by):
    own, nobodys = make_lead(owner=seller), make_lead(name="Wati")
    done = page.post("/crm/leads/bulk/take/", {"pk": [own.pk, nobodys.pk]})
    assert set(Lead.objects.values_list("status", "owner")) == {("working", by.pk)}
    page.post("/crm/leads/bulk/take/", {"undo": done.context["undo_token"]})
    assert dict(Lead.objects.values_list("pk", "owner")) == {own.pk: seller.pk, nobodys.pk: None}
    assert set(Lead.objects.values_list("status", flat=True)) == {"new"}

    done = page.post("/crm/leads/bulk/lose/", {"pk": [nobodys.pk], "sure": "1", "reason": "Spam"})
    page.post("/crm/leads/bulk/lose/", {"undo": done.context["undo_token"]})
    nobodys.refresh_from_db()
    assert (nobodys.status, nobodys.lost_because) == ("working", "")


def test_next_steps_ticked_off_together_are_undone_together(page, customer, by):
    step = plan_activity(customer, kind="task", subject="Call", due_at=clock.now() + timedelta(days=1), by=by)
    done = page.post("/crm/activities/bulk/complete/", {"pk": [step.pk], "sure": "1"})
    assert Activity.objects.get().is_done
    page.post("/crm/activities/bulk/complete/", {"undo": done.context["undo_token"]})
    assert not Activity.objects.get().is_done


def test_a_deal_is_opened_with_lines_and_edited(page, customer, desk):
    answer = page.post(
        "/crm/deals/new/",
        {"name": "Meeting room", "party": customer.pk} | grid({"product": desk.pk, "quantity": "4", "discount": "5"}, {"quantity": "1"}),
    )
    deal = Deal.objects.get()
    assert answer.url == f"/crm/deals/{deal.pk}/"
    assert (deal.amount, deal.lines.get().discount) == (Decimal(18_050_000), Decimal("0.05"))

    assert "Standing desk 140" in page.get(f"/crm/deals/{deal.pk}/edit/").content.decode()
    page.post(
        f"/crm/deals/{deal.pk}/edit/",
        {"name": "Meeting room", "party": customer.pk} | grid({"description": "Cable work", "quantity": "2", "unit_price": "750000"}),
    )
    deal.refresh_from_db()
    assert [(line.description, line.quantity) for line in deal.lines.all()] == [("Cable work", 2)]
    assert deal.amount == Decimal(1_500_000)


def test_lines_nobody_touched_stay_on_the_deal(page, customer, desk, lamp):
    deal = make_deal(customer, [(desk, 2), (lamp, 1)])
    rows = [
        {
            "product": line.product_id,
            "description": line.description,
            "quantity": "2",
            "unit_price": f"{line.unit_price:.0f}",
            "discount": "0",
        }
        for line in deal.lines.all()
    ]
    address = f"/crm/deals/{deal.pk}/edit/"
    sent = {"name": deal.name, "party": customer.pk} | grid(*rows) | {"lines-INITIAL_FORMS": 2}
    shown = page.post(f"{address}?preview", sent).content.decode().replace(",", ".")
    assert "9.500.000" in shown
    assert page.post(address, sent).status_code == 302
    assert [(line.description, line.quantity) for line in deal.lines.all()] == [("Standing desk 140", 2), ("LED desk lamp", 2)]


def test_what_is_typed_is_kept_when_a_deal_is_refused(page, customer):
    answer = page.post(
        "/crm/deals/new/", {"name": "Meeting room", "party": customer.pk} | grid({"description": "Cable work", "quantity": "2"})
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Cable work has no price. Enter a unit price." in shown
    assert "Meeting room" in shown
    assert not Deal.objects.exists()


def test_stock_and_credit_are_seen_while_typing(page, customer, desk, back_office):
    back_office.available[desk.pk] = Decimal(3)
    back_office.limit, back_office.used = Decimal(20_000_000), Decimal(5_000_000)
    shown = page.post(
        "/crm/deals/new/?preview", {"name": "Meeting room", "party": customer.pk} | grid({"product": desk.pk, "quantity": "4"})
    ).content.decode()
    assert "Rp\xa019.000.000" in shown.replace("&nbsp;", "\xa0") or "Rp\xa019,000,000" in shown
    assert "Standing desk 140: only 3" in shown
    assert "The order will wait on hold until it is released." in shown
    assert not Deal.objects.exists()


def test_the_board_moves_a_card(page, customer):
    deal = make_deal(customer)
    demo = make_pipeline()[1]
    assert deal.name in page.get("/crm/deals/board/").content.decode()
    page.post("/crm/deals/board/move/", {"card": deal.pk, "lane": demo.pk})
    deal.refresh_from_db()
    assert deal.stage == demo


def test_a_deal_is_won_on_its_page(page, customer, desk):
    deal = make_deal(customer, [(desk, 2)])
    assert page.get(f"/crm/deals/{deal.pk}/win/").status_code == 200
    page.post(f"/crm/deals/{deal.pk}/win/")
    deal.refresh_from_db()
    assert deal.status == "won"
    shown = page.get(f"/crm/deals/{deal.pk}/").content.decode()
    assert f"/crm/deals/{deal.pk}/edit/" not in shown
    assert f"/crm/deals/{deal.pk}/win/" not in shown


def test_a_deal_without_lines_says_what_is_missing(page, customer):
    deal = make_deal(customer)
    assert "Add what the customer buys first." in page.get(f"/crm/deals/{deal.pk}/").content.decode()
    answer = page.post(f"/crm/deals/{deal.pk}/win/", follow=True)
    assert "has no lines" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.status == "open"


def test_a_deal_is_lost_and_reopened_on_its_page(page, customer):
    deal = make_deal(customer)
    page.post(f"/crm/deals/{deal.pk}/lose/", {"reason": lost_reason().pk, "note": "Cheaper elsewhere"})
    deal.refresh_from_db()
    assert (deal.status, deal.lost_note) == ("lost", "Cheaper elsewhere")
    page.post(f"/crm/deals/{deal.pk}/reopen/")
    deal.refresh_from_db()
    assert deal.status == "open"


def test_activities_are_logged_planned_and_done_on_their_pages(page, customer, by):
    deal = make_deal(customer)
    page.post(f"/crm/deals/{deal.pk}/log-activity/", {"kind": "call", "subject": "Asked for a discount"})
    page.post(f"/crm/deals/{deal.pk}/plan-activity/", {"kind": "task", "subject": "Send the offer", "due_at": "2026-03-02T10:00"})
    answer = page.post("/crm/activities/new/", {"about": customer.pk, "kind": "meeting", "subject": "Visit", "due_at": "2026-03-03T10:00"})
    assert answer.status_code == 302
    assert Activity.objects.planned().count() == 2
    shown = page.get(f"/crm/deals/{deal.pk}/").content.decode()
    assert "Asked for a discount" in shown
    assert "Send the offer" in shown

    step = Activity.objects.get(subject="Send the offer")
    assert "Send the offer" in page.get("/crm/activities/").content.decode()
    page.post(f"/crm/activities/{step.pk}/complete/", {"outcome": "Sent"})
    step.refresh_from_db()
    assert (step.is_done, step.body) == (True, "Sent")
    gone = page.post(f"/crm/activities/{step.pk}/remove/")
    assert (gone.url, Activity.objects.filter(pk=step.pk).exists()) == (f"/crm/deals/{deal.pk}/", False)


def test_home_shows_what_waits_for_the_seller(page, customer, by):
    deal = make_deal(customer, estimate=Decimal(30_000_000), owner=by)
    plan_activity(deal, kind="call", subject="Call Sari", due_at=clock.now() - timedelta(hours=1), by=by)
    make_lead(name="Wati Kusuma")
    shown = page.get("/").content.decode()
    assert "Call Sari" in shown
    assert "Wati Kusuma" in shown
    assert "Open pipeline" in shown


def test_the_number_of_queries_does_not_grow_with_the_rows(page, customer, desk, by, django_assert_max_num_queries):
    others = [make_product(f"SKU-{number}") for number in range(8)]
    for number in range(8):
        deal = make_deal(customer, [(product, 1) for product in others], name=f"Deal {number}", owner=by)
        plan_activity(deal, kind="call", subject="Call", due_at=clock.now(), by=by)
        make_lead(name=f"Lead {number}", owner=by)
    win_deal(make_deal(customer, [(desk, 1)], name="Won"), by=by)
    lose_deal(make_deal(customer, name="Lost"), reason=lost_reason(), by=by)
    for address in (
        "/crm/leads/",
        "/crm/deals/",
        "/crm/deals/board/",
        "/crm/activities/",
        f"/crm/deals/{deal.pk}/",
        f"/crm/deals/{deal.pk}/edit/",
    ):
        with django_assert_max_num_queries(40):
            assert page.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/crm/leads/", "/crm/deals/", "/crm/deals/board/", "/crm/activities/", "/crm/deals/new/"])
def test_a_storekeeper_has_no_business_here(client, storekeeper, address):
    client.force_login(storekeeper)
    assert client.get(address).status_code == 403


def test_an_auditor_sees_everything_and_changes_nothing(client, auditor, customer, desk):
    deal = make_deal(customer, [(desk, 1)])
    client.force_login(auditor)
    shown = client.get(f"/crm/deals/{deal.pk}/").content.decode()
    assert "Standing desk 140" in shown
    assert f"/crm/deals/{deal.pk}/win/" not in shown
    assert client.post(f"/crm/deals/{deal.pk}/win/").status_code == 403
    deal.refresh_from_db()
    assert deal.status == "open"


def test_a_list_that_starts_with_the_open_ones_teaches_where_there_is_nothing_at_all(page: Client, by: User) -> None:
    assert page.get("/crm/leads/").context["narrowed"] is False
    lose_lead(make_lead(by=by), by=by, reason="no budget")
    assert page.get("/crm/leads/").context["narrowed"] is True


def test_a_deal_with_many_steps_counts_once_in_the_sum(page, by, customer, desk):
    deal = make_deal(customer, [(desk, 2)])
    for day in (1, 2, 3):
        plan_activity(deal, kind="call", subject="Call", due_at=clock.now() + timedelta(days=day), by=by)
    answer = page.get("/crm/deals/")
    assert answer.context["totals"] == ["Rp\N{NO-BREAK SPACE}9.500.000"]
    (group,) = page.get("/crm/deals/?group=status").context["groups"]
    assert (group.count, group.sum_texts()) == (1, ["Rp\N{NO-BREAK SPACE}9.500.000"])
