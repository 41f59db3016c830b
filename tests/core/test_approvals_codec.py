"""Arguments that wait: kept and given back by declared types alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.approvals.codec import NotKept, Outdated, from_json, given_again, kept, to_json
from core.errors import Gone
from core.parties.models import Party
from core.people.roles import Role
from tests.factories.ground import make_customer


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of something."""

    amount: Decimal
    party_id: int | None = None
    memo: str = ""


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        ("words", str, "words"),
        (Role.SALES, str, "sales"),
        (7, int, 7),
        (True, bool, True),
        (Decimal("7.50"), Decimal, "7.50"),
        (date(2026, 7, 7), date, "2026-07-07"),
        (None, date | None, None),
        (["a", "b"], Sequence[str], ["a", "b"]),
        (["a"], Collection[str] | None, ["a"]),
        ({"crm.deal": "own"}, Mapping[str, str] | None, {"crm.deal": "own"}),
        ([Line(amount=Decimal(1), party_id=3)], Sequence[Line], [{"amount": "1", "party_id": 3, "memo": ""}]),
    ],
)
def test_it_comes_back_as_it_went(value: Any, kind: Any, written: Any) -> None:
    assert to_json(value, kind) == written
    assert from_json(written, kind) == value


def test_a_record_is_kept_by_kind_and_key(company: object) -> None:
    party = make_customer()
    assert to_json(party, Party) == {"kind": "parties.party", "pk": party.pk}
    assert from_json({"kind": "parties.party", "pk": party.pk}, Party) == party
    with pytest.raises(Gone):
        from_json({"kind": "parties.party", "pk": 0}, Party)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (7, str), ("7", int), (True, int), (1.5, Decimal), (datetime(2026, 7, 7, tzinfo=UTC), date), (object(), object), (b"", bytes),
        ("x", str | int | None),
    ],
)  # fmt: skip
def test_what_is_not_of_its_type_does_not_wait(value: Any, kind: Any) -> None:
    with pytest.raises(NotKept):
        to_json(value, kind)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ({"kind": "people.user", "pk": 1}, Party),
        ({"kind": "parties.party", "pk": 1, "class": "os.system"}, Party),
        ("parties.party:1", Party),
        ([["os", "system"]], Sequence[str]),
        ({"amount": "1"}, Line),
        ({"amount": "1", "party_id": None, "memo": "", "more": 1}, Line),
        ({"amount": 1, "party_id": None, "memo": ""}, Line),
        ("seven", Decimal),
        ("2026-13-01", date),
        (1, bool),
        ("core.people.models.User", type),
        ({"py/object": "os.system"}, str),
    ],
)
def test_what_the_declared_type_does_not_say_is_not_read(written: Any, kind: Any) -> None:
    with pytest.raises(Outdated):
        from_json(written, kind)


def test_arguments_of_another_version_are_not_guessed() -> None:
    hints = {"name": str, "days": int}
    assert given_again(hints, {"name"}, kept(hints, {"name": "Shop"})) == {"name": "Shop"}
    for facts in ({"days": 3}, {"name": "Shop", "colour": "red"}, {}):
        with pytest.raises(Outdated):
            given_again(hints, {"name"}, facts)
