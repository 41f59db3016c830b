"""What outgoing messages say of persons: to whom, about what, and every word of it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.effects.events import MailFailed, MailRequested, MailSent
from core.effects.models import Effect
from core.guards import ERASED
from core.privacy.registry import Personal, Rule, Told

PERSONAL = (
    Personal(
        Effect,
        rows=lambda whom: Effect.objects.filter(Q(party=whom.party_id) | whom.written_to_in("payload__to")),
        wipe={"payload": {"subject": ERASED, "to": []}, "answer": ""},
    ),
)
TOLD = (
    Told(MailRequested, "effect_id", Effect, ("to", "subject")),
    Told(MailSent, "effect_id", Effect, ("to", "subject", "refused")),
    Told(MailFailed, "effect_id", Effect, ("to", "subject", "reason")),
)
NOT_PERSONAL = {"effects.Effect": "idempotency_key about_kind"}
RETENTION = (
    Rule(
        "mail",
        _("Words of e-mails that were sent"),
        Effect,
        lambda until: Effect.objects.filter(kind=Effect.Kind.MAIL, ended_at__lt=until).exclude(payload__subject=ERASED),
        days=730,
        note=_("That something was sent, and when, stays."),
    ),
)
