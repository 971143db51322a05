"""Charts are to scale, carry their words safely, and style nothing inline."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from core.web import plots
from core.web.plots import Bar

SVG = "{http://www.w3.org/2000/svg}"


def _bars(drawing: str) -> list[tuple[int, int]]:
    tree = ElementTree.fromstring(drawing)
    return [
        (int(bar.get("width", "0")), int(bar.get("height", "0"))) for bar in tree.iter(f"{SVG}rect")
    ]


def _columns(*values: int) -> str:
    bars = [Bar(f"{hour:02d}", value, str(value)) for hour, value in enumerate(values)]
    return plots.columns(bars, title="By hour", axis=str)


def test_columns_are_to_scale_from_zero() -> None:
    heights = [height for _, height in _bars(_columns(0, 250, 500, 1000))]
    assert heights[0] == 0
    assert heights[3] == pytest.approx(4 * heights[1], abs=4)
    assert heights[3] == pytest.approx(2 * heights[2], abs=2)


def test_rows_are_to_scale() -> None:
    bars = [Bar("cash", 300, "3"), Bar("transfer", 100, "1"), Bar("none", 0, "0")]
    widths = [width for width, _ in _bars(plots.rows(bars, title="By tender"))]
    assert widths[0] == pytest.approx(3 * widths[1], abs=3)
    assert widths[2] == 0


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [(0, 2), (3, 4), (7, 5), (50, 6), (51, 4), (999, 6), (123_456, 4), (10**12, 6)],
)
def test_scale_has_few_round_steps_and_holds_the_largest(largest: int, ticks: int) -> None:
    step, top = plots._scale(largest, 1)
    assert str(step)[0] in "125"
    assert top >= largest
    assert top // step + 1 == ticks


def test_scale_never_shows_parts_of_the_least_step() -> None:
    assert plots._scale(150, 100) == (100, 200)


def test_words_are_escaped() -> None:
    drawing = plots.rows([Bar("<script>&", 1, '"1"')], title="a < b")
    assert "<script>" not in drawing
    assert ElementTree.fromstring(drawing).find(f"{SVG}title") is not None


def test_nothing_is_styled_inline() -> None:
    assert not re.search(r"\sstyle=|<style", _columns(1, 2, 3))


def test_many_columns_thin_out_their_labels() -> None:
    drawing = ElementTree.fromstring(_columns(*range(1, 25)))
    labels = [
        text.text for text in drawing.iter(f"{SVG}text") if text.get("text-anchor") == "middle"
    ]
    assert labels[0] == "00"
    assert len(labels) < 24


def test_no_bars_is_an_empty_chart() -> None:
    assert _bars(_columns()) == []
    assert _bars(plots.rows([], title="none")) == []


def _groups(*series: tuple[int, ...]) -> list[tuple[str, int, int]]:
    labels = [str(place) for place in range(len(series[0]))]
    drawing = plots.groups(
        labels,
        [plots.Series(f"s{number}", values) for number, values in enumerate(series)],
        title="By month",
        axis=str,
    )
    tree = ElementTree.fromstring(drawing)
    return [
        (bar.get("class", ""), int(bar.get("y", "0")), int(bar.get("height", "0")))
        for bar in tree.iter(f"{SVG}rect")
    ]


def test_grouped_bars_hang_from_the_line_when_below_zero() -> None:
    _name, zero_y, nothing = _groups((0, 100, -50))[0]
    assert nothing == 0
    [_first, up, down] = _groups((0, 100, -50))
    assert up[1] + up[2] == zero_y and down[1] == zero_y
    assert up[2] == pytest.approx(2 * down[2], abs=2)


def test_grouped_bars_of_two_series_share_a_scale_and_say_which_is_which() -> None:
    bars = _groups((100, 50), (50, 100))
    # Two keys of the legend, then two groups of two.
    assert [name for name, _y, _tall in bars] == ["bar", "bar bar-2"] * 3
    assert bars[2][2] == bars[5][2] and bars[3][2] == bars[4][2] < bars[2][2]


def test_grouped_bars_of_nothing_still_have_an_axis() -> None:
    assert plots.groups([], [plots.Series("s", ())], title="t", axis=str).count("<line") == 2
    assert plots.groups(["a"], [plots.Series("s", (-3,))], title="t", axis=str).count("<line") == 4


def narrow(draw: Callable[[int], Markup]) -> ElementTree.Element:
    """The second of the two drawings: the phone's."""
    both = ElementTree.fromstring(f"<div>{plots.fitting(draw)}</div>")
    svg = both.find(f"div[@class='plot-narrow']/{SVG}svg")
    assert svg is not None
    assert svg.get("width") == str(plots.NARROW)
    return svg


def words_of(svg: ElementTree.Element) -> list[tuple[str, int, int, str]]:
    return [
        (one.text or "", int(one.get("x", "")), int(one.get("y", "")), one.get("text-anchor", ""))
        for one in svg.iter(f"{SVG}text")
    ]


def test_on_a_phone_words_stand_above_their_bars_and_nothing_leaves_the_drawing() -> None:
    bars = [Bar("กองทุนสวัสดิการผู้เดือดร้อน", 60_000, "60,000"), Bar("เงินสงเคราะห์ศพ", 5, "5")]
    stacks = [plots.Stack("เก็บไว้ขยายร้าน", (10, 20)), plots.Stack("เน้นสวัสดิการ", (30, 0))]
    many = plots.Series("a", range(12))
    for draw in (
        lambda width: plots.rows(bars, title="t", width=width),
        lambda width: plots.columns(bars, title="t", axis=str, width=width),
        lambda width: plots.stacks(
            stacks, ("ทุนสำรอง", "เงินเฉลี่ยคืน"), title="t", figure=str, width=width
        ),
        lambda width: plots.groups(
            [str(n) for n in range(12)], [many, many], title="t", axis=str, width=width
        ),
    ):
        svg = narrow(draw)
        height = int(svg.get("height", ""))
        for text, x, y, anchor in words_of(svg):
            wide = 6 * len(text) // {"middle": 2}.get(anchor, 1)
            assert 0 <= y <= height, text
            if anchor in ("start", "middle"):
                assert x + wide <= plots.NARROW, text
    above = words_of(narrow(lambda width: plots.rows(bars, title="t", width=width)))
    assert [(text, anchor) for text, _x, _y, anchor in above][:2] == [
        ("กองทุนสวัสดิการผู้เดือดร้อน", "start"),
        ("60,000", "start"),
    ]
