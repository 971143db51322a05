"""Bar charts as SVG, drawn by the server, the same on a page and in a PDF.

What must stay true: axes start at zero and every bar is to scale; nothing is styled inline (pages
forbid it), so colours are attributes that a stylesheet may replace; whole numbers only. A plot
drawn as narrow as a phone is laid out anew, never shrunk: its words stay as large as the page's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

GREEN, INK, LINE = "#0a5f34", "#1b1f19", "#dedbd0"
FILLS = (GREEN, "#f2e3b6", "#ffffff")
"""One for each series: told apart on a black and white print too."""
OUTLINE = Markup(' stroke="#1b1f19"')
FONTS = "Sarabun, Noto Sans Thai Looped, Loma, sans-serif"
TEXT = 13
TICKS_MAX = 5
STACK_FILLS = (GREEN, "#f2e3b6", "#5c7f9e", "#ffffff", "#c2703d", "#b9cfb2", "#7a6a8f", "#dedbd0")
"""One for each layer of a stack, light and dark by turns; each also has its outline."""
LABELLED_MAX, DIGIT = 12, 8
"""More columns than this, or narrower than their figures' digits, have no figure over each."""
NARROW, NARROW_MAX = 284, 420
HALF = 440
"""The width of plots that stand in half a sheet of paper, where words must still be read."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, how long it is, and the figure people read."""

    label: str
    value: int
    figure: str


@dataclass(frozen=True, slots=True)
class Series:
    """One bar in every group: what it stands for and its value in each."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar made of layers: what it stands for, and each layer's value, none below zero."""

    label: str
    values: Sequence[int]


def fitting(draw: Callable[[int], Markup], width: int = 680) -> Markup:
    """Return a plot as a page shows it: `draw`n wide and drawn narrow, the screen takes one.

    On paper the wide one stands alone.
    """
    return Markup('<div class="plot-wide">{}</div><div class="plot-narrow">{}</div>').format(
        draw(width), draw(NARROW)
    )


