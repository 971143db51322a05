"""Scenarios of a surplus as stacked bars, one lying bar each, to one scale."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from markupsafe import Markup

from accounting.rules.surplus.uses import USE_WORDS, USES
from accounting.services.surplus.scenarios import Column
from core.web import plots, show
from core.web.plots import Stack
from core.web.words import translated

SHOWN_MAX = 12


def compared(columns: Sequence[Column]) -> Markup | None:
    """Return the plot of scenarios side by side; None when there is none."""
    if not columns:
        return None
    names = [translated(USE_WORDS[use]) for use in USES]
    stacks = [
        Stack(column.card.name, [column.worked.of(use) for use in USES])
        for column in columns[:SHOWN_MAX]
    ]
    title = _("Scenarios side by side")
    return plots.fitting(
        lambda width: plots.stacks(stacks, names, title=title, figure=show.baht, width=width)
    )


def chosen(name: str, amounts: Sequence[int]) -> Markup:
    """Return one division of the surplus as a bar."""
    names = [translated(USE_WORDS[use]) for use in USES]
    return plots.fitting(
        lambda width: plots.stacks(
            [Stack(name, amounts)], names, title=name, figure=show.baht, width=width
        )
    )
