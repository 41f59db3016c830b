"""Whether lists stay as fast at a million rows as at a thousand: `python -m benchmarks.lists [rows]`.

Makes a scratch database beside the configured one, clones one real record by COPY, measures the list's page and its parts, clones on to
so many rows, measures again, and drops it. What it prints are milliseconds (the best of so many rounds, which other work on the machine
disturbs least) and how many times as long the large list takes. It fails when one of the steps that have to be flat is not.
"""

import os
import sys
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from time import perf_counter
from typing import Any

import django
from django.db import connection, models

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.test import Client  # noqa: E402 - the settings stand first

from core.parties.models import Party  # noqa: E402
from core.parties.operations import create_party  # noqa: E402
from core.people.models import User  # noqa: E402
from core.people.operations import create_user  # noqa: E402
from core.people.roles import Role  # noqa: E402
from core.web.opening import opened  # noqa: E402
from core.web.paging import keyed, write_cursor  # noqa: E402
from frontoffice.crm.models import Lead  # noqa: E402
from frontoffice.crm.operations import create_lead  # noqa: E402
from integration.founding import found  # noqa: E402

SMALL, ROUNDS, SIZE, DEEP, PORTION = 1_000, 5, 25, 10_000, 50_000
FLAT = 5.0
"""A page of the large list may take so many times as long as one of the small list."""
SCRATCH = "satu_bench_lists"
LISTS: dict[str, tuple[type[models.Model], str, str]] = {
    "parties:parties": (Party, "PT Bangka 1", "where=name~starts~PT Bangka 7"),
    "crm:leads": (Lead, "Bangka 1", "where=company_name~starts~PT Bangka 7"),
}


def clone(model: type[models.Model], first: int, last: int) -> None:
    """So many copies of the model's first row by COPY, each with a name, a company and a moment of its own; no trigger looks on."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    row = model._default_manager.order_by("pk").values(*(field.attname for field in fields))[0]
    born = row["created_at"]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for begin in range(first, last, PORTION):
            lines = StringIO()
            for number in range(begin, min(begin + PORTION, last)):
                own = dict.fromkeys(("name", "company_name"), f"PT Bangka {number}")
                own |= {"code": f"B{number}", "tax_id": "", "created_at": born + timedelta(seconds=number)}
                values = [own.get(field.attname, row[field.attname]) for field in fields]
                lines.write("\t".join("\\N" if value is None else str(value) for value in values) + "\n")
            lines.seek(0)
            cursor.copy_expert(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN", lines)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def best(work: Callable[[], object]) -> float:
    """The shortest of so many rounds, in milliseconds."""
    took = []
    for _round in range(ROUNDS):
        begun = perf_counter()
        work()
        took.append((perf_counter() - begun) * 1000)
    return min(took)


def measured(name: str, user: User, deep: int) -> dict[str, float]:
    """What the list's steps take now."""
    _model, words, condition = LISTS[name]
    client = Client(headers={"Accept": "text/html"})
    client.force_login(user)
    screen = opened(name, "state=all", user)
    address, ordering = screen.url(), screen.ordering()
    last = keyed(screen.rows, ordering)[deep * SIZE]
    cursor = write_cursor(last, ordering)

    def page(**asked: str) -> Callable[[], object]:
        def get() -> None:
            assert client.get(address, {"state": "all", **asked}).status_code == 200

        return get

    def rows(query: str) -> Any:
        return opened(name, f"state=all&{query}", user)

    return {
        "page 1": best(page()),
        "deep page by cursor": best(page(after=cursor)),
        "rows of a deep page": best(lambda: rows(f"after={cursor}").slice),
        "count to 10,000": best(lambda: rows("").count),
        "filter": best(page(where=condition.removeprefix("where="))),
        "search": best(page(q=words)),
        "search that finds nothing": best(page(q="xyzzy")),
    }


MUST_BE_FLAT = ("page 1", "deep page by cursor", "rows of a deep page")


def main(rows: int) -> int:
    """Make the scratch database, measure both sizes, drop it."""
    connection.settings_dict["TEST"]["NAME"] = SCRATCH
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    wrong = 0
    try:
        by = User.objects.service()
        found(name="Bench", country="ID", currency="IDR", chart="general", first_year=date(2026, 1, 1), by=by)
        user = create_user(email="bench@satu.example", name="Bench", roles=[Role.OWNER], password=None, by=by)
        create_party(name="PT Bangka", by=by)
        create_lead(name="Bangka", company_name="PT Bangka", by=by)
        print(f"{'list':<18}{'step':<28}{SMALL:>12,}{rows:>14,}{'times':>8}   load {os.getloadavg()[0]:.1f}")
        for name, (model, _words, _condition) in LISTS.items():
            clone(model, 0, SMALL)
            small = measured(name, user, SMALL // SIZE // 2)
            clone(model, SMALL, rows)
            large = measured(name, user, min(DEEP, rows // SIZE // 2))
            for step, took in large.items():
                times = took / small[step]
                wrong += step in MUST_BE_FLAT and times > FLAT
                print(f"{name:<18}{step:<28}{small[step]:>9.1f} ms{took:>11.1f} ms{times:>8.1f}")
        print(f"load at the end {os.getloadavg()[0]:.1f}")
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
