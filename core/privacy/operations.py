"""What is done about persons' own rights: taking a request, giving out what we know, erasing, refusing; and how long things are kept."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.effects.models import Effect
from core.errors import Refused
from core.events.publishing import publish
from core.events.question import ask
from core.jobs.models import Job
from core.jobs.operations import register_job
from core.parties.models import Contact, ContactPoint, Party
from core.people.models import User
from core.privacy.erasing import about, erase
from core.privacy.events import PersonErased, PrivacyRequestReceived
from core.privacy.models import ANSWER_WITHIN, Erasure, PrivacyRequest, Retention
from core.privacy.questions import UnfinishedBusiness
from core.privacy.registry import Subject

JOB = "privacy.export"


class NobodyMeant(Refused):
    """A request is about one party, one colleague or one address."""


class NotAPerson(Refused):
    """A company has no privacy; the people who speak for it have."""


class NotYetErasable(Refused):
    """Something is still open with this person."""


class ReasonMissing(Refused):
    """Whoever is refused has a right to know why."""


class KeptTooShort(Refused):
    """What is forgotten at once was never there."""


def receive_request(
    *,
    kind: str,
    party: Party | None = None,
    user: User | None = None,
    email: str = "",
    how: str = "",
    received_on: date | None = None,
    due_on: date | None = None,
    by: User,
) -> PrivacyRequest:
    """Take down that somebody asks what we know of them, or to be erased. Due within a month unless an earlier day is named.

    Somebody known as a party or a colleague is named as such; an address alone is for who is known by nothing else.
    """
    if sum((party is not None, user is not None, bool(email))) != 1:
        raise NobodyMeant(
            _("A request is about one person."), fix=_("Name a person, a colleague, or an e-mail address: one of them."), field="party"
        )
    if party is not None and party.kind != Party.Kind.PERSON:
        raise NotAPerson(
            _("%(party)s is a company.") % {"party": party}, fix=_("Name the person who asks: its contacts are persons."), field="party"
        )
    with locked(by=by):
        received = received_on or clock.today()
        request = PrivacyRequest.objects.create(
            kind=PrivacyRequest.Kind(kind),
            party=party,
            user=user,
            email=email.lower(),
            how=how,
            received_on=received,
            due_on=due_on or received + ANSWER_WITHIN,
            recorded_by=by,
        )
        publish(PrivacyRequestReceived(request_id=request.pk, party_id=request.party_id, user_id=request.user_id, wants=str(request.kind)))
    return request


def export_person(request: PrivacyRequest, *, by: User) -> Job:
    """Gather everything we know of whoever asked, by a job, in one file for whoever started it. A request for it is answered by that."""
    with locked(request, by=by) as request:
        job = register_job(JOB, {"request": request.pk, "whom": request.whom}, user=by)
        if request.is_open and request.kind == PrivacyRequest.Kind.EXPORT:
            request.move_to(PrivacyRequest.Status.DONE, ended_at=clock.now())
    return job


def erase_person(request: PrivacyRequest, *, by: User) -> PrivacyRequest:
    """Let a person's facts give way to marks everywhere, in the trail and in the events as well. What is in the books stays there,
    about somebody nobody knows any more. It cannot be taken back, and waits for what is still open with the person."""
    subject = subject_of(request)
    with locked(request, *(rows for one, rows in about(subject) if one.wipe or one.remove), by=by) as (request, *_rows):
        if request.kind != PrivacyRequest.Kind.ERASURE:
            raise NotYetErasable(_("This request does not ask to be erased."), fix=_("Take down a request to be erased first."))
        if not request.is_open:
            raise NotYetErasable(_("This request was answered already."), fix=_("Load it again to see how."))
        _free_of_business(request)
        Erasure.objects.create(reason="request", request=request, made_by=by)
        request.move_to(PrivacyRequest.Status.DONE, ended_at=clock.now())
        erase(subject)
        publish(PersonErased(request_id=request.pk, party_id=request.party_id, user_id=request.user_id))
    request.refresh_from_db()
    return request


def refuse_request(request: PrivacyRequest, reason: str, *, by: User) -> PrivacyRequest:
    """Say no, and why: a law that wants the facts kept, somebody who is not who they say."""
    if not reason.strip():
        raise ReasonMissing(_("A refusal needs a reason."), fix=_("Say which law or duty stands against it."), field="reason")
    with locked(request, by=by) as request:
        request.move_to(PrivacyRequest.Status.REFUSED, ended_at=clock.now(), refused_because=reason.strip())
    return request


def change_retention(retention: Retention, days: int, *, by: User) -> Retention:
    """Decide after how many days rows of one kind are forgotten; 0 keeps them for ever."""
    if 0 < days < 30:
        raise KeptTooShort(_("Nothing is kept for less than 30 days."), fix=_("Write 30 or more, or 0 to keep it for ever."), field="days")
    with locked(retention, by=by) as retention:
        retention.days = days
        retention.save(update_fields=["days"])
    return retention


def subject_of(request: PrivacyRequest) -> Subject:
    """Whom a request is about, with all addresses and names they go by."""
    if request.party is not None:
        points = ContactPoint.objects.filter(party=request.party, kind=ContactPoint.Kind.EMAIL)
        names = {request.party.name, request.party.legal_name}
        return Subject(party_id=request.party.pk, emails=tuple(points.values_list("value", flat=True)), names=tuple(sorted(names - {""})))
    if request.user is not None:
        return Subject(user_id=request.user.pk, emails=(request.user.email,), names=(request.user.name,))
    return Subject(emails=(request.email,))


def _free_of_business(request: PrivacyRequest) -> None:
    open_things: tuple[str, ...] = ()
    if request.user is not None and request.user.is_active:
        open_things = (_("%(name)s may still sign in") % {"name": request.user},)
    elif request.party_id is not None:
        open_things = (*ask(UnfinishedBusiness(request.party_id)), *_still_ours(request.party_id))
    elif request.email and known_as(request.email).exists():
        open_things = (_("%(email)s belongs to a person we know: take down the request for them") % {"email": request.email},)
    if open_things:
        raise NotYetErasable(
            _("%(whom)s cannot be erased yet: %(what)s.") % {"whom": request.whom, "what": "; ".join(open_things)},
            fix=_("Bring it to its end first, or refuse the request and say why."),
        )


def _still_ours(party_id: int) -> list[str]:
    company = Party.objects.filter(our_company__isnull=False, pk__in=Contact.objects.filter(person=party_id).values("company")).first()
    found = [_("they speak for %(company)s, our own company") % {"company": company}] if company else []
    if Effect.objects.unfinished().filter(party=party_id).exists():
        found.append(_("a message to them is on its way"))
    return found


def known_as(email: str) -> QuerySet[Party]:
    """The parties that go by an address."""
    return Party.objects.filter(contact_points__kind=ContactPoint.Kind.EMAIL, contact_points__value__iexact=email)
