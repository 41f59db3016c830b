"""How rows are kept: tracked, moved from status to status, and locked together in one order."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.db import connection, models, transaction
from django.db.models import Func
from django.utils.translation import gettext as _

from core import clock
from core.errors import Gone, IllegalMove, Stale
from core.events.cause import acting, current_cause
from core.guards import Guard
from core.once import remembering
from core.reference import MARK
from core.standing import Standing, looked_at, seen

if TYPE_CHECKING:
    from core.people.models import User


class Told:
    """What this transaction was told and has seen: who acts, in which story, the time when it is not the clock's; how the reference tables stand."""

    __slots__ = ("facts", "standing")

    def __init__(self, facts: "list[str] | None" = None, mark: str | None = None) -> None:
        self.facts, self.standing = facts, Standing(mark)


_holding: ContextVar[bool] = ContextVar("holding", default=False)
_told: ContextVar[Told | None] = ContextVar("told", default=None)
_expected: "ContextVar[tuple[models.Model, int, Callable[[], bool] | None] | None]" = ContextVar("expected", default=None)

TELL = "SELECT set_config('satu.actor', %s, true), set_config('satu.correlation', %s, true), set_config('satu.now', %s, true), " + MARK
"""What every transaction that writes says first, and how the reference tables stand as it begins."""

DOCUMENT, STOCK, LEDGER, COUNTER = 10, 20, 30, 40
"""Lock ranks, in the house lock order: business documents, stock rows, ledger, counters."""


class AmountField(models.DecimalField):
    """An amount of money: numeric(20, 4), rounded to its currency before it is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 20, "decimal_places": 4} | kwargs)


class PriceField(models.DecimalField):
    """Money per unit: numeric(20, 6), finer than the currency."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 20, "decimal_places": 6} | kwargs)


class QuantityField(models.DecimalField):
    """A quantity in the product's own unit: numeric(20, 6)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 20, "decimal_places": 6} | kwargs)


class RateField(models.DecimalField):
    """A fraction such as a tax or a discount, 0.11 for 11 %: numeric(12, 6)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 12, "decimal_places": 6} | kwargs)


class TransactionIdField(models.Field):
    """The transaction that wrote a row: xid8, never reused."""

    def db_type(self, connection: object) -> str:
        """PostgreSQL's own type."""
        return "xid8"


class ThisTransaction(Func):
    """The id of the transaction that is running."""

    function = "pg_current_xact_id"
    output_field = TransactionIdField()


class CurrencyField(models.CharField):
    """An ISO 4217 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 3} | kwargs)


TOUCH = Guard(
    name="touch",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
    func="""
        NEW.version = OLD.version + 1;
        NEW.updated_at = COALESCE(NULLIF(current_setting('satu.now', true), '')::timestamptz, now());
        RETURN NEW;
    """,
)
AUDIT = Guard(
    name="audit",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="PERFORM audit_write(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW)); RETURN NULL;",
)


class Tracked(models.Model):
    """A row whose every change is counted in ``version`` and written to the audit trail by the database itself."""

    LOCK_RANK: ClassVar[int] = DOCUMENT

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [TOUCH, AUDIT]


class Stateful(Tracked):
    """A row with a status that changes only along ``MOVES``."""

    MOVES: ClassVar[dict[str, tuple[str, ...]]]

    status = models.CharField(max_length=24)

    class Meta(Tracked.Meta):
        abstract = True

    def may_move_to(self, status: str) -> bool:
        """Whether ``status`` may follow the present one."""
        return status in self.MOVES.get(self.status, ())

    def move_to(self, status: str, **together: Any) -> None:
        """Change and save the status; raises IllegalMove when ``MOVES`` does not allow the step.

        ``together`` are fields that belong to the new status, written in the same UPDATE: when it was closed, why.
        """
        self.save(update_fields=self.moved_to(status, **together))

    def moved_to(self, status: str, **together: Any) -> list[str]:
        """``move_to`` for who saves it with something else: the fields that are to be written."""
        if not self.may_move_to(status):
            raise IllegalMove(
                _("%(thing)s is %(now)s and cannot become %(then)s.")
                % {"thing": self, "now": self._label(self.status), "then": self._label(status)},
                fix=_("Load it again to see where it stands now."),
            )
        self.status = status
        for field, value in together.items():
            setattr(self, field, value)
        return ["status", *together]

    def _label(self, status: str) -> str:
        choices: dict[str, object] = dict(getattr(self._meta.get_field("status"), "flatchoices", ()))
        return str(choices.get(status, status)).lower()


@dataclass(frozen=True)
class RowOf:
    """The row of a model that is known by a unique number, such as an order's; written when there is none."""

    model: type[models.Model]
    key: str
    value: int


