"""Notes: kept as written, on the record and around its party, and whoever is called on hears of it."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.audit.history import history
from core.events.models import Record
from core.notes.mentions import mentioned_in
from core.notes.models import Note
from core.notes.operations import NoteRefused, write_note
from core.notifications.models import Notification
from core.parties.models import Party
from core.people.models import User
from integration.customer360.timeline import timeline
from tests.factories.crm import make_deal
from tests.factories.ground import make_customer, make_product
from tests.factories.programs import api_of


@pytest.fixture
def customer(company: object) -> Party:
    """PT Fajar Teknologi."""
    return make_customer()


def test_a_note_is_kept_with_who_wrote_it(seller: User, customer: Party) -> None:
    note = write_note("parties.party", customer.pk, "  They want the blue one.  ", by=seller)
    assert (note.body, note.by, note.party_id) == ("They want the blue one.", seller, customer.pk)
    (change,) = history(note)
    assert (change.action, change.actor_id) == ("INSERT", seller.pk)


def test_a_note_stays_as_it_was_written(seller: User, customer: Party) -> None:
    note = write_note("parties.party", customer.pk, "First.", by=seller)
    for spoil in (lambda: Note.objects.update(body="Second."), note.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            spoil()
    note.refresh_from_db()
    assert note.body == "First."


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 5001])
def test_a_note_says_something_and_not_too_much(seller: User, customer: Party, body: str) -> None:
    with pytest.raises(NoteRefused):
        write_note("parties.party", customer.pk, body, by=seller)
    assert not Note.objects.exists()


def test_a_note_hangs_on_a_record_the_writer_may_see(storekeeper: User, customer: Party) -> None:
    for kind, pk in (("crm.deal", 1), ("parties.party", 999_999), ("nothing.known", 1)):
        with pytest.raises(NoteRefused):
            write_note(kind, pk, "Hello", by=storekeeper)
    assert not Note.objects.exists()


def test_a_note_on_a_deal_stands_on_the_deals_timeline_and_around_its_customer(seller: User, customer: Party) -> None:
    deal = make_deal(party=customer)
    write_note("crm.deal", deal.pk, "Call back on Friday.", by=seller)
    for entries in (timeline("crm.deal", deal.pk, None, seller, 10), timeline("parties.party", customer.pk, None, seller, 10)):
        assert (str(entries[0].title), entries[0].body, entries[0].who) == ("Note", "Call back on Friday.", seller.name)
        assert entries[0].url == f"/crm/deals/{deal.pk}/"


def test_a_note_on_a_product_stands_on_its_timeline(seller: User, company: object) -> None:
    product = make_product()
    write_note("catalog.product", product.pk, "Sells well.", by=seller)
    assert [entry.body for entry in timeline("catalog.product", product.pk, None, seller, 10)] == ["Sells well."]


def test_who_may_not_see_a_document_does_not_read_its_notes_around_the_customer(seller: User, storekeeper: User, customer: Party) -> None:
    deal = make_deal(party=customer)
    write_note("crm.deal", deal.pk, "Between us.", by=seller)
    assert "Between us." in [entry.body for entry in timeline("parties.party", customer.pk, None, seller, 10)]
    assert "Between us." not in [entry.body for entry in timeline("parties.party", customer.pk, None, storekeeper, 10)]
    record = Record.objects.get(type="notes.NoteWritten")
    client = Client()
    client.force_login(storekeeper)
    assert client.get(f"/why/{record.pk}/").status_code == 404


def test_whoever_is_called_on_is_told_once_in_their_language(seller: User, accountant: User, customer: Party) -> None:
    write_note(
        "parties.party", customer.pk, f"@{accountant.name} and again @{accountant.name}: please check. @{seller.name} did.", by=seller
    )
    (told,) = Notification.objects.all()
    assert (told.user, told.url) == (accountant, f"/parties/{customer.pk}/")
    assert customer.name in told.text
    assert Record.objects.get(type="notes.NoteWritten").payload["mentioned"] == [accountant.pk]


def test_who_may_not_see_the_record_is_not_told(seller: User, storekeeper: User, customer: Party) -> None:
    deal = make_deal(party=customer)
    write_note("crm.deal", deal.pk, f"@{storekeeper.name} look", by=seller)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Siti Rahma please", True),
        ("hello @siti rahma, please", True),
        ("@siti please", True),
        ("mail siti@nusantara.example", False),
        ("@sitihan", False),
        ("Siti Rahma", False),
    ],
)
def test_a_name_behind_an_at_sign_calls_on_somebody(accountant: User, text: str, called: bool) -> None:
    text = text.replace("Siti Rahma", accountant.name).replace("siti rahma", accountant.name.lower())
    assert (accountant in mentioned_in(text)) is called


def test_a_note_is_written_on_the_page_and_who_was_called_on_in_vain_is_named(seller: User, storekeeper: User, customer: Party) -> None:
    deal = make_deal(party=customer)
    client = Client()
    client.force_login(seller)
    response = client.post(f"/notes/crm.deal/{deal.pk}/", {"body": f"@{storekeeper.name} look"}, follow=True)
    assert response.redirect_chain == [(f"/crm/deals/{deal.pk}/", 302)]
    assert [str(message) for message in response.context["messages"]] == [f"{storekeeper.name} may not see this and was not told."]
    assert f"@{storekeeper.name} look" in response.content.decode()


def test_the_auditor_reads_and_does_not_write(auditor: User, seller: User, customer: Party) -> None:
    write_note("parties.party", customer.pk, "Seen.", by=seller)
    client = Client()
    client.force_login(auditor)
    page = client.get(f"/parties/{customer.pk}/").content.decode()
    assert "Seen." in page
    assert f"/notes/parties.party/{customer.pk}/" not in page
    assert client.post(f"/notes/parties.party/{customer.pk}/", {"body": "No."}).status_code == 403
    assert Note.objects.count() == 1


def test_notes_are_read_and_written_through_the_api(seller: User, auditor: User, storekeeper: User, customer: Party) -> None:
    deal = make_deal(party=customer)
    facts = {"kind": "crm.deal", "object_id": deal.pk, "body": "From the API."}
    made = api_of(seller).post("/api/v1/notes/", facts)
    assert (made.status_code, made.json()["body"], made.json()["party"]) == (201, "From the API.", customer.pk)
    listed = api_of(auditor).get(f"/api/v1/notes/?kind=crm.deal&object_id={deal.pk}").json()
    assert [note["body"] for note in listed] == ["From the API."]
    assert api_of(storekeeper).get(f"/api/v1/notes/?kind=crm.deal&object_id={deal.pk}").status_code == 404
    assert api_of(storekeeper).post("/api/v1/notes/", facts).status_code == 404
    assert api_of(auditor).post("/api/v1/notes/", facts).status_code == 403
    assert api_of(seller).post("/api/v1/notes/", {**facts, "body": " "}).status_code == 400
    assert Note.objects.count() == 1


def test_every_event_says_why_it_happened(seller: User, customer: Party) -> None:
    deal = make_deal(party=customer)
    (entry, *_more) = timeline("crm.deal", deal.pk, None, seller, 10)
    client = Client()
    client.force_login(seller)
    page = client.get(entry.why).content.decode()
    assert "Nothing before it caused it." in page
    assert "<html" not in client.get(entry.why, headers={"HX-Request": "true"}).content.decode()
