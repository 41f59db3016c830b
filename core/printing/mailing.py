"""What the e-mail says that brings a paper, in the language of whoever gets it."""

from dataclasses import dataclass

from django.db.models import Model, Q
from django.utils import translation
from django.utils.translation import gettext

from core.parties.models import Company, ContactPoint, Party
from core.people.models import User
from core.printing.documents import Printout


@dataclass(frozen=True)
class Letter:
    """An e-mail as it is suggested."""

    to: list[str]
    subject: str
    body: str


def letter_for(paper: Printout, record: Model, by: User) -> Letter:
    """To the main address of the party, with one sentence of its own per paper."""
    party = paper.document.party(record)
    company = Company.objects.founded()
    ours = company.party.name if company else "Satu"
    with translation.override(paper.language):
        what = " ".join(part for part in (paper.paper.title, paper.paper.number) if part)
        greeting = gettext("Dear Sir or Madam,") if party is None else gettext("Dear %(name)s,") % {"name": party.name}
        closing = "\n".join([gettext("Kind regards,"), by.name, ours])
        return Letter(
            to=reached_at(party)[:1],
            subject=gettext("%(what)s from %(company)s") % {"what": what, "company": ours},
            body="\n\n".join([greeting, paper.paper.cover, closing]),
        )


def reached_at(party: Party | None) -> list[str]:
    """The e-mail addresses of a party, the main one first, then those of the people who speak for it."""
    if party is None:
        return []
    points = ContactPoint.objects.filter(Q(party=party) | Q(party__speaks_for__company=party), kind=ContactPoint.Kind.EMAIL)
    found = sorted(points.distinct(), key=lambda point: (point.party_id != party.pk, not point.is_primary, point.pk))
    return list(dict.fromkeys(point.value for point in found))
