"""The base of every event: a past-tense fact, declared by the module it happened in."""

from dataclasses import fields
from typing import Any, ClassVar


class Event:
    """One fact, frozen. A subclass is a ``@dataclass(frozen=True, kw_only=True)`` in a module's ``events.py``.

    ``KEY`` names the field whose value orders deliveries, ``PARTY`` the field with the party the fact is about,
    ``EXTERNAL`` says that no process listens (the timeline and webhooks still do).
    """

    KEY: ClassVar[str]
    PARTY: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    EXTERNAL: ClassVar[bool] = False

    registry: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Event.registry[cls.type_name()] = cls

    @classmethod
    def type_name(cls) -> str:
        """The module's label and the fact, e.g. ``sales.OrderConfirmed``."""
        module = cls.__module__.removesuffix(".events").rpartition(".")[2]
        return f"{module}.{cls.__name__}"

    @property
    def key(self) -> str:
        """What deliveries of this fact are ordered by, as text."""
        return str(getattr(self, self.KEY))

    @property
    def about_party_id(self) -> int | None:
        """The party this fact belongs to the story of, if any."""
        return getattr(self, self.PARTY) if self.PARTY else None

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """The names of the facts it carries, in order."""
        return tuple(field.name for field in fields(cls))  # type: ignore[arg-type]
