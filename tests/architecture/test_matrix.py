"""Who may open what: every address, asked in every way by every role, on its own records and on others'. The table is permissions.csv.

`python3 manage.py test tests/architecture/test_matrix.py --golden` writes the table anew: read what changed before you commit it.
"""

import csv
import fcntl
import logging
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client

from backoffice.finance.models import Payment
from backoffice.finance.operations import void_payment
from core import clock
from core.people.door.confirming import remember
from core.people.door.sessions import SEEN
from core.people.models import CompanyRole, Reach, User
from core.people.operations import create_user
from core.people.reshaping import update_role
from core.people.roles import FIXED, Role
from core.people.visibility import scopes
from core.printing.documents import documents_of
from core.web import errors
from core.web.screen import Screen
from frontoffice.sales.models import Order
from tests.addresses import Address, addresses
from tests.architecture.code import expect_none
from tests.factories.approvals import asked_for, demand
from tests.factories.ground import make_user
from tests.factories.house import make_house
from tests.factories.reach import Side, make_side

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TABLE = Path(__file__).parent / "permissions.csv"
VISITOR, NOBODY = "visitor", "no role"
COLUMNS = (VISITOR, NOBODY, *Role.values)
GROUPS = (  # each builds the house once; together they are everybody
    (VISITOR, NOBODY, Role.HR, Role.LEGAL, Role.MARKETING),
    (Role.OWNER,),
    (Role.AUDITOR, Role.SUPPORT, Role.IT),
    (Role.SALES, Role.STOREKEEPER, Role.ACCOUNTANT),
)
DAY = 24 * 60 * 60
LEFT_OUT = ("static", "media", "metrics")
WRITES = re.compile(r'\b(INSERT INTO|UPDATE "|DELETE FROM|TRUNCATE)')
OF_THE_DOOR = ("django_session", "usersessions_usersession", "people_attempt")
"""Who comes and goes, and how often somebody tried, is written whatever is answered."""
OTHERS = " / others': "
ANSWERS = {401: "sign in", 403: "no", 404: "not there", 405: "-"}


def asked() -> Iterator[tuple[str, Address]]:
    """Every address with every method it may be asked by."""
    seen = set()
    for address in addresses():
        if address.pattern.startswith(LEFT_OUT) or not address.readable.isprintable():
            continue
        actions = getattr(address.view, "actions", None)
        for method in [name for name in ("get", "post", "patch", "delete") if actions is None or name in actions]:
            if actions is None and method in {"patch", "delete"}:
                continue
            if (method, address.readable) not in seen:
                seen.add((method, address.readable))
                yield method, address


def records_of(side: Side) -> dict[type[Model], Model]:
    """A record of every kind there is: theirs, else the latest."""
    found: dict[type[Model], Model] = {}
    for model in apps.get_models():
        record = side.records.get(model) or model._default_manager.order_by("pk").last()
        if record is not None:
            found[model] = record
    return found


def filled(address: Address, records: dict[type[Model], Model]) -> str:
    """The address of one record, or of none where none is named."""
    values: dict[str, Any] = {}
    record = records.get(address.model) if address.model is not None else None
    if "kind" in address.parameters:
        record, values["kind"] = records[Order], "sales.order"
    if record is not None:
        values |= {"pk": record.pk, "object_id": record.pk}
    if "document" in address.parameters and address.model is not None:
        values["document"] = documents_of(address.model._meta.label_lower)[0].slug
    return address.filled(values)


def word(answer: Any) -> str:
    """What an answer says to who asked."""
    to = answer.headers.get("Location", "")
    if re.match(r"/(sign-in|admin/login)/", to):
        return "sign in"
    if to == "/admin/":  # what Django's admin says of a record it does not find
        return "not there"
    if answer.status_code >= 500:
        return f"error {answer.status_code}"
    return ANSWERS.get(answer.status_code, "yes")


LOOKING = re.compile(r"/(columns|export|filter|views|group)/$")
"""Tools of a list: how somebody looks at it."""
ONES_OWN = ("/admin/", "/api/v1/saved-views/", "/api/v1/attachments/", "/api/v1/imports/")
"""The admin's forms only search and narrow; the others are one's own, or ask for the record's permission once they know which."""


