"""A verb: one thing a person can do with a record. Its operation names the permission, the URL and the button."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model
from django.forms import BaseForm, Form

from core.people.models import User
from core.web.registry import Text

Operation = Callable[..., Any]
TAKEN_KEYS = frozenset("bcegjkx")
"""Letters the shell uses everywhere: go, create, edit, walk, select, the side bar."""


@dataclass(frozen=True)
class Verb:
    """A button on a record, and the operation behind it, called as ``operation(record, by=user, **form_data)``.

    ``to`` is the state it leads to: the button shows only where ``MOVES`` allow that step. ``when`` shows or hides it
    otherwise; ``why_not`` gives the reason a shown button is disabled ("" = it may be done). ``form`` asks for more first;
    ``confirm`` asks back, naming the thing. ``done`` is said afterwards. ``tucked`` puts it under "More". ``key`` is its letter on the
    keyboard (one is found when it names none). ``sensitive`` is for who confirmed a moment ago that it is them. ``who`` says who may where no one permission
    does, because it depends on the record: ``who(record, user)``. Everything else derives from the operation's name.
    """

    operation: Operation
    label: Text
    form: type[Form] | None = None
    to: str = ""
    when: Callable[[Any], bool] | None = None
    why_not: Callable[[Any], Text] | None = None
    primary: bool = False
    danger: bool = False
    tucked: bool = False
    sensitive: bool = False
    icon: str = ""
    confirm: Text = ""
    done: Text = ""
    permission: str = ""
    slug: str = ""
    key: str = ""
    initial: Callable[[Any], dict[str, Any]] | None = field(default=None)
    who: Callable[[Any, User], bool] | None = None

    def address(self, model: type[Model]) -> str:
        """Its part of the URL: ``confirm_order`` of an order becomes ``confirm``."""
        words = self.operation.__name__.split("_")
        for count in range(1, len(words)):
            if "".join(words[-count:]) == model._meta.model_name:
                words = words[:-count]
                break
        return self.slug or "-".join(words)

    def needed_permission(self, model: type[Model]) -> str:
        """The permission it needs, named as the operation: ``sales.confirm_order``. Empty where ``who`` says it."""
        return self.permission or ("" if self.who is not None else f"{model._meta.app_label}.{self.operation.__name__}")

    def may(self, record: Any, user: User) -> bool:
        """Whether a person may do it with a record."""
        return self.who(record, user) if self.who is not None else user.has_perm(self.needed_permission(type(record)))

    def offered(self, record: Any, user: User) -> bool:
        """Whether the button is there for this person and this record."""
        if not self.may(record, user):
            return False
        if self.to and not record.may_move_to(self.to):
            return False
        return self.when is None or self.when(record)

    def obstacle(self, record: Any) -> Text:
        """Why it cannot be done now; empty when it can."""
        return self.why_not(record) if self.why_not else ""

    def asks(self) -> bool:
        """Whether it needs a word from the person first."""
        return self.form is not None or bool(self.confirm)

    def perform(self, record: Any, form: BaseForm | None, user: User) -> Any:
        """Call the operation."""
        return self.operation(record, by=user, **(form.cleaned_data if form is not None else {}))


@dataclass(frozen=True)
class Button:
    """A verb as one record's page shows it."""

    verb: Verb
    url: str
    obstacle: Text
    key: str = ""


ON_DESK, ON_PHONE = 4, 2
"""How many buttons a record shows; the rest stand under "…"."""


@dataclass(frozen=True)
class Behind:
    """What stands under "…" because there is no room for it."""

    links: Sequence[Any]
    edit_url: str
    buttons: Sequence["Button"]

    @property
    def some(self) -> bool:
        """Whether there is anything."""
        return bool(self.links or self.edit_url or self.buttons)


@dataclass(frozen=True)
class Row:
    """What a record offers, from the left to the right: links, editing, verbs."""

    links: Sequence[Any]
    edit_url: str
    buttons: Sequence[Button]

    def behind(self, room: int) -> Behind:
        """What is left when ``room`` buttons stand there: the primary one, and those nearest to it that are neither blocked nor dangerous."""
        every: list[Any] = [*self.links, *([self.edit_url] if self.edit_url else []), *self.buttons]
        kept = sorted(every, key=lambda one: (not _is_primary(one), _is_second_choice(one), -every.index(one)))[:room]
        return Behind(
            [link for link in self.links if link not in kept],
            self.edit_url if self.edit_url not in kept else "",
            [button for button in self.buttons if button not in kept],
        )


def _is_primary(one: Any) -> bool:
    return bool(one.verb.primary if isinstance(one, Button) else getattr(one, "primary", False))


def _is_second_choice(one: Any) -> bool:
    return isinstance(one, Button) and (bool(one.obstacle) or one.verb.danger)


def with_keys(buttons: Iterable[Button]) -> list[Button]:
    """Give every button a letter of its own: the one its verb names, else the first free one of its address, the same in all languages."""
    found, taken = [], set(TAKEN_KEYS)
    buttons = list(buttons)
    taken |= {button.verb.key for button in buttons if button.verb.key}
    for button in buttons:
        address = button.url.rstrip("/").rpartition("/")[2]
        key = button.verb.key or next((letter for letter in address if letter.isalpha() and letter not in taken), "")
        taken.add(key)
        found.append(replace(button, key=key))
    return found
