"""The screen of figures that do not follow from their source."""

from django.utils.translation import gettext_lazy as _

from core.web import ui
from integration.models import Drift


class Drifts(ui.ListScreen):
    """What the reconciler found."""

    model = Drift
    route = "drift"
    name = "drifts"
    title = _("Drift")
    tip = _(
        "Every hour each derived figure is computed again from its source. What differs stands here until it is gone; nothing is repaired."
    )
    nav = ui.Nav(_("Drift"), icon="scale", order=85, counter=lambda _user: Drift.objects.standing().count(), hot=True)
    columns = (
        ui.Text("row", _("Row"), sort="row"),
        ui.Text("rule", _("Rule")),
        ui.Text("expected", _("Follows from the source")),
        ui.Text("actual", _("Says")),
        ui.Moment("found_at", _("Found"), sort="found_at", muted=True),
        ui.Moment("cleared_at", _("Gone"), muted=True),
    )
    more_columns = (ui.Text("message", _("What was found"), muted=True), ui.Moment("seen_at", _("Last seen"), muted=True))
    search = ("row", "rule", "message")
    search_hint = _("Row or rule")
    segments = (ui.Segment("standing", _("Standing"), "standing"),)
    order = ("-pk",)
    empty = ui.Empty(_("Every figure follows from its source."), "scale")
