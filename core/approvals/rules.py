"""The rules of second persons there are: one for each operation the owner may decide about."""

from core.approvals.declaring import switchable
from core.approvals.models import SecondPerson
from core.db import locked
from core.people.models import User


def sync_second_persons() -> None:
    """Have a row for every rule, so that the owner sees what can be demanded. Runs at the end of every ``migrate``."""
    known = set(SecondPerson.objects.values_list("operation", flat=True))
    missing = [one.name for one in switchable() if one.name not in known]
    if missing:
        with locked(by=User.objects.service()):
            for name in missing:
                SecondPerson.objects.create(operation=name)
