"""How form widgets are drawn: a select in which nothing is chosen yet says so in words, wherever it stands."""

from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import Select
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
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
        return _select(widget) if template_name == Select.template_name else super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    """What Django's templates draw: with several hundred places to choose from, a template for each took most of a page's time."""
    drawn = []
    for group, options, _index in widget["optgroups"]:
        told = ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options)
        inner = format_html_join("\n", '<option value="{}"{}>{}</option>', told)
        drawn.append(format_html('<optgroup label="{}">\n{}\n</optgroup>', group, inner) if group else inner)
    return format_html(
        '<select name="{}"{}>\n{}\n</select>\n', widget["name"], flatatt(widget["attrs"]), format_html_join("\n", "{}", zip(drawn))
    )
