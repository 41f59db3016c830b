"""The clerk screens' ground floor: Django's admin, read-only, with safe actions that call operations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import display
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline

from core.errors import Refused, WaitsForSecond
from core.people.door.confirming import demand
from core.people.hiding import hides
from core.people.models import User
from core.people.visibility import seen_by
from core.web import figures
from core.web.hooks import Document, documents
from core.web.registry import url_of


@dataclass(frozen=True)
class Act:
    """A safe action: the operation is called once for each chosen row, as ``operation(row, by=user)``; each may be refused alone.

    ``sensitive``: only for who confirmed a moment ago that it is them. ``permission`` replaces the one named as the operation.
    """

    operation: Callable[..., Any]
    label: Any
    sensitive: bool = False
    permission: str = ""

    @property
    def name(self) -> str:
        """The operation's name: the permission and the action are called the same."""
        return str(self.operation.__name__)

    def run(self, admin: Any, request: HttpRequest, rows: models.QuerySet[Any]) -> None:
        """Do it to every chosen row, and say what became of it."""
        if self.sensitive:
            demand(request)
        done = 0
        for row in rows.order_by("pk"):
            try:
                self.operation(row, by=User.of(request))
                done += 1
            except WaitsForSecond as waits:
                words = format_html('{} <a href="{}">{}</a>', str(waits), waits.link, _("Go there"))
                admin.message_user(request, words, messages.WARNING)
            except Refused as refusal:
                admin.message_user(request, str(refusal), messages.ERROR)
        if done:
            admin.message_user(request, _("%(what)s: %(count)s") % {"what": self.label, "count": done}, messages.SUCCESS)


class _Seen:
    """Shows to whoever may see the model what they may see of it, changes nothing."""

    model: type[models.Model]

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Sequence[Any]:
        """The fields this clerk may see."""
        return self._seen(request, super().get_fields(request, obj))  # type: ignore[misc]

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        """The columns this clerk may see."""
        return self._seen(request, super().get_list_display(request))  # type: ignore[misc]

    def get_search_fields(self, request: HttpRequest) -> Sequence[Any]:
        """What this clerk may search by."""
        return self._seen(request, super().get_search_fields(request))  # type: ignore[misc]

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        """What this clerk may narrow by."""
        return self._seen(request, super().get_list_filter(request))  # type: ignore[misc]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nothing is asked of what this clerk may not see."""
        return not hides(request.user, self.model, lookup) and super().lookup_allowed(lookup, value, request)  # type: ignore[misc]

    def _seen(self, request: HttpRequest, names: Sequence[Any]) -> list[Any]:
        called = [(name, getattr(name, "__name__", name)) for name in names]
        return [name for name, said in called if not (isinstance(said, str) and hides(request.user, self.model, said))]

    def has_add_permission(self, *_args: Any) -> bool:
        """Records are made by operations."""
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        """Records are changed by operations."""
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        """Records are removed by operations, if at all."""
        return False


class LeadsOn(ModelAdmin):  # type: ignore[misc]
    """A record in the admin leads to its staff page and to its papers."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The records this clerk may see."""
        rows: models.QuerySet[Any] = seen_by(super().get_queryset(request), User.of(request))
        return rows

    def get_view_on_site_url(self, obj: models.Model | None = None) -> str | None:
        """The record's staff page, when it has one that this clerk may see."""
        return url_of(obj) or None

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Sequence[Any]:
        """The record's fields, and its papers when it has any."""
        fields: list[Any] = list(super().get_fields(request, obj))
        papers = documents(obj._meta.label_lower, obj, User.of(request)) if obj is not None and obj.pk else []
        return [*fields, _papers(papers)] if papers else fields


class Written(LeadsOn):
    """A model that is only looked at: what it says is written as on every other page."""

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Sequence[Any]:
        """The fields, with figures and days as people here write them."""
        return as_people_write(self.model, super().get_fields(request, obj))

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        """The columns, with figures and days as people here write them."""
        return as_people_write(self.model, super().get_list_display(request))


class ClerkAdmin(_Seen, Written):
    """A model to look at, with the safe actions its clerk may take."""

    acts: ClassVar[Sequence[Act]] = ()
    list_per_page = 50
    show_full_result_count = False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The operations this person holds the permission for; never the bulk deletion."""
        app_label = self.model._meta.app_label
        return {
            act.name: (lambda admin, asked, rows, act=act: act.run(admin, asked, rows), act.name, str(act.label))
            for act in self.acts
            if request.user.has_perm(act.permission or f"{app_label}.{act.name}")
        }


def as_people_write(model: type[models.Model], names: Sequence[Any]) -> list[Any]:
    """Fields of the admin, those with a figure or a day drawn as on every other page."""
    return [_written(model, name) if isinstance(name, str) else name for name in names]


def _written(model: type[models.Model], name: str) -> Any:
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    if not isinstance(field, (models.DecimalField, models.DateField)):
        return name

    @display(description=field.verbose_name, ordering=name, empty_value="–")
    def written(record: Any) -> SafeString | None:
        value = getattr(record, name)
        kind = "whitespace-nowrap figure" if isinstance(value, Decimal) else "whitespace-nowrap"
        return None if value is None else format_html('<span class="{}">{}</span>', kind, in_words(value, getattr(record, "currency", "")))

    written.__name__ = name
    return written


def in_words(value: Decimal | date, currency: str = "") -> str:
    """A figure, an amount with the digits of its currency, a day or a moment."""
    if isinstance(value, Decimal):
        return figures.money(value, currency, plain=True) if currency else figures.quantity(value)
    return figures.moment(value) if isinstance(value, datetime) else figures.day(value)


def _papers(papers: Sequence[Document]) -> Callable[[Any], SafeString]:
    """A field of the admin that leads to each paper as PDF."""

    @display(description=gettext_lazy("Documents"))
    def papers_of_it(_record: Any) -> SafeString:
        return format_html_join(", ", '<a href="{}pdf/" class="text-primary-600">{}</a>', ((paper.url, paper.label) for paper in papers))

    return papers_of_it


class ClerkInline(_Seen, TabularInline):  # type: ignore[misc]
    """The lines of a record, to look at."""

    extra = 0
    can_delete = False


def lines(shown: type[models.Model], *columns: str, through: str | None = None) -> type[Any]:
    """An inline that shows these columns of a record's lines."""
    drawn = as_people_write(shown, columns)
    return type(f"{shown.__name__}Inline", (ClerkInline,), {"model": shown, "fields": drawn, "readonly_fields": drawn, "fk_name": through})
