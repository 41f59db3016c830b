"""Duties that one person should not hold together: plain declarations for a module's ``permissions.py``."""

from dataclasses import dataclass

from core.errors import Text


@dataclass(frozen=True)
class Duty:
    """Something people do, and the permissions any of which lets them."""

    title: Text
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Two duties that nobody should hold both of, and what could go wrong. ``eased_by`` names the held operations: while a second person is
    demanded for all of them, holding both does no harm."""

    key: str
    danger: Text
    one: Duty
    other: Duty
    eased_by: tuple[str, ...] = ()
