"""What users say of persons: colleagues, also those who have left."""

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Model, QuerySet

from core.people.events import AccessEnded
from core.people.models import User
from core.privacy.erasing import anonymous
from core.privacy.registry import Personal, Subject, Told


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
TOLD = (Told(AccessEnded, "user_id", User, ("name", "email")),)
NOT_PERSONAL = {
    "people.User": "language time_zone dismissed",
    "people.SignInRule": "role",
    "people.CompanyRole": "own_name own_meaning given taken reaches",
    "people.Team": "name",
    "people.TeamMember": "",
    "people.RolesChanged": "roles given taken",
    "people.RoleUpdated": "role name given taken narrowed",
    "people.RoleRetired": "role name",
    "people.TeamChanged": "name",
    "people.Attempt": "cache_key value",  # a cache: what it holds counts no more within a day, and is removed
}
