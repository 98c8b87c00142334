"""The charts say what they draw, and never draw a figure that does not exist (PT-12, PT-14, W-06)."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from pes import charts, svg
from pes.charts import ObjectiveBar, TrendPoint, VigenciaBar

D = Decimal
NS = {"s": "http://www.w3.org/2000/svg"}
HOSTILE = '<script>alert("x")</script> & "más"'

MANY = {
    "bullet": charts.bullet(D("24.15"), title=HOSTILE, marker=D(50)),
    "bullet without value": charts.bullet(None, title=HOSTILE, state="no_information"),
    "mini": charts.mini(D(3), title=HOSTILE),
    "ring": charts.ring(D("50.24"), title=HOSTILE, caption=HOSTILE),
    "ring without value": charts.ring(None, title=HOSTILE, state="pending"),
    "light": charts.light("warn", HOSTILE),
    "objectives": charts.objective_bars([ObjectiveBar("O1", HOSTILE, D(1), HOSTILE)], title=HOSTILE),
    "trend": charts.trend([TrendPoint(HOSTILE, D(1), None)], title=HOSTILE),
    "trend without values": charts.trend([], title=HOSTILE),
    "vigencias": charts.vigencia_bars([VigenciaBar(HOSTILE, D(1), D(2))], title=HOSTILE, unit=HOSTILE),
}


def parse(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def title(markup: str) -> str:
    return parse(markup).findtext("s:title", "", NS)


def bars(markup: str) -> list[ElementTree.Element]:
    return [e for e in parse(markup).iter() if "bar" in e.get("class", "").split()]


@pytest.mark.parametrize("markup", MANY.values(), ids=MANY)
def test_every_chart_is_named_and_fits_a_strict_policy(markup: str):
    root = parse(markup)

    assert root.get("role") == "img"
    assert root.findtext("s:title", "", NS)
    assert not [e for e in root.iter() if e.get("style") or e.tag.endswith(("script", "style"))]


@pytest.mark.parametrize("markup", MANY.values(), ids=MANY)
def test_every_text_is_escaped(markup: str):
    assert "<script" not in markup
    assert "&lt;script&gt;" in markup


@pytest.mark.parametrize("markup", MANY.values(), ids=MANY)
def test_no_chart_carries_an_identifier_that_a_second_copy_would_repeat(markup: str):
    assert not [e for e in parse(markup).iter() if e.get("id")]


@pytest.mark.parametrize("state", ["no_information", "pending", "missing", "no_demand", "reported"])
def test_a_missing_value_is_hatched_and_never_a_bar_of_zero(state: str):
    markup = charts.bullet(None, title="O1", state=state)

    assert bars(markup) == []
    assert 'class="hatch"' in markup
    assert "zero" not in markup
    assert title(markup) == f"O1: {svg.missing_label(state)}"
    assert "0,00" not in markup


def test_a_vigencia_without_programme_is_a_dotted_line_with_its_own_words():
    markup = charts.bullet(None, title="O4", state="not_programmed")

    assert 'class="off-line"' in markup
    assert title(markup) == "O4: Sin programación"


def test_a_reported_zero_is_a_tick_and_not_an_absence():
    markup = charts.bullet(D(0), title="O3")

    assert 'class="ink zero"' in markup
    assert "hatch" not in markup
    assert title(markup) == "O3: 0,00\u00a0%"


def test_a_result_over_one_hundred_is_cut_marked_and_told_in_full():
    markup = charts.bullet(D("131.254"), title="O5", tone="over")

    assert bars(markup)[0].get("width") == "200"
    assert 'class="over-mark"' in markup
    assert title(markup) == "O5: 131,25\u00a0%"


def test_a_negative_result_stays_inside_its_track_and_is_told_in_full():
    markup = charts.bullet(D("-12.5"), title="O5")

    assert bars(markup) == []
    assert title(markup) == "O5: -12,50\u00a0%"


def test_the_programmed_mark_is_drawn_only_when_given():
    assert 'class="ink"' not in charts.bullet(D(40), title="x")
    assert 'class="ink"' in charts.bullet(D(40), title="x", marker=D(50))


def test_the_length_of_a_bar_is_its_percentage():
    assert bars(charts.bullet(D("24.15"), title="x"))[0].get("width") == "48.3"


def test_a_ring_without_value_has_no_arc_and_says_why():
    markup = charts.ring(None, title="Objetivo 1", state="no_information")

    assert "bar-s" not in markup
    assert "Sin" in markup
    assert title(markup) == "Objetivo 1: Sin información"


def test_a_gap_in_a_series_lifts_the_pen():
    points = [TrendPoint("I", None, D(1)), TrendPoint("II", None, None), TrendPoint("III", None, D(3))]

    line = re.search(r'class="line" d="([^"]+)"', charts.trend(points, title="x"))

    assert line
    assert line[1].count("M") == 2
    assert "L" not in line[1]


def test_names_at_the_end_of_a_trend_stay_apart_at_the_top():
    markup = charts.trend([TrendPoint("I", D(100), D("97.54"))], title="x", reference="Mejor", actual="Promedio")

    ends = {mark.text: float(mark.get("y", "0")) for mark in parse(markup).iterfind(".//s:text", NS)}

    assert ends["Promedio"] - ends["Mejor"] >= 36


def test_the_description_of_a_trend_tells_every_point():
    markup = charts.trend([TrendPoint("I", D(12), None), TrendPoint("II", D(24), D("20.5"))], title="x")

    assert parse(markup).findtext("s:desc", "", NS) == (
        "I: programado 12,00\u00a0%, ejecutado Sin información; II: programado 24,00\u00a0%, ejecutado 20,50\u00a0%"
    )


def test_one_point_is_a_dot_in_the_middle_and_no_point_says_so():
    one = charts.trend([TrendPoint("I", None, D(5))], title="x")
    none = charts.trend([TrendPoint("I", None, None)], title="Avance")

    assert one.count('class="dot"') == 1
    assert "dot" not in none
    assert title(none) == "Avance: sin información"


@pytest.mark.parametrize("largest", ["0.0001", "1", "7", "55", "99.99", "100", "101", "430", "123456.7"])
def test_an_axis_holds_its_largest_value_in_at_most_five_steps(largest: str):
    markup = charts.trend([TrendPoint("I", None, D(largest))], title="x", percent=False)

    top = min(float(e.get("cy", "nan")) for e in parse(markup).iter() if e.get("class") == "dot")

    assert top >= 15.9
    assert 2 <= markup.count('class="grid"') <= 6


def test_an_unmeasured_vigencia_has_no_inner_column():
    markup = charts.vigencia_bars([VigenciaBar("2022", D(100), None), VigenciaBar("2024", None, None)], title="x")

    assert bars(markup) == []
    assert "sin dato" in markup
    assert "NP" in markup


def test_lights_differ_by_shape_and_not_only_by_colour():
    shapes = {re.sub(r"#[0-9a-f]{3,6}", "", svg.glyph(tone)) for tone in svg.FILL}

    assert len(shapes) == len(svg.FILL) == len(svg.TONE_LABEL)
