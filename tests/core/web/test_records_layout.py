"""Record pages: where things stand, what counts, the glance, who is here, and a verb on what somebody else changed."""

import pytest
from django.core.cache import caches
from django.test import Client

from backoffice.finance.models import Invoice
from backoffice.finance.operations import credit_invoice
from core import clock
from core.catalog.models import Product
from core.catalog.operations import update_product
from core.docflow.flow import link
from core.people.models import User
from core.web import hooks, neighbours, presence, ui
from core.web.counts import counted
from core.web.sections import Entry
from core.web.verbs import Button, with_keys
from frontoffice.crm.models import Activity
from tests.core.web.trial.views import rename_product, retire_product
from tests.factories.crm import make_deal
from tests.factories.finance import make_books, make_invoice
from tests.factories.ground import make_customer, make_product

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(company: object, trial: None) -> Product:
    """A standing desk."""
    return make_product("DESK-140")


@pytest.fixture(autouse=True)
def _nobody_is_here() -> None:
    """Who edited what in another test."""
    for pk in range(1, 4):
        caches["presence"].delete(f"editing:catalog.product:{pk}")


def test_facts_and_documents_stand_left_lines_above_the_timeline(as_seller: Client, desk: Product) -> None:
    columns = as_seller.get(f"/trial/things/{desk.pk}/").context["columns"]
    kinds = {column: [key.partition("-")[0] for key, _html in parts] for column, parts in columns.items()}
    assert kinds == {"left": ["facts", "related", "files"], "wide": ["lines"], "main": ["timeline"]}


