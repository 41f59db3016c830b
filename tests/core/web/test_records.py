"""Record pages: facts, verbs, refusals, news."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import clock
from core.catalog.models import Product
from core.docflow.flow import link
from core.files.models import Attachment
from core.web import hooks, ui
from core.web.sections import Entry
from tests.factories.ground import make_customer, make_product

pytestmark = pytest.mark.usefixtures("trial")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(company: object) -> Product:
    """A standing desk."""
    return make_product("DESK-140")


def test_a_record_shows_state_facts_lines_and_timeline(as_seller: Client, desk: Product) -> None:
    page = as_seller.get(f"/trial/things/{desk.pk}/").content.decode()
    for words in ("Standing desk 140", "Standard", "DESK-140", "Rp\N{NO-BREAK SPACE}4.750.000", "Discovery call"):
        assert words in page


def test_a_long_timeline_begins_with_the_latest_and_shows_the_rest_when_asked(
    as_seller: Client, desk: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [Entry(title=f"Call {number}", at=clock.now()) for number in range(40)]
    monkeypatch.setattr(hooks, "_timeline", [lambda _kind, _pk, _party, _user, limit: told[:limit]])
    page = as_seller.get(f"/trial/things/{desk.pk}/").content.decode()
    assert "Call 29" in page
    assert "Call 30" not in page
    assert 'href="?timeline=whole"' in page
    whole = as_seller.get(f"/trial/things/{desk.pk}/?timeline=whole").content.decode()
    assert "Call 39" in whole
    assert 'href="?timeline=whole"' not in whole


def test_a_verb_calls_its_operation_and_comes_back(as_seller: Client, desk: Product) -> None:
    response = as_seller.post(f"/trial/things/{desk.pk}/retire/")
    assert response.headers["Location"] == f"/trial/things/{desk.pk}/"
    desk.refresh_from_db()
    assert not desk.is_active


def test_a_verb_answers_htmx_with_where_to_go(as_seller: Client, desk: Product) -> None:
    response = as_seller.post(f"/trial/things/{desk.pk}/retire/", headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, f"/trial/things/{desk.pk}/")


def test_what_cannot_be_done_now_says_why(as_seller: Client, desk: Product) -> None:
    as_seller.post(f"/trial/things/{desk.pk}/retire/")
    page = as_seller.get(f"/trial/things/{desk.pk}/").content.decode()
    assert 'aria-disabled="true"' in page
    assert "It is retired already." in page


def test_a_refusal_becomes_a_message_where_the_person_is(as_seller: Client, desk: Product) -> None:
    at = f"/trial/things/{desk.pk}/"
    as_seller.post(f"{at}retire/")
    response = as_seller.post(f"{at}retire/", headers={"Referer": f"http://testserver{at}"}, follow=True)
    assert response.redirect_chain == [(at, 302)]
    assert "It is retired already." in [str(message).strip() for message in response.context["messages"]]


def test_a_refusal_never_sends_the_person_to_another_site(as_seller: Client, desk: Product) -> None:
    at = f"/trial/things/{desk.pk}/"
    as_seller.post(f"{at}retire/")
    assert as_seller.post(f"{at}retire/", headers={"Referer": "https://evil.example/"}).headers["Location"] == "/"


def test_a_refusal_answers_htmx_with_a_toast(as_seller: Client, desk: Product) -> None:
    as_seller.post(f"/trial/things/{desk.pk}/retire/")
    response = as_seller.post(f"/trial/things/{desk.pk}/retire/", headers=HTMX)
    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#toasts"
    assert b"It is retired already." in response.content


def test_a_verb_with_a_form_asks_first_in_a_dialog_or_on_a_page(as_seller: Client, desk: Product) -> None:
    at = f"/trial/things/{desk.pk}/rename/"
    assert b"<html" not in as_seller.get(at, headers=HTMX).content
    assert b"<html" in as_seller.get(at).content


def test_a_form_keeps_what_was_typed_when_the_operation_refuses(as_seller: Client, desk: Product) -> None:
    at = f"/trial/things/{desk.pk}/rename/"
    at_field = as_seller.post(at, {"name": "bad"}, headers=HTMX)
    assert at_field.status_code == 422
    assert at_field.context["form"].errors["name"] == ["That is no name. "]
    on_top = as_seller.post(at, {"name": "worse"}).content.decode()
    assert 'value="worse"' in on_top
    assert "Not today. Try tomorrow." in on_top
    assert 'href="/parties/"' in on_top


def test_nobody_does_what_their_role_does_not_allow(as_auditor: Client, desk: Product) -> None:
    page = as_auditor.get(f"/trial/things/{desk.pk}/").content.decode()
    assert "Retire" not in page
    assert as_auditor.post(f"/trial/things/{desk.pk}/retire/").status_code == 403
    desk.refresh_from_db()
    assert desk.is_active


def test_the_page_hears_news_only_when_something_changed(as_seller: Client, desk: Product) -> None:
    at = f"/trial/things/{desk.pk}/?fragment=1"
    first = as_seller.get(at)
    assert as_seller.get(at, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    as_seller.post(f"/trial/things/{desk.pk}/rename/", {"name": "Sitting desk"})
    changed = as_seller.get(at, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"Sitting desk" in changed.content
    assert b"<html" not in changed.content


def test_changes_are_told_with_who_and_what(as_seller: Client, desk: Product) -> None:
    as_seller.post(f"/trial/things/{desk.pk}/rename/", {"name": "Sitting desk"})
    page = as_seller.get(f"/trial/things/{desk.pk}/?tab=changes").content.decode()
    for words in ("Dewi Lestari", "<del>Standing desk 140</del>", "<ins>Sitting desk</ins>"):
        assert words in page


def test_related_documents_are_linked(as_seller: Client, desk: Product) -> None:
    customer = make_customer()
    link("parties.party", customer.pk, "C-1", "catalog.product", desk.pk, "P-1", relation="wishes")
    page = as_seller.get(f"/trial/things/{desk.pk}/").content.decode()
    assert f'<a href="/parties/{customer.pk}/">C-1</a>' in page


def test_a_file_is_attached_and_handed_out_to_those_who_see_the_record(
    as_seller: Client, desk: Product, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    upload = SimpleUploadedFile("offer.pdf", b"%PDF-1.7 offer", content_type="text/html")
    as_seller.post(f"/files/catalog.product/{desk.pk}/", {"file": upload})
    attachment = Attachment.objects.get()
    response = as_seller.get(f"/files/{attachment.pk}/")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="offer.pdf"'
    assert b"".join(response.streaming_content) == b"%PDF-1.7 offer"  # type: ignore[attr-defined]


def test_links_lead_to_pages_and_unknown_kinds_nowhere(desk: Product, client: Client) -> None:
    assert ui.url_for("catalog.product", desk.pk) == f"/trial/things/{desk.pk}/"
    assert ui.url_for("nothing.known", 1) == ""
    assert ui.url_of(None) == ""


def test_a_record_that_is_not_there_is_a_page_not_a_crash(as_seller: Client) -> None:
    response = as_seller.get("/trial/things/999999/")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content
