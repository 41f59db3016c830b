"""Whatever people wrote, wherever they wrote it: it is text on every page, in every file, every header and every log."""

import csv
import io
import json
import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import BadHeaderError
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook, load_workbook

from core.effects.operations import BadRecipient, BadSubject, request_mail
from core.files.operations import attach
from core.logs import JsonLines
from core.parties.models import Company, Party
from core.people.models import User
from core.web.exports import FORMULA
from integration.mailing import message_of
from tests.architecture.code import expect_none
from tests.everywhere import content_of, everywhere, exports
from tests.factories.full import make_full_house
from tests.factories.ground import make_customer
from tests.planting import UNREACHED, plant
from tests.signing import confirmed

pytestmark = pytest.mark.slow

CANARIES = (  # the longest that fits is planted
    """'"><x-canary x-here="1"><img src=x onerror=canary()><script>canary()</script><svg onload=canary()>{{ canary }}{% now %}${canary()}</svg>""",
    """'"><x-canary><svg onload=canary()>""",
    '"><x-canary>',
)
OF_A_LINK = "javascript:canary()"
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "hx-get", "hx-post", "data-href", "data-url")
EVIL = "javascript:canary()\r\nX-Evil: Zulkifli\r\nSet-Cookie: evil=1\r\n\r\n<b>B"


def canary(room: int | None) -> str:
    """What is planted into a text of so many letters."""
    return next((one for one in CANARIES if room is None or len(one) <= room), "")


@pytest.fixture
def boss(db: None) -> User:
    return make_full_house()


def in_room(words: str, room: int | None) -> str:
    return words if room is None or len(words) <= room else ""


class Seen(HTMLParser):
    """What of a page is a canary that became markup."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "x-canary" or "x-here" in told or any("canary()" in (value or "") and name.startswith("on") for name, value in attrs):
            self.found.append(f"<{tag}>")
        self.found += [f"{name}={told[name]}" for name in ADDRESSES if (told.get(name) or "").strip().lower().startswith("javascript:")]


def alive_in(page: str) -> list[str]:
    """The canaries that became elements, attributes or addresses of a page."""
    seen = Seen()
    seen.feed(page)
    return seen.found + (["<x-canary"] if "<x-canary" in page else [])


def test_a_canary_that_lives_would_be_seen() -> None:
    assert alive_in(f"<p>{CANARIES[0]}</p>")
    assert alive_in(f'<input value="{CANARIES[2]}">')
    assert alive_in(f'<a href="{OF_A_LINK}">x</a>')
    assert alive_in("<p>&quot;&gt;&lt;x-canary&gt; javascript:canary()</p>") == []


def test_no_canary_lives_on_any_page(boss: User, client: Client) -> None:
    planted = plant(canary)
    expect_none((name for name, count in planted.items() if not count and name not in UNREACHED), "nothing was planted into")
    confirmed(client, boss)
    client.raise_request_exception = False
    wrong, met = [], 0
    for address in everywhere():
        answer = client.get(address)
        said = content_of(answer).decode("utf-8", "replace")
        if answer.status_code >= 500:
            wrong.append(f"{address} broke: {getattr(answer, 'exc_info', None)}")
        if "html" in answer.headers.get("Content-Type", ""):
            met += "x-canary" in said
            wrong += [f"{address} has {one}" for one in alive_in(said)]
    expect_none(wrong)
    assert met > 100  # it is shown nearly everywhere, as text


def cells_of(answer: Any, kind: str) -> Iterator[tuple[Any, bool]]:
    """Every cell of a file with whether a spreadsheet would compute it."""
    content = content_of(answer)
    if kind == "csv":
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            yield from ((cell, cell.startswith(FORMULA) and not re.fullmatch(r"-?[\d.]+", cell)) for cell in row)
        return
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            yield from (
                (cell.value, cell.data_type == "f" or (isinstance(cell.value, str) and cell.value.startswith(FORMULA))) for cell in row
            )


def test_no_cell_of_any_file_is_a_formula(boss: User, client: Client) -> None:
    """Each sign by which spreadsheets know one, behind a sign that no workbook may hold, in every list and report, in a file of either kind."""
    signs = cycle(FORMULA)
    plant(lambda room: in_room(f"\x0b{next(signs)}HYPERLINK(1)", room))
    confirmed(client, boss)
    wrong, met = [], {"csv": 0, "xlsx": 0}
    for address in (*exports("csv", "xlsx"), "/imports/1/wrong-rows/", "/imports/1/wrong-rows/?as=xlsx"):
        answer = client.get(address)
        if answer.status_code == 200 and "html" not in answer.headers["Content-Type"]:
            kind = "xlsx" if "sheet" in answer.headers["Content-Type"] else "csv"
            for value, computed in cells_of(answer, kind):
                met[kind] += "HYPERLINK" in str(value)
                wrong += [f"{address}: {value!r}"] if computed else []
    expect_none(wrong)
    assert min(met.values()) > 100


def test_a_cell_that_is_a_formula_would_be_found() -> None:
    book = Workbook()
    book.worksheets[0].append(["=1+1", "'=1+1", -5])
    stream = io.BytesIO()
    book.save(stream)
    assert [computed for _value, computed in cells_of(HttpResponse(stream.getvalue()), "xlsx")] == [True, False, False]
    assert [computed for _value, computed in cells_of(HttpResponse(b"=1+1,'=1+1,-5,@x"), "csv")] == [True, False, False, True]


def test_no_header_no_address_and_no_log_is_made_of_what_anybody_wrote(
    boss: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Every page, paper and file still answers, with the headers we gave it, without a link that runs, and without a word about it in the log."""
    plant(lambda room: in_room(EVIL, room) or in_room(EVIL[:40], room) or in_room(OF_A_LINK, room))
    confirmed(client, boss)
    client.raise_request_exception = False
    wrong, lines = [], JsonLines()
    with caplog.at_level(logging.INFO, "core"):
        for address in everywhere():
            answer = client.get(address)
            wrong += [f"{address} answered {answer.status_code}"] if answer.status_code >= 500 else []
            wrong += [f"{address} has the header {name}" for name, said in answer.items() if name == "X-Evil" or {"\r", "\n"} & set(said)]
            wrong += [f"{address} sets {name}" for name in answer.cookies if name == "evil"]
            if "html" in answer.headers.get("Content-Type", ""):
                wrong += [f"{address} has {one}" for one in alive_in(content_of(answer).decode("utf-8", "replace"))]
    told = [lines.format(record) for record in caplog.records]
    assert len(told) > 500
    wrong += [line[:300] for line in told if "Zulkifli" in line or "X-Evil" in line]
    expect_none(wrong)
    assert all(json.loads(line)["message"] for line in told)


