"""Who owes a second factor: asked in the statement that reads a person, so it stands where nothing else of the door is needed."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q

from core.people.models import SignInRule, User

SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one."""


def owing() -> Q | Exists:
    """An annotation of users: whether a role of theirs asks for a second factor they have not set up. A service shows none anywhere."""
    asked = SignInRule.objects.filter(needs_second_factor=True, role__in=Group.objects.filter(user=OuterRef(OuterRef("pk"))).values("name"))
    return Q(kind=User.Kind.HUMAN) & Exists(asked) & ~Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND))
