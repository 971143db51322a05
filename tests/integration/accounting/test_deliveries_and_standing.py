"""What a producer brought while suspended or after stopping earns no patronage refund.

In the example ป้าแดง consigns and ลุงคำ sells outright, both on 5 May 2026.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from accounting.services.surplus import rechecking
from core import clock
from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from core.paging import Window
from members.services import producers, standing
from members.services.standing import CorrectFact, RecordFact
from tests.measuring import AFTER, Village, allocate, measure, run_of, village_in

BROUGHT = date(2026, 5, 5)


@pytest.fixture
def village(centre: Centre) -> Village:
    """The village of the example, whose producers joined years before."""
    found = village_in(centre)
    for name in ("ป้าแดง", "ลุงคำ"):
        [joined] = standing.producer_timeline(producer(found, name), found.actor)
        earlier = CorrectFact(
            wrong_id=joined.id, fact_id=uuid7(), on_date=date(2020, 1, 1), reason="-"
        )
        in_transaction(standing.correct, earlier, found.actor)
    return found


def producer(village: Village, name: str) -> UUID:
    [card] = [
        one
        for one in producers.listing(village.actor, name, Window()).items
        if one.name == name and one.member_id
    ]
    return card.id


def happens(village: Village, name: str, kind: str, day: date) -> UUID:
    """Note of a producer, in the January after, what happened on a day."""
    with clock.travel(lambda: AFTER):
        fact = RecordFact(
            fact_id=uuid7(), producer_id=producer(village, name), kind=kind, on_date=day
        )
        return in_transaction(standing.record, fact, village.actor).id


def delivered(village: Village) -> list[int]:
    _, found = run_of(village, 0, 50_000)
    return [one.delivery_satang for one in found[:2]]


def test_what_was_brought_before_a_stop_counts_and_later_goods_do_not(village: Village) -> None:
    happens(village, "ป้าแดง", "resigned", BROUGHT)  # on the very day, and sold later
    happens(village, "ลุงคำ", "suspended", date(2026, 5, 4))
    assert delivered(village) == [80_000, 0]
    happens(village, "ลุงคำ", "reinstated", date(2026, 5, 6))
    assert delivered(village) == [80_000, 0]


def test_goods_on_consignment_count_by_the_day_they_came(village: Village) -> None:
    happens(village, "ป้าแดง", "died", date(2026, 5, 4))
    happens(village, "ลุงคำ", "suspended", date(2026, 4, 1))
    happens(village, "ลุงคำ", "reinstated", BROUGHT)
    assert delivered(village) == [0, 60_000]


def test_a_stop_entered_after_the_run_is_named_before_anybody_approves(village: Village) -> None:
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(village.actor, 0, 50_000)
        measure(village.actor, allocation_id)
        assert rechecking.changes(allocation_id, village.actor) == ()
    later = AFTER.replace(hour=9)
    with clock.travel(lambda: later):
        for name, day in (("ลุงคำ", date(2026, 5, 4)), ("ป้าแดง", date(2026, 12, 1))):
            fact = RecordFact(
                fact_id=uuid7(), producer_id=producer(village, name), kind="resigned", on_date=day
            )
            in_transaction(standing.record, fact, village.actor)
        [changed] = rechecking.changes(allocation_id, village.actor)
    assert changed.name.startswith("IN-")
