"""Charts drawn on the server as SVG: they follow the theme, print, need no script and pass a strict CSP.

A chart never lies: bars and areas start at zero, the unit and the day it holds for stand under it, what is not over yet is
drawn as such, and the figures behind it are a table one click away.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor, log10
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.web import figures
from core.web.registry import Text

TOP, BOTTOM, RIGHT = 12.0, 24.0, 10.0
LETTER = 6.4  # how wide a digit of a tick is drawn
LEGIBLE = 8  # letters a name is still known by
NARROW = (360, 230)
PAGE = 1080  # as wide as a page: what stands in a report

Amount = float | Decimal


@dataclass(frozen=True)
class Series:
    """One line or set of bars: ``values`` has None where nothing is known. ``tone`` is current, previous, forecast, good, warn,
    bad or shade-1 to shade-5. The last ``partial`` values are of spans that are not over yet: bars show them hatched."""

    label: Text
    values: Sequence[Amount | None]
    tone: str = "current"
    partial: int = 0


@dataclass(frozen=True)
class Band:
    """The range a forecast may fall in, one low and high per label, None where there is none."""

    label: Text
    low: Sequence[Amount | None]
    high: Sequence[Amount | None]


@dataclass(frozen=True)
class Chart:
    """What a line or bar chart shows. ``described`` is the sentence a reader hears instead of the picture; ``currency`` makes
    the values money; ``unit`` and ``note`` (as of when) stand under it; ``urls`` lead from each label to what is behind it."""

    title: Text
    labels: Sequence[str]
    series: Sequence[Series]
    described: Text = ""
    unit: Text = ""
    band: Band | None = None
    zero: bool = True
    currency: str = ""
    note: Text = ""
    urls: Sequence[str] = ()

    def tick(self, value: Amount) -> str:
        """A value at the scale: short, without the currency's sign (that is the unit)."""
        number = _exact(value)
        if not self.currency:
            return figures.quantity(number)
        short = figures.short_money(number, self.currency).replace(figures.symbol(self.currency), "") if number else "0"
        return re.sub(r"[.,]0+(?=\D|$)|(?<=[.,]\d)0+(?=\D|$)", "", short)

    def full(self, value: Amount) -> str:
        """A value in words: with its sign, in full."""
        number = _exact(value)
        return figures.money(number, self.currency) if self.currency else figures.quantity(number)

    def caption(self) -> str:
        """The unit and as of when."""
        return " · ".join(str(part) for part in (self.unit or self.currency, self.note) if part)


@dataclass(frozen=True)
class Part:
    """One bar of a funnel or ranking: name, count, figure in words, and its size."""

    label: Text
    size: float
    figure: str = ""
    count: str = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Heat:
    """A table whose cells are coloured by their value: one row a label, one column a head."""

    title: Text
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Amount]]]
    note: Text = ""


