"""One thing done to many records: one operation call each, in a transaction of its own, with a report of what was refused and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db.models import Model
from django.forms import BaseForm, Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused, WaitsForSecond
from core.people.models import User
from core.web.lookups import LookupField
from core.web.registry import Text, record_screen, url_of
from core.web.verbs import Operation, Verb

if TYPE_CHECKING:
    from core.web.lists import ListScreen

AT_ONCE = 100
MOST = 10_000
ASKS_FROM = 20
"""From so many rows on, even what asks nothing asks back."""
SALT = "satu.bulk.undo"


class OwnerForm(Form):
    """Who looks after them from now on."""

    owner = LookupField("people.user", label=gettext_lazy("Owner"))


@dataclass(frozen=True)
class Bulk:
    """What may be done to the chosen rows of a list, called for each as ``operation(record, by=user, **form_data)``.

    ``operation`` is an operation, or the address of a verb of the record's screen (``"confirm"``), which then says the rest.
    ``undo`` is the opposite operation; with ``remember=("owner",)`` it is called with the values as they were.
    One that ``collects`` changes nothing: it gives back the name and the content of a file for each row, and a job puts them into one.
    """

    operation: Operation | str
    label: Text = ""
    form: type[Form] | None = None
    icon: str = ""
    danger: bool = False
    confirm: Text = ""
    permission: str = ""
    when: Callable[[Any], bool] | None = None
    why_not: Callable[[Any], Text] | None = None
    to: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    undo: Operation | None = None
    remember: tuple[str, ...] = ()
    slug: str = ""
    collects: bool = False
    sensitive: bool = False

    def as_verb(self) -> Verb:
        """The same as a verb: it knows address, permission and whether it may be done."""
        if isinstance(self.operation, str):
            raise TypeError(f"{self.operation} is a verb's address: resolve it first.")
        return Verb(
            self.operation,
            self.label,
            form=self.form,
            to=self.to,
            when=self.when,
            why_not=self.why_not,
            danger=self.danger,
            icon=self.icon,
            confirm=self.confirm,
            permission=self.permission,
            slug=self.slug,
        )

    def address(self, model: type[Model]) -> str:
        """Its part of the URL."""
        return self.slug or self.as_verb().address(model)

    def undone_by(self, user: User, model: type[Model]) -> bool:
        """Whether this person may do the opposite, too."""
        return self.undo is not None and user.has_perm(f"{model._meta.app_label}.{self.undo.__name__}")

    def asks(self, count: int) -> bool:
        """Whether it wants a word first."""
        return self.form is not None or bool(self.confirm) or (count >= ASKS_FROM and not self.collects)


def assign_owner(operation: Operation, *, when: Callable[[Any], bool] | None = None) -> Bulk:
    """Hand the chosen rows to somebody, with the operation that changes such a record (``operation(row, owner=..., by=...)``)."""
    return Bulk(
        operation,
        gettext_lazy("Assign owner"),
        form=OwnerForm,
        icon="user-round",
        when=when,
        undo=operation,
        remember=("owner",),
        slug="assign",
    )


def switch(operation: Operation, label: Text, *, on: bool, slug: str) -> Bulk:
    """Put the chosen rows in use, or out of use, with the operation that changes such a record (``operation(row, is_active=..., by=...)``)."""
    return Bulk(
        operation,
        label,
        data={"is_active": on},
        icon="eye" if on else "eye-off",
        when=lambda row: row.is_active is not on,
        undo=operation,
        remember=("is_active",),
        slug=slug,
    )


@dataclass(frozen=True)
class Refusal:
    """A row that was left as it was, and why."""

    label: str
    url: str
    reason: str


@dataclass
class Report:
    """What became of the chosen rows."""

    done: int = 0
    refused: list[Refusal] = field(default_factory=list)
    waiting: list[Refusal] = field(default_factory=list)
    before: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def undo_token(self, bulk: Bulk, model: type[Model], user: User) -> str:
        """What undoing needs to know, signed; empty when it cannot be undone, or not by this person."""
        if not self.before or not bulk.undone_by(user, model):
            return ""
        return signing.dumps([bulk.address(model), self.before], salt=SALT, compress=True)

    def as_json(self) -> dict[str, Any]:
        """The report as a job keeps it."""
        refused, waiting = [asdict(one) for one in self.refused], [asdict(one) for one in self.waiting]
        return {"done": self.done, "refused": refused, "waiting": waiting, "before": self.before}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Report":
        """The report a job kept."""
        before = [(int(pk), dict(values)) for pk, values in kept.get("before", [])]
        refused, waiting = ([Refusal(**one) for one in kept.get(name, [])] for name in ("refused", "waiting"))
        return cls(int(kept.get("done", 0)), refused, waiting, before)


def resolved(one: "Bulk | str", model: type[Model]) -> Bulk | None:
    """A declaration made whole: what names a verb takes its label, form and conditions from it."""
    bulk = Bulk(one) if isinstance(one, str) else one
    if not isinstance(bulk.operation, str):
        return bulk
    screen: Any = record_screen(model._meta.label_lower)
    verbs: Sequence[Verb] = getattr(screen, "verbs", ()) if screen is not None else ()
    verb = next((verb for verb in verbs if verb.address(model) == bulk.operation), None)
    if verb is None:
        raise LookupError(f"No verb of {model._meta.label} is called {bulk.operation}.")
    return replace(
        bulk,
        operation=verb.operation,
        label=bulk.label or verb.label,
        form=bulk.form or (None if bulk.data else verb.form),
        icon=bulk.icon or verb.icon,
        danger=bulk.danger or verb.danger,
        confirm=bulk.confirm or verb.confirm,
        permission=verb.needed_permission(model),
        when=bulk.when or verb.when,
        why_not=bulk.why_not or verb.why_not,
        to=bulk.to or verb.to,
        slug=bulk.slug or verb.address(model),
        sensitive=bulk.sensitive or verb.sensitive,
    )


def bulks_of(screen: "ListScreen") -> dict[str, Bulk]:
    """What this person may do to many rows of a list, by address."""
    model = screen.the_model()
    whole = [bulk for one in screen.bulk if (bulk := resolved(one, model)) is not None]
    return {bulk.address(model): bulk for bulk in whole if screen.user.has_perm(bulk.as_verb().needed_permission(model))}


def run(
    bulk: Bulk,
    rows: Iterable[Any],
    user: User,
    form: BaseForm | None = None,
    *,
    report: Report | None = None,
    after_each: Any = None,
    keep: Any = None,
) -> Report:
    """Do it to every row: each by itself, so that one refusal stops no other."""
    report = report or Report()
    verb = bulk.as_verb()
    data = {**bulk.data, **(form.cleaned_data if form is not None else {})}
    for row in rows:
        reason = _obstacle(verb, row, user)
        before = {name: _kept(row, name) for name in bulk.remember}
        waits: WaitsForSecond | None = None
        if not reason:
            try:
                made = verb.operation(row, by=user, **data)
                if keep is not None:
                    keep(*made)
            except WaitsForSecond as waiting:
                waits = waiting
            except Refused as refusal:
                reason = str(refusal)
        if waits is not None:
            report.waiting.append(Refusal(str(row), waits.link, str(waits.title)))
        elif reason:
            report.refused.append(Refusal(str(row), url_of(row), reason))
        else:
            report.done += 1
            if bulk.undo is not None:
                report.before.append((row.pk, before))
        if after_each is not None:
            after_each(str(row))
    return report


def _obstacle(verb: Verb, row: Any, user: User) -> str:
    reason = str(verb.obstacle(row))
    if reason or verb.offered(row, user):
        return reason
    state = getattr(row, "get_status_display", None)
    return _("It is %(state)s.") % {"state": str(state()).lower()} if state is not None else _("This cannot be done to it now.")


def _kept(row: Any, name: str) -> Any:
    found = row._meta.get_field(name)
    return found.value_to_string(row) if not found.is_relation else getattr(row, found.attname)


def undo(screen: "ListScreen", token: str) -> tuple[Bulk, Report]:
    """Call the opposite operation for every row that was changed. Raises Refused when the token is not ours."""
    try:
        slug, before = signing.loads(token, salt=SALT, max_age=60 * 60 * 24)
    except signing.BadSignature as forged:
        raise Refused(_("This can no longer be undone."), fix=_("Open the records and change them back.")) from forged
    bulk = bulks_of(screen).get(slug)
    if bulk is None or not bulk.undone_by(screen.user, screen.the_model()):
        raise Refused(_("This can no longer be undone."), fix=_("Open the records and change them back."))
    return bulk, undo_rows(screen, bulk, before)


def undo_rows(screen: "ListScreen", bulk: Bulk, before: Sequence[tuple[int, dict[str, Any]]], after_each: Any = None) -> Report:
    """Undo row by row."""
    kept = {int(pk): values for pk, values in before}
    report = Report()
    for row in screen.full_rows().filter(pk__in=kept).order_by("pk"):
        try:
            if bulk.undo is not None:
                bulk.undo(row, by=screen.user, **{name: _again(row, name, value) for name, value in kept[row.pk].items()})
            report.done += 1
        except Refused as refusal:
            report.refused.append(Refusal(str(row), url_of(row), str(refusal)))
        if after_each is not None:
            after_each(str(row))
    return report


def _again(row: Any, name: str, value: Any) -> Any:
    found = row._meta.get_field(name)
    if found.is_relation:
        return found.related_model._default_manager.filter(pk=value).first() if value is not None else None
    return found.to_python(value)
