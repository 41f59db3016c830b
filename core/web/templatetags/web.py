"""The tags every template may use: icons, figures, moments, pills, charts. Built in, no ``load`` needed."""

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_htmx.jinja import htmx_script

from core.web import charts, figures, markup
from core.web.registry import url_of

register = template.Library()

STATIC = Path(__file__).resolve().parent.parent / "static" / "web"


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A lucide icon in place."""
    return markup.icon(str(name), size)


@register.simple_tag
def avatar(name: object, size: str = "", *, square: bool = False) -> SafeString:
    """The letters of a person or company."""
    return markup.avatar(str(name), square=square, size=size)


@register.simple_tag
def money(amount: Decimal | None, currency: str = "") -> SafeString:
    """An amount in full."""
    return markup.money(amount, currency)


@register.simple_tag
def short_money(amount: Decimal | None, currency: str = "") -> SafeString:
    """An amount in short, the full one in its title."""
    return markup.money(amount, currency, short=True)


@register.simple_tag
def pill(label: object, tone: str = "") -> SafeString:
    """A state in words."""
    return markup.pill(label, tone)


@register.simple_tag
def state(record: Any) -> SafeString:
    """The state pill of a record with a status."""
    return markup.pill(record.get_status_display(), markup.TONES.get(str(record.status).lower(), ""))


@register.simple_tag
def spark(values: list[float], tone: str = "") -> SafeString:
    """A tiny line."""
    return charts.spark(values, tone)


@register.simple_tag
def meter(share: float, text: object = "") -> SafeString:
    """A share as a small bar."""
    return markup.meter(float(share), text)


@register.filter
def quantity(value: Decimal | float | None, unit: str = "") -> str:
    """A quantity without needless zeros."""
    return figures.quantity(value, unit)


@register.filter
def percent(value: Decimal | float | None) -> str:
    """A fraction as a percentage."""
    return figures.percent(value)


@register.filter
def svg(number: float) -> str:
    """A coordinate: SVG reads a decimal point in every language."""
    return f"{number:g}"


@register.filter
def breakable(text: object) -> SafeString:
    """Words in which a long e-mail address breaks where it should."""
    return markup.breakable(text)


@register.filter
def reldate(value: Any) -> SafeString:
    """A date or moment in words when near."""
    return markup.moment(value) if hasattr(value, "hour") else markup.day(value)


@register.filter
def exact(value: Any) -> SafeString:
    """A date in figures."""
    return markup.day(value, relative=False)


@register.filter
def page_of(record: Any) -> str:
    """The address of a record's page."""
    return url_of(record)


@register.simple_tag(takes_context=True)
def querystring_with(context: dict[str, Any], **changes: object) -> str:
    """This page's query string with some parameters changed."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in {None, ""}:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@lru_cache
def _fresh(name: str) -> bool:
    """Whether the built file is there and newer than all it was built from; asked once per process."""
    built = STATIC / "build" / name
    sources = [STATIC / "css" / one for one in style_files()] if name.endswith(".css") else [STATIC / "js" / one for one in script_files()]
    return built.exists() and built.stat().st_mtime >= max(source.stat().st_mtime for source in sources)


def _built(name: str) -> bool:
    return not settings.DEBUG and _fresh(name)


@register.simple_tag
def styles() -> SafeString:
    """Our style sheets, those of the fonts first: one file when built, else one by one in the order of the layers."""
    if _built("app.css"):
        return format_html('<link rel="stylesheet" href="{}">', static("web/build/app.css"))
    names = [*(["fonts/inter.css"] if font_ready() else []), *(f"css/{name}" for name in style_files())]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(f"web/{name}"),) for name in names))


@register.simple_tag
def scripts() -> SafeString:
    """htmx and our scripts: one file when built, else one by one."""
    if _built("app.js"):
        return format_html('<script type="module" src="{}"></script>', static("web/build/app.js"))
    ours = format_html_join("\n", '<script type="module" src="{}"></script>', ((static(f"web/js/{name}"),) for name in script_files()))
    return format_html("{}\n{}", htmx_script(), ours)


@register.simple_tag
@lru_cache
def mark() -> str:
    """Satu's sign as the browser's tab shows it, inside the page itself."""
    return f"data:image/svg+xml,{quote((STATIC / 'mark.svg').read_text().strip())}"


def style_files() -> list[str]:
    """The style sheets in the order they are laid: tokens first, utilities last."""
    components = sorted(f"components/{path.name}" for path in (STATIC / "css" / "components").glob("*.css"))
    return ["tokens.css", "base.css", "layout.css", *components, "utilities.css"]


def script_files() -> list[str]:
    """The scripts, but for the one that runs before the first paint."""
    return sorted(path.name for path in (STATIC / "js").glob("*.js") if path.name != "theme.js")


@register.simple_tag
def font_ready() -> bool:
    """Whether the subset fonts have been built; their style sheet is written last."""
    return (STATIC / "fonts" / "inter.css").exists()
