"""What was brought in from where, and the imports people make of files."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.db import Stateful
from core.imports.kinds import loaded
from core.jobs.models import Job
from core.people.models import User


class ExternalId(models.Model):
    """A row of another system, and the record it became here. ``fingerprint`` tells whether the row changed since."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    fingerprint = models.CharField(max_length=64)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "kind", "external_id"], name="each_external_id_once")]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.external_id}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Imports by whose they are."""

    def visible_to(self, user: User) -> "ImportRunQuerySet":
        """One's own; whoever looks after the system sees everybody's, but no file with columns that are hidden from them."""
        if not user.has_perm("imports.view_importrun"):
            return self.filter(user=user)
        closed = [name for name, kind in loaded().items() if kind.hidden_from(user)]
        return self.exclude(~Q(user=user), kind__in=closed) if closed else self

    def files_visible_to(self, user: User) -> "ImportRunQuerySet":
        """The file is for those who may see the import."""
        return self.visible_to(user)


class ImportRun(Stateful):
    """One file on its way in: uploaded, its columns matched, checked, imported, and taken back if need be.

    ``fields`` says which field each column fills ("" none), ``existing`` what happens to a row whose record is there already.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        IMPORTING = "importing", _("Being imported")
        IMPORTED = "imported", _("Imported")
        REVERTING = "reverting", _("Being reverted")
        REVERTED = "reverted", _("Reverted")
        DISCARDED = "discarded", _("Discarded")

    class Existing(models.TextChoices):
        UPDATE = "update", _("Change the record that is there")
        SKIP = "skip", _("Leave the record that is there as it is, and skip the row")
        REFUSE = "refuse", _("Count the row as a mistake")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        Status.UPLOADED: (Status.CHECKING, Status.DISCARDED),
        Status.CHECKING: (Status.CHECKED, Status.UPLOADED),
        Status.CHECKED: (Status.CHECKING, Status.UPLOADED, Status.IMPORTING, Status.DISCARDED),
        Status.IMPORTING: (Status.IMPORTED,),
        Status.IMPORTED: (Status.IMPORTING, Status.REVERTING),
        Status.REVERTING: (Status.REVERTED,),
        Status.REVERTED: (Status.REVERTING,),
    }

    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.UPLOADED)
    kind = models.CharField(_("records"), max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports", verbose_name=_("by"))
    name = models.CharField(_("file"), max_length=200)
    header = models.JSONField(default=list)
    header_line = models.PositiveIntegerField(default=1)
    sample = models.JSONField(default=list)
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    fields = models.JSONField(default=list)
    existing = models.CharField(_("records that exist"), max_length=8, choices=Existing, default=Existing.UPDATE)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True)
    reverted_at = models.DateTimeField(_("reverted"), null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ("view",)
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="import_of_user"),
            models.Index(fields=["kind", "-id"], name="import_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_title}: {self.name}"

    @property
    def kind_title(self) -> Any:
        """What kind of records it brings in, in words."""
        from core.imports.kinds import loaded  # noqa: PLC0415 - the kinds stand above the models

        kind = loaded().get(self.kind)
        return kind.title if kind else self.kind

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work on it."""
        return self.status in {self.Status.CHECKING, self.Status.IMPORTING, self.Status.REVERTING}


class ImportRow(models.Model):
    """One row of a file, what is wrong with it, and what became of it. ``before`` and ``after`` are the record's cells then.

    Where several rows make one record, its first row stands for all of them; ``head_line`` names it in the others.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Not checked yet")
        BAD = "bad", _("Has mistakes")
        NEW = "new", _("Will be created")
        CHANGE = "change", _("Will change a record")
        SKIP = "skip", _("Will be skipped")
        PART = "part", _("Belongs to another row")
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        SKIPPED = "skipped", _("Skipped")
        REFUSED = "refused", _("Refused")
        REVERTED = "reverted", _("Reverted")
        KEPT = "kept", _("Could not be reverted")

    READY: ClassVar = (State.NEW, State.CHANGE, State.SKIP)
    WRONG: ClassVar = (State.BAD, State.REFUSED)
    WRITTEN: ClassVar = (State.CREATED, State.UPDATED, State.KEPT)

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    problems = models.JSONField(default=list)
    head_line = models.PositiveIntegerField(null=True, blank=True)
    is_corrected = models.BooleanField(default=False)
    object_id = models.BigIntegerField(null=True, blank=True)
    was_created = models.BooleanField(default=False)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    row_version = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("imported row")
        default_permissions = ("view",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "line"], name="each_line_of_an_import_once")]
        indexes: ClassVar = [models.Index(fields=["run", "state", "line"], name="import_row_by_state")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"
