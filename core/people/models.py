"""People who use Satu: staff, and the services that act for the company."""

import datetime
import zoneinfo
from typing import Any, ClassVar, cast

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock
from core.db import Tracked


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user who signs in with this e-mail address."""
        return self.get(email__iexact=username)

    def service(self) -> "User":
        """The service user: it acts where no person does, such as a deadline that passed."""
        user, _created = self.get_or_create(
            email="satu@system.invalid", defaults={"name": "Satu", "kind": User.Kind.SERVICE, "password": "!"}
        )
        return user

    def active(self) -> "models.QuerySet[User]":
        """People who may sign in."""
        return self.filter(is_active=True, kind=User.Kind.HUMAN)

    def in_role(self, role: str) -> "models.QuerySet[User]":
        """People who work in a role."""
        return self.active().filter(groups__name=role)

    def who_may(self, permission: str) -> "models.QuerySet[User]":
        """People whose roles let them do something, e.g. ``sales.release_order``."""
        app_label, _dot, codename = permission.partition(".")
        granted = models.Q(groups__permissions__content_type__app_label=app_label, groups__permissions__codename=codename)
        return self.active().filter(granted | models.Q(is_superuser=True)).distinct()

    def create_superuser(self, email: str, password: str, **more: Any) -> "User":
        """A person who may do everything, for ``manage.py createsuperuser``."""
        user = User(email=email.lower(), is_staff=True, is_superuser=True, **more)
        user.set_password(password)
        user.save()
        return user


class User(Tracked, AbstractBaseUser, PermissionsMixin):
    """Someone who signs in with an e-mail address, and whose roles decide what they may do."""

    class Kind(models.TextChoices):
        HUMAN = "human", _("Person")
        SERVICE = "service", _("Service")

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.HUMAN)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="", db_default="", blank=True, help_text=_("Empty: the company's."))
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    dismissed = models.JSONField(_("hints put away"), default=list, db_default=[], blank=True, editable=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta(Tracked.Meta):
        verbose_name = _("user")
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]
        permissions: ClassVar = [
            ("create_user", "Can create users"),
            ("change_roles", "Can give and take roles"),
            ("deactivate_user", "Can end a user's access"),
            ("reset_factors", "Can remove a user's second factors"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name, as Django's own screens ask for it."""
        return self.name

    @property
    def may_sign_in(self) -> bool:
        """Only people come in, and only while they may; a service acts by its tokens."""
        return self.is_active and self.kind == self.Kind.HUMAN

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = self.name.split() or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def zone(self) -> datetime.tzinfo:
        """The time zone the person lives by: their own, else the company's. One that this machine does not know counts as none."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone) if self.time_zone else timezone.get_default_timezone()
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return timezone.get_default_timezone()

    @classmethod
    def of(cls, request: Any) -> "User":
        """The signed-in person of a request whose view demands one."""
        return cast("User", request.user)


class SignInRule(Tracked):
    """What signing in takes in a role; the owner decides. A role without a rule takes what everybody has: the password."""

    role = models.CharField(_("role"), max_length=150, unique=True)
    needs_second_factor = models.BooleanField(_("needs a second factor"), default=False)

    class Meta(Tracked.Meta):
        verbose_name = _("sign-in rule")
        verbose_name_plural = _("sign-in rules")
        default_permissions = ("view",)
        permissions: ClassVar = [("require_second_factor", "Can decide which roles need a second factor")]

    def __str__(self) -> str:
        return self.role


class Attempt(models.Model):
    """What somebody who tries to come in is counted by, and which codes were used: the table behind the cache "default"."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.cache_key
