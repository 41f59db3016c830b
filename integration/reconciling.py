"""The reconciler: every derived figure against its source, each hour. What drifted is written down and told; nothing is ever repaired."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.notifications.operations import notify_each
from core.people.models import User
from core.web.registry import list_url_of
from integration.models import Drift
from integration.verification import violations
from integration.words import row_in_words, rule_in_words


@dataclass(frozen=True)
class Reconciled:
    """What one cycle found: drift that is new, that stands as it stood, and that is gone."""

    new: int
    standing: int
    cleared: int


def reconcile() -> Reconciled:
    """Recompute everything as of one moment, write down what drifted, and tell the operators of what is new."""
    found = {(one.rule, one.where): one for one in violations()}
    now = clock.now()
    with transaction.atomic():
        open_now = {(row.rule, row.row): row for row in Drift.objects.standing().select_for_update(of=("self",)).order_by("pk")}
        gone = [row.pk for place, row in open_now.items() if place not in found]
        Drift.objects.filter(pk__in=gone).update(cleared_at=now)
        for place, row in open_now.items():
            if place in found:
                one = found[place]
                Drift.objects.filter(pk=row.pk).update(message=one.message, expected=one.expected, actual=one.actual, seen_at=now)
        new = Drift.objects.bulk_create(
            [
                Drift(
                    rule=one.rule, row=one.where, message=one.message, expected=one.expected, actual=one.actual, found_at=now, seen_at=now
                )
                for place, one in sorted(found.items())
                if place not in open_now
            ],
            ignore_conflicts=True,
        )
        if new:
            _tell(new)
    return Reconciled(new=len(new), standing=len(found) - len(new), cleared=len(gone))


def _tell(new: list[Drift]) -> None:
    first = new[0]
    notify_each(
        User.objects.who_may("integration.view_drift"),
        lambda: (
            _("%(count)s figures do not follow from their source, the first: %(row)s (%(rule)s).")
            % {"count": len(new), "row": row_in_words(first.row), "rule": rule_in_words(first.rule)}
        ),
        url=list_url_of("integration.drift"),
        icon="scale",
        key=f"drift:{first.found_at.isoformat()}",
    )
