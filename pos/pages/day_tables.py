"""Every table of the manager's day by its name, for a page, a file and the paper."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import NotFound
from members.rules.roles import allowed
from pos.pages import day_goods, day_shelf, day_takings
from pos.pages.day_sheet import Asked, Sheet, titles

_MAKERS: dict[str, Callable[[Asked], Sheet]] = {
    "hours": day_takings.hours,
    "tenders": day_takings.tenders,
    "products": day_goods.products,
    "categories": day_goods.categories,
    "producers": day_goods.producers_of,
    "villages": day_goods.villages_of,
    "cashiers": day_takings.cashiers,
    "tills": day_takings.tills_of,
    "days": day_takings.days,
    "best": day_shelf.best,
    "slow": day_shelf.slow,
    "order": day_shelf.order,
    "bring": day_shelf.bring,
    "expiring": day_shelf.expiring,
}
VIEWS = tuple(_MAKERS)
CLOSED = ("cashiers",)
"""Views for who may compare cashiers."""
NOW = ("order", "bring", "expiring")
"""Views of what lies here now, whatever the period."""


def views(asked: Asked) -> dict[str, str]:
    """Return the names of the views the reader may open."""
    stock = allowed(asked.actor.roles, "stock.read")
    return {
        view: words
        for view, words in titles().items()
        if (asked.inside or view not in CLOSED) and (stock or view not in NOW)
    }


def sheet(view: str, asked: Asked) -> Sheet:
    """Return one table. Raises NotFound for one the reader may not open."""
    if view not in views(asked):
        raise NotFound(what="page")
    return _MAKERS[view](asked)
