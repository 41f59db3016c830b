"""What we know of a person: all of it given out, all of it erased, nothing of the books changed, and nothing kept longer than said."""

import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client, TestCase
from django.utils import timezone

from backoffice.finance.models import Invoice, JournalLine
from core import clock
from core.audit.history import history
from core.audit.models import Change
from core.db import locked
from core.effects.models import Effect
from core.effects.operations import request_effect
from core.events.models import Record
from core.files.models import Attachment
from core.files.operations import attach
from core.guards import ERASED
from core.jobs.models import Job
from core.jobs.worker import work_jobs
from core.notes.models import Note
from core.notes.operations import write_note
from core.notifications.models import Notification
from core.notifications.operations import notify
from core.parties.consent import NotTheirs, ProofMissing, record_consent
from core.parties.models import Consent, ContactPoint, Party, Purpose
from core.parties.operations import add_address, add_contact, create_party
from core.people.models import User
from core.people.operations import deactivate_user
from core.people.roles import Role
from core.privacy.models import Erasure, PrivacyRequest, Retention
from core.privacy.operations import (
    KeptTooShort,
    NobodyMeant,
    NotAPerson,
    NotYetErasable,
    ReasonMissing,
    change_retention,
    erase_person,
    export_person,
    receive_request,
    refuse_request,
)
from core.privacy.retention import retain, sync_rules
from frontoffice.crm.models import Lead
from frontoffice.crm.operations import create_lead, log_activity, lose_lead, open_deal
from integration import delivery
from integration.verification import violations
from tests.factories.finance import make_invoice, make_payment
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked
from tests.factories.programs import api_of
from tests.factories.sales import make_confirmed_order
from tests.signing import confirmed

CANARY = "Zulkifli"
"""A name nobody else has: where it stands, the person stands."""
EMAIL = "zulkifli.anwar@rumah.example"


@pytest.fixture
def house(db: None) -> None:
    """A company that may sell."""
    make_house()


@pytest.fixture
def owner(house: None) -> User:
    """Hendra, who may do everything."""
    return make_user(Role.OWNER)


@pytest.fixture
def person(house: None, owner: User) -> Party:
    """Zulkifli Anwar: a customer of ours and a contact of PT Fajar, with traces in every module."""
    who = create_party(name=f"{CANARY} Anwar", kind=Party.Kind.PERSON, roles=["customer"], email=EMAIL, phone="+62 811 5550 119", by=owner)
    add_address(who, street=f"Jalan {CANARY} 5", city="Bandung", country="Indonesia", by=owner)
    write_note("parties.party", who.pk, f"{CANARY} likes the blue one.", by=owner)
    attach("parties.party", who.pk, SimpleUploadedFile("letter.txt", f"About {CANARY}".encode(), "text/plain"), by=owner)
    notify(owner, f"{CANARY} Anwar called")
    record_consent(
        who, channel="email", value=EMAIL, purpose=Purpose.OFFERS, given=True, how="form", words=f"I, {CANARY}, want news.", by=owner
    )
    log_activity(who, kind="call", subject=f"Called {CANARY}", by=owner)
    request_mail(who, owner)
    return who


def request_mail(who: Party, by: User) -> Effect:
    """A mail that was sent to them."""
    with locked(by=by):
        effect = request_effect(
            Effect.Kind.MAIL,
            {"subject": f"Dear {CANARY}", "to": [EMAIL], "text": f"Dear {CANARY}"},
            key=f"privacy-{who.pk}",
            party=who,
            by=by,
        )
    Effect.objects.filter(pk=effect.pk).update(status=Effect.Status.SENT, ended_at=timezone.now(), answer=f"250 {EMAIL}")
    return effect