class Asking:
    """Somebody asks who confirmed a moment ago that it is them; whatever came of it is taken back."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
            session = self.client.session
            remember(session, user)
            session["account_authentication_methods"][0]["at"] += DAY  # the table takes longer than a confirmation holds
            session[SEEN] = int(clock.now().timestamp()) + DAY
            session.save()
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        self.cookies = dict(self.client.cookies)
        self.written: list[str] = []
        self.wrong: list[str] = []

    def _watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.search(sql) and not any(table in sql for table in OF_THE_DOOR):
            self.written.append(sql[:120])
        return execute(sql, params, many, context)

    def ask(self, method: str, address: str) -> str:
        """What is answered. A refusal that wrote anything is wrong."""
        self.client.cookies.clear()
        self.client.cookies.update(self.cookies)
        self.written = []
        with transaction.atomic(), connection.execute_wrapper(self._watch):
            body = {"content_type": "application/json"} if address.startswith("/api/") and method != "get" else {}
            said = word(getattr(self.client, method)(address, **body))
            transaction.set_rollback(True)
        if said != "yes" and self.written:
            self.wrong.append(f"{method.upper()} {address} answered “{said}” and wrote: {self.written[0]}")
        return said


@pytest.fixture
def sides(db: None) -> tuple[Side, Side]:
    """Two sellers with everything of their own."""
    make_house()
    mine, theirs = make_side("Dewi Lestari", "Kancil"), make_side("Eko Saputra", "Zebrawood")
    make_user(Role.OWNER)
    accountant = make_user(Role.ACCOUNTANT)
    demand("finance.void_payment")
    for side in (mine, theirs):
        side.keep(asked_for(partial(void_payment, side.records[Payment], reason="Bounced", by=accountant)))
    return mine, theirs


def shown(screen: Any, _template: str = "", *, status: int = 200, **_more: object) -> HttpResponse:
    """Instead of a page: that it would be shown, with the record it is about."""
    if "pk" in screen.kwargs:
        getattr(screen, "record", None)
    return HttpResponse("shown", status=status)


@pytest.fixture(autouse=True)
def _shown_without_being_drawn(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """Who may open a page is decided before it is drawn; twenty thousand answers are neither drawn nor logged."""
    monkeypatch.setattr(Screen, "show", shown)
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    monkeypatch.setattr(errors, "_page", lambda _request, status, *_words, **_more: HttpResponse(status=status))
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.API_REQUESTS_A_MINUTE = settings.API_SIGN_INS_A_MINUTE = 10**6
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def who(column: str, sides: tuple[Side, Side]) -> User | None:
    """Somebody in a role, and in no other."""
    if column == VISITOR:
        return None
    if column == NOBODY:
        return create_user(email="nobody@nusantara.example", name="Nobody", roles=[], password=None, by=User.objects.service())
    if column == Role.SALES:
        return sides[0].seller
    user = make_user(Role(column)) if column in {Role.OWNER, Role.STOREKEEPER, Role.ACCOUNTANT, Role.AUDITOR} else None
    return user or create_user(email=f"{column}@x.example", name=column, roles=[column], password=None, by=User.objects.service())


def narrowed(column: str, owner: User) -> bool:
    """Let a role see its own only; whether it can be."""
    if column in FIXED or column not in Role.values:
        return False
    role = CompanyRole.objects.named().get(group__name=column)
    update_role(role, reaches={scope.noun: Reach.OWN for scope in scopes()}, by=owner)
    return True


def is_narrowed(address: Address) -> bool:
    """Whether an address names a record that may be out of somebody's reach."""
    if {"kind", "pk"} <= set(address.parameters):
        return True
    return address.is_about_a_record and address.model is not None and hasattr(address.model._default_manager.all(), "visible_to")


def answers_of(column: str, sides: tuple[Side, Side]) -> tuple[dict[tuple[str, str], str], list[str]]:
    """What one column of the table says: on one's own records, and on others' while the role sees its own only."""
    mine, theirs = sides
    user = who(column, sides)
    owner = make_user(Role.OWNER)
    every = list(asked())
    own, others = records_of(mine), records_of(theirs)
    asking = Asking(user)
    found = {(method.upper(), address.readable): asking.ask(method, filled(address, own)) for method, address in every}
    with transaction.atomic():
        if narrowed(column, owner):
            for method, address in every:
                row = (method.upper(), address.readable)
                if found[row] == "yes" and is_narrowed(address):
                    said = asking.ask(method, filled(address, others))
                    found[row] += f"{OTHERS}{said}"
        transaction.set_rollback(True)
    return found, asking.wrong


def table() -> dict[tuple[str, str], dict[str, str]]:
    """The table as it is written."""
    if not TABLE.exists():
        return {}
    with TABLE.open(newline="", encoding="utf-8") as file:
        return {(row["method"], row["address"]): row for row in csv.DictReader(file)}


def written(columns: dict[str, dict[tuple[str, str], str]]) -> None:
    """Put columns into the table; what is no address any more goes."""
    with TABLE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = table()
        rows = sorted({row for found in columns.values() for row in found}, key=lambda row: (row[1], row[0]))
        with TABLE.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ("address", "method", *COLUMNS), restval="", lineterminator="\n")
            writer.writeheader()
            for row in rows:
                before = {name: kept.get(row, {}).get(name, "") for name in COLUMNS}
                now = {name: found[row] for name, found in columns.items()}
                writer.writerow({"address": row[1], "method": row[0], **before, **now})
    TABLE.with_suffix(".lock").unlink(missing_ok=True)


@pytest.mark.parametrize("group", GROUPS, ids="+".join)
def test_every_address_answers_every_role_as_the_table_says(
    group: tuple[str, ...], sides: tuple[Side, Side], request: pytest.FixtureRequest
) -> None:
    columns, wrong = {}, []
    for column in group:
        columns[column], found_wrong = answers_of(column, sides)
        wrong += [f"{column}: {one}" for one in found_wrong]
    if request.config.getoption("--golden", default=False):
        written(columns)
    expected = table()
    for column, found in columns.items():
        wrong += [
            f"{column}: {row[0]} {row[1]} answered “{said}”, the table says “{expected.get(row, {}).get(column, 'nothing')}”"
            for row, said in found.items()
            if expected.get(row, {}).get(column) != said
        ]
        wrong += [f"{column}: {row[0]} {row[1]} is no address any more" for row in expected.keys() - found.keys()]
    expect_none(wrong)


def test_the_table_is_as_strict_as_it_is_meant() -> None:
    """What no table may say, whatever was written into it. IT sees where every process stands, without seeing what it is about."""
    wrong = []
    for (method, address), row in table().items():
        if any(said.startswith("error") for said in row.values()):
            wrong.append(f"{method} {address} breaks")
        if any(f"{OTHERS}yes" in said for role, said in row.items() if not (role == Role.IT and "process" in address)):
            wrong.append(f"{method} {address} lets somebody at what is others'")
        if (
            row[Role.AUDITOR] == "yes"
            and method != "GET"
            and row[NOBODY] != "yes"
            and not address.startswith(ONES_OWN)
            and not LOOKING.search(address)
        ):
            wrong.append(f"{method} {address} lets the auditor change something")
    expect_none(wrong)