OPEN_ROW = """
    INSERT INTO {table} ({columns}) SELECT {values} ON CONFLICT ({key}) DO UPDATE SET {key} = excluded.{key} RETURNING id, xmax = 0, {columns}
"""
"""Makes the row or locks it, in one statement: whoever asks for the same row waits for the one before. An update of nothing leaves no trace."""


@contextmanager
def locked(*things: "models.Model | models.QuerySet[Any] | RowOf", by: "User") -> Iterator[Any]:
    """One transaction that holds every row it will change, locked in the house order, fresh from the database.

    Gives back a fresh instance for an instance and a list ordered by pk for a queryset: one value for one thing, a tuple
    for several, None for none; for a ``RowOf`` the row, and whether it is new. Every row written inside carries ``by`` as its cause.
    Never nest it.
    """
    if _holding.get():
        raise RuntimeError("locked() never nests: lock every row of the operation in one call.")
    with transaction.atomic(savepoint=_told.get() is None), acting(by=by), remembering(), undone_together(_told.get()):
        tell_the_database()
        rows = _lock(things)
        token = _holding.set(True)
        try:
            yield None if not rows else rows[0] if len(rows) == 1 else tuple(rows)
        finally:
            _holding.reset(token)


@contextmanager
def undone_together(told: Told | None) -> Iterator[None]:
    """Whatever fails inside undoes the whole transaction: operations inside set no savepoint, and tell the database only what it was not ``told``."""
    told = told or Told()
    token = _told.set(told)
    try:
        with looked_at(told.standing):
            yield
    finally:
        _told.reset(token)


@contextmanager
def expecting(record: models.Model, version: int | None, *, still: Callable[[], bool] | None = None) -> Iterator[None]:
    """Let the operation inside go on only if ``record``, once it is locked, still has this ``version`` (None: whatever it has).

    ``still`` is asked under the same lock for what the version does not count, such as the lines of a document. Raises Stale.
    """
    token = _expected.set(None if version is None else (record, version, still))
    try:
        yield
    finally:
        _expected.reset(token)


def _as_expected(found: models.Model) -> None:
    expected = _expected.get()
    if expected is None:
        return
    record, version, still = expected
    if type(found) is not type(record) or found.pk != record.pk:
        return
    _expected.set(None)  # asked once: what the operation itself changes is no surprise
    if getattr(found, "version", version) != version or (still is not None and not still()):
        raise Stale(_("%(thing)s was changed meanwhile.") % {"thing": record}, fix=_("Look at what changed, then decide again."))


@contextmanager
def same_commit() -> Iterator[None]:
    """Let a handler that belongs to the publisher's commit lock rows of its own, later in the house order."""
    token = _holding.set(False)
    try:
        yield
    finally:
        _holding.reset(token)


def tell_the_database() -> None:
    """Hand the cause of the coming writes to the audit triggers, for the length of this transaction."""
    cause, told = current_cause(), _told.get()
    facts = [str(cause.actor_id or ""), str(cause.correlation_id or ""), told_time()]
    if told is not None and facts == told.facts:
        return
    with connection.cursor() as cursor:
        cursor.execute(TELL, facts)
        *_told_back, mark = cursor.fetchone()
    if told is not None:
        told.facts = facts
    seen(mark)


def told_time() -> str:
    """The time that stands instead of the clock's; empty: none does."""
    told = clock.told()
    return told.isoformat() if told else ""


