"""The pipeline deals move along, and the reasons they are lost for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import RateField, Tracked


class Pipeline(Tracked):
    """One way of selling, in stages."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta(Tracked.Meta):
        verbose_name = _("pipeline")
        default_permissions = ("view",)
        permissions: ClassVar = [("install_pipeline", "Can install the standard pipeline")]
        constraints: ClassVar = [models.CheckConstraint(name="a_pipeline_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name


class Stage(Tracked):
    """One step of a pipeline. Won and lost are no stages: they are the status of the deal."""

    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"))
    probability = RateField(_("probability"), help_text=_("How likely a deal that got here is won, 0 to 1."))

    class Meta(Tracked.Meta):
        verbose_name = _("stage")
        default_permissions = ("view",)
        ordering: ClassVar = ["pipeline", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pipeline", "name"], name="one_stage_per_name"),
            models.UniqueConstraint(fields=["pipeline", "position"], name="one_stage_per_position"),
            models.CheckConstraint(name="a_probability_is_a_fraction", condition=Q(probability__gte=0, probability__lte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class LostReason(Tracked):
    """Why deals are lost, in few words, so that they can be counted."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta(Tracked.Meta):
        verbose_name = _("lost reason")
        default_permissions = ("view",)
        constraints: ClassVar = [models.CheckConstraint(name="a_lost_reason_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name
