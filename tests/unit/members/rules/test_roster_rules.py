"""Who can be asked for a duty, which days have no cashier, what hours come to."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules.roster import (
    TILL,
    NotAble,
    Off,
    OnLeave,
    Planned,
    Slot,
    TwoAtOnce,
    clock_of,
    days_without_cashier,
    minutes_by_worker,
    minutes_of,
    overlap,
    require_possible,
    wage,
)

MONDAY = date(2026, 11, 23)
NOI, DAM = UUID(int=1), UUID(int=2)
MORNING, NOON = Slot(MONDAY, 8 * 60, 12 * 60), Slot(MONDAY, 12 * 60, 13 * 60)

slots = st.builds(
    lambda day, times: Slot(MONDAY + timedelta(days=day), min(times), max(times)),
    st.integers(0, 6),
    st.sets(st.integers(0, 1440), min_size=2, max_size=2),
)
duties = st.builds(Planned, st.sampled_from([NOI, DAM]), slots, st.sampled_from([TILL, "stock"]))


def test_a_duty_may_begin_when_another_ends_and_not_a_minute_before() -> None:
    asked = Planned(NOI, NOON, TILL)
    require_possible(asked, "น้อย", [TILL], [Planned(NOI, MORNING, "stock")], [])
    longer = Planned(NOI, Slot(MONDAY, 8 * 60, 12 * 60 + 1), "stock")
    with pytest.raises(TwoAtOnce):
        require_possible(asked, "น้อย", [TILL], [longer], [])
    require_possible(asked, "น้อย", [TILL], [Planned(DAM, longer.slot, "stock")], [])


def test_leave_stands_against_a_duty_and_a_wish_does_not() -> None:
    asked = Planned(NOI, MORNING, TILL)
    for kind in ("leave", "unavailable"):
        with pytest.raises(OnLeave):
            require_possible(asked, "น้อย", [TILL], [], [Off(NOI, kind, MONDAY, MONDAY)])
    for off in (
        Off(NOI, "wish", MONDAY, MONDAY),
        Off(DAM, "leave", MONDAY, MONDAY),
        Off(NOI, "leave", MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)),
    ):
        require_possible(asked, "น้อย", [TILL], [], [off])


def test_nobody_is_asked_for_work_they_do_not_do() -> None:
    with pytest.raises(NotAble):
        require_possible(Planned(NOI, MORNING, TILL), "น้อย", ["stock"], [], [])


def test_a_day_nobody_works_is_shut_and_a_week_nobody_works_lacks_every_cashier() -> None:
    stock = Planned(NOI, MORNING, "stock")
    assert days_without_cashier(MONDAY, [stock]) == [MONDAY]
    assert days_without_cashier(MONDAY, [stock, Planned(DAM, NOON, TILL)]) == []
    assert len(days_without_cashier(MONDAY, [])) == 7
    cashier = Planned(DAM, NOON, TILL)
    assert days_without_cashier(MONDAY, [stock, cashier], [cashier]) == [MONDAY], "on leave"


@given(st.lists(duties, max_size=12))
def test_a_day_is_named_just_when_somebody_works_and_nobody_minds_a_till(
    planned: list[Planned],
) -> None:
    named = days_without_cashier(MONDAY, planned)
    for n in range(7):
        day = MONDAY + timedelta(days=n)
        tasks = {one.task for one in planned if one.slot.on_date == day}
        wanting = tasks == {"stock"} or not planned
        assert (day in named) == wanting
    assert sum(minutes_by_worker(planned).values()) == sum(one.slot.minutes for one in planned)


@given(slots, slots)
def test_two_times_overlap_just_when_they_share_a_minute(one: Slot, other: Slot) -> None:
    def minutes(slot: Slot) -> set[int]:
        return set(range(slot.starts_minute, slot.ends_minute))

    shared = one.on_date == other.on_date and bool(minutes(one) & minutes(other))
    assert overlap(one, other) == overlap(other, one) == shared


@given(st.integers(0, 1440))
def test_a_minute_is_read_as_it_is_written(minute: int) -> None:
    assert minutes_of(clock_of(minute)) == minutes_of(clock_of(minute).replace(":", ".")) == minute


def test_wages_are_rounded_half_a_satang_up() -> None:
    assert wage(4 * 60, 4_500) == 18_000
    assert wage(1, 4_530) == 76  # 75.5
    assert wage(1, 4_529) == 75