def test_papers_get_a_card_and_stand_under_more(as_seller: Client, desk: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_documents", [])
    hooks.provide_documents(lambda kind, record, _user: [hooks.Document(f"Label of {record}", f"/{kind}/pdf/", send="/send/")])
    response = as_seller.get(f"/trial/things/{desk.pk}/")
    page = response.content.decode()
    assert [key.partition("-")[0] for key, _html in response.context["columns"]["left"]] == ["facts", "documents", "related", "files"]
    assert page.count("Label of Standing desk 140") == 3
    assert 'hx-get="/send/"' in page


def test_counts_lead_to_what_was_counted_and_hide_what_may_not_be_seen(seller: User, storekeeper: User, desk: Product) -> None:
    counts = (
        ui.Count("Deals", number=lambda product: 3, url=lambda product: f"/deals/?q={product.sku}", permission="crm.view_deal"),
        ui.Count("Open", number=lambda product: "Rp 12 jt", tone=lambda _number: "bad"),
        ui.Count("None", number=lambda product: 0),
        ui.Count("Hidden", number=lambda product: None),
        ui.Count("Never", number=lambda product: 1, when=lambda product: False),
    )
    shown = counted("nothing.known", counts, desk, seller)
    assert [(one.label, one.figure, one.url, one.tone, one.nothing) for one in shown] == [
        ("Deals", "3", "/deals/?q=DESK-140", "", False),
        ("Open", "Rp 12 jt", "", "bad", False),
        ("None", "0", "", "", True),
    ]
    assert [one.label for one in counted("nothing.known", counts, desk, storekeeper)] == ["Open", "None"]


def test_a_customer_shows_what_other_modules_know_of_them(client: Client, owner: User) -> None:
    customer = make_customer()
    make_deal(party=customer)
    client.force_login(owner)
    figures = {str(one.label): one.figure for one in client.get(f"/parties/{customer.pk}/").context["counts"]}
    assert (figures["Open deals"], figures["Orders"], figures["Next steps"]) == ("1", "0", "0")


def test_a_credit_note_is_called_one_among_related_documents(company: object) -> None:
    make_books()
    invoice = make_invoice(make_customer())
    credit_invoice(invoice, credit_on=invoice.issued_on, reason="Scratched", by=User.objects.service())
    note = Invoice.objects.credit_notes().get()
    link("sales.order", 1, "SO/1", "finance.invoice", invoice.pk, invoice.number, relation="bills")
    link("sales.order", 1, "SO/1", "finance.invoice", note.pk, note.number, relation="credits")
    assert [(one.number, one.label) for one in neighbours.neighbours("sales.order", 1, User.objects.service())] == [
        (invoice.number, "Invoice"),
        (note.number, "Credit note"),
    ]


def test_the_glance_has_title_facts_verbs_and_the_latest_five(as_seller: Client, desk: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [Entry(title=f"Call {number}", at=clock.now()) for number in range(9)]
    monkeypatch.setattr(hooks, "_timeline", [lambda _kind, _pk, _party, _user, limit: told[:limit]])
    response = as_seller.get(f"/trial/things/{desk.pk}/?peek")
    page = response.content.decode()
    assert "<html" not in page
    assert response.headers["Cache-Control"] == "no-store"
    for words in ("Standing desk 140", "DESK-140", "Rename", "Call 4", f'href="/trial/things/{desk.pk}/"'):
        assert words in page
    assert "Call 5" not in page


def test_nobody_glances_at_what_they_may_not_see(client: Client, storekeeper: User) -> None:
    deal = make_deal(party=make_customer())
    client.force_login(storekeeper)
    assert client.get(f"/crm/deals/{deal.pk}/?peek").status_code == 403


def test_every_button_has_a_letter_of_its_own_that_the_shell_does_not_use() -> None:
    rename, retire = ui.Verb(rename_product, "Rename"), ui.Verb(retire_product, "Retire")
    fixed = ui.Verb(rename_product, "Pay", key="e")
    buttons = with_keys([Button(rename, "/1/rename/", ""), Button(retire, "/1/retire/", ""), Button(fixed, "/1/edit/", "")])
    assert [button.key for button in buttons] == ["r", "t", "e"]


def test_a_verb_on_what_somebody_else_changed_says_so_and_goes_on_when_pressed_again(as_seller: Client, desk: Product, owner: User) -> None:
    at = f"/trial/things/{desk.pk}/rename/"
    seen = as_seller.get(at, headers=HTMX).context["version"]
    update_product(desk, list_price=5, by=owner)
    answer = as_seller.post(at, {"name": "Sitting desk", "_version": seen}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert owner.name in page
    assert 'value="Sitting desk"' in page
    desk.refresh_from_db()
    assert desk.name == "Standing desk 140"
    again = as_seller.post(at, {"name": "Sitting desk", "_version": answer.context["version"]}, headers=HTMX)
    assert again.status_code == 204
    desk.refresh_from_db()
    assert desk.name == "Sitting desk"


def test_a_refused_verb_says_what_why_what_to_do_and_where(as_seller: Client, desk: Product) -> None:
    page = as_seller.post(f"/trial/things/{desk.pk}/rename/", {"name": "worse"}, headers=HTMX).content.decode()
    assert "Not today. Try tomorrow." in page
    assert 'href="/parties/"' in page


def test_a_call_and_a_next_step_are_written_down_on_a_customer_without_scripts(as_seller: Client, seller: User, company: object) -> None:
    customer = make_customer()
    ask = as_seller.get(f"/compose/parties.party/{customer.pk}/log-call/?body=Blue")
    assert 'value="call" selected' in ask.content.decode()
    assert "Blue</textarea>" in ask.content.decode()
    done = as_seller.post(f"/compose/parties.party/{customer.pk}/log-call/", {"kind": "call", "subject": "Colour", "body": "Blue"})
    assert done.headers["Location"] == f"/parties/{customer.pk}/"
    as_seller.post(f"/compose/parties.party/{customer.pk}/plan/", {"kind": "call", "subject": "Call back", "due_at": "2030-01-02T09:00"})
    assert list(Activity.objects.order_by("pk").values_list("subject", "party_id", "assignee_id")) == [
        ("Colour", customer.pk, seller.pk),
        ("Call back", customer.pk, seller.pk),
    ]


def test_the_composer_offers_only_what_somebody_may_do(client: Client, storekeeper: User, company: object) -> None:
    customer = make_customer()
    client.force_login(storekeeper)
    page = client.get(f"/parties/{customer.pk}/").content.decode()
    assert "Save note" in page
    assert "Log a call" not in page
    assert client.get(f"/compose/parties.party/{customer.pk}/log-call/").status_code == 403
    assert client.get(f"/compose/parties.party/{customer.pk}/nothing/").status_code == 404


def test_who_edits_is_seen_by_the_others_for_a_while(as_seller: Client, seller: User, owner: User, desk: Product, settings: object) -> None:
    settings.ROOT_URLCONF = "config.urls"  # type: ignore[attr-defined]
    kind = "catalog.product"
    assert presence.arrive(kind, desk.pk, owner) == []
    assert presence.others(kind, desk.pk, owner) == []
    said = as_seller.post(f"/presence/{kind}/{desk.pk}/", {"version": desk.version}).json()
    assert said == {"words": f"{owner.name} is editing this too.", "changed": ""}
    assert presence.others(kind, desk.pk, owner) == [seller.name]
    update_product(desk, list_price=5, by=owner)
    assert as_seller.post(f"/presence/{kind}/{desk.pk}/", {"version": desk.version}).json()["changed"] != ""
    assert as_seller.post(f"/presence/{kind}/{desk.pk}/", {"leave": "1"}).status_code == 204
    assert presence.others(kind, desk.pk, owner) == []


def test_without_redis_nobody_is_seen_and_nothing_breaks(as_seller: Client, owner: User, desk: Product, settings: object) -> None:
    settings.CACHES = {**settings.CACHES, "presence": {**settings.CACHES["presence"], "LOCATION": "unix:///nowhere/redis.sock"}}  # type: ignore[attr-defined]
    assert presence.arrive("catalog.product", desk.pk, owner) == []
    assert as_seller.get(f"/catalog/products/{desk.pk}/edit/").status_code == 200


def test_a_part_of_a_page_says_in_place_that_the_session_ended(client: Client, desk: Product) -> None:
    answer = client.post(f"/trial/things/{desk.pk}/rename/", {"name": "X"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (403, "#toasts")
    assert "/sign-in/" in answer.content.decode()
    assert client.post(f"/trial/things/{desk.pk}/rename/", {"name": "X"}).status_code == 302
