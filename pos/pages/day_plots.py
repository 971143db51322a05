"""The plots of the manager's day: hours beside the same weekday, days, ways of paying, sellers.

Drawn with a width given, for a screen, a phone or half a sheet of paper.
"""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from markupsafe import Markup

from core.web import plots, show
from core.web.plots import Bar, Series
from pos.pages.day_sheet import Asked, name_of, percent
from pos.pages.day_takings import tender_words, weekday_hours
from pos.rules.day_figures import HOUR, TENDER, Days, Figures, part, total
from pos.services.day_figures import goods
from pos.services.day_figures.goods import Seller

SATANG_PER_BAHT = 100
DAYS_MAX = 62
"""More days than this are drawn by month."""
BARS = 8
Draw = Callable[[int], Markup]


def of_time(asked: Asked) -> Draw | None:
    """Return the plot of a single day by hour, of more days by day or month; None of nothing."""
    return _by_hour(asked) if asked.read.days.count == 1 else _by_day(asked)


def _by_hour(asked: Asked) -> Draw | None:
    found = {key: one.net_satang for key, one in asked.read.by_key(HOUR).items()}
    last, mean = weekday_hours(asked)
    keys = sorted({*found, *last, *mean})
    if not keys:
        return None
    labels = [f"{number:02d}" for number in range(int(keys[0]), int(keys[-1]) + 1)]
    series = [
        Series(words, [of.get(key, 0) for key in labels])
        for words, of in (
            (_("This day"), found),
            (_("Same weekday last week"), last),
            (_("Average of the last four"), mean),
        )
    ]
    title = _("Net takings by hour, in baht")
    return lambda width: plots.groups(
        labels, series, title=title, axis=_baht, step_least=SATANG_PER_BAHT, width=width
    )


def _by_day(asked: Asked) -> Draw | None:
    found = asked.read.by_day()
    if not found:
        return None
    days: Days = asked.read.days
    if days.count <= DAYS_MAX:
        labels = [show.day(day).rsplit(" ", 1)[0] for day in days.each()]
        values = [found.get(day, Figures()).net_satang for day in days.each()]
        title = _("Net takings by day, in baht")
    else:
        months: dict[str, int] = {}
        for day in days.each():
            month = show.month(day)
            months[month] = months.get(month, 0) + found.get(day, Figures()).net_satang
        labels, values = list(months), list(months.values())
        title = _("Net takings by month, in baht")
    series = [Series(title, values)]
    return lambda width: plots.groups(
        labels, series, title=title, axis=_baht, step_least=SATANG_PER_BAHT, width=width
    )


def of_tenders(asked: Asked) -> Draw | None:
    """Return each way of paying and its share of the net takings."""
    found = asked.read.by_key(TENDER)
    whole = total(found.values()).net_satang
    bars = [
        Bar(
            tender_words(key),
            max(one.net_satang, 0),
            f"{_baht(one.net_satang)} ({percent(part(max(one.net_satang, 0), whole))}%)",
        )
        for key, one in sorted(found.items(), key=lambda one: -one[1].net_satang)
    ]
    title = _("Share of each way of paying, in baht")
    return (lambda width: plots.rows(bars, title=title, width=width)) if bars else None


def of_sellers(found: list[Seller]) -> tuple[Draw | None, Draw | None]:
    """Return the best sellers by takings, and the slow ones by what is left of them."""
    best = [
        Bar(_short(name_of(one.product)), one.figures.net_satang, _baht(one.figures.net_satang))
        for one in found[:BARS]
        if one.figures.net_satang > 0
    ]
    slow = [
        Bar(
            _short(name_of(one.product)),
            one.on_hand_milli,
            f"{show.quantity(one.on_hand_milli)} {one.product.unit}",
        )
        for one in goods.slow(found)[:BARS]
    ]
    return (
        _lying(best, _("Best sellers, net takings in baht")),
        _lying(slow, _("Slow sellers, what is left of them")),
    )


def _lying(bars: list[Bar], title: str) -> Draw | None:
    if not bars:
        return None
    return lambda width: plots.rows(bars, title=title, width=width, label_width=190)


def _short(words: str) -> str:
    return words if len(words) <= 26 else f"{words[:25]}…"


def _baht(satang: int) -> str:
    sign = "-" if satang < 0 else ""
    return f"{sign}{show.number(abs(satang) // SATANG_PER_BAHT)}"
