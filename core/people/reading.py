"""In whose words, and by whose clock, something is said."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from core.people.models import User


@contextmanager
def as_read_by(user: User) -> Iterator[None]:
    """Say what follows in the person's language, with moments in their time zone."""
    with translation.override(user.language), timezone.override(user.zone):
        yield
