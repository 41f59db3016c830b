"""What waits for a second person, what was decided, and where the owner demands one."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.approvals.declaring import LONGEST_SUBJECT, every, held_called
from core.db import Stateful, Tracked
from core.events.cause import current_cause
from core.guards import KEPT, Guard
from core.people.models import User
from core.people.visibility import OnRecords

ASKED_FOR = Guard(
    name="asked_for",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
        IF (NEW.operation, NEW.kind, NEW.object_id, NEW.asked_by_id, NEW.asked_at)
            IS DISTINCT FROM (OLD.operation, OLD.kind, OLD.object_id, OLD.asked_by_id, OLD.asked_at) THEN
            RAISE EXCEPTION 'What was asked for, and by whom, stays as it is.' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.status <> 'asked' AND (NEW.status, NEW.decided_by_id, NEW.decided_at)
            IS DISTINCT FROM (OLD.status, OLD.decided_by_id, OLD.decided_at) THEN
            RAISE EXCEPTION 'What was decided stays decided.' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


def checked_by(user: User) -> list[str]:
    """The held operations that somebody may check when others ask for them."""
    return [one.name for one in every().values() if user.has_perm(one.needs)]


def concerns(user: User) -> bool:
    """Whether there is anything here for somebody: they may ask for something held, check it, or look at everything."""
    return user.has_perm("approvals.view_approval") or any(
        user.has_perm(needed) for one in every().values() for needed in (one.permission, one.needs)
    )


class ApprovalQuerySet(OnRecords["Approval"]):
    """Approvals by whom they wait for. Who does not see the record does not see them."""

    ASKS = False

    def visible_to(self, user: User) -> Self:
        """What somebody asked for, what they may check, and everything for who may look at everything."""
        rows = super().visible_to(user)
        if user.has_perm("approvals.view_approval"):
            return rows
        return rows.filter(Q(asked_by=user) | Q(operation__in=checked_by(user)))

    def undecided(self) -> Self:
        """Those that wait."""
        return self.filter(status=Approval.Status.ASKED)

    def decided(self) -> Self:
        """Those that wait no more."""
        return self.exclude(status=Approval.Status.ASKED)

    def waiting_for(self, user: User) -> Self:
        """Those that wait for somebody's word."""
        return self.visible_to(user).undecided().filter(operation__in=checked_by(user)).exclude(asked_by=user)

    def waiting_for_me(self) -> Self:
        """Those that wait for the word of whoever looks."""
        person = current_cause().actor
        return self.waiting_for(person) if person is not None else self.none()

    def asked_by_me(self) -> Self:
        """What whoever looks has asked for."""
        return self.filter(asked_by=current_cause().actor_id)


class Approval(Stateful):
    """Somebody wants to do what nobody does alone; somebody else lets it happen, or does not.

    ``arguments`` are those of the operation as JSON; ``told`` what it would change, in the words in which it was decided.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Undecided")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {Status.ASKED: (Status.APPROVED, Status.DECLINED, Status.WITHDRAWN)}

    status = models.CharField(_("state"), max_length=24, choices=Status, default=Status.ASKED)
    operation = models.CharField(_("operation"), max_length=80)
    arguments = models.JSONField(_("with what"), default=dict, editable=False)
    kind = models.CharField(_("kind of record"), max_length=60, blank=True)
    object_id = models.BigIntegerField(_("record"), null=True, blank=True)
    subject = models.CharField(_("about"), max_length=LONGEST_SUBJECT, blank=True)
    told = models.JSONField(_("what would change"), default=list, editable=False)
    words = models.CharField(_("why"), max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=clock.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    declined_because = models.CharField(_("why not"), max_length=500, blank=True)
    result_kind = models.CharField(_("kind of what came of it"), max_length=60, blank=True)
    result_id = models.BigIntegerField(_("what came of it"), null=True, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("approval")
        default_permissions = ("view",)
        permissions: ClassVar = [("view_conflicts", "Can see who holds duties that do not go together")]
        indexes: ClassVar = [
            models.Index(fields=["asked_by", "-id"], name="approval_of_maker"),
            models.Index(fields=["operation", "-id"], name="approval_waiting", condition=Q(status="asked")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operation", "kind", "object_id"],
                condition=Q(status="asked", object_id__isnull=False),
                name="a_deed_is_asked_for_once",
            ),
            models.CheckConstraint(
                name="who_asks_does_not_decide",
                condition=Q(status="asked", decided_by__isnull=True, decided_at__isnull=True)
                | (
                    Q(status__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                )
                | Q(status="withdrawn", decided_by=F("asked_by"), decided_at__isnull=False),
            ),
            models.CheckConstraint(name="who_declines_says_why", condition=~Q(status="declined") | ~Q(declined_because="")),
            models.CheckConstraint(
                name="an_approval_names_a_record_or_none",
                condition=Q(kind="", object_id__isnull=True) | (~Q(kind="") & Q(object_id__isnull=False)),
            ),
            models.CheckConstraint(name="something_comes_of_what_is_approved", condition=Q(result_id__isnull=True) | Q(status="approved")),
        ]
        triggers: ClassVar = [*Stateful.Meta.triggers, ASKED_FOR, *KEPT]

    def __str__(self) -> str:
        return f"{self.title}: {self.subject}" if self.subject else self.title

    @property
    def title(self) -> str:
        """What is to be done."""
        held = held_called(self.operation)
        return str(held.title) if held else self.operation

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.status == self.Status.ASKED


class SecondPerson(Tracked):
    """Whether the owner demands a second person for an operation. A new company begins without: one person does everything."""

    operation = models.CharField(_("operation"), max_length=80, unique=True)
    demanded = models.BooleanField(_("a second person is demanded"), default=False)

    class Meta(Tracked.Meta):
        verbose_name = _("second-person rule")
        verbose_name_plural = _("second-person rules")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("demand_second", "Can demand a second person"),
            ("waive_second", "Can do without a second person again"),
            ("approve_waiver", "Can approve that no second person is demanded any more"),
        ]
        triggers: ClassVar = [*Tracked.Meta.triggers, *KEPT]

    def __str__(self) -> str:
        held = held_called(self.operation)
        return str(held.title) if held else self.operation
