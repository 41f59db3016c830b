"""The first page: what the modules contribute, asked in one statement, only to those who may see it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Count, Sum, Value
from django.test import Client

from core.catalog.models import Product
from core.people.models import User
from core.web import home, ui
from core.web.gathering import Gather, Line, gathered, prepare
from tests.factories.ground import make_product

BUDGET = 12


def empty_home(user: User) -> dict[str, Any]:
    """What home shows somebody, by sort."""
    return {what: [thing for _part, thing in some] for what, some in home.contributions(user).items()}


def test_rows_of_different_sorts_come_in_one_statement(company: object, django_assert_num_queries: Any) -> None:
    make_product("DESK-140")
    make_product("INSTALL")
    goods = Product.objects.goods().order_by("pk")
    with django_assert_num_queries(1):
        [(rows, sums, nothing), itself] = prepare(
            [
                gathered(
                    Gather(goods, pk="pk", key="sku", a="list_price", most=1),
                    Gather(Product.objects.order_by().values("kind"), key="kind", a=Count("pk"), b=Sum("list_price")),
                    Gather(Product.objects.filter(sku="NO").values(every=Value(1)), a=Count("pk")),
                    make=lambda *lines: lines,
                ),
                "itself",
            ]
        ).made()
    assert itself == "itself"
    desk = goods.get()
    assert rows == [Line(desk.pk, "DESK-140", None, None, None, None, Decimal(4_750_000), None, None)]  # type: ignore[arg-type]
    assert sorted((line.key, line.a) for line in sums) == [("goods", 1), ("service", 1)]
    assert nothing in ([], [Line(None, None, None, None, None, None, Decimal(0), None, None)])  # type: ignore[arg-type]


def test_what_is_asked_is_written_once_and_answered_anew(owner: User) -> None:
    before = {str(step.title): step.done for step in empty_home(owner)["step"]}
    known = dict(home._prepared)
    make_product("DESK-140")
    after = {str(step.title): step.done for step in empty_home(User.objects.get(pk=owner.pk))["step"]}
    assert dict(home._prepared) == known
    assert (before["Add a product"], after["Add a product"]) == (False, True)


def test_nothing_to_gather_asks_nothing(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert prepare([]).made() == []


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (105, 100, ("+5\N{NO-BREAK SPACE}%", True)),
        (95, 100, ("−5\N{NO-BREAK SPACE}%", False)),
        (285, 100, ("+185\N{NO-BREAK SPACE}%", True)),
        (5, 0, ("", None)),
        (-50, -100, ("+50\N{NO-BREAK SPACE}%", True)),
    ],
)
def test_a_change_is_measured_against_what_was(company: object, now: int, before: int, words: tuple[str, bool | None]) -> None:
    assert ui.change(Decimal(now), Decimal(before)) == words


def test_a_new_company_is_told_where_to_start(owner: User, client: Client) -> None:
    steps = {str(step.title): step.done for step in empty_home(owner)["step"]}
    assert steps == {
        "Choose a chart of accounts": False,
        "Add a product": False,
        "Add a customer": False,
        "Receive the first goods": False,
        "Take the first order": False,
    }
    make_product("DESK-140")
    assert {str(step.title): step.done for step in empty_home(owner)["step"]}["Add a product"] is True
    client.force_login(owner)
    assert "1 / 5" in client.get("/").content.decode()


def test_who_may_change_nothing_is_given_no_first_steps(auditor: User) -> None:
    assert empty_home(auditor)["step"] == []


def test_each_role_sees_its_own_figures(owner: User, seller: User, storekeeper: User, accountant: User, auditor: User) -> None:
    def labels(user: User) -> list[str]:
        return [str(kpi.label) for kpi in empty_home(user)["kpi"]]

    assert labels(seller) == ["Ordered this month", "Open pipeline", "Customers owe"]
    assert labels(storekeeper) == ["Ordered this month", "Stock value", "Ready to deliver"]
    assert labels(accountant) == [
        "Ordered this month",
        "Open pipeline",
        "Customers owe",
        "Received in 30 days",
        "Result this month",
        "Stock value",
    ]
    assert labels(auditor) == ["Ordered this month", "Open pipeline", "Customers owe", "Result this month", "Stock value"]
    assert labels(owner) == [*labels(accountant), "Ready to deliver"]


@pytest.mark.parametrize("role", ["owner", "seller", "storekeeper", "accountant", "auditor"])
def test_home_asks_at_most_twelve_times(
    request: pytest.FixtureRequest, client: Client, role: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(request.getfixturevalue(role))
    client.get("/")
    with django_assert_max_num_queries(BUDGET):
        page = client.get("/").content.decode()
    assert "Nothing waits for you." in page
