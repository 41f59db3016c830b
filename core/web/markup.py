"""The small pieces of HTML every screen is made of. Templates reach them as tags, cells call them directly."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from core.web import figures

EMPTY = SafeString("")
PART = re.compile(r"(?=[@.])")
LONG = 24
"""Letters after which an address may not fit its place."""
HUES = 12
LEGAL_FORMS = frozenset({"PT", "CV", "UD", "TBK", "INC", "LTD", "GMBH", "CO", "LLC"})

# One vocabulary of state for all modules: which tone a state's code wears.
TONES: dict[str, str] = {
    **dict.fromkeys(("active", "won", "confirmed", "done", "paid", "delivered", "posted", "invoiced", "open_period"), "good"),
    **dict.fromkeys(("received", "released", "completed", "approved", "resolved", "in_stock", "matched", "imported", "enabled"), "good"),
    **dict.fromkeys(("held", "on_hold", "hold", "waiting", "partial", "partially_paid", "short", "stalled"), "warn"),
    **dict.fromkeys(("cancelling", "pending", "asked", "due", "expiring", "parked", "low"), "warn"),
    **dict.fromkeys(("lost", "overdue", "failed", "dead", "rejected", "declined", "blocked", "churned", "breached"), "bad"),
    **dict.fromkeys(
        (
            "new",
            "open",
            "lead",
            "qualified",
            "ready",
            "assigned",
            "in_progress",
            "issued",
            "sent",
            "running",
            "checked",
            "checking",
            "importing",
        ),
        "info",
    ),
}


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 16) -> SafeString:
    """A lucide icon, drawn in place and silent for screen readers. A page has a hundred of them, so each is drawn once."""
    return SafeString(lucide(name, size=size, aria_hidden="true", focusable="false"))


def initials(name: str) -> str:
    """Up to two letters that stand for a name; the legal form (PT, CV, Inc.) is no letter of it."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    named = [word for word in words if word[0].isalpha() and word.upper() not in LEGAL_FORMS]
    telling = named or words
    return "".join(word[0] for word in telling[:2]).upper() or "?"


def avatar(name: str, *, square: bool = False, size: str = "") -> SafeString:
    """The coloured letters in front of a person (round) or a company (square)."""
    shape = " avatar-square" if square else ""
    bulk = f" avatar-{size}" if size else ""
    hue = crc32(name.encode()) % HUES
    return format_html('<span class="avatar hue-{}{}{}" aria-hidden="true">{}</span>', hue, shape, bulk, initials(name))


def named(name: str, *, url: str = "", square: bool = False) -> SafeString:
    """An avatar with its name, linked when there is somewhere to go."""
    if not name:
        return EMPTY
    text = format_html('<a href="{}">{}</a>', url, name) if url else format_html("<span>{}</span>", name)
    return format_html('<span class="named">{}{}</span>', avatar(name, square=square), text)


def pill(label: object, tone: str = "") -> SafeString:
    """A state in words, with the tone that belongs to it."""
    return format_html('<span class="pill{}">{}</span>', f" pill-{tone}" if tone else "", label) if label else EMPTY


def breakable(text: object) -> SafeString:
    """Words; a long e-mail address breaks before its parts, not within a word."""
    if type(text) is str and "@" in text and len(text) > LONG and " " not in text:
        return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in PART.split(text)))
    return format_html("{}", text)


def tag(label: object) -> SafeString:
    """A small remark beside a name."""
    return format_html('<span class="tag">{}</span>', label)


def money(amount: Decimal | None, currency: str = "", *, short: bool = False) -> SafeString:
    """An amount; the short form keeps the full one in its title."""
    if amount is None:
        return EMPTY
    full = figures.money(amount, currency)
    if not short:
        return format_html('<span class="num">{}</span>', full)
    return format_html('<span class="num" title="{}">{}</span>', full, figures.short_money(amount, currency))


def day(value: date | None, *, relative: bool = True) -> SafeString:
    """A date, in words when it is near, exact in its title."""
    if value is None:
        return EMPTY
    text = figures.relative_day(value) if relative else figures.day(value)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), figures.day(value, year=True), text)


def moment(value: datetime | None) -> SafeString:
    """A moment, in words when it is near, exact in its title."""
    if value is None:
        return EMPTY
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), figures.moment(value), figures.relative_moment(value))


def meter(share: float, text: object = "") -> SafeString:
    """A share between 0 and 1 as a small bar with its figure; the tone follows the share."""
    bounded = min(max(share, 0.0), 1.0)
    tone = "good" if bounded >= 0.7 else "warn" if bounded >= 0.4 else "bad"
    return format_html(
        '<span class="meter meter-{}"><svg viewBox="0 0 44 5" aria-hidden="true"><rect class="meter-bed" width="44" height="5" rx="2.5"/>'
        '<rect class="meter-fill" width="{}" height="5" rx="2.5"/></svg><b class="num">{}</b></span>',
        tone,
        f"{bounded * 44:.1f}",
        text or round(bounded * 100),
    )
