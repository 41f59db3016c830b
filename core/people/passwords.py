"""What a password may be, beside what Django asks of it."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class MaximumLengthValidator:
    """Nobody types more than this; what is longer only keeps the machine busy."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what is too long."""
        if len(password) > self.max_length:
            raise ValidationError(
                ngettext(
                    "This password is too long. It may have at most %(most)d character.",
                    "This password is too long. It may have at most %(most)d characters.",
                    self.max_length,
                )
                % {"most": self.max_length},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("At most %(most)d characters.") % {"most": self.max_length}


class Hashed(str):
    """A password that was checked and hashed when it was chosen: it can be kept, and nobody can read it."""

    __slots__ = ()


def hashed(password: str) -> Hashed:
    """A password as it may wait; one that is hashed already stays as it is."""
    return password if isinstance(password, Hashed) else Hashed(make_password(password))
