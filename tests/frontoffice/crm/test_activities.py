"""What was done, and what comes next."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from frontoffice.crm.events import ActivityDone, ActivityLogged
from frontoffice.crm.models import Activity
from frontoffice.crm.operations import complete_activity, log_activity, plan_activity
from frontoffice.crm.operations.activities import DoneAlready, NothingSaid, WithoutDueTime
from tests.factories.crm import make_deal, make_lead

MARCH = datetime(2026, 3, 2, 3, tzinfo=UTC)


def test_a_call_about_a_deal_belongs_to_its_customer(customer, by, told):
    deal = make_deal(customer)
    with clock.at(MARCH):
        call = log_activity(deal, kind="call", subject="Asked for a discount", body="10 % at most", by=by)
    assert (call.party, call.assignee, call.done_at) == (customer, by, MARCH)
    assert told(ActivityLogged) == [
        ActivityLogged(
            activity_id=call.pk,
            party_id=customer.pk,
            deal_id=deal.pk,
            lead_id=None,
            kind="call",
            subject="Asked for a discount",
            body="10 % at most",
        )
    ]


def test_a_next_step_is_due_until_it_is_done(customer, by, seller, told):
    step = plan_activity(customer, kind="task", subject="Send the offer", body="With lamps", due_at=MARCH, by=by)
    with clock.at(MARCH + timedelta(hours=1)):
        assert list(Activity.objects.overdue()) == [step]
        step = complete_activity(step, outcome="Sent by mail", by=by)
    assert (step.done_at, step.body) == (MARCH + timedelta(hours=1), "With lamps\n\nSent by mail")
    assert list(Activity.objects.planned()) == []
    assert list(Activity.objects.done()) == [step]
    assert told() == [
        ActivityDone(
            activity_id=step.pk,
            party_id=customer.pk,
            deal_id=None,
            lead_id=None,
            kind="task",
            subject="Send the offer",
            body="With lamps\n\nSent by mail",
        )
    ]


def test_an_activity_is_done_once(customer, by, told):
    step = complete_activity(plan_activity(customer, kind="task", subject="Call", due_at=MARCH, by=by), by=by)
    with pytest.raises(DoneAlready, match="Call is done already"):
        complete_activity(step, by=by)
    assert len(told(ActivityDone)) == 1


def test_an_activity_says_something_and_a_next_step_has_a_time(customer, by, told):
    with pytest.raises(NothingSaid):
        log_activity(make_lead(), kind="note", subject=" ", by=by)
    with pytest.raises(WithoutDueTime):
        plan_activity(customer, kind="task", subject="Call", due_at=None, by=by)
    assert not Activity.objects.exists()
    assert told(ActivityLogged) == []


def test_whoever_may_not_see_activities_sees_their_own(customer, by, storekeeper):
    own = plan_activity(customer, kind="task", subject="Measure", due_at=MARCH, assignee=storekeeper, by=by)
    log_activity(customer, kind="note", subject="Hm", by=by)
    assert Activity.objects.visible_to(by).count() == 2
    assert list(Activity.objects.visible_to(storekeeper)) == [own]