def scale(values: Sequence[float], zero: bool, steps: int = 4) -> list[float]:
    """Round ticks that hold all values; from zero unless told otherwise."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = low + 1
    rough = (high - low) / steps
    size = 10 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _exact(value: Amount) -> Decimal:
    return round(Decimal(str(value)), 2)


def _known(values: Sequence[Amount | None]) -> list[float]:
    return [float(value) for value in values if value is not None]


def _spread(chart: Chart) -> list[float]:
    values = [value for one in chart.series for value in _known(one.values)]
    return values + (_known([*chart.band.low, *chart.band.high]) if chart.band else [])


def _piled(chart: Chart) -> list[float]:
    """The highest and lowest point of each pile."""
    columns = [[float(one.values[index] or 0) for one in chart.series] for index in range(len(chart.labels))]
    up = [sum(value for value in column if value > 0) for column in columns]
    return up + [sum(value for value in column if value < 0) for column in columns]


@dataclass(frozen=True)
class _Frame:
    """The paper a chart is drawn on: its size and its scale."""

    width: float
    height: float
    ticks: list[float]
    left: float

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return round(TOP + (high - value) / (high - low) * (self.height - TOP - BOTTOM), 1)

    @property
    def base(self) -> float:
        return self.y(max(self.ticks[0], min(self.ticks[-1], 0.0)))

    @property
    def inner(self) -> float:
        return self.width - self.left - RIGHT

    def common(self, chart: Chart) -> dict[str, Any]:
        return {
            "width": int(self.width),
            "height": int(self.height),
            "left": round(self.left, 1),
            "right": self.width - RIGHT,
            "bottom": self.height - 7,
            "hit_height": self.height - BOTTOM,
            "tick_x": round(self.left - 8, 1),
            "base": self.base,
            "ticks": [(self.y(tick), chart.tick(tick)) for tick in self.ticks],
        }


Points = list[tuple[float, float]]


def _path(points: Points) -> str:
    return " ".join(f"{'L' if index else 'M'}{x:g} {y:g}" for index, (x, y) in enumerate(points))


def _table(chart: Chart) -> list[tuple[str, str, list[str]]]:
    columns = [["" if value is None else chart.full(value) for value in one.values] for one in chart.series]
    return [(label, _url(chart, n), [column[n] if n < len(column) else "" for column in columns]) for n, label in enumerate(chart.labels)]


def _url(chart: Chart, index: int) -> str:
    return chart.urls[index] if index < len(chart.urls) else ""


def line(chart: Chart, *, width: int = 720, height: int = 260) -> SafeString:
    """Lines over time, the first with an area under it when the scale starts at zero, a forecast dashed with its band."""
    return _both(chart, "components/chart_line.html", _line_values, _spread(chart), width, height)


def area(chart: Chart, *, width: int = 720, height: int = 220) -> SafeString:
    """One line with the area under it, from zero."""
    return line(replace(chart, zero=True), width=width, height=height)


def bars(chart: Chart, *, width: int = 720, height: int = 240) -> SafeString:
    """Bars side by side, always from zero."""
    whole = replace(chart, zero=True)
    return _both(whole, "components/chart_bars.html", _bar_values, _spread(whole), width, height)


def stacked(chart: Chart, *, width: int = 720, height: int = 240) -> SafeString:
    """Bars upon each other, always from zero; what is below zero hangs under it."""
    whole = replace(chart, zero=True)
    return _both(whole, "components/chart_bars.html", _stack_values, _piled(whole), width, height)


Draw = Callable[[Chart, _Frame], dict[str, Any]]


def _both(chart: Chart, template: str, draw: Draw, values: list[float], width: int, height: int) -> SafeString:
    """For a desk and for a phone. The same figures in the same language are drawn once."""
    series = tuple(replace(one, label=str(one.label), values=tuple(one.values)) for one in chart.series)
    band = chart.band and replace(chart.band, label=str(chart.band.label), low=tuple(chart.band.low), high=tuple(chart.band.high))
    plain = replace(
        chart,
        title=str(chart.title),
        described=str(chart.described),
        unit=str(chart.unit),
        note=str(chart.note),
        labels=tuple(map(str, chart.labels)),
        series=series,
        band=band,
        urls=tuple(chart.urls),
    )
    return _drawn(plain, template, draw, tuple(values), width, height, str(figures.locale()))


@lru_cache(maxsize=128)
def _drawn(chart: Chart, template: str, draw: Draw, values: tuple[float, ...], width: int, height: int, _locale: str) -> SafeString:
    ticks = scale(values, chart.zero)
    left = max(len(chart.tick(tick)) for tick in ticks) * LETTER + 14
    drawings = [(name, draw(chart, _Frame(wide, high, ticks, left))) for name, wide, high in (("wide", width, height), ("narrow", *NARROW))]
    return SafeString(
        render_to_string(
            template, {"chart": chart, "drawings": drawings, "table": _table(chart), "linked": any(chart.urls), "caption": chart.caption()}
        )
    )


def _every(chart: Chart, frame: _Frame) -> int:
    widest = max((len(label) for label in chart.labels), default=1) * LETTER + 12
    return max(1, ceil(len(chart.labels) * widest / frame.inner))


def _line_values(chart: Chart, frame: _Frame) -> dict[str, Any]:
    step = frame.inner / max(len(chart.labels) - 1, 1)

    def points(values: Sequence[Amount | None]) -> Points:
        return [(round(frame.left + n * step, 1), frame.y(float(value))) for n, value in enumerate(values) if value is not None]

    drawn = [(one.tone, points(one.values)) for one in chart.series]
    first = drawn[0][1] if drawn and chart.zero else []
    band = _path(points(chart.band.high) + points(chart.band.low)[::-1]) + " Z" if chart.band else ""
    every = _every(chart, frame)
    hits = []
    for index in range(len(chart.labels)):
        x = max(frame.left + (index - 0.5) * step, 0)
        spot = next((frame.y(float(one.values[index] or 0)) for one in chart.series if _has(one, index)), None)
        hits.append(
            {
                "x": round(x, 1),
                "w": round(min(frame.left + (index + 0.5) * step, frame.width) - x, 1),
                "text": _hit(chart, index),
                "url": _url(chart, index),
                "spot": None if spot is None else (round(frame.left + index * step, 1), spot),
            }
        )
    return {
        **frame.common(chart),
        "lines": [{"tone": tone, "path": _path(spots), "last": spots[-1] if spots else None} for tone, spots in drawn],
        "area": f"{_path(first)} L{first[-1][0]:g} {frame.base:g} L{first[0][0]:g} {frame.base:g} Z" if first else "",
        "band": band,
        "hits": hits,
        "labels": [(round(frame.left + index * step, 1), label) for index, label in enumerate(chart.labels) if index % every == 0],
    }


def _has(one: Series, index: int) -> bool:
    return index < len(one.values) and one.values[index] is not None


def _hit(chart: Chart, index: int) -> str:
    parts = [f"{one.label}: {chart.full(one.values[index] or 0)}" for one in chart.series if _has(one, index)]
    return f"{chart.labels[index]} · {' · '.join(parts)}" if parts else chart.labels[index]


def _slots(chart: Chart, frame: _Frame) -> tuple[float, dict[str, Any]]:
    """The width of one label's place, with the hits over it and the labels under it."""
    slot = frame.inner / max(len(chart.labels), 1)
    every = _every(chart, frame)
    hits = [
        {"x": round(frame.left + index * slot, 1), "w": round(slot, 1), "text": _hit(chart, index), "url": _url(chart, index)}
        for index in range(len(chart.labels))
    ]
    room = int(slot / LETTER)
    if every > 1 and room >= LEGIBLE:  # names: each bar keeps its own, cut to its place
        every, names = 1, [label if len(label) <= room else f"{label[: room - 1].rstrip()}…" for label in chart.labels]
    else:
        names = list(chart.labels)
    labels = [(round(frame.left + (index + 0.5) * slot, 1), label) for index, label in enumerate(names) if index % every == 0]
    return slot, {**frame.common(chart), "hits": hits, "labels": labels}


