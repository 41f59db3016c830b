"""Where goods are: our warehouses, and the places outside the books they come from and go to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import Tracked
from core.reference import REFERENCE, copied, reference, reference_rows


class Warehouse(Tracked):
    """A building with our goods in it."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=100)
    is_main = models.BooleanField(_("main warehouse"), default=False)

    class Meta(Tracked.Meta):
        verbose_name = _("warehouse")
        triggers: ClassVar = [*Tracked.Meta.triggers, REFERENCE]
        constraints: ClassVar = [models.UniqueConstraint(fields=["is_main"], condition=Q(is_main=True), name="there_is_one_main_warehouse")]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name


class LocationQuerySet(models.QuerySet["Location"]):
    """Locations by what they are."""

    def internal(self) -> "LocationQuerySet":
        """Where our own goods lie."""
        return self.filter(kind=Location.Kind.INTERNAL)

    def outside(self, kind: str) -> "Location":
        """The one place outside the warehouse of this kind, e.g. ``Location.Kind.CUSTOMER``."""
        return copied(reference(("location outside", kind), lambda: self.get(kind=kind, warehouse=None)))

    def known(self, pk: int) -> "Location":
        """The one of this id."""
        return reference_rows("locations", [pk], self.in_bulk)[pk]

    def main(self) -> "Location":
        """Where goods are kept and delivered from unless somebody says otherwise."""
        return copied(reference("main location", lambda: self.select_related("warehouse").get(is_default=True, warehouse__is_main=True)))


class Location(Tracked):
    """A place goods can be. Only internal ones belong to a warehouse; the others stand for the world outside."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", _("In the warehouse")
        CUSTOMER = "customer", _("With customers")
        SUPPLIER = "supplier", _("With suppliers")
        ADJUSTMENT = "adjustment", _("Found or lost")
        OPENING = "opening", _("Opening stock")

    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, null=True, blank=True, related_name="locations", verbose_name=_("warehouse")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    is_default = models.BooleanField(_("used unless said otherwise"), default=False)

    objects = LocationQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("location")
        triggers: ClassVar = [*Tracked.Meta.triggers, REFERENCE]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_internal_location_is_in_a_warehouse",
                condition=Q(kind="internal", warehouse__isnull=False) | (~Q(kind="internal") & Q(warehouse__isnull=True)),
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(warehouse__isnull=True), name="one_outside_place_per_kind"),
            models.UniqueConstraint(fields=["warehouse", "name"], name="one_location_per_name_and_warehouse"),
            models.UniqueConstraint(fields=["warehouse"], condition=Q(is_default=True), name="one_default_location_per_warehouse"),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name if self.warehouse_id else str(self.get_kind_display())

    @property
    def is_internal(self) -> bool:
        """Whether goods here are ours."""
        return self.kind == self.Kind.INTERNAL
