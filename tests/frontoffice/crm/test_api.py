"""Leads, deals and activities through the API, with a token."""

import pytest
from rest_framework.test import APIClient

from frontoffice.crm.models import Deal, Lead
from tests.factories.crm import lost_reason, make_deal, make_lead, make_pipeline
from tests.factories.programs import api_of

ROOT = "/api/v1"


def test_from_a_lead_to_a_won_deal(api, company, desk, lamp, told):
    stages = make_pipeline()
    lead = api.post(f"{ROOT}/leads/", {"name": "Bagus Prakoso", "company_name": "PT Cakra Media", "source": "web"}).json()
    assert (lead["status"], lead["source"]) == ("new", "web")
    assert api.patch(f"{ROOT}/leads/{lead['id']}/", {"phone": "+62 811 1234"}).json()["phone"] == "+62 811 1234"
    assert api.post(f"{ROOT}/leads/{lead['id']}/take/").json()["status"] == "working"
    deal = api.post(f"{ROOT}/leads/{lead['id']}/convert/", {"deal_name": "Desks", "estimate": "1000000.50"}).json()
    assert (deal["name"], deal["amount"], deal["party_name"], deal["stage_name"]) == (
        "Desks",
        "1000000.5000",
        "PT Cakra Media",
        "Qualified",
    )

    at = f"{ROOT}/deals/{deal['id']}"
    assert api.post(f"{at}/move/", {"stage": stages[2].pk}).json()["stage_name"] == "Proposal"
    deal = api.post(f"{at}/add-line/", {"product": desk.pk, "quantity": "2"}).json()
    assert deal["lines"][0]["unit_price"] == "4750000.000000"
    line = deal["lines"][0]["id"]
    assert api.post(f"{at}/change-line/", {"line": line, "discount": "0.1"}).json()["amount"] == "8550000.0000"
    deal = api.post(f"{at}/add-line/", {"product": lamp.pk}).json()
    assert api.post(f"{at}/remove-line/", {"line": deal["lines"][1]["id"]}).json()["amount"] == "8550000.0000"
    assert api.post(f"{at}/win/").json()["status"] == "won"

    refused = api.post(f"{at}/win/")
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert "is won and cannot become won" in refused.json()["detail"]
    assert [type(event).__name__ for event in told()][-1] == "DealWon"


def test_a_deal_with_its_lines_in_one_call(api, customer, desk):
    make_pipeline()
    answer = api.post(
        f"{ROOT}/deals/",
        {
            "name": "Meeting room",
            "party": customer.pk,
            "lines": [{"product": desk.pk, "quantity": "4"}, {"description": "Cable work", "unit_price": "750000"}],
        },
        format="json",
    )
    assert answer.status_code == 201
    deal = answer.json()
    assert (deal["amount"], len(deal["lines"]), deal["currency"]) == ("19750000.0000", 2, "IDR")

    deal = api.patch(f"{ROOT}/deals/{deal['id']}/", {"name": "Board room", "lines": [{"product": desk.pk}]}, format="json").json()
    assert (deal["name"], deal["amount"]) == ("Board room", "4750000.0000")
    assert api.patch(f"{ROOT}/deals/{deal['id']}/", {"note": "Urgent"}).json()["amount"] == "4750000.0000"


def test_a_deal_is_lost_and_reopened(api, customer):
    deal = make_deal(customer)
    reasons = api.get(f"{ROOT}/lost-reasons/").json()
    assert lost_reason().name in str(reasons)
    answer = api.post(f"{ROOT}/deals/{deal.pk}/lose/", {"reason": lost_reason().pk, "note": "Too dear"}).json()
    assert (answer["status"], answer["lost_note"]) == ("lost", "Too dear")
    assert api.post(f"{ROOT}/deals/{deal.pk}/reopen/").json()["status"] == "open"
    assert api.post(f"{ROOT}/deals/{deal.pk}/lose/", {}).status_code == 400


def test_a_line_of_another_deal_is_refused(api, customer, desk):
    one, other = make_deal(customer, [(desk, 1)]), make_deal(customer, [(desk, 1)], name="Other")
    answer = api.post(f"{ROOT}/deals/{one.pk}/remove-line/", {"line": other.lines.get().pk})
    assert answer.status_code == 409
    assert "The line is not on Meeting room furniture." in answer.json()["detail"]
    assert other.lines.count() == 1


def test_activities_are_logged_planned_and_done(api, customer):
    deal, lead = make_deal(customer), make_lead()
    call = api.post(f"{ROOT}/deals/{deal.pk}/log-activity/", {"kind": "call", "subject": "Asked for a discount"}).json()
    assert (call["party"], call["deal"]) == (customer.pk, deal.pk)
    assert api.post(f"{ROOT}/leads/{lead.pk}/log-activity/", {"kind": "note", "subject": "Nice"}).json()["lead"] == lead.pk
    plan = {"kind": "task", "subject": "Send the offer", "due_at": "2026-03-02T10:00:00+07:00"}
    for address in (f"deals/{deal.pk}/plan-activity/", f"leads/{lead.pk}/plan-activity/"):
        assert api.post(f"{ROOT}/{address}", plan).json()["done_at"] is None
    step = api.post(f"{ROOT}/activities/", {"party": customer.pk, **plan}).json()
    done = api.post(f"{ROOT}/activities/{step['id']}/complete/", {"outcome": "Sent"}).json()
    assert (done["body"], done["done_at"] is not None) == ("Sent", True)
    assert len(api.get(f"{ROOT}/activities/?done_at__isnull=true").json()["results"]) == 2
    assert api.get(f"{ROOT}/pipelines/").status_code == 200


def test_a_lead_is_given_up(api):
    lead = make_lead()
    assert api.post(f"{ROOT}/leads/{lead.pk}/lose/", {"reason": "No budget"}).json()["status"] == "lost"
    assert len(api.get(f"{ROOT}/leads/?status=lost").json()["results"]) == 1


@pytest.mark.parametrize(
    ("method", "address"), [("get", "deals/"), ("post", "deals/"), ("get", "leads/"), ("post", "leads/"), ("get", "activities/")]
)
def test_without_the_permission_nothing_is_read_or_done(storekeeper, method, address):
    assert getattr(api_of(storekeeper), method)(f"{ROOT}/{address}").status_code == 403


def test_without_a_token_nobody_comes_in(db):
    assert APIClient().get(f"{ROOT}/deals/").status_code == 401


def test_an_auditor_reads_and_changes_nothing(auditor, customer, desk):
    deal = make_deal(customer, [(desk, 1)])
    program = api_of(auditor)
    assert program.get(f"{ROOT}/deals/{deal.pk}/").json()["amount"] == "4750000.0000"
    for address, body in ((f"deals/{deal.pk}/win/", {}), ("leads/", {"name": "x"}), (f"deals/{deal.pk}/reopen/", {})):
        assert program.post(f"{ROOT}/{address}", body).status_code == 403
    assert (Deal.objects.get().status, Lead.objects.count()) == ("open", 0)


def test_an_activity_noted_by_mistake_is_removed(api, customer, told):
    planned = api.post(
        f"{ROOT}/activities/", {"party": customer.pk, "kind": "call", "subject": "Ring back", "due_at": "2026-12-01T09:00:00Z"}
    )
    at = f"{ROOT}/activities/{planned.json()['id']}/"
    removed = api.post(f"{at}remove/")
    assert (removed.status_code, removed.content) == (204, b"")
    assert api.get(at).status_code == 404
    assert type(told()[-1]).__name__ == "ActivityRemoved"