@pytest.mark.parametrize("field", ["to", "cc", "subject", "reply_to"])
def test_no_mail_gets_a_header_from_what_somebody_wrote(owner: User, field: str) -> None:
    evil = "a@fajar.example\r\nBcc: evil@evil.example"
    facts: dict[str, Any] = {"to": ["a@fajar.example"], "cc": [], "subject": "Hello", "body": "Hello", "key": "x", "by": owner}
    if field == "reply_to":
        User.objects.filter(pk=owner.pk).update(email=evil)
        owner.refresh_from_db()
    else:
        facts[field] = evil if field == "subject" else [evil]
    Party.objects.filter(pk=Company.objects.current().party_id).update(name="PT Jahat\r\nBcc: evil@evil.example")
    with transaction.atomic():
        if field == "reply_to":
            effect = request_mail(**facts)
            with pytest.raises(BadHeaderError):
                message_of(effect).message()
        else:
            with pytest.raises((BadRecipient, BadSubject)):
                request_mail(**facts)
            effect = request_mail(**facts | {"to": ["a@fajar.example"], "cc": [], "subject": "Hello"})
            sent = message_of(effect).message()
            assert set(sent.keys()) <= {
                "Content-Type",
                "MIME-Version",
                "Content-Transfer-Encoding",
                "Subject",
                "From",
                "To",
                "Reply-To",
                "Message-ID",
                "Date",
            }
            assert sent["From"].startswith("PT Jahat Bcc: evil@evil.example <") or '"PT Jahat Bcc' in sent["From"]


@pytest.mark.parametrize(("said", "kept"), [
    ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"), ('a".pdf', 'a".pdf'), ("../../../etc/x.pdf", "x.pdf"), ("é" * 300 + ".pdf", "é" * 196 + ".pdf"),
    ("a\u202efdp.pdf", "afdp.pdf"),
])  # fmt: skip
def test_a_file_comes_down_under_a_name_of_one_line(
    seller: User, client: Client, said: str, kept: str, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    upload._name = said
    attachment = attach("parties.party", make_customer().pk, upload, by=seller)
    assert attachment.name == kept
    client.force_login(seller)
    answer = client.get(f"/files/{attachment.pk}/")
    assert (answer.status_code, answer.headers["Content-Type"], "X-Evil" in answer.headers) == (200, "application/pdf", False)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