def _lock(things: "tuple[models.Model | models.QuerySet[Any] | RowOf, ...]") -> list[Any]:
    by_table: dict[tuple[int, str], list[int]] = defaultdict(list)
    for position, thing in enumerate(things):
        model = _model_of(thing)
        by_table[(getattr(model, "LOCK_RANK", DOCUMENT), model._meta.db_table)].append(position)
    rows: list[Any] = [None] * len(things)
    for positions in (by_table[table] for table in sorted(by_table)):
        there: dict[int, models.Model | models.QuerySet[Any]] = {}
        for position in positions:
            thing = things[position]
            if isinstance(thing, RowOf):
                rows[position] = _opened(thing)
            else:
                there[position] = thing
        if len(there) == 1:
            ((position, alone),) = there.items()
            rows[position] = _answer(alone, _held(alone))
        elif there:
            _lock_together(there, rows)
    return rows


def _held(thing: "models.Model | models.QuerySet[Any]") -> list[Any]:
    if isinstance(thing, models.QuerySet) or (statement := _hold_one(type(thing))) is None:
        return list(_for_update(_rows_of(thing)))
    model = type(thing)
    with connection.cursor() as cursor:
        cursor.execute(statement, [thing.pk])
        found = cursor.fetchone()
    return [] if found is None else [model.from_db(connection.alias, [field.attname for field in model._meta.concrete_fields], found)]


HOLD_ONE = "SELECT {columns} FROM {table} WHERE id = %s FOR NO KEY UPDATE"
"""One row, held. Written once for each model, because nearly every operation begins with it; Django would build it anew each time."""


@cache
def _hold_one(model: type[models.Model]) -> str | None:
    """None for a model whose values Django has to translate, or whose id has another name."""
    fields = model._meta.concrete_fields
    if model._meta.pk.attname != "id" or any(field.get_db_converters(connection) for field in fields):
        return None
    quoted = connection.ops.quote_name
    return HOLD_ONE.format(columns=", ".join(quoted(str(field.column)) for field in fields), table=quoted(model._meta.db_table))


def _lock_together(there: "dict[int, models.Model | models.QuerySet[Any]]", rows: list[Any]) -> None:
    """Several things of one table, in the order of their ids whichever they are."""
    wanted = {position: list(_rows_of(thing).order_by("pk").values_list("pk", flat=True)) for position, thing in there.items()}
    model = _model_of(next(iter(there.values())))
    found = {row.pk: row for row in _for_update(model._default_manager.filter(pk__in={pk for pks in wanted.values() for pk in pks}))}
    for position, thing in there.items():
        rows[position] = _answer(thing, [found[pk] for pk in wanted[position] if pk in found])


def _opened(row: RowOf) -> tuple[models.Model, bool]:
    new = row.model(**{row.key: row.value})
    fields = [field for field in row.model._meta.concrete_fields if not field.primary_key]
    quoted = {field.name: connection.ops.quote_name(str(field.column)) for field in fields}
    statement = OPEN_ROW.format(
        table=connection.ops.quote_name(row.model._meta.db_table),
        columns=", ".join(quoted.values()),
        values=", ".join("%s" for _field in fields),
        key=quoted[row.key],
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [field.get_db_prep_save(field.pre_save(new, add=True), connection) for field in fields])
        pk, is_new, *values = cursor.fetchone()
    found = row.model.from_db(connection.alias, [row.model._meta.pk.attname, *(field.attname for field in fields)], [pk, *values])
    return found, is_new


def _model_of(thing: "models.Model | models.QuerySet[Any] | RowOf") -> type[models.Model]:
    return thing.model if isinstance(thing, models.QuerySet | RowOf) else type(thing)


def _rows_of(thing: "models.Model | models.QuerySet[Any]") -> "models.QuerySet[Any]":
    return thing if isinstance(thing, models.QuerySet) else type(thing)._default_manager.filter(pk=thing.pk)


def _for_update(rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    return rows.order_by("pk").select_for_update(no_key=True, of=("self",))


def _answer(thing: "models.Model | models.QuerySet[Any]", found: list[Any]) -> Any:
    if isinstance(thing, models.QuerySet):
        return found
    if not found:
        raise Gone(_("%(thing)s does not exist any more.") % {"thing": thing}, fix=_("Go back to the list and load it again."))
    _as_expected(found[0])
    return found[0]
