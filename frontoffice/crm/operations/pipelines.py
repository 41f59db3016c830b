"""Putting the pipeline in place."""

from decimal import Decimal

from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.people.models import User
from frontoffice.crm.models import LostReason, Pipeline, Stage

STANDARD_PIPELINE = "Sales"
STANDARD_STAGES = (
    ("Qualified", Decimal("0.2")),
    ("Demo", Decimal("0.4")),
    ("Proposal", Decimal("0.6")),
    ("Negotiation", Decimal("0.8")),
)
STANDARD_LOST_REASONS = ("Price", "Competitor", "No budget", "No decision", "Bad timing", "Missing feature")


class NoPipeline(Refused):
    """A deal needs a stage to start in."""


def install_pipeline(*, by: User) -> Pipeline:
    """Put the standard pipeline and the standard lost reasons in place; what exists stays as it is."""
    with locked(by=by):
        pipeline, is_new = Pipeline.objects.get_or_create(name=STANDARD_PIPELINE)
        if is_new:
            Stage.objects.bulk_create(
                Stage(pipeline=pipeline, name=name, position=position, probability=probability)
                for position, (name, probability) in enumerate(STANDARD_STAGES, start=1)
            )
        for name in STANDARD_LOST_REASONS:
            LostReason.objects.get_or_create(name=name)
    return pipeline


def first_stage() -> Stage:
    """Where a deal starts when nobody says otherwise."""
    stage = Stage.objects.select_related("pipeline").order_by("pipeline_id", "position", "pk").first()
    if stage is None:
        raise NoPipeline(_("There is no pipeline yet."), fix=_("Ask an owner to install one."))
    return stage
