"""The differences of a count as a plot: what was missing or found, by product, in baht."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from markupsafe import Markup

from core.web import plots, show
from core.web.plots import Series
from inventory.services.counts.review import Figure

PRODUCTS_MAX = 10


def differences(figures: Sequence[Figure]) -> Markup | str:
    """Draw the largest differences, found above the line and missing below; '' without any.

    Own goods count at cost, consigned ones at the producer's share.
    """
    sums: dict[str, int] = {}
    for one in figures:
        if one.superseded or not one.variance_milli:
            continue
        worth = one.cost_satang if one.line.ownership == "own" else one.share_satang
        name = one.line.name_en if show.language() == "en" else one.line.name_th
        sums[name] = sums.get(name, 0) + (worth if one.variance_milli > 0 else -worth)
    largest = sorted(((abs(value), name) for name, value in sums.items() if value), reverse=True)
    names = [name for _worth, name in largest[:PRODUCTS_MAX]]
    if not names:
        return ""
    title = _("Differences by product, baht")
    series = [Series(_("Value of the differences, baht"), [sums[name] for name in names])]
    return plots.fitting(
        lambda width: plots.groups(
            names, series, title=title, axis=show.baht, step_least=100, width=width
        )
    )


def total(figures: Sequence[Figure]) -> int:
    """Return what all differences come to: below zero when more is missing than was found."""
    return sum(
        (1 if one.variance_milli > 0 else -1)
        * (one.cost_satang if one.line.ownership == "own" else one.share_satang)
        for one in figures
        if one.variance_milli and not one.superseded
    )
