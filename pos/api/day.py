"""A day's figures over HTTP, for programs that show or compare them."""

from __future__ import annotations

from datetime import date
from typing import Any

from core import clock
from core.errors import NotFound
from core.web.auth import current_actor
from pos.api.blueprint import blueprint
from pos.rules.day_figures import HOUR, TENDER, Days
from pos.schemas.day import DayFiguresOut
from pos.services.day_figures import reading


@blueprint.get("/day_figures/<string:day>")
@blueprint.response(200, DayFiguresOut)
def get_day_figures(centre_id: int, day: str) -> dict[str, Any]:
    """Return what a business day came to, in all and by way of paying and hour (net takings)."""
    actor = current_actor(centre_id)
    read = reading.open_period(Days(_day(day), _day(day)), actor)
    whole = read.whole()
    tenders, hours = (
        {key: one.net_satang for key, one in sorted(read.by_key(dimension).items())}
        for dimension in (TENDER, HOUR)
    )
    return {
        "day": read.days.first,
        "complete": not read.waiting and read.days.first < clock.today(),
        "tenders": tenders,
        "hours": hours,
        **{name: getattr(whole, name) for name in DayFiguresOut().fields if hasattr(whole, name)},
    }


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise NotFound(what="page") from None