def _bar(frame: _Frame, low: float, high: float, x: float, width: float, one: Series, index: int) -> dict[str, Any]:
    top, bottom = frame.y(max(low, high)), frame.y(min(low, high))
    return {
        "x": round(x, 1),
        "y": top,
        "w": round(max(width, 1), 1),
        "h": round(bottom - top, 1),
        "tone": one.tone,
        "partial": index >= len(one.values) - one.partial,
    }


def _bar_values(chart: Chart, frame: _Frame) -> dict[str, Any]:
    slot, values = _slots(chart, frame)
    each = min(slot * 0.68, 64.0) / max(len(chart.series), 1)
    start = (slot - each * len(chart.series)) / 2
    drawn = [
        _bar(frame, 0.0, float(value), frame.left + index * slot + start + number * each, each - 2, one, index)
        for number, one in enumerate(chart.series)
        for index, value in enumerate(one.values)
        if value is not None
    ]
    return {**values, "bars": drawn}


def _stack_values(chart: Chart, frame: _Frame) -> dict[str, Any]:
    slot, values = _slots(chart, frame)
    width = min(slot * 0.62, 72.0)
    drawn = []
    for index in range(len(chart.labels)):
        up = down = 0.0
        for one in chart.series:
            value = float(one.values[index] or 0) if _has(one, index) else 0.0
            if not value:
                continue
            low = up if value > 0 else down
            drawn.append(_bar(frame, low, low + value, frame.left + index * slot + (slot - width) / 2, width, one, index))
            up, down = (up + value, down) if value > 0 else (up, down + value)
    return {**values, "bars": drawn, "piled": True}


def spark(values: Sequence[Amount], tone: str = "") -> SafeString:
    """A tiny line beside a figure: the shape only."""
    if len(values) < 2:
        return SafeString("")
    numbers = [float(value) for value in values]
    low, high = min(numbers), max(numbers)
    spread = (high - low) or 1
    points = [(round(i * 88 / (len(numbers) - 1), 1), round(26 - (v - low) / spread * 23, 1)) for i, v in enumerate(numbers)]
    return SafeString(render_to_string("components/chart_spark.html", {"path": _path(points), "tone": tone}))


def funnel(parts: Sequence[Part], title: Text = "", note: Text = "") -> SafeString:
    """Parts as bars under each other, longest first or in the order of a process; ``note`` says as of when."""
    most = max((part.size for part in parts), default=0) or 1
    rows = [(part, round(max(part.size, 0) / most * 300, 1)) for part in parts]
    return SafeString(render_to_string("components/chart_funnel.html", {"rows": rows, "title": title, "note": note}))


def shares(title: Text, rows: Sequence[tuple[Text, str, Sequence[Part]]], note: Text = "") -> SafeString:
    """What wholes are made of: one bar each, cut into its parts, all on the same scale; the parts with their figures stand below."""
    most = max((sum(max(part.size, 0) for part in parts) for _label, _figure, parts in rows), default=0) or 1
    drawn = []
    for label, figure, parts in rows:
        whole = sum(max(part.size, 0) for part in parts) or 1
        start, pieces = 0.0, []
        for part in parts:
            width = max(part.size, 0) / most * 1000
            pieces.append((part, start, width, figures.percent(round(Decimal(str(max(part.size, 0) / whole)), 3))))
            start += width
        drawn.append((label, figure, pieces))
    return SafeString(render_to_string("components/chart_shares.html", {"title": title, "rows": drawn, "note": note}))


def heat(found: Heat) -> SafeString:
    """A table coloured in five steps of its highest value; the figures stand in it, so the colour is never alone."""
    most = max((float(value) for _label, values in found.rows for value in values), default=0) or 1
    rows = [
        (label, [(ceil(max(float(value), 0) / most * 5), figures.quantity(_exact(value)) if value else "") for value in values])
        for label, values in found.rows
    ]
    return SafeString(render_to_string("components/chart_heat.html", {"heat": found, "rows": rows}))
