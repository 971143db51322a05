"""Standing from dated facts: the day counts, never the order of entering."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.models import FACT_KINDS
from members.rules.standing import (
    ENDED,
    Happening,
    Span,
    delivers,
    first_idle,
    on_day,
    spans,
    summary,
)

DAY = date(2026, 1, 1)
HAPPENINGS = st.lists(
    st.builds(
        Happening,
        st.sampled_from(FACT_KINDS),
        st.integers(0, 30).map(lambda days: DAY + timedelta(days)),
    ),
    max_size=8,
)


def at(*facts: tuple[str, int]) -> list[Happening]:
    return [Happening(kind, DAY + timedelta(days)) for kind, days in facts]


@given(HAPPENINGS, st.data(), st.integers(-1, 31))
def test_any_order_of_entering_gives_the_same_standing(
    facts: list[Happening], data: st.DataObject, days: int
) -> None:
    shuffled = data.draw(st.permutations(facts))
    day = DAY + timedelta(days)
    assert on_day(facts, day) == on_day(shuffled, day)
    assert summary(facts) == summary(shuffled)
    assert first_idle(facts) == first_idle(shuffled)


@given(HAPPENINGS, st.integers(0, 30))
def test_a_later_fact_never_changes_an_earlier_day(facts: list[Happening], days: int) -> None:
    day = DAY + timedelta(days)
    known_then = [fact for fact in facts if fact.on_date <= day]
    past, now = on_day(known_then, day), on_day(facts, day)
    assert past == now or (now is not None and now.state == "not_yet")


@given(HAPPENINGS)
def test_whether_a_producer_delivers_is_what_the_last_fact_says(facts: list[Happening]) -> None:
    fitting: list[Happening] = []
    for fact in facts:
        if first_idle([*fitting, fact]) is None:
            fitting.append(fact)
    last = max(fitting, key=lambda one: (one.on_date, FACT_KINDS.index(one.kind)), default=None)
    # The guard of `producer.active` asks for no more than this.
    assert delivers(fitting) == (last is not None and last.kind not in ENDED)


@given(HAPPENINGS)
def test_facts_that_all_fit_make_a_span_each(facts: list[Happening]) -> None:
    fits = first_idle(facts) is None
    assert fits == (len(spans(facts)) == len(facts))


@pytest.mark.parametrize(
    ("days", "state", "since"),
    [
        (-1, "not_yet", 0),
        (0, "member", 0),
        (4, "member", 0),
        (5, "suspended", 5),
        (9, "member", 8),
        (20, "resigned", 20),
        (30, "member", 25),
        (40, "died", 35),
    ],
)
def test_a_whole_life_of_a_membership(days: int, state: str, since: int) -> None:
    facts = at(
        ("died", 35),
        ("joined", 0),
        ("reinstated", 8),
        ("resigned", 20),
        ("joined", 25),
        ("suspended", 5),
    )
    assert on_day(facts, DAY + timedelta(days)) == Span(state, DAY + timedelta(since))
    assert first_idle(facts) is None


def test_joined_and_resigned_on_one_day_is_resigned() -> None:
    found = on_day(at(("resigned", 3), ("joined", 3)), DAY + timedelta(3))
    assert found == Span("resigned", DAY + timedelta(3))


@pytest.mark.parametrize(
    "facts",
    [
        at(("joined", 0), ("reinstated", 3)),
        at(("joined", 0), ("joined", 3)),
        at(("joined", 0), ("died", 3), ("resigned", 5)),
        at(("joined", 0), ("died", 3), ("joined", 5)),
        at(("suspended", 0), ("joined", 3)),
        at(("joined", 0), ("resigned", 2), ("suspended", 3)),
    ],
)
def test_contradictions_are_noticed(facts: list[Happening]) -> None:
    assert first_idle(facts) is not None


def test_the_summary_is_of_the_latest_membership() -> None:
    left = at(("joined", 0), ("suspended", 2), ("resigned", 5))
    found = summary(left)
    assert found is not None
    assert (found.joined_on, found.ended_on) == (DAY, DAY + timedelta(5))
    again = summary([*left, *at(("joined", 9))])
    assert again is not None
    assert (again.joined_on, again.ended_on) == (DAY + timedelta(9), None)
    gone = summary([*left, *at(("died", 7))])
    assert gone is not None
    assert gone.ended_on == DAY + timedelta(5)
    assert summary([]) is None
