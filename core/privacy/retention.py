"""Forgetting by the calendar: what is older than its rule says is wiped or removed, in portions that commit by themselves."""

from datetime import timedelta

from core import clock
from core.db import locked
from core.people.models import User
from core.privacy.erasing import wipe
from core.privacy.models import Erasure, Retention
from core.privacy.registry import Rule, Subject, of_model, rules

PORTION = 200


def sync_rules() -> None:
    """Have a row for every rule, so that everybody sees what is kept for how long. Runs at the end of every ``migrate``."""
    known = set(Retention.objects.values_list("rule", flat=True))
    missing = [rule for rule in rules() if rule.name not in known]
    if missing:
        with locked(by=User.objects.service()):
            for rule in missing:
                Retention.objects.create(rule=rule.name, days=rule.days)


def retain(*, by: User) -> dict[str, int]:
    """Apply every rule; gives back how many rows each made Satu forget."""
    return {rule.name: count for rule in rules() if (count := apply_rule(rule, by=by))}


def apply_rule(rule: Rule, *, by: User) -> int:
    """Forget all that is older than one rule says."""
    kept = Retention.objects.filter(rule=rule.name).values_list("days", flat=True).first()
    days = rule.days if kept is None else kept
    if not days:
        return 0
    count = 0
    while portion := _forget_some(rule, days, by=by):
        count += portion
    with locked(Retention.objects.filter(rule=rule.name), by=by) as rows:
        for row in rows:
            row.applied_at, row.removed = clock.now(), row.removed + count
            row.save(update_fields=["applied_at", "removed"])
    return count


def _forget_some(rule: Rule, days: int, *, by: User) -> int:
    due = rule.rows(clock.now() - timedelta(days=days))
    with locked(due.filter(pk__in=list(due.order_by("pk").values_list("pk", flat=True)[:PORTION])), by=by) as rows:
        if rows:
            Erasure.objects.create(reason=f"retention: {rule.name}", made_by=by)
            wipe([(of_model(rule.model), rule.model._default_manager.filter(pk__in=[row.pk for row in rows]))], Subject())
    return len(rows)
