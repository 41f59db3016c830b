"""What users say of persons: colleagues, also those who have left."""

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Model, QuerySet

from core.people.models import User
from core.privacy.erasing import anonymous
from core.privacy.registry import Personal, Subject


def nobodys_address(whom: Subject) -> str:
    """An address that no mail reaches, one for each."""
    return f"former-{whom.user_id}@erased.invalid"


def of_user(model: type[Model], whom: Subject) -> QuerySet[Any]:
    """What the door keeps of a colleague: factors, accounts elsewhere, addresses, devices."""
    return model._default_manager.filter(user=whom.user_id)


PERSONAL = (
    Personal(
        User,
        rows=lambda whom: User.objects.filter(pk=whom.user_id),
        wipe={"name": anonymous("Former colleague"), "email": nobodys_address, "job_title": "", "password": "!"},
    ),
    *(Personal(model, rows=partial(of_user, model), remove=True) for model in (Authenticator, SocialAccount, EmailAddress, UserSession)),
)
NOT_PERSONAL = {
    "people.User": "language time_zone dismissed",
    "people.SignInRule": "role",
    "people.Attempt": "cache_key value",  # a cache: what it holds counts no more within a day, and is removed
}