def traces(*words: str) -> list[str]:
    """Every row of every table in which one of these words stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" AS whole WHERE whole::text ILIKE %s', [f"%{word}%"])
                if cursor.fetchone()[0]:
                    found.append(f"{table}: {word}")
    return found


def asked(who: Party, by: User, kind: str = "erasure") -> PrivacyRequest:
    return receive_request(kind=kind, party=who, by=by)


def test_everything_known_of_a_person_is_given_out(person: Party, owner: User) -> None:
    request = asked(person, owner, "export")
    export_person(request, by=owner)
    work_jobs()
    job = Job.objects.get(kind="privacy.export")
    assert job.status == Job.Status.DONE, job.error
    attachment = Attachment.objects.get(kind="jobs.job", object_id=job.pk)
    with attachment.file.open("rb") as content, zipfile.ZipFile(io.BytesIO(content.read())) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    stands_in = {name for name, words in files.items() if CANARY in words or EMAIL in words}
    assert {
        "parties.Party.json", "parties.Address.json", "parties.ContactPoint.json", "parties.Consent.json", "notes.Note.json",
        "notifications.Notification.json", "effects.Effect.json", "crm.Activity.json", "events.json",
    } <= stands_in  # fmt: skip
    assert next(words for name, words in files.items() if name.startswith("files/")) == f"About {CANARY}"
    assert {fact["type"] for fact in json.loads(files["events.json"])} >= {"parties.PartyCreated", "notes.NoteWritten"}
    request.refresh_from_db()
    assert request.status == PrivacyRequest.Status.DONE


def test_where_else_their_name_stands_is_listed_for_a_person_to_look_at(person: Party, owner: User) -> None:
    company = make_customer()
    write_note("parties.party", company.pk, f"Ask {CANARY} Anwar about the contract.", by=owner)
    export_person(asked(person, owner, "export"), by=owner)
    work_jobs()
    attachment = Attachment.objects.get(kind="jobs.job")
    with attachment.file.open("rb") as content, zipfile.ZipFile(io.BytesIO(content.read())) as packed:
        found = json.loads(packed.read("mentions.json"))
    note = Note.objects.get(party=company)
    assert found == [{"where": "notes.Note", "id": note.pk, "field": "body"}]


def test_nothing_of_an_erased_person_is_left_anywhere(person: Party, owner: User) -> None:
    assert len(traces(CANARY, EMAIL, "5550 119")) > 10
    request = asked(person, owner)
    stored = Attachment.objects.get(kind="parties.party", object_id=person.pk).file
    with_commit(lambda: erase_person(request, by=owner))
    assert traces(CANARY, EMAIL, "5550 119") == []
    assert not stored.storage.exists(stored.name)
    person.refresh_from_db()
    assert person.name == f"Erased person {person.pk}"
    assert not ContactPoint.objects.filter(party=person).exists()
    assert Consent.objects.get(party=person).words == ERASED
    assert [one.reason for one in Erasure.objects.all()] == ["request"]
    assert list(violations()) == []


def with_commit(act: Any) -> None:
    """Run what waits for the commit as well, although the test itself never commits."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        act()


def test_the_trail_still_says_that_something_changed_and_who_did_it(person: Party, owner: User) -> None:
    before = [(change.action, change.actor_id) for change in history(person)]
    erase_person(asked(person, owner), by=owner)
    after = [(change.action, change.actor_id) for change in history(person)]
    assert after[-len(before) :] == before
    first = history(person).last()
    assert first is not None
    assert first.after is not None
    assert first.after["name"] == ERASED
    assert first.after["kind"] == "person"


def test_the_books_stay_about_somebody_nobody_knows(person: Party, owner: User) -> None:
    invoice = make_invoice(person, 1000)
    request = asked(person, owner)
    with pytest.raises(NotYetErasable, match=invoice.number):
        erase_person(request, by=owner)
    assert traces(CANARY)
    make_payment(person, invoice.total)
    booked = list(JournalLine.objects.order_by("pk").values_list("account", "amount", "party"))
    erase_person(request, by=owner)
    assert list(JournalLine.objects.order_by("pk").values_list("account", "amount", "party")) == booked
    assert Invoice.objects.get().customer.name == f"Erased person {person.pk}"
    assert traces(CANARY) == []
    assert list(violations()) == []


def test_an_order_that_is_not_over_keeps_its_customer(person: Party, owner: User) -> None:
    order = make_confirmed_order(person, [(make_stocked("LAMP-LED", 5), 2)])
    with pytest.raises(NotYetErasable, match=order.number):
        erase_person(asked(person, owner), by=owner)


def test_an_erasure_waits_for_what_is_open(person: Party, owner: User) -> None:
    open_deal(name="Chairs", party=person, estimate=Decimal(5), by=owner)
    request = asked(person, owner)
    with pytest.raises(NotYetErasable, match="open deals: Chairs"):
        erase_person(request, by=owner)
    request.refresh_from_db()
    person.refresh_from_db()
    assert request.status == PrivacyRequest.Status.OPEN
    assert person.name == f"{CANARY} Anwar"
    assert not Erasure.objects.exists()


