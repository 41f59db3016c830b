"""Charts drawn on the server as SVG: they follow the theme, print, need no script and pass a strict CSP."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

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
    show: Sequence[str] = ()
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


def _geometry(chart: Chart, width: float, height: float) -> dict[str, object]:
    ticks = scale(_all(chart), chart.zero)
    low, high = ticks[0], ticks[-1]

    def y(value: float) -> float:
        return round(TOP + (high - value) / (high - low) * (height - TOP - BOTTOM), 1)

    return {"ticks": [(y(tick), _tick(tick)) for tick in ticks], "y": y, "base": y(max(low, min(high, 0.0)))}


def _tick(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{'L' if index else 'M'}{x:g} {y:g}" for index, (x, y) in enumerate(points))


def _table(chart: Chart) -> list[tuple[str, list[str]]]:
    texts = [list(one.values) for one in chart.series]
    shown = [["" if value is None else _tick(round(value, 2)) for value in column] for column in texts]
    return [(label, [column[index] if index < len(column) else "" for column in shown]) for index, label in enumerate(chart.labels)]


def line(chart: Chart, *, width: int = 720, height: int = 260) -> SafeString:
    """Lines over time, the first with an area under it, a forecast dashed with its band."""
    return _both(chart, "components/chart_line.html", _line_values, width, height)


def bars(chart: Chart, *, width: int = 720, height: int = 240) -> SafeString:
    """Bars side by side, always from zero."""
    return _both(chart, "components/chart_bars.html", _bar_values, width, height)


def _both(chart: Chart, template: str, make: object, width: int, height: int) -> SafeString:
    wide = make(chart, width, height)  # type: ignore[operator]
    narrow = make(chart, 360, 230)  # type: ignore[operator]
    values = {"chart": chart, "drawings": [("wide", wide), ("narrow", narrow)], "table": _table(chart)}
    return SafeString(render_to_string(template, values))


def _line_values(chart: Chart, width: float, height: float) -> dict[str, object]:
    geometry = _geometry(chart, width, height)
    y = geometry["y"]
    count = max(len(chart.labels), 2)
    step = (width - LEFT - RIGHT) / (count - 1)
    every = max(1, ceil(count * 52 / (width - LEFT)))
    lines = []
    for one in chart.series:
        points = [(round(LEFT + index * step, 1), y(value)) for index, value in enumerate(one.values) if value is not None]  # type: ignore[operator]
        lines.append({"tone": one.tone, "path": _path(points), "last": points[-1] if points else None, "points": points})
    first = lines[0]["points"] if lines else []
    area = f"{_path(first)} L{first[-1][0]:g} {geometry['base']:g} L{first[0][0]:g} {geometry['base']:g} Z" if first else ""  # type: ignore[index]
    hits = [
        {"x": round(LEFT + (index - 0.5) * step, 1), "w": round(step, 1), "text": _hit(chart, index)} for index in range(len(chart.labels))
    ]
    return {
        **geometry,
        "width": int(width),
        "height": int(height),
        "left": LEFT,
        "right": width - RIGHT,
        "bottom": height - 7,
        "lines": lines,
        "area": area,
        "band": _band(chart, step, y),
        "hits": hits,
        "hit_height": height - BOTTOM,
        "labels": [(round(LEFT + index * step, 1), label) for index, label in enumerate(chart.labels) if index % every == 0],
    }


def _band(chart: Chart, step: float, y: object) -> str:
    if chart.band is None:
        return ""
    top = [(round(LEFT + i * step, 1), y(v)) for i, v in enumerate(chart.band.high) if v is not None]  # type: ignore[operator]
    under = [(round(LEFT + i * step, 1), y(v)) for i, v in enumerate(chart.band.low) if v is not None]  # type: ignore[operator]
    return f"{_path(top + under[::-1])} Z" if top else ""


def _hit(chart: Chart, index: int) -> str:
    parts = [
        f"{one.label}: {_tick(round(one.values[index] or 0, 2))}"
        for one in chart.series
        if index < len(one.values) and one.values[index] is not None
    ]
    return f"{chart.labels[index]} · {' · '.join(parts)}" if parts else chart.labels[index]


def _bar_values(chart: Chart, width: float, height: float) -> dict[str, object]:
    geometry = _geometry(chart, width, height)
    y = geometry["y"]
    base: float = geometry["base"]  # type: ignore[assignment]
    slot = (width - LEFT - RIGHT) / max(len(chart.labels), 1)
    each = slot * 0.68 / max(len(chart.series), 1)
    every = max(1, ceil(len(chart.labels) * 52 / (width - LEFT)))
    drawn = []
    for number, one in enumerate(chart.series):
        for index, value in enumerate(one.values):
            if value is not None:
                top: float = y(value)  # type: ignore[operator]
                x = LEFT + index * slot + slot * 0.16 + number * each
                drawn.append(
                    {
                        "x": round(x, 1),
                        "y": min(top, base),
                        "w": round(max(each - 2, 1), 1),
                        "h": round(abs(top - base), 1),
                        "tone": one.tone,
                        "text": _hit(chart, index),
                    }
                )
    return {
        **geometry,
        "width": int(width),
        "height": int(height),
        "left": LEFT,
        "right": width - RIGHT,
        "bottom": height - 7,
        "bars": drawn,
        "labels": [(round(LEFT + (i + 0.5) * slot, 1), label) for i, label in enumerate(chart.labels) if i % every == 0],
    }


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
