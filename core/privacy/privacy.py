"""What requests say of persons, and the words on the ground floor that say nothing of anybody."""

from core.privacy.models import PrivacyRequest
from core.privacy.registry import Personal

PERSONAL = (
    Personal(
        PrivacyRequest,
        rows=lambda whom: (
            PrivacyRequest.objects.filter(party=whom.party_id)
            if whom.party_id
            else PrivacyRequest.objects.filter(user=whom.user_id)
            if whom.user_id
            else PrivacyRequest.objects.filter(whom.reached_at("email"))
        ),
        wipe={"how": ""},
        keep={
            "email": "proof of whom was answered, and all that is left of them",
            "refused_because": "why we said no, for whoever asks us",
        },
    ),
)
NOT_PERSONAL = {
    "privacy.Erasure": "reason",
    "privacy.Retention": "rule",
    "privacy.PrivacyRequestReceived": "wants",
    "core.Counter": "sequence",
    "audit.Change": "table before after database_user",  # erased row by row, with the row they are about
    "docflow.Link": "source_kind source_number target_kind target_number relation",
    "web.SavedView": "screen name query columns",
    "web.ListHabit": "screen columns",
    "api.RememberedRequest": "key fingerprint body location",  # kept for a day
    "jobs.Job": "kind params back note result error trace",  # what was asked for, and its progress; its file goes after a month
    "catalog.Unit": "code name",
    "catalog.Category": "name description",
    "catalog.Product": "sku name description",
    "catalog.ProductCreated": "name",
    "events.Record": "type key payload",  # erased by TOLD, fact by fact
    "events.Delivery": "handler key last_error skipped_because",
    "events.ArchivedDelivery": "handler key",
    "events.Replay": "handler",
    "events.Noted": "operation",
    "events.HandlerPause": "handler reason",
}
