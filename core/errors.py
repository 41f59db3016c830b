"""A broken business rule, told to the person who met it."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Refused(Exception):
    """A business rule says no.

    Pages show it as a message, the API as problem+json with status 409, the admin as an admin message.
    ``message`` says what was refused and why, ``fix`` what to do, ``link`` where, ``field`` which input it is about.
    """

    title: ClassVar[Text] = _("Not possible")
    status: ClassVar[int] = 409

    def __init__(self, message: Text, *, fix: Text = "", link: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.link = link
        self.field = field

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class Conflict(Refused):
    """Somebody else changed the record since it was read."""

    title = _("Changed by somebody else")


class Stale(Conflict):
    """The record is not any more what the person looked at when they decided."""


class Gone(Refused):
    """The record an operation was about to change does not exist any more."""

    title = _("No longer there")
    status = 404


class TooSoon(Exception):
    """What this depends on has not arrived yet. A delivery that meets it is tried again later; no person ever sees it."""


class IllegalMove(Refused):
    """The status asked for may not follow the status the record is in."""

    title = _("Not in this state")


class WaitsForSecond(Refused):
    """Nothing happened yet: it was asked for, and somebody else has to say yes. ``approval`` says where that stands.

    Whoever catches it must let it be committed what was asked: pages lead to it, the API answers 202.
    """

    title = _("Waits for a second person")
    status = 202

    def __init__(self, message: Text, *, approval: Any, fix: Text = "", link: str = "") -> None:
        super().__init__(message, fix=fix, link=link)
        self.approval = approval
