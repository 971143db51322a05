"""Stacked bars: layers to one scale, in one order, without those of nothing."""

from __future__ import annotations

import re

from core.web import plots
from core.web.plots import Stack

LAYERS = ("reserve", "dividend", "kept")


def drawn(*bars: Stack) -> str:
    return str(plots.stacks(bars, LAYERS, title="uses", figure=str))


def widths(svg: str) -> list[int]:
    """The widths of the layers, without the squares of the legend."""
    found = re.findall(r'<rect class="layer[^>]* width="(\d+)" height="30"', svg)
    return [int(one) for one in found]


def test_layers_are_to_scale_and_fill_the_bar() -> None:
    svg = drawn(Stack("one", (50, 25, 25)), Stack("half", (50, 0, 0)))
    one, two, three, half = widths(svg)
    assert half == one
    assert two + three == one
    assert "100" in svg


def test_a_layer_of_nothing_stands_nowhere() -> None:
    svg = drawn(Stack("one", (10, 0, 5)))
    assert "dividend" not in svg
    assert len(widths(svg)) == 2


def test_names_are_never_markup_and_no_bar_is_no_fault() -> None:
    assert "<b>" not in drawn(Stack("<b>", (1, 1, 1)))
    assert "<svg" in drawn()
