"""What of the funds needs a person before a month is closed, and how funeral aid ties.

What must stay true: a fund below zero is named, however it came to be; a grant about to end is
named while it can still be used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from accounting.rules.attention import Attention, Document, TieOut
from accounting.rules.chart import Purpose
from accounting.rules.periods import last_day
from accounting.services import chart
from accounting.services.funds import asking, custody, register
from core import clock
from core.errors import N_

WARNED_DAYS = 60
DOCUMENT = "fund"


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield funds below zero, grants about to end, and requests that wait."""
    on = last_day(period_id)
    held = register.balances_on(centre_id, on)
    cards = {one.id: one for one in register.listing(centre_id, of_members=False)}
    below = [
        Document(DOCUMENT, one.id, one.code, held[one.id], one.name_th)
        for one in cards.values()
        if held.get(one.id, 0) < 0
    ]
    if below:
        yield Attention(
            "funds",
            N_("Funds that stand below zero: bring money in, or take help back"),
            len(below),
            -sum(one.satang for one in below),
            "/c/{c}/funds",
            documents=tuple(below),
        )
    rules = register.rules_in_force(centre_id)
    soon = max(on, clock.today()) + timedelta(days=WARNED_DAYS)
    ending = [
        Document(DOCUMENT, card.id, card.code, held[card.id], rule.expires_on.isoformat())
        for fund_id, rule in rules.items()
        if rule.expires_on is not None
        and rule.expires_on <= soon
        and held.get(fund_id, 0) > 0
        and (card := cards[fund_id])
    ]
    if ending:
        yield Attention(
            "funds",
            N_("Grants that end soon, or have ended, with money left"),
            len(ending),
            sum(one.satang for one in ending),
            "/c/{c}/funds",
            stops=False,
            documents=tuple(ending),
        )
    waiting = asking.counts(centre_id).get(asking.WAITING, 0)
    if waiting:
        yield Attention(
            "funds",
            N_("Requests that wait for the committee"),
            waiting,
            0,
            "/c/{c}/fund-requests?state=waiting",
            stops=False,
        )


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield what is held for funerals beside the money kept for them, as assets."""
    found = custody.custody(centre_id, on)
    yield TieOut(
        key="funeral_money",
        title=N_("Money of the funeral aid, as much as is held in trust"),
        code=chart.account_for(centre_id, Purpose.FUNERAL_MONEY).code,
        ledger_satang=found.money_satang,
        sub_ledger_satang=found.held_satang,
    )
