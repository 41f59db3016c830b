"""What users say of persons: colleagues, also those who have left."""

from core.people.models import User
from core.privacy.erasing import anonymous
from core.privacy.registry import Personal, Subject


def nobodys_address(whom: Subject) -> str:
    """An address that no mail reaches, one for each."""
    return f"former-{whom.user_id}@erased.invalid"


PERSONAL = (
    Personal(
        User,
        rows=lambda whom: User.objects.filter(pk=whom.user_id),
        wipe={"name": anonymous("Former colleague"), "email": nobodys_address, "job_title": "", "password": "!"},
    ),
)
NOT_PERSONAL = {"people.User": "language time_zone dismissed"}
