"""Charts: exact places, honest scales, the reader's notation, and a table behind each."""

import re
from decimal import Decimal

import pytest
from django.utils import translation

from core.web import charts
from core.web.charts import Band, Chart, Heat, Part, Series

SPACE = "\N{NO-BREAK SPACE}"

pytestmark = pytest.mark.usefixtures("company")


def chart(values: list[float | None], **more: object) -> Chart:
    """Three months of something."""
    return Chart("Revenue", ["Jan", "Feb", "Mar"], [Series("Net", values)], **more)  # type: ignore[arg-type]


def ticks(html: str) -> list[str]:
    """What stands at the scale of the wide drawing."""
    wide = html.split("chart-narrow", maxsplit=1)[0]
    return re.findall(r'text-anchor="end">([^<]*)<', wide)


def test_bars_start_at_zero_whatever_was_asked() -> None:
    assert ticks(charts.bars(chart([950.0, 960.0, 970.0], zero=False))) == ["0", "250", "500", "750", "1.000"]


def test_a_bar_is_as_high_as_its_value() -> None:
    html = charts.bars(chart([0.0, 500.0, 1000.0])).split("chart-narrow")[0]
    heights = [float(found) for found in re.findall(r'class="chart-bar[^>]* height="([\d.]+)"', html)]
    assert heights == [0, 102, 204]


def test_the_ticks_are_written_as_the_reader_writes() -> None:
    with translation.override("id"):
        assert ticks(charts.bars(chart([0.0, 500.0, 1000.0]))) == ["0", "250", "500", "750", "1.000"]
        html = charts.line(chart([0.0, 0.5, 0.7]))
        assert ticks(html) == ["0", "0,2", "0,4", "0,6", "0,8"]
        assert not re.search(r' (x|y|cx|cy|x1|y1|width|height)="\d+,\d', html)


def test_money_stands_short_at_the_scale_and_in_full_in_the_table() -> None:
    html = charts.bars(
        Chart("Revenue", ["Jan"], [Series("Net", [Decimal("205000000.50")])], currency="IDR", note="As of today"),
    )
    assert ticks(html) == ["0", f"100{SPACE}jt", f"200{SPACE}jt", f"300{SPACE}jt"]
    assert f"Rp{SPACE}205,000,000.50" in html or f"Rp{SPACE}205.000.000,50" in html
    assert "<figcaption>IDR · As of today</figcaption>" in html


def test_what_is_not_over_yet_is_drawn_as_such() -> None:
    html = charts.bars(Chart("Revenue", ["Jan", "Feb"], [Series("Net", [1, 2], partial=1)]))
    assert html.split("chart-narrow", maxsplit=1)[0].count("chart-partial") == 1


def test_a_linked_chart_leads_to_what_is_behind_each_bar_and_its_links_have_names() -> None:
    html = charts.bars(chart([1.0, 2.0, 3.0], urls=("/a/", "/b/", "/c/")))
    assert 'role="group"' in html
    assert '<a class="chart-link" href="/b/" aria-label="Feb · Net: 2">' in html
    assert '<a href="/c/">Mar</a>' in html
    assert 'role="img"' in charts.bars(chart([1.0, 2.0, 3.0]))


def test_a_pile_is_as_high_as_its_parts_and_what_is_negative_hangs_below() -> None:
    html = charts.stacked(Chart("Owed", ["All"], [Series("A", [30]), Series("B", [50], "shade-2"), Series("C", [-20], "bad")]))
    assert ticks(html) == ["−25", "0", "25", "50", "75", "100"]
    wide = html.split("chart-narrow", maxsplit=1)[0]
    bars = [(float(y), float(high)) for y, high in re.findall(r'class="chart-bar[^>]* y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', wide)]
    assert bars == [(126.2, 49), (44.6, 81.6), (175.2, 32.6)]


def test_a_forecast_has_its_band_and_the_legend_names_all() -> None:
    html = charts.line(
        Chart(
            "Revenue",
            ["Jan", "Feb"],
            [Series("This year", [1, None]), Series("Forecast", [1, 2], "forecast")],
            band=Band("80 %", [1, 1.5], [1, 2.5]),
        )
    )
    assert 'class="chart-band" d="M' in html
    assert html.count("legend-") == 3


def test_what_the_chart_shows_is_a_table_as_well() -> None:
    html = charts.line(chart([1.0, None, 3.0]))
    assert re.findall(r'<td class="end num">([^<]*)</td>', html) == ["1", "", "3"]


def test_an_empty_chart_is_drawn_without_a_fault() -> None:
    assert "<svg" in charts.line(Chart("Nothing", [], []))
    assert "<svg" in charts.stacked(Chart("Nothing", [], []))
    assert charts.spark([1]) == ""


def test_a_funnel_is_measured_by_its_longest_bar() -> None:
    html = charts.funnel([Part("Qualified", 178, "Rp 1,78 M", "7", url="/x/"), Part("Demo", 89, tone="warn")])
    assert re.findall(r'bar-fill[^"]*" width="([\d.]+)"', html) == ["300", "150"]
    assert '<a href="/x/">Qualified</a>' in html


def test_a_heat_map_colours_in_five_steps_and_keeps_its_figures() -> None:
    html = charts.heat(Heat("Busy", ["8", "9"], [("Mon", [0, 10]), ("Tue", [1, 5])]))
    assert re.findall(r'class="heat-(\d) num">([^<]*)<', html) == [("0", ""), ("5", "10"), ("1", "1"), ("3", "5")]
