"""A verb: one thing a person can do with a record. Its operation names the permission, the URL and the button."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.forms import BaseForm, Form

from core.people.models import User
from core.web.registry import Text

Operation = Callable[..., Any]


@dataclass(frozen=True)
class Verb:
    """A button on a record, and the operation behind it, called as ``operation(record, by=user, **form_data)``.

    ``to`` is the state it leads to: the button shows only where ``MOVES`` allow that step. ``when`` shows or hides it
    otherwise; ``why_not`` gives the reason a shown button is disabled ("" = it may be done). ``form`` asks for more first;
    ``confirm`` asks back, naming the thing. ``done`` is said afterwards. ``tucked`` puts it under "More". Everything else derives
    from the operation's name.
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
    icon: str = ""
    confirm: Text = ""
    done: Text = ""
    permission: str = ""
    slug: str = ""
    key: str = ""
    initial: Callable[[Any], dict[str, Any]] | None = field(default=None)

    def address(self, model: type[Model]) -> str:
        """Its part of the URL: ``confirm_order`` of an order becomes ``confirm``."""
        words = self.operation.__name__.split("_")
        for count in range(1, len(words)):
            if "".join(words[-count:]) == model._meta.model_name:
                words = words[:-count]
                break
        return self.slug or "-".join(words)

    def needed_permission(self, model: type[Model]) -> str:
        """The permission it needs, named as the operation: ``sales.confirm_order``."""
        return self.permission or f"{model._meta.app_label}.{self.operation.__name__}"

    def offered(self, record: Any, user: User) -> bool:
        """Whether the button is there for this person and this record."""
        if not user.has_perm(self.needed_permission(type(record))):
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
