"""The time zones somebody chooses from."""

import zoneinfo
from functools import lru_cache
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")

Choices = list[tuple[str, str | list[tuple[str, str]]]]


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Every name a time zone goes by, read from the system's folder once."""
    return frozenset(zoneinfo.available_timezones())


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The places of the world by name, without the old names and the ones that are no place."""
    return tuple(sorted(name for name in known_zones() if name.partition("/")[0] in AREAS))


def zone_choices() -> Choices:
    """The company's first, then the places by continent, then UTC."""
    own = _("As the company (%(zone)s)") % {"zone": timezone.get_default_timezone_name()}
    places = groupby(zones(), key=lambda name: name.partition("/")[0])
    by_area = [(area, [(name, name.partition("/")[2].replace("_", " ")) for name in names]) for area, names in places]
    return [("", own), *by_area, ("UTC", "UTC")]
