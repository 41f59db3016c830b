"""What people agree to: noted with its proof, taken back as easily as given."""

from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.parties.events import ConsentGiven, ConsentWithdrawn
from core.parties.models import Consent, Party, Purpose
from core.people.models import User


class NotTheirs(Refused):
    """Somebody agrees for what reaches themselves."""


class ProofMissing(Refused):
    """A consent that nobody can show is none: GDPR, article 7 (1)."""


def record_consent(
    party: Party, *, channel: str, value: str, purpose: str, given: bool, how: str, words: str = "", address: str | None = None, by: User
) -> Consent:
    """Note that somebody agreed, or no longer agrees, to being reached for a purpose; with what they read, and where from.

    ``channel`` and ``value`` name one of their ways to be reached. A repeated word is noted again: it is proof, too.
    """
    with locked(party, by=by) as party:
        if not party.contact_points.filter(kind=channel, value=value).exists():
            raise NotTheirs(
                _("%(party)s is not reached at %(value)s.") % {"party": party, "value": value},
                fix=_("Add it as a way to reach them first."),
                field="value",
            )
        if given and not words.strip():
            raise ProofMissing(_("Nobody can show later what was agreed to."), fix=_("Copy the words they read or heard."), field="words")
        consent = Consent.objects.create(
            party=party,
            channel=channel,
            value=value,
            purpose=Purpose(purpose),
            given=given,
            how=Consent.How(how),
            words=words.strip(),
            address=address,
            recorded_by=by,
        )
        happened = ConsentGiven if given else ConsentWithdrawn
        publish(happened(party_id=party.pk, consent_id=consent.pk, channel=str(channel), purpose=str(purpose), how=str(how)))
    return consent
