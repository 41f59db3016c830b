"""A company grown in the database: the rows of one real story, again and again, each with keys, numbers and moments of its own.

The rows are written by `INSERT ... SELECT FROM generate_series`, no trigger looks on, and every key from one row of the story to another, by
foreign key, by kind and id, or in the payload of an event, leads to the copy of that row.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models

PORTION = 20_000
OF_KIND = (("source_kind", "source_id"), ("target_kind", "target_id"), ("document_kind", "document_id"), ("kind", "object_id"))
"""Columns that name a record by its kind and its id."""
NAMED = {
    "order_id": "sales.Order",
    "order_line_id": "sales.OrderLine",
    "invoice_id": "finance.Invoice",
    "delivery_id": "inventory.DeliveryOrder",
    "payment_id": "finance.Payment",
    "deal_id": "crm.Deal",
    "lead_id": "crm.Lead",
    "customer_id": "parties.Party",
    "party_id": "parties.Party",
}
"""Columns, and facts of events, that name a record of another module by its id alone."""
WORDS = frozenset({"number", "order_number", "source_number", "target_number", "document_number", "name", "code", "company_name"})
"""Columns that get the copy's number behind them."""


@dataclass
class Story:
    """The rows of one story, by model in the order they are written. The keys of its copies begin ``beyond`` what there is."""

    beyond: int = 0
    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    base: dict[type[models.Model], int] = field(default_factory=dict)

    def add(self, rows: "Iterable[models.Model]") -> None:
        """Let rows belong to it."""
        for row in rows:
            self.rows.setdefault(type(row), []).append(row)

    def copied(self, model: type[models.Model], key: Any) -> str | None:
        """What stands in the place of a key in copy ``g``, as SQL; None when the story does not hold the row."""
        keys = [row.pk for row in self.rows.get(model, ())]
        return f"({self.base[model] + keys.index(key)} + g * {len(keys)})" if key in keys else None

    def copy(self, first: int, last: int) -> None:
        """Write copies ``first`` to ``last`` (not included)."""
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for model in self.rows.keys() - self.base.keys():
                self.base[model] = model._default_manager.order_by("-pk").values_list("pk", flat=True)[0] + 1 + self.beyond
            for model, rows in self.rows.items():
                for row in rows:
                    columns, told, values = zip(*self._told(model, row), strict=True)
                    written = f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(map(_quoted, columns))}) SELECT {', '.join(told)}"
                    for begin in range(first, last, PORTION):
                        span = [begin, min(begin + PORTION, last) - 1]
                        cursor.execute(f"{written} FROM generate_series(%s, %s) AS g", [*(one for some in values for one in some), *span])
            cursor.execute("SET session_replication_role = DEFAULT")

    def _told(self, model: type[models.Model], row: models.Model) -> Iterator[tuple[str, str, list[Any]]]:
        """Each column: its name, what is written there, the values in it."""
        for one in model._meta.concrete_fields:
            value = getattr(row, one.attname)
            copied = self._key_of(model, one, row, value)
            if copied is not None:
                yield one.column, copied, []
            elif value is None:
                yield one.column, "NULL", []
            elif isinstance(one, models.JSONField):
                yield one.column, *self._facts(value)
            elif isinstance(one, models.UUIDField):
                yield one.column, "gen_random_uuid()", []
            elif isinstance(one, models.DateTimeField):
                yield one.column, "%s::timestamptz - g * interval '20 seconds'", [value]
            elif isinstance(one, models.CharField) and value and (one.unique or one.name in WORDS):
                yield one.column, "%s || '-' || g", [value]
            elif one.name == "sequence":
                yield one.column, "NULL", []
            elif one.get_internal_type() == "TransactionIdField" or one.db_type(connection) == "xid8":
                yield one.column, "pg_current_xact_id()", []
            else:
                yield one.column, f"%s::{one.db_type(connection).partition(' GENERATED')[0]}", [one.get_db_prep_save(value, connection)]

    def _key_of(self, model: type[models.Model], one: "models.Field[Any, Any]", row: models.Model, value: Any) -> str | None:
        if one.primary_key:
            return self.copied(model, value)
        if isinstance(one, models.ForeignKey):
            target: Any = one.related_model
            return self.copied(target, value)
        for kind, key in OF_KIND:
            if one.attname == key and getattr(row, kind, "") and value is not None:
                return self.copied(apps.get_model(getattr(row, kind)), value)
        return self.copied(apps.get_model(NAMED[one.attname]), value) if one.attname in NAMED else None

    def _facts(self, facts: Any) -> tuple[str, list[Any]]:
        keys = {name: facts[name] for name in facts if name in NAMED and facts[name] is not None} if isinstance(facts, dict) else {}
        copied = {name: self.copied(apps.get_model(NAMED[name]), key) for name, key in keys.items()}
        known = [f"'{name}', {told}" for name, told in copied.items() if told]
        return f"%s::jsonb || jsonb_build_object({', '.join(known)})" if known else "%s::jsonb", [json.dumps(facts, default=str)]


def analyze() -> None:
    """Let the database look at what there is now, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
