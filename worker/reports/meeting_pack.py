"""The paper of a meeting: sales, goods, money, funds, debts, the close, what is to do. A4, Thai.

What must stay true: it tells of the month before the meeting, as the books stand when it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext

from accounting.rules.periods import first_day
from core import clock
from core.actor import Actor
from core.jobs import JobFile
from core.web import plots, show
from core.web.plots import Bar, Series
from core.web.words import translated
from pos.pages.welfare_view import view_of, whole_baht
from pos.services import meeting_pack
from pos.services.meeting_pack import MeetingPack
from worker.reports.document import Progress, draw

TEMPLATE = "documents/meeting_pack.html"
SATANG_PER_BAHT = 100
STEPS_TO_MAKE = 3


def build(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Gather and draw a meeting's paper; raise NotFound."""
    progress(0, STEPS_TO_MAKE)
    found = meeting_pack.gather(UUID(params["meeting_id"]), actor)
    progress(1, STEPS_TO_MAKE)
    content = draw(TEMPLATE, actor, lambda: facts(found))
    progress(2, STEPS_TO_MAKE)
    return JobFile(f"meeting-{found.meeting.held_on:%Y%m%d}.pdf", "application/pdf", content)


def facts(found: MeetingPack) -> dict[str, Any]:
    """Return what the template needs."""
    first = first_day(found.period_id)
    return {
        "pack": found,
        "document_date": found.meeting.held_on,
        "month": first,
        "month_words": show.month(first),
        "made_on": clock.today(),
        "translated": translated,
        "trade_plot": _trade(found),
        "sellers_plot": _sellers(found),
        "money_plot": _money(found),
        "welfare": view_of(found.welfare),
        "whole_baht": whole_baht,
    }


def _trade(found: MeetingPack) -> Any:
    return plots.groups(
        [show.month(first_day(one.period_id)) for one in found.months],
        [
            Series(gettext("Income"), [one.income for one in found.months]),
            Series(gettext("Costs"), [one.costs for one in found.months]),
        ],
        title=gettext("Income and costs by month, in baht"),
        axis=_baht,
        step_least=SATANG_PER_BAHT,
        height=190,
    )


def _sellers(found: MeetingPack) -> Any:
    bars = [Bar(one.name_th, one.satang, _baht(one.satang)) for one in found.sellers]
    return plots.rows(bars, title=gettext("What brought most, in baht"), label_width=190)


def _money(found: MeetingPack) -> Any:
    held = [(fund.name_th, satang) for fund, satang in found.funds if satang > 0]
    bars = [Bar(name, satang, _baht(satang)) for name, satang in held]
    return plots.rows(bars, title=gettext("What the funds hold, in baht"), label_width=190)


def _baht(satang: int) -> str:
    sign = "-" if satang < 0 else ""
    return f"{sign}{show.number(abs(satang) // SATANG_PER_BAHT)}"
