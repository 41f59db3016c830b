"""People who use Satu: staff, and the services that act for the company."""

import datetime
import zoneinfo
from typing import Any, ClassVar, cast

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock
from core.db import AUDIT, Tracked
from core.guards import ERROR, Guard
from core.people.roles import FIXED, MEANINGS, Role

THE_HOUSE = "satu@system.invalid"
"""The address of the service user: nobody receives mail there, and nobody signs in."""


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user who signs in with this e-mail address."""
        return self.get(email__iexact=username)

    def service(self) -> "User":
        """The service user: it acts where no person does, such as a deadline that passed."""
        user, _created = self.get_or_create(email=THE_HOUSE, defaults={"name": "Satu", "kind": User.Kind.SERVICE, "password": "!"})
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
            ("approve_roles", "Can approve that roles are given or changed"),
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
    def is_the_house(self) -> bool:
        """Whether it is Satu itself: it founds companies and keeps deadlines, and holds no role."""
        return self.kind == self.Kind.SERVICE and self.email == THE_HOUSE

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


OTHERS_DECIDE = Guard(
    name="others_decide",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=f"""
        IF current_setting('satu.actor', true) IN (OLD.user_id::text, NEW.user_id::text) THEN
            RAISE EXCEPTION 'Nobody gives or takes a role of their own.' USING ERRCODE = '{ERROR}', CONSTRAINT = 'others_decide_on_ones_roles';
        END IF;
        RETURN COALESCE(NEW, OLD);
    """,
)
OTHERS_DECIDE_ON_RIGHTS = Guard(
    name="others_decide",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=f"""
        IF EXISTS (
            SELECT FROM people_user_groups
            WHERE group_id IN (OLD.group_id, NEW.group_id) AND user_id::text = current_setting('satu.actor', true)
        ) THEN
            RAISE EXCEPTION 'Nobody decides what a role they work in may do.'
                USING ERRCODE = '{ERROR}', CONSTRAINT = 'others_decide_on_ones_rights';
        END IF;
        RETURN COALESCE(NEW, OLD);
    """,
)


class RoleGiven(User.groups.through):  # type: ignore[misc, name-defined]
    """That somebody works in a role: written to the audit trail by the database, whoever writes it, and never by themselves."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers: ClassVar = [AUDIT, OTHERS_DECIDE]


class RightGiven(Group.permissions.through):  # type: ignore[misc, name-defined]
    """That a role holds a permission: likewise."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers: ClassVar = [AUDIT, OTHERS_DECIDE_ON_RIGHTS]


class Reach(models.TextChoices):
    """How far a role sees the records of a kind."""

    OWN = "own", _("Their own")
    TEAM = "team", _("Their team's")
    ALL = "all", _("All")


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams by whether they still work together."""

    def working(self) -> "TeamQuerySet":
        """Those that are not dissolved."""
        return self.filter(retired_at__isnull=True)


class Team(Tracked):
    """People who see each other's work, where their role says so."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    lead = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="leads_teams", verbose_name=_("lead")
    )
    retired_at = models.DateTimeField(_("dissolved"), null=True, blank=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("team")
        default_permissions = ("view",)
        constraints: ClassVar = [models.CheckConstraint(name="a_team_has_a_name", condition=~models.Q(name=""))]
        permissions: ClassVar = [
            ("create_team", "Can make teams"),
            ("update_team", "Can decide who is in a team"),
            ("dissolve_team", "Can dissolve teams"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_dissolved(self) -> bool:
        """Whether it is over."""
        return self.retired_at is not None


class TeamMember(Tracked):
    """That somebody is in a team; its lead is, too."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="memberships", verbose_name=_("who"))

    class Meta(Tracked.Meta):
        verbose_name = _("member")
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "user"], name="once_in_each_team")]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.team_id}"


class CompanyRoleQuerySet(models.QuerySet["CompanyRole"]):
    """Roles by whether people may be given them."""

    def in_use(self) -> "CompanyRoleQuerySet":
        """Those that are not retired."""
        return self.filter(retired_at__isnull=True)

    def named(self) -> "CompanyRoleQuerySet":
        """With the group that carries the permissions."""
        return self.select_related("group")


class CompanyRole(Tracked):
    """A role as this company has it: what the product declares, and what the owner changed about it.

    ``given`` and ``taken`` are the permissions that differ from what the product declares, as ``sales.confirm_order``: they outlive
    every new version. The group holds what comes of both, and is what a request asks. ``reaches`` says of which records, as
    ``crm.deal``, the role sees its own (``own``) or its team's (``team``); of all others, all.
    """

    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="company_role", verbose_name=_("role"))
    own_name = models.CharField(_("name"), max_length=60, blank=True)
    own_meaning = models.CharField(_("meaning"), max_length=200, blank=True)
    given = models.JSONField(_("given besides"), default=list, blank=True)
    taken = models.JSONField(_("taken away"), default=list, blank=True)
    reaches = models.JSONField(_("how far it sees"), default=dict, db_default={}, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects = CompanyRoleQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("role")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("create_role", "Can make roles"),
            ("update_role", "Can decide what a role may do"),
            ("reset_role", "Can put a role back to the standard"),
            ("retire_role", "Can retire roles"),
            ("restore_role", "Can take a retired role up again"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How programs call it."""
        return str(self.group.name)

    @property
    def is_standard(self) -> bool:
        """Whether the product declares it."""
        return self.key in Role.values

    @property
    def is_fixed(self) -> bool:
        """Whether it is what it is: the owner may do everything, the auditor see everything."""
        return self.key in FIXED

    @property
    def is_retired(self) -> bool:
        """Whether nobody is given it any more."""
        return self.retired_at is not None

    @property
    def is_changed(self) -> bool:
        """Whether the owner changed what it may do."""
        return bool(self.given or self.taken or self.reaches)

    @property
    def name(self) -> str:
        """What it is called here."""
        return self.own_name or (str(Role(self.key).label) if self.is_standard else self.key)

    @property
    def meaning(self) -> str:
        """What it is for."""
        return self.own_meaning or str(MEANINGS.get(self.key, ""))
