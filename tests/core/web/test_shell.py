"""The shell: side bar, home, palette, reports, sign-in, languages, errors."""

import gzip
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from core.people.models import User
from core.web import charts, figures, hooks, house, markup
from core.web.filters import span
from core.web.hooks import SignIn
from core.web.house import House
from tests.factories.ground import make_customer

pytestmark = pytest.mark.usefixtures("trial")


def labels(response: Any) -> list[str]:
    """The side bar's labels."""
    return [str(place.label) for group in response.context["navigation"] for place in group.places]


def test_the_side_bar_shows_what_a_person_may_see(as_seller: Client, client: Client, storekeeper: User) -> None:
    assert labels(as_seller.get("/"))[:5] == ["Home", "Notifications", "Reports", "Things", "Board"]
    assert "Parties" in labels(as_seller.get("/"))
    assert "Users" not in labels(as_seller.get("/"))


def test_the_place_one_is_in_is_marked_also_on_records(as_seller: Client) -> None:
    customer = make_customer()
    for at in ("/parties/", f"/parties/{customer.pk}/", f"/parties/{customer.pk}/edit/"):
        page = as_seller.get(at).content.decode()
        assert page.count('href="/parties/" aria-current="page"') == 1, at


def test_home_shows_what_the_modules_contribute(as_seller: Client) -> None:
    page = as_seller.get("/").content.decode()
    for words in (
        "Dewi",
        "Rp\N{NO-BREAK SPACE}1,01\N{NO-BREAK SPACE}M",
        "Revenue and forecast",
        "Confirm SO/2026/00012",
        "1 thing needs you",
    ):
        assert words in page


def test_a_report_shows_prints_and_leaves_as_a_file(as_seller: Client) -> None:
    page = as_seller.get("/trial/reports/sums/", {"name": "Liabilities"}).content.decode()
    assert "Liabilities" in page
    assert "−1.250.000,50" in page
    exported = as_seller.get("/trial/reports/sums/", {"export": "csv"})
    assert b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()[2] == "1100 Bank,-1250000.50,0.5"  # type: ignore[attr-defined]


def test_a_person_signs_in_by_mail_and_out_again(client: Client, seller: User) -> None:
    response = client.post("/sign-in/", {"login": seller.email.upper(), "password": "satu-demo-2026"})
    assert response.headers["Location"] == "/"
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_the_demo_people_are_offered_in_demo_mode_only(
    client: Client, settings: Any, company: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_sign_ins", [lambda: [SignIn("Dewi Lestari", "Sales", "dewi@nusantara.example", "secret")]])
    settings.DEMO = False
    assert b"Dewi Lestari" not in client.get("/sign-in/").content
    settings.DEMO = True
    assert b"Dewi Lestari" in client.get("/sign-in/").content


def test_language_and_theme_are_kept_with_the_person(as_seller: Client, seller: User) -> None:
    as_seller.post("/preferences/", {"language": "id"})
    as_seller.post("/preferences/", {"theme": "dark"}, headers={"Accept": "application/json"})
    as_seller.post("/preferences/", {"theme": "pink", "language": "xx"})
    seller.refresh_from_db()
    assert (seller.language, seller.theme) == ("id", "dark")
    assert b'<html lang="id" data-theme="dark">' in as_seller.get("/").content


def test_one_changes_ones_own_profile(as_seller: Client, seller: User) -> None:
    as_seller.post("/people/me/", {"name": "Dewi L.", "language": "en", "theme": "system"})
    seller.refresh_from_db()
    assert seller.name == "Dewi L."


def test_what_is_not_allowed_names_the_missing_right(as_seller: Client) -> None:
    response = as_seller.get("/people/")
    assert response.status_code == 403
    assert b"People: users" in response.content


def test_what_is_not_there_has_a_page(as_seller: Client) -> None:
    response = as_seller.get("/nowhere/")
    assert response.status_code == 404
    assert b"Go home" in response.content


def test_every_page_forbids_inline_script_and_style(as_seller: Client) -> None:
    for at in ("/", "/trial/things/", "/trial/things/board/", "/trial/wishes/new/", "/parties/new/", "/people/me/"):
        response = as_seller.get(at)
        assert "style-src 'self'" in response.headers["Content-Security-Policy"]
        assert b" style=" not in response.content, at
        assert b" onclick=" not in response.content, at


@pytest.mark.parametrize(
    ("amount", "currency", "full", "short"),
    [
        ("1010000000", "IDR", "Rp 1.010.000.000", "Rp 1,01 M"),
        ("205000000", "IDR", "Rp 205.000.000", "Rp 205 jt"),
        ("4750000", "IDR", "Rp 4.750.000", "Rp 4,75 jt"),
        ("950", "IDR", "Rp 950", "Rp 950"),
        ("-1250.5", "IDR", "−Rp 1.250,50", "−Rp 1,25 rb"),
        ("1234.5", "USD", "US$1.234,50", "US$1,2K"),
    ],
)
def test_money_is_written_in_full_and_in_short(amount: str, currency: str, full: str, short: str) -> None:
    house.use(House("Satu", "IDR", "ID"))
    with translation.override("en"):
        assert figures.money(Decimal(amount), currency).replace("\N{NO-BREAK SPACE}", " ") == full
        assert figures.short_money(Decimal(amount), currency).replace("\N{NO-BREAK SPACE}", " ") == short


def test_an_american_company_writes_american_figures() -> None:
    house.use(House("Northwind", "USD", "US"))
    with translation.override("en"):
        assert figures.money(Decimal("1303810.87"), "USD") == "$1,303,810.87"
        assert figures.short_money(Decimal("1303810.87"), "USD") == "$1.3M"


@pytest.mark.parametrize(("name", "letters"), [("PT Fajar Teknologi", "FT"), ("CV Langganan 01", "L"), ("Dewi Lestari", "DL"), ("", "?")])
def test_avatars_leave_the_legal_form_out(name: str, letters: str) -> None:
    assert markup.initials(name) == letters


def test_markup_escapes_what_people_typed() -> None:
    assert "<script>" not in markup.named("<script>alert(1)</script>", url="/x/")
    assert "<script>" not in markup.pill("<script>")


def test_spans_of_time_have_a_first_and_a_last_day() -> None:
    assert span("last-month", date(2026, 3, 15)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert span("month", date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert span("week", date(2026, 11, 23)) == (date(2026, 11, 23), date(2026, 11, 29))


@pytest.mark.parametrize(
    ("values", "ticks"),
    [([0.0, 95.0], [0, 25, 50, 75, 100]), ([-40.0, 60.0], [-50, -25, 0, 25, 50, 75]), ([0.0, 0.0], [0, 0.25, 0.5, 0.75, 1])],
)
def test_bars_start_at_zero_on_round_ticks(values: list[float], ticks: list[float]) -> None:
    assert charts.scale(values, zero=True) == ticks


def test_an_old_page_says_so_and_changes_nothing(seller: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(seller)
    response = strict.post("/preferences/", {"language": "id"})
    assert response.status_code == 403
    assert b"This page was too old" in response.content
    seller.refresh_from_db()
    assert seller.language == "en"


def test_what_waits_is_counted_after_the_page(as_seller: Client, client: Client) -> None:
    assert as_seller.get("/counters/").json()["trial:things"] == 3
    client.logout()
    assert client.get("/counters/").status_code == 302


@pytest.mark.parametrize("name", ["app.css", "app.js"])
def test_what_every_page_loads_leaves_compressed(client: Client, name: str) -> None:
    plain, packed = (client.get(f"/static/web/build/{name}", headers={"Accept-Encoding": how}) for how in ("identity", "gzip"))
    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()
