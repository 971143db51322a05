"""Takings by hour, way of paying, cashier, till and day, as tables.

What must stay true: each adds up to the same net takings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from core.errors import N_
from core.web import show
from core.web.words import translated
from members.services import users
from pos.pages.day_sheet import (
    BAHT,
    COUNT,
    PART,
    WORDS,
    Asked,
    Row,
    Sheet,
    change_columns,
    compared,
    kept,
    kept_columns,
    titles,
)
from pos.rules.day_figures import CASHIER, HOUR, TENDER, TILL, Figures, part, same_weekdays, total
from pos.services import tills
from pos.services.day_figures import reading

_TENDERS = {
    "cash": N_("Cash"),
    "promptpay": N_("PromptPay"),
    "transfer": N_("Bank transfer"),
    "credit": N_("On a member's account"),
    "purse": N_("From a member's deposit"),
    "scheme": N_("Government scheme"),
    "voucher": N_("Voucher of a fund"),
}


def tender_words(method: str) -> str:
    """Return a way of paying in the reader's language."""
    return translated(_TENDERS[method]) if method in _TENDERS else method


def _by_heads(
    view: str,
    first: str,
    dimension: str,
    asked: Asked,
    name: Callable[[str], str],
    drill: Callable[[str], Mapping[str, str] | None],
) -> Sheet:
    found, before = asked.read.by_key(dimension), asked.before.by_key(dimension)
    rows = []
    for key in sorted({*found, *before}, key=lambda one: (name(one), one)):
        one, earlier = found.get(key, Figures()), before.get(key, Figures())
        rows.append(Row((name(key), *_heads(one, earlier)), drill(key)))
    whole, earlier = total(found.values()), total(before.values())
    rows.append(Row((_("Together"), *_heads(whole, earlier)), {}, total=True))
    columns = (
        (first, WORDS),
        (_("Receipts"), COUNT),
        (_("Before discounts"), BAHT),
        (_("Discounts"), BAHT),
        (_("Taken"), BAHT),
        (_("Given back"), BAHT),
        (_("Net takings"), BAHT),
        (_("Average receipt"), BAHT),
        *change_columns(),
    )
    return Sheet(view, titles()[view], columns, tuple(rows))


def _heads(one: Figures, earlier: Figures) -> tuple[Any, ...]:
    return (
        one.sales,
        one.gross_satang,
        one.discount_satang,
        one.taken_satang,
        one.back_satang,
        one.net_satang,
        one.basket_satang,
        *compared(one.net_satang, earlier.net_satang),
    )


def cashiers(asked: Asked) -> Sheet:
    """Return takings by cashier."""
    keys = {*asked.read.by_key(CASHIER), *asked.before.by_key(CASHIER)}
    names = users.names({UUID(key) for key in keys if key})

    def name(key: str) -> str:
        return names.get(UUID(key), "") if key else _("Another program")

    return _by_heads(
        "cashiers",
        _("Cashier"),
        CASHIER,
        asked,
        name,
        lambda key: {"cashier": key} if key else None,
    )


def tills_of(asked: Asked) -> Sheet:
    """Return takings by till."""
    names = tills.names(asked.actor.centre_id)
    return _by_heads(
        "tills",
        _("Till"),
        TILL,
        asked,
        lambda key: names.get(UUID(key), ""),
        lambda key: {"till": key},
    )


def days(asked: Asked) -> Sheet:
    """Return takings by day."""
    rows = [
        Row(
            (show.day(day), *_day_cells(asked, one)),
            {"from": day.isoformat(), "to": day.isoformat()},
        )
        for day, one in asked.read.by_day().items()
    ]
    whole = asked.read.whole()
    rows.append(Row((_("Together"), *_day_cells(asked, whole)), {}, total=True))
    columns = (
        (_("Day"), WORDS),
        (_("Receipts"), COUNT),
        (_("Before discounts"), BAHT),
        (_("Discounts"), BAHT),
        (_("Taken"), BAHT),
        (_("Given back"), BAHT),
        (_("Net takings"), BAHT),
        *kept_columns(asked),
    )
    return Sheet("days", titles()["days"], columns, tuple(rows))


def _day_cells(asked: Asked, one: Figures) -> tuple[Any, ...]:
    return (
        one.sales,
        one.gross_satang,
        one.discount_satang,
        one.taken_satang,
        one.back_satang,
        one.net_satang,
        *kept(asked, one),
    )


def hours(asked: Asked) -> Sheet:
    """Return takings by hour, of a single day beside the same weekday."""
    found = asked.read.by_key(HOUR)
    single = asked.read.days.count == 1
    past = weekday_hours(asked) if single else ()
    keys = sorted({*found, *(key for one in past for key in one)})
    columns = [
        (_("Hour"), WORDS),
        (_("Receipts"), COUNT),
        (_("Taken"), BAHT),
        (_("Given back"), BAHT),
        (_("Net takings"), BAHT),
    ]
    rows = []
    for key in (*keys, ""):
        one = found.get(key, Figures()) if key else total(found.values())
        cells: list[Any] = [f"{key}.00–{key}.59" if key else _("Together"), one.sales]
        cells += [one.taken_satang, one.back_satang, one.net_satang]
        for earlier in past:
            cells.append(earlier.get(key, 0) if key else sum(earlier.values()))
        drill = {"hour": key} if key else {}
        rows.append(Row(tuple(cells), drill, total=not key))
    if single:
        columns += [
            (_("Same weekday last week"), BAHT),
            (_("Average of the last four"), BAHT),
        ]
    return Sheet("hours", titles()["hours"], tuple(columns), tuple(rows))


def weekday_hours(asked: Asked) -> tuple[dict[str, int], dict[str, int]]:
    """Return net takings by hour of the same weekday last week, and the average of the last four.

    Days the centre was closed count as nothing in the average of the days that traded.
    """
    days = same_weekdays(asked.read.days.first)
    hours = reading.hours_of(days, asked.actor)
    traded = [of for of in hours.values() if of]
    last = {key: one.net_satang for key, one in hours[days[0]].items()}
    keys = {key for of in traded for key in of}
    mean = {
        key: sum(of.get(key, Figures()).net_satang for of in traded) // len(traded) for key in keys
    }
    return last, mean


def tenders(asked: Asked) -> Sheet:
    """Return takings by way of paying."""
    found, before = asked.read.by_key(TENDER), asked.before.by_key(TENDER)
    whole = sum(one.net_satang for one in found.values())
    rows = []
    for key in sorted({*found, *before}):
        one, earlier = found.get(key, Figures()), before.get(key, Figures())
        rows.append(
            Row(
                (
                    tender_words(key),
                    one.sales,
                    one.taken_satang,
                    one.back_satang,
                    one.net_satang,
                    part(max(one.net_satang, 0), whole),
                    *compared(one.net_satang, earlier.net_satang),
                ),
                {"method": key},
            )
        )
    one, earlier = total(found.values()), total(before.values())
    cells = (one.sales, one.taken_satang, one.back_satang, one.net_satang)
    change = compared(one.net_satang, earlier.net_satang)
    rows.append(Row((_("Together"), *cells, part(whole, whole), *change), {}, total=True))
    columns = (
        (_("Way of paying"), WORDS),
        (_("Payments"), COUNT),
        (_("Taken"), BAHT),
        (_("Given back"), BAHT),
        (_("Net takings"), BAHT),
        (_("Share %"), PART),
        *change_columns(),
    )
    return Sheet("tenders", titles()["tenders"], columns, tuple(rows))