def test_posted_rows_are_erased_in_an_erasure_only_and_never_rewritten(person: Party, owner: User) -> None:
    note = Note.objects.get(party=person)
    with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(body=ERASED)
    with transaction.atomic():
        Erasure.objects.create(reason="a test", made_by=owner)
        for spoil in (
            lambda: Note.objects.filter(pk=note.pk).update(body="Something else"),
            lambda: Record.objects.filter(party=person).update(type="parties.Other"),
            lambda: Change.objects.filter(table="notes_note").update(actor_id=None, before={"body": ERASED}),
            lambda: Change.objects.filter(table="notes_note").delete(),
        ):
            with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
                spoil()
        Note.objects.filter(pk=note.pk).update(body=ERASED)


def test_an_erasure_is_never_taken_back_out_of_the_books(person: Party, owner: User) -> None:
    erase_person(asked(person, owner), by=owner)
    for spoil in (lambda: Erasure.objects.update(reason="nothing"), lambda: Erasure.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            spoil()


def test_replays_and_handlers_take_erased_events(person: Party, owner: User) -> None:
    erase_person(asked(person, owner), by=owner)
    delivery.drain()
    assert not Record.objects.filter(deliveries__status="dead").exists()


def test_a_lead_we_know_by_its_address_only_is_erased_too(house: None, owner: User) -> None:
    lead = create_lead(name=f"{CANARY} Tan", email="Tan@Lead.Example", phone="0811", note=f"{CANARY} wrote", by=owner)
    lose_lead(lead, reason="No budget", by=owner)
    request = receive_request(kind="erasure", email="tan@lead.example", by=owner)
    erase_person(request, by=owner)
    lead.refresh_from_db()
    assert (lead.name, lead.email, lead.lost_because) == (ERASED, "", "No budget")
    assert traces(CANARY) == []


def test_an_address_of_somebody_we_know_is_no_request_of_its_own(person: Party, owner: User) -> None:
    with pytest.raises(NotYetErasable, match="belongs to a person we know"):
        erase_person(receive_request(kind="erasure", email=EMAIL, by=owner), by=owner)


def test_a_colleague_is_erased_once_they_have_left(house: None, owner: User) -> None:
    seller = make_user(Role.SALES)
    request = receive_request(kind="erasure", user=seller, by=owner)
    with pytest.raises(NotYetErasable, match="may still sign in"):
        erase_person(request, by=owner)
    deactivate_user(seller, by=owner)
    name, email = seller.name, seller.email
    erase_person(request, by=owner)
    seller.refresh_from_db()
    assert seller.name == f"Former colleague {seller.pk}"
    assert not seller.has_usable_password()
    assert [where for where in traces(name, email) if not where.startswith(("django_session",))] == []


def test_who_speaks_for_our_own_company_is_still_needed(house: None, owner: User) -> None:
    ours = Party.objects.get(our_company__isnull=False)
    contact = add_contact(ours, name="Sekretaris", by=owner)
    with pytest.raises(NotYetErasable, match="our own company"):
        erase_person(asked(contact.person, owner), by=owner)


def test_a_request_is_about_one_person(house: None, owner: User) -> None:
    customer = make_customer()
    with pytest.raises(NobodyMeant):
        receive_request(kind="export", by=owner)
    with pytest.raises(NobodyMeant):
        receive_request(kind="export", user=owner, email="a@b.example", by=owner)
    with pytest.raises(NotAPerson, match="is a company"):
        receive_request(kind="export", party=customer, by=owner)
    assert not PrivacyRequest.objects.exists()


def test_a_request_is_due_within_a_month_and_refused_with_a_reason(person: Party, owner: User) -> None:
    request = asked(person, owner)
    assert request.due_on == clock.today() + timedelta(days=30)
    with pytest.raises(ReasonMissing):
        refuse_request(request, "  ", by=owner)
    refuse_request(request, "The tax office wants it for ten years.", by=owner)
    with pytest.raises(NotYetErasable, match="answered already"):
        erase_person(request, by=owner)


def test_who_asked_what_is_known_is_not_erased_by_mistake(person: Party, owner: User) -> None:
    with pytest.raises(NotYetErasable, match="does not ask to be erased"):
        erase_person(asked(person, owner, "export"), by=owner)


def test_the_last_word_on_consent_counts(person: Party, owner: User) -> None:
    assert list(ContactPoint.objects.consenting(Purpose.OFFERS).values_list("value", flat=True)) == [EMAIL]
    assert not ContactPoint.objects.consenting(Purpose.SURVEYS).exists()
    assert [point.agreed_to for point in person.contact_points.with_agreed().order_by("pk")] == [["offers"], []]
    record_consent(person, channel="email", value=EMAIL, purpose=Purpose.OFFERS, given=False, how="email", by=owner)
    assert not ContactPoint.objects.consenting(Purpose.OFFERS).exists()
    assert [point.agreed_to for point in person.contact_points.with_agreed()] == [[], []]
    assert [one.given for one in Consent.objects.filter(party=person).standing()] == [False]
    assert Consent.objects.filter(party=person).count() == 2


def test_consent_needs_a_way_to_reach_them_and_a_proof(person: Party, owner: User) -> None:
    with pytest.raises(NotTheirs):
        record_consent(person, channel="email", value="other@x.example", purpose="offers", given=True, how="form", words="Yes", by=owner)
    with pytest.raises(ProofMissing):
        record_consent(person, channel="email", value=EMAIL, purpose="offers", given=True, how="phone", by=owner)
    assert Consent.objects.count() == 1


def test_what_is_old_is_forgotten_and_what_is_younger_stays(house: None, owner: User) -> None:
    sync_rules()
    old, _young = (lose(create_lead(name=f"{CANARY} {age}", email=f"{age}@lead.example", by=owner), owner) for age in ("old", "young"))
    with connection.cursor() as cursor:  # as if the triggers that count time had run two years ago
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE crm_lead SET updated_at = now() - interval '731 days' WHERE id = %s", [old.pk])
        cursor.execute("SET session_replication_role = origin")
    assert retain(by=owner) == {"lost_leads": 1}
    assert list(Lead.objects.order_by("pk").values_list("name", flat=True)) == [ERASED, f"{CANARY} young"]
    assert traces(f"{CANARY} old", "old@lead.example") == []
    assert retain(by=owner) == {}
    row = Retention.objects.get(rule="lost_leads")
    assert row.removed == 1
    assert row.applied_at is not None


def lose(lead: Lead, by: User) -> Lead:
    return lose_lead(lead, reason="No budget", by=by)


def test_notifications_that_were_read_go_by_the_companys_own_rule(house: None, owner: User) -> None:
    sync_rules()
    for days in (200, 100):
        Notification.objects.create(user=owner, text=f"{days} days ago", read_at=timezone.now() - timedelta(days=days))
    rule = Retention.objects.get(rule="notifications")
    with pytest.raises(KeptTooShort):
        change_retention(rule, 7, by=owner)
    change_retention(rule, 0, by=owner)
    assert retain(by=owner) == {}
    change_retention(rule, 180, by=owner)
    assert retain(by=owner) == {"notifications": 1}
    assert [one.text for one in Notification.objects.all()] == ["100 days ago"]


def test_through_the_api_a_person_is_given_out_and_erased(person: Party, owner: User, client: Client) -> None:
    client.force_login(owner)
    api = api_of(owner)
    request = api.post("/api/v1/privacy-requests/", {"kind": "erasure", "party": person.pk}).json()
    assert request["status"] == "open"
    job = api.post(f"/api/v1/privacy-requests/{request['id']}/export-person/", {})
    assert job.status_code == 200, job.content
    address = f"/api/v1/privacy-requests/{request['id']}/erase-person/"
    assert api.post(address, {}).status_code == 403, "only for who confirmed a moment ago that it is them"
    page = client.get(f"/privacy/requests/{request['id']}/").content.decode()
    assert "Privacy request taken" in page
    done = confirmed(client, owner).post(address, {}, content_type="application/json", headers={"If-Match": "*"})
    assert done.json()["status"] == "done"
    assert api.get(f"/api/v1/parties/{person.pk}/").json()["name"] == f"Erased person {person.pk}"
    assert api.get(f"/api/v1/consents/?party={person.pk}").json()["results"][0]["value"] == ERASED
