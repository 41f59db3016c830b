"""Charts drawn on the server as SVG: they follow the theme, print, need no script and pass a strict CSP."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.web.registry import Text

LEFT, RIGHT, TOP, BOTTOM = 46.0, 10.0, 12.0, 24.0


@dataclass(frozen=True)
class Series:
    """One line or set of bars: ``values`` has None where nothing is known; ``tone`` is current, previous or forecast."""

    label: Text
    values: Sequence[float | None]
    tone: str = "current"


@dataclass(frozen=True)
class Band:
    """The range a forecast may fall in, one low and high per label, None where there is none."""

    label: Text
    low: Sequence[float | None]
    high: Sequence[float | None]


@dataclass(frozen=True)
class Chart:
    """What a line or bar chart shows. ``described`` is the sentence a reader hears instead of the picture."""

    title: Text
    labels: Sequence[str]
    series: Sequence[Series]
    described: Text = ""
    unit: Text = ""
    band: Band | None = None
    zero: bool = True


@dataclass(frozen=True)
class Part:
    """One bar of a funnel or ranking: name, count, figure in words, and its size."""

    label: Text
    size: float
    figure: str = ""
    count: str = ""
    url: str = ""


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


def _all(chart: Chart) -> list[float]:
    values = [value for one in chart.series for value in one.values if value is not None]
    if chart.band:
        values += [value for value in (*chart.band.low, *chart.band.high) if value is not None]
    return values


def _tick(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


@dataclass(frozen=True)
class _Frame:
    """The paper a chart is drawn on: its size and its scale."""

    width: float
    height: float
    ticks: list[float]

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return round(TOP + (high - value) / (high - low) * (self.height - TOP - BOTTOM), 1)

    @property
    def base(self) -> float:
        return self.y(max(self.ticks[0], min(self.ticks[-1], 0.0)))

    @property
    def inner(self) -> float:
        return self.width - LEFT - RIGHT

    def common(self) -> dict[str, Any]:
        return {
            "width": int(self.width),
            "height": int(self.height),
            "left": LEFT,
            "right": self.width - RIGHT,
            "bottom": self.height - 7,
            "hit_height": self.height - BOTTOM,
            "ticks": [(self.y(tick), _tick(tick)) for tick in self.ticks],
        }


Points = list[tuple[float, float]]


def _path(points: Points) -> str:
    return " ".join(f"{'L' if index else 'M'}{x:g} {y:g}" for index, (x, y) in enumerate(points))


def _table(chart: Chart) -> list[tuple[str, list[str]]]:
    columns = [["" if value is None else _tick(round(value, 2)) for value in one.values] for one in chart.series]
    return [(label, [column[index] if index < len(column) else "" for column in columns]) for index, label in enumerate(chart.labels)]


def line(chart: Chart, *, width: int = 720, height: int = 260) -> SafeString:
    """Lines over time, the first with an area under it, a forecast dashed with its band."""
    return _both(chart, "components/chart_line.html", _line_values, width, height)


def bars(chart: Chart, *, width: int = 720, height: int = 240) -> SafeString:
    """Bars side by side, always from zero."""
    return _both(chart, "components/chart_bars.html", _bar_values, width, height)


def _both(chart: Chart, template: str, draw: Callable[[Chart, _Frame], dict[str, Any]], width: int, height: int) -> SafeString:
    ticks = scale(_all(chart), chart.zero)
    drawings = [("wide", draw(chart, _Frame(width, height, ticks))), ("narrow", draw(chart, _Frame(360, 230, ticks)))]
    return SafeString(render_to_string(template, {"chart": chart, "drawings": drawings, "table": _table(chart)}))


def _every(chart: Chart, frame: _Frame) -> int:
    return max(1, ceil(len(chart.labels) * 46 / frame.inner))


def _line_values(chart: Chart, frame: _Frame) -> dict[str, Any]:
    step = frame.inner / max(len(chart.labels) - 1, 1)

    def points(values: Sequence[float | None]) -> Points:
        return [(round(LEFT + index * step, 1), frame.y(value)) for index, value in enumerate(values) if value is not None]

    drawn = [(one.tone, points(one.values)) for one in chart.series]
    first = drawn[0][1] if drawn else []
    band = _path(points(chart.band.high) + points(chart.band.low)[::-1]) + " Z" if chart.band else ""
    every = _every(chart, frame)
    return {
        **frame.common(),
        "lines": [{"tone": tone, "path": _path(spots), "last": spots[-1] if spots else None} for tone, spots in drawn],
        "area": f"{_path(first)} L{first[-1][0]:g} {frame.base:g} L{first[0][0]:g} {frame.base:g} Z" if first else "",
        "band": band,
        "hits": [
            {"x": round(LEFT + (index - 0.5) * step, 1), "w": round(step, 1), "text": _hit(chart, index)}
            for index in range(len(chart.labels))
        ],
        "labels": [(round(LEFT + index * step, 1), label) for index, label in enumerate(chart.labels) if index % every == 0],
    }


def _hit(chart: Chart, index: int) -> str:
    known = [(one.label, one.values[index]) for one in chart.series if index < len(one.values)]
    parts = [f"{label}: {_tick(round(value, 2))}" for label, value in known if value is not None]
    return f"{chart.labels[index]} · {' · '.join(parts)}" if parts else chart.labels[index]


def _bar_values(chart: Chart, frame: _Frame) -> dict[str, Any]:
    slot = frame.inner / max(len(chart.labels), 1)
    each = slot * 0.68 / max(len(chart.series), 1)
    drawn = [
        {
            "x": round(LEFT + index * slot + slot * 0.16 + number * each, 1),
            "y": min(frame.y(value), frame.base),
            "w": round(max(each - 2, 1), 1),
            "h": round(abs(frame.y(value) - frame.base), 1),
            "tone": one.tone,
            "text": _hit(chart, index),
        }
        for number, one in enumerate(chart.series)
        for index, value in enumerate(one.values)
        if value is not None
    ]
    every = _every(chart, frame)
    labels = [(round(LEFT + (index + 0.5) * slot, 1), label) for index, label in enumerate(chart.labels) if index % every == 0]
    return {**frame.common(), "bars": drawn, "labels": labels}


def spark(values: Sequence[float], tone: str = "") -> SafeString:
    """A tiny line beside a figure: the shape only."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    spread = (high - low) or 1
    points = [(round(i * 88 / (len(values) - 1), 1), round(26 - (v - low) / spread * 23, 1)) for i, v in enumerate(values)]
    return SafeString(render_to_string("components/chart_spark.html", {"path": _path(points), "tone": tone}))


def funnel(parts: Sequence[Part]) -> SafeString:
    """Parts as bars under each other, longest first or in the order of a process."""
    most = max((part.size for part in parts), default=0) or 1
    rows = [(part, round(max(part.size, 0) / most * 300, 1)) for part in parts]
    return SafeString(render_to_string("components/chart_funnel.html", {"rows": rows}))
