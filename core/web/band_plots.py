"""Plots of what is not known exactly: a mark on a scale with its interval, a band with a point.

What must stay true: the same as in core.web.plots: to scale, whole numbers, nothing styled inline;
what is uncertain is drawn as wide as it is, never as a line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from core.web.plots import FONTS, GREEN, INK, LINE, NARROW_MAX, TEXT

PALE, SAND, RUST = "#cfe5d7", "#f2e3b6", "#e9c3b5"
XY = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the scale that has a name, up to `until` (hundredths of a per cent)."""

    until: int
    name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with the box of what it may be."""

    at: XY
    low: XY
    high: XY
    name: str


def gauge(
    zones: Sequence[Zone],
    interval: tuple[int, int, int] | None,
    *,
    title: str,
    width: int = 680,
) -> Markup:
    """Return a scale from 0 to 100 % in zones, with an interval and the mark inside it."""
    # Where it is narrow the names of the zones stand by turns on two lines.
    narrow = width <= NARROW_MAX
    left, right, top, height = 12, 12, 54 if narrow else 36, 122 if narrow else 104
    room = width - left - right

    def at(basis_points: int) -> int:
        return left + basis_points * room // 10_000

    parts, start = [], 0
    for number, zone in enumerate(zones):
        fill = (RUST, SAND, PALE)[number % 3]
        x, wide = at(start), at(zone.until) - at(start)
        parts.append(_box(x, top, wide, 34, fill, f"zone zone-{number + 1}"))
        line = top - 28 if narrow and number % 2 else top - 10
        parts.append(_words((2 * x + wide) // 2, line, zone.name, "middle"))
        start = zone.until
    for percent in range(0, 101, 20):
        x = at(percent * 100)
        parts.append(_stroke(x, top, x, top + 40, LINE))
        label = str(percent) if narrow and percent < 100 else f"{percent} %"
        parts.append(_words(x, top + 56, label, _anchor(percent)))
    if interval is not None:
        low, mid, high = (at(one) for one in interval)
        parts.append(_box(low, top + 11, max(high - low, 3), 12, INK, "interval"))
        parts.append(_box(mid - 3, top - 2, 7, 38, INK, "mark"))
    return _drawing(title, width, height, parts)


def band(
    edges: tuple[Sequence[XY], Sequence[XY]],
    spots: Sequence[Spot],
    *,
    title: str,
    axes: tuple[str, str],
    axis: Callable[[int], str],
    step_least: int = 100,
    width: int = 680,
    height: int = 360,
) -> Markup:
    """Return the band between two edges, and spots with their boxes; axes hold zero."""
    narrow = width <= NARROW_MAX
    left, right, top, bottom = 64 if narrow else 92, 24, 40, 52
    points = [
        *edges[0],
        *edges[1],
        *(corner for spot in spots for corner in (spot.at, spot.low, spot.high)),
    ]
    ticks = (3 if narrow else 6, 6)
    spans = [
        _span([point[place] for point in points], step_least, ticks[place]) for place in (0, 1)
    ]

    def x_of(value: int) -> int:
        low, high, _ = spans[0]
        return left + (value - low) * (width - left - right) // (high - low)

    def y_of(value: int) -> int:
        low, high, _ = spans[1]
        return height - bottom - (value - low) * (height - top - bottom) // (high - low)

    parts = []
    for value in range(spans[1][0], spans[1][1] + 1, spans[1][2]):
        y = y_of(value)
        parts.append(_stroke(left, y, width - right, y, INK if value == 0 else LINE))
        parts.append(_words(left - 8, y + 4, axis(value), "end"))
    for value in range(spans[0][0], spans[0][1] + 1, spans[0][2]):
        x = x_of(value)
        parts.append(_stroke(x, top, x, height - bottom, INK if value == 0 else LINE))
        parts.append(_words(x, height - bottom + 18, axis(value), "middle"))
    around = [*edges[0], *reversed(edges[1])]
    corners = " ".join(f"{x_of(x)},{y_of(y)}" for x, y in around)
    parts.append(
        Markup('<polygon class="band" points="{}" fill="{}" stroke="{}" opacity="0.8"/>').format(
            corners, PALE, GREEN
        )
    )
    for number, spot in enumerate(spots):
        x, y = x_of(spot.low[0]), y_of(spot.high[1])
        wide, tall = x_of(spot.high[0]) - x, y_of(spot.low[1]) - y
        parts.append(_frame(x, y, max(wide, 1), max(tall, 1)))
        parts.append(_dot(x_of(spot.at[0]), y_of(spot.at[1]), INK if number == 0 else GREEN))
        # A name stands on the side where there is room for it.
        x, side = x_of(spot.at[0]), -1 if x_of(spot.at[0]) > width * 2 // 3 else 1
        anchor = "end" if side < 0 else "start"
        parts.append(_words(x + 10 * side, y_of(spot.at[1]) - 8, spot.name, anchor))
    parts.append(_words(4 if narrow else left, 18, axes[1], "start"))
    parts.append(_words(width - right, height - 10, axes[0], "end"))
    return _drawing(title, width, height, parts)


def _span(values: Sequence[int], step_least: int, ticks: int) -> tuple[int, int, int]:
    """Return whole steps around values and zero, and the step: 1, 2 or 5 × 10ⁿ."""
    low, high = min(*values, 0), max(*values, 0)
    step = step_least
    for power in range(13):
        for digit in (1, 2, 5):
            step = step_least * digit * 10**power
            if step * ticks >= high - low:
                return low // step * step, max(-(-high // step), low // step + 1) * step, step
    raise AssertionError("values beyond any scale")


def _anchor(percent: int) -> str:
    return {0: "start", 100: "end"}.get(percent, "middle")


def _box(x: int, y: int, width: int, height: int, fill: str, name: str) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        name, x, y, width, height, fill
    )


def _frame(x: int, y: int, width: int, height: int) -> Markup:
    return Markup(
        '<rect class="maybe" x="{}" y="{}" width="{}" height="{}" fill="none" stroke="{}" '
        'stroke-dasharray="4 3"/>'
    ).format(x, y, width, height, INK)


def _dot(x: int, y: int, fill: str) -> Markup:
    return Markup('<circle class="spot" cx="{}" cy="{}" r="6" fill="{}"/>').format(x, y, fill)


def _stroke(x1: int, y1: int, x2: int, y2: int, colour: str) -> Markup:
    name = "axis" if colour == INK else "grid"
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>').format(
        name, x1, y1, x2, y2, colour
    )


def _words(x: int, y: int, words: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}" fill="{}">{}</text>').format(
        x, y, anchor, INK, words
    )


def _drawing(title: str, width: int, height: int, parts: Sequence[Markup]) -> Markup:
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
