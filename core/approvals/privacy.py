"""What approvals say of persons: whom they are about, and with what words and figures something was asked for."""

from django.db.models import Q, QuerySet

from core.approvals.models import Approval
from core.guards import ERASED
from core.privacy.registry import Personal, Subject


def about(whom: Subject) -> QuerySet[Approval]:
    """Those about a party, a colleague or what is theirs, and those that call them by name."""
    record = Q(kind="parties.party", object_id=whom.party_id) | Q(kind="people.user", object_id=whom.user_id)
    return Approval.objects.filter(
        record | whom.called_in("subject") | whom.called_in("words") | whom.called_in("told") | whom.called_in("arguments")
    )


PERSONAL = (
    Personal(
        Approval,
        rows=about,
        wipe={"arguments": {}, "told": [], "subject": ERASED, "words": ""},
        keep={"declined_because": "why we said no to a colleague"},
    ),
)
NOT_PERSONAL = {
    "approvals.Approval": "operation kind result_kind",
    "approvals.SecondPerson": "operation",
    **dict.fromkeys(("approvals.RequestAsked", "approvals.RequestWithdrawn"), "operation"),
    "approvals.RequestApproved": "operation result_kind",
    "approvals.RequestDeclined": "operation reason",
}
