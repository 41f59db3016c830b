"""What was done, and what comes next."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.people.models import User
from frontoffice.crm.events import ActivityDone, ActivityFellDue, ActivityLogged, ActivityReopened
from frontoffice.crm.models import Activity
from frontoffice.crm.operations import complete_activity, log_activity, plan_activity, remind_of_activities, reopen_activity
from frontoffice.crm.operations.activities import DoneAlready, NeverPlanned, NotDone, NothingSaid, WithoutDueTime
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


def test_whoever_has_to_do_a_step_is_reminded_once_when_its_time_has_come(customer, by, told):
    service = User.objects.service()
    step = plan_activity(customer, kind="call", subject="Ring back", due_at=MARCH, by=by)
    later = plan_activity(customer, kind="call", subject="Ring again", due_at=MARCH + timedelta(days=1), by=by)
    done = plan_activity(customer, kind="task", subject="Done early", due_at=MARCH, by=by)
    with clock.at(MARCH - timedelta(hours=1)):
        complete_activity(done, by=by)
        assert remind_of_activities(by=service) == 0
    with clock.at(MARCH + timedelta(minutes=1)):
        assert (remind_of_activities(by=service), remind_of_activities(by=service)) == (1, 0)
    assert told(ActivityFellDue) == [
        ActivityFellDue(activity_id=step.pk, assignee_id=by.pk, subject="Ring back", about="PT Fajar Teknologi", due_at=MARCH)
    ]
    step.refresh_from_db()
    later.refresh_from_db()
    assert (step.reminded_at, later.reminded_at) == (MARCH + timedelta(minutes=1), None)


def test_many_reminders_are_written_in_portions_the_longest_due_first(customer, by, told):
    for days in (1, 3, 2):
        plan_activity(customer, kind="call", subject=f"{days} days", due_at=MARCH - timedelta(days=days), by=by)
    with clock.at(MARCH):
        assert [remind_of_activities(by=by, most=2) for _ in range(3)] == [2, 1, 0]
    assert sorted(fact.subject for fact in told(ActivityFellDue)[:2]) == ["2 days", "3 days"]


def test_what_was_ticked_off_by_mistake_is_to_do_again(customer, by, told):
    step = complete_activity(plan_activity(customer, kind="task", subject="Call", due_at=MARCH, by=by), by=by)
    step = reopen_activity(step, by=by)
    assert (step.done_at, step.due_at) == (None, MARCH)
    assert told(ActivityReopened) == [
        ActivityReopened(activity_id=step.pk, party_id=customer.pk, deal_id=None, lead_id=None, kind="task", subject="Call")
    ]
    with pytest.raises(NotDone, match="Call is not done"):
        reopen_activity(step, by=by)


def test_what_was_only_noted_is_never_to_do(customer, by, told):
    call = log_activity(customer, kind="call", subject="Rang", by=by)
    with pytest.raises(NeverPlanned, match="Rang was noted after it was done"):
        reopen_activity(call, by=by)
    call.refresh_from_db()
    assert call.is_done
    assert told(ActivityReopened) == []