def columns(
    bars: Sequence[Bar],
    *,
    title: str,
    axis: Callable[[int], str],
    step_least: int = 1,
    width: int = 680,
    height: int = 240,
) -> Markup:
    """Return upright bars along time; `axis` writes the numbers of the scale."""
    left, right, top, bottom = 64 if width > NARROW_MAX else 56, 8, 24, 28
    step, scale_top = _scale(max((bar.value for bar in bars), default=0), step_least)
    floor = height - bottom
    room = floor - top
    parts = []
    for tick in range(0, scale_top + 1, step):
        y = floor - tick * room // scale_top
        parts.append(_line(left, y, width - right, y, INK if tick == 0 else LINE))
        parts.append(_text(left - 8, y + 4, axis(tick), "end"))
    slot = (width - left - right) // max(len(bars), 1)
    # Labels that would touch are thinned out; the first always stands.
    every = max(1, -(-len(bars) * 44 // (width - left - right)))
    for place, bar in enumerate(bars):
        assert bar.value >= 0
        middle = left + place * slot + slot // 2
        tall = bar.value * room // scale_top
        thick = min(slot * 2 // 3, 48)
        parts.append(_bar(middle - thick // 2, floor - tall, thick, tall))
        if place % every == 0:
            parts.append(_text(middle, floor + 18, bar.label, "middle"))
        if bar.value and len(bars) <= LABELLED_MAX and len(bar.figure) * DIGIT <= slot:
            parts.append(_text(middle, floor - tall - 6, bar.figure, "middle"))
    return _svg(title, width, height, parts)


def rows(bars: Sequence[Bar], *, title: str, width: int = 680, label_width: int = 150) -> Markup:
    """Return lying bars, one below the other, each with its words and its figure."""
    # Where it is narrow the words stand above their bar, not before it.
    above = 22 if width <= NARROW_MAX else 0
    left, line_height, figure_width = 2 if above else label_width, 30 + above, 110
    longest = max((bar.value for bar in bars), default=0) or 1
    room = width - left - figure_width
    height = line_height * max(len(bars), 1) + 8
    parts = [_line(left, 2, left, height - 4, INK)]
    for place, bar in enumerate(bars):
        assert bar.value >= 0
        y = 4 + place * line_height
        long = bar.value * room // longest
        if above:
            parts.append(_text(left + 6, y + 17, bar.label, "start"))
        else:
            parts.append(_text(left - 8, y + 19, bar.label, "end"))
        parts.append(_bar(left, y + above + 4, long, 20))
        parts.append(_text(left + long + 8, y + above + 19, bar.figure, "start"))
    return _svg(title, width, height, parts)


def groups(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    axis: Callable[[int], str],
    step_least: int = 1,
    width: int = 680,
    height: int = 260,
) -> Markup:
    """Return upright bars side by side for each label; values below zero hang from the line."""
    narrow = width <= NARROW_MAX
    # Where it is narrow the labels stand by turns on two lines.
    lines = 2 if narrow else 1
    left, right, bottom = 60 if narrow else 84, 8, 10 + 18 * lines
    # What the bars mean stands beside each other, or below each other where it is narrow.
    top = 34 + (22 * (len(series) - 1) if narrow else 0)
    height += top - 34 + bottom - 28
    values = [value for one in series for value in one.values] or [0]
    high, low = max(*values, 0), min(*values, 0)
    step, _top = _scale(max(high, -low), step_least)
    above = max(-(-high // step), 0 if low < 0 else 1)
    below = -(low // step)
    room = height - bottom - top

    def level(value: int) -> int:
        return top + (above * step - value) * room // ((above + below) * step)

    parts = [_legend(series, (0, 22) if narrow else (200, 0), 4 if narrow else left)]
    for tick in range(-below * step, above * step + 1, step):
        y = level(tick)
        parts.append(_line(left, y, width - right, y, INK if tick == 0 else LINE))
        parts.append(_text(left - 8, y + 4, axis(tick), "end"))
    slot = (width - left - right) // max(len(labels), 1)
    thick = min(slot * 3 // (4 * len(series)), 32)
    every = max(1, -(-len(labels) * 60 // (lines * (width - left - right))))
    for place, label in enumerate(labels):
        middle = left + place * slot + slot // 2
        start = middle - thick * len(series) // 2
        for number, one in enumerate(series):
            value = one.values[place]
            y, tall = min(level(value), level(0)), abs(level(value) - level(0))
            parts.append(_bar(start + number * thick, y, thick, tall, number))
        if place % every == 0:
            y = height - bottom + 18 * (1 + place // every % lines)
            parts.append(_text(middle, y, label, "middle"))
    return _svg(title, width, height, parts)


def stacks(
    bars: Sequence[Stack],
    layers: Sequence[str],
    *,
    title: str,
    figure: Callable[[int], str],
    width: int = 500,
) -> Markup:
    """Return lying bars to one scale, each cut into the same layers, without those of nothing.

    What each layer is stands above; the whole stands behind the bar.
    """
    # Where it is narrow the words stand above their bar, not before it.
    above = 22 if width <= NARROW_MAX else 0
    label_width, figure_width = 2 if above else 125, 100 if above else 95
    tall, line_height = 26 if above else 30, 56 if above else 44
    used = [n for n in range(len(layers)) if any(bar.values[n] for bar in bars)]
    longest = max((sum(bar.values) for bar in bars), default=0) or 1
    room = width - label_width - figure_width
    per_row = 1 if above else 2 if width < 600 else 3
    top = 24 * -(-len(used) // per_row) + 12
    parts = []
    for place, layer in enumerate(used):
        x, y = 8 + place % per_row * (width // per_row), 4 + place // per_row * 24
        parts.append(_layer(x, y, 14, 14, layer))
        parts.append(_text(x + 20, y + 12, layers[layer], "start"))
    for place, bar in enumerate(bars):
        assert min(bar.values, default=0) >= 0
        y, done = top + place * line_height + above, 0
        if above:
            parts.append(_text(label_width, y - 7, _short(bar.label, 40), "start"))
        else:
            parts.append(_text(label_width - 8, y + tall // 2 + 5, _short(bar.label), "end"))
        for layer in used:
            start = label_width + done * room // longest
            done += bar.values[layer]
            long = label_width + done * room // longest - start
            if bar.values[layer]:
                parts.append(_layer(start, y, long, tall, layer))
        end = label_width + done * room // longest
        parts.append(_text(end + 8, y + tall // 2 + 5, figure(done), "start"))
    return _svg(title, width, top + line_height * max(len(bars), 1), parts)


def _layer(x: int, y: int, width: int, height: int, layer: int) -> Markup:
    return Markup(
        '<rect class="layer layer-{}" x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>'
    ).format(layer + 1, x, y, width, height, STACK_FILLS[layer % len(STACK_FILLS)], OUTLINE)


def _short(label: str, longest: int = 18) -> str:
    return label if len(label) <= longest else label[: longest - 1] + "…"


def _legend(series: Sequence[Series], slot: tuple[int, int], left: int) -> Markup:
    """Return what the bars mean, when there is more than one."""
    if len(series) < 2:
        return Markup("")
    parts = []
    for number, one in enumerate(series):
        x, y = left + number * slot[0], 4 + number * slot[1]
        parts.append(_bar(x, y, 14, 14, number))
        parts.append(_text(x + 20, y + 12, one.name, "start"))
    return Markup("").join(parts)


def _scale(largest: int, step_least: int) -> tuple[int, int]:
    """Return a step of 1, 2 or 5 × 10ⁿ and the first multiple of it that holds `largest`."""
    step = step_least
    for factor in _one_two_five():
        step = step_least * factor
        if step * TICKS_MAX >= largest:
            break
    return step, max(-(-largest // step), 1) * step


def _one_two_five() -> Sequence[int]:
    return [digit * 10**power for power in range(13) for digit in (1, 2, 5)]


def _svg(title: str, width: int, height: int, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="plot" xmlns="http://www.w3.org/2000/svg" role="img" '
        'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="{fonts}" font-size="{size}"><title>{title}</title>{parts}</svg>'
    ).format(
        width=width,
        height=height,
        fonts=FONTS,
        size=TEXT,
        title=title,
        parts=Markup("").join(parts),
    )


def _bar(x: int, y: int, width: int, height: int, series: int = 0) -> Markup:
    name, fill = ("bar", GREEN) if series == 0 else (f"bar bar-{series + 1}", FILLS[series])
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>').format(
        name, x, y, width, height, fill, OUTLINE if series else ""
    )


def _line(x1: int, y1: int, x2: int, y2: int, colour: str) -> Markup:
    name = "axis" if colour == INK else "grid"
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>').format(
        name, x1, y1, x2, y2, colour
    )


def _text(x: int, y: int, words: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}" fill="{}">{}</text>').format(
        x, y, anchor, INK, words
    )
