"""Who bears a loss, what stage a lot is in, and how much weight it may lose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rules.unsold import (
    STAGES,
    Rule,
    Step,
    StepsUnsound,
    bearer_of,
    require_sound,
    standing_of,
    steps_of,
    weight_loss_left,
)

DAY = date(2026, 11, 20)
FRESH = Rule(
    centre_bears_days=2,
    consignment_days=30,
    near_expiry_days=3,
    weight_loss_basis_points=500,
    markdown_steps=(Step(1000, after_days=5), Step(3000, days_before_expiry=2)),
)

steps = st.builds(Step, st.integers(1, 10_000), after_days=st.integers(0, 400)) | st.builds(
    Step, st.integers(1, 10_000), days_before_expiry=st.integers(0, 400)
)
rules = st.builds(
    Rule,
    centre_bears_days=st.none() | st.integers(0, 60),
    consignment_days=st.integers(0, 60),
    near_expiry_days=st.integers(0, 30),
    weight_loss_basis_points=st.integers(0, 10_000),
    markdown_steps=st.lists(steps, max_size=5).map(tuple),
)
days = st.integers(-5, 400).map(lambda number: DAY + timedelta(number))


@pytest.mark.parametrize(("age", "bearer"), [(0, "centre"), (2, "centre"), (3, "producer")])
def test_the_centre_bears_a_loss_within_its_days_and_the_producer_after(
    age: int, bearer: str
) -> None:
    assert bearer_of(FRESH, DAY - timedelta(age), DAY, "consigned") == bearer


def test_own_goods_are_the_centres_loss_for_ever() -> None:
    assert bearer_of(FRESH, DAY - timedelta(400), DAY, "own") == "centre"


def test_without_a_rule_people_decide() -> None:
    assert bearer_of(Rule(), DAY, DAY, "consigned") is None


@pytest.mark.parametrize(
    ("age", "expires", "stage", "percent"),
    [
        (0, None, "fresh", None),
        (5, None, "markdown_due", 1000),
        (30, None, "markdown_due", 1000),
        (31, None, "term_over", 1000),
        (0, 4, "fresh", None),
        (0, 3, "near_expiry", None),
        (5, 2, "near_expiry", 3000),
        (0, 0, "near_expiry", 3000),
        (40, -1, "expired", None),
    ],
)
def test_a_lot_is_in_the_gravest_stage_that_fits(
    age: int, expires: int | None, stage: str, percent: int | None
) -> None:
    last = None if expires is None else DAY + timedelta(expires)
    found = standing_of(FRESH, DAY - timedelta(age), last, "consigned", DAY)
    assert (found.stage, found.step and found.step.percent_basis_points) == (stage, percent)


def test_only_consigned_goods_have_a_term() -> None:
    found = standing_of(FRESH, DAY - timedelta(90), None, "own", DAY)
    assert (found.term_days, found.stage) == (None, "markdown_due")


def test_weight_loss_is_a_part_of_the_whole_lot_however_often_it_is_booked() -> None:
    assert weight_loss_left(FRESH, 20_000, 0) == 1000
    assert weight_loss_left(FRESH, 20_000, 400) == 600
    assert weight_loss_left(FRESH, 20_000, 1_500) == 0


@pytest.mark.parametrize(
    "step",
    [
        Step(1000),
        Step(1000, after_days=1, days_before_expiry=1),
        Step(0, after_days=1),
        Step(10_001, after_days=1),
        Step(1000, after_days=-1),
    ],
)
def test_a_step_that_cannot_be_followed_is_refused(step: Step) -> None:
    with pytest.raises(StepsUnsound) as refusal:
        require_sound([Step(500, after_days=3), step])
    assert refusal.value.facts["step_no"] == 2


@given(rule=rules, received=days, expires=st.none() | days, today=days)
def test_every_lot_has_one_stage_and_never_a_mark_down_past_its_day(
    rule: Rule, received: date, expires: date | None, today: date
) -> None:
    for ownership in ("own", "consigned"):
        found = standing_of(rule, received, expires, ownership, today)
        assert found.stage in STAGES and found.age_days >= 0
        if found.stage == "expired":
            assert found.step is None
        if found.stage == "markdown_due":
            assert found.step in rule.markdown_steps
        if ownership == "own":
            assert found.stage != "term_over"


@given(rule=rules, received=days, today=days)
def test_once_the_producer_bears_it_the_centre_never_does_again(
    rule: Rule, received: date, today: date
) -> None:
    later = today + timedelta(1)
    if bearer_of(rule, received, today, "consigned") == "producer":
        assert bearer_of(rule, received, later, "consigned") == "producer"


@given(rule=rules, lot=st.integers(1, 10**9), parts=st.lists(st.integers(0, 10**6), max_size=6))
def test_weight_losses_of_a_lot_never_pass_the_rules_part(
    rule: Rule, lot: int, parts: list[int]
) -> None:
    booked = 0
    for part in parts:
        booked += min(part, weight_loss_left(rule, lot, booked))
    assert booked * 10_000 <= lot * rule.weight_loss_basis_points


@given(st.lists(steps, max_size=10))
def test_sound_steps_are_read_back_as_they_were_kept(found: list[Step]) -> None:
    require_sound(found)
    assert steps_of([step.content() for step in found]) == tuple(found)
