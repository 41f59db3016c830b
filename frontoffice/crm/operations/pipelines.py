"""Putting the pipeline in place."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.db import locked
from core.errors import Refused
from core.people.models import User
from frontoffice.crm.models import LostReason, Pipeline, Stage

STANDARD_PIPELINE = gettext_noop("Sales")
STANDARD_STAGES = (
    (gettext_noop("Qualified"), Decimal("0.2")),
    (gettext_noop("Demo"), Decimal("0.4")),
    (gettext_noop("Proposal"), Decimal("0.6")),
    (gettext_noop("Negotiation"), Decimal("0.8")),
)
STANDARD_LOST_REASONS = (
    gettext_noop("Price"),
    gettext_noop("Competitor"),
    gettext_noop("No budget"),
    gettext_noop("No decision"),
    gettext_noop("Bad timing"),
    gettext_noop("Missing feature"),
)


class NoPipeline(Refused):
    """A deal needs a stage to start in."""


def install_pipeline(*, by: User) -> Pipeline:
    """Put the standard pipeline and the standard lost reasons in place, in the language that is spoken now; what exists stays as it is."""
    with locked(by=by):
        pipeline, is_new = Pipeline.objects.get_or_create(name=_(STANDARD_PIPELINE))
        if is_new:
            Stage.objects.bulk_create(
                Stage(pipeline=pipeline, name=_(name), position=position, probability=probability)
                for position, (name, probability) in enumerate(STANDARD_STAGES, start=1)
            )
        for name in STANDARD_LOST_REASONS:
            LostReason.objects.get_or_create(name=_(name))
    return pipeline


def first_stage() -> Stage:
    """Where a deal starts when nobody says otherwise."""
    stage = Stage.objects.select_related("pipeline").order_by("pipeline_id", "position", "pk").first()
    if stage is None:
        raise NoPipeline(_("There is no pipeline yet."), fix=_("Ask an owner to install one."))
    return stage
