"""How form widgets are drawn: a select in which nothing is chosen yet says so in words, wherever it stands."""

from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.translation import gettext as _

DASHES = str(BLANK_CHOICE_DASH[0][1])


class Renderer(DjangoTemplates):
    """Django's own, with words where it draws a line of dashes: "Choose…" where one must be chosen, "None" where one may."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The widget as HTML."""
        widget = context.get("widget", {})
        for _group, options, _index in widget.get("optgroups", ()):
            for option in options:
                if str(option["label"]) == DASHES:
                    option["label"] = _("Choose…") if widget["required"] else _("None")
        return super().render(template_name, context, request)
