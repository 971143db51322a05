"""A surplus divided by exact parts, within the law and the by-laws."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from accounting.models import ALLOCATION_USES
from accounting.rules.surplus import law, uses
from accounting.rules.surplus.defaults import DEFAULTS, SOURCES
from accounting.rules.surplus.law import (
    COOPERATIVE,
    ENTERPRISE,
    AboveMaximum,
    BelowMinimum,
    Bound,
    CapAboveLaw,
)
from accounting.rules.surplus.rule_set import (
    DividendRule,
    Eligibility,
    PatronageRule,
    RuleSet,
    content_of,
    rule_set_of,
    run_rules,
)
from accounting.rules.surplus.taking_part import MemberRules
from accounting.rules.surplus.uses import (
    PERCENT,
    WHOLE,
    Amount,
    Part,
    PartsNotWhole,
    UseTwice,
    moved,
    percent_text,
    split,
)

DAY = date(2026, 3, 31)
FUND, OTHER = UUID(int=1), UUID(int=2)


def test_a_real_allocation_of_a_co_operative_comes_to_the_satang() -> None:
    """77.292 percent is a whole number of parts, and nothing is rounded twice."""
    parts = [
        Part("dividend", 772_920),
        Part("patronage", 117_000),
        Part("reserve", 101_000),
        Part("retained", 9_080),
    ]
    amounts = split(12_345_678_91, parts)
    assert sum(one.satang for one in amounts) == 12_345_678_91
    assert [one.use for one in amounts] == ["reserve", "dividend", "patronage", "retained"]
    assert amounts[1].satang == 12_345_678_91 * 77_292 // 100_000
    assert percent_text(772_920) == "77.292"


@pytest.mark.parametrize(
    ("millionths", "text"),
    [(0, "0"), (1, "0.0001"), (PERCENT, "1"), (WHOLE, "100"), (-5_000, "-0.5"), (105, "0.0105")],
)
def test_a_part_is_written_as_people_write_it(millionths: int, text: str) -> None:
    assert percent_text(millionths) == text


def test_parts_that_are_not_a_hundred_percent_are_refused_with_the_gap() -> None:
    with pytest.raises(PartsNotWhole) as refusal:
        split(100, [Part("reserve", 999_999)])
    assert refusal.value.facts == {"sum": "99.9999", "gap": "0.0001"}
    with pytest.raises(PartsNotWhole):
        split(100, [])


def test_a_use_stands_once_but_two_funds_may_differ() -> None:
    half = WHOLE // 2
    with pytest.raises(UseTwice):
        split(100, [Part("reserve", half), Part("reserve", half)])
    with pytest.raises(UseTwice):
        split(100, [Part("other_fund", half, FUND), Part("other_fund", half, FUND)])
    with pytest.raises(UseTwice):
        split(100, [Part("welfare", half, FUND), Part("welfare", half, OTHER)])
    amounts = split(101, [Part("other_fund", half, OTHER), Part("other_fund", half, FUND)])
    assert amounts == (Amount("other_fund", 51, FUND), Amount("other_fund", 50, OTHER))


def test_what_a_cap_cuts_off_goes_where_the_rule_says() -> None:
    amounts = (Amount("reserve", 10), Amount("dividend", 80), Amount("welfare", 10, FUND))
    assert moved(amounts, 30, "reserve") == (
        Amount("reserve", 40),
        Amount("welfare", 10, FUND),
        Amount("dividend", 50),
    )
    to_retained = moved(amounts, 80, "retained")
    assert to_retained[-1] == Amount("retained", 80)
    assert all(one.use != "dividend" for one in to_retained)
    assert moved(amounts, 0, "reserve") == (amounts[0], amounts[2], amounts[1])


def test_the_law_of_a_co_operative_is_named_with_percent_and_source() -> None:
    bounds = law.bounds_of(COOPERATIVE, DAY)
    with pytest.raises(BelowMinimum) as low:
        law.require_within([Part("reserve", 99_999), Part("retained", 900_001)], bounds)
    assert low.value.facts["percent"] == "9.9999"
    assert low.value.facts["bound"] == "10"
    assert "section 60" in low.value.facts["source_words"]
    with pytest.raises(AboveMaximum):
        law.require_within([Part("reserve", 500_000), Part("committee", 100_001)], bounds)
    law.require_within([Part("reserve", 100_000), Part("committee", 100_000)], bounds)
    with pytest.raises(BelowMinimum):
        law.require_within([], bounds)


def test_a_co_operative_caps_its_dividend_and_a_community_enterprise_need_not() -> None:
    for cap in (None, 1_001):
        with pytest.raises(CapAboveLaw):
            law.require_lawful_cap(cap, COOPERATIVE, DAY)
        law.require_lawful_cap(cap, ENTERPRISE, DAY)
    law.require_lawful_cap(1_000, COOPERATIVE, DAY)


def test_the_law_is_dated() -> None:
    before = date(1999, 4, 23)
    assert law.bounds_of(COOPERATIVE, before) == ()
    assert law.cap_of(COOPERATIVE, before) is None


def test_by_laws_ask_for_more_than_the_law() -> None:
    strict = RuleSet(
        COOPERATIVE,
        (Part("reserve", 150_000), Part("retained", 850_000)),
        bounds=(Bound("reserve", minimum=200_000),),
        dividend=DividendRule(cap_basis_points=800),
    )
    with pytest.raises(BelowMinimum) as low:
        strict.require_lawful(DAY)
    assert low.value.facts["bound"] == "20"


@pytest.mark.parametrize("kind", law.TYPES)
def test_what_we_ship_is_lawful_and_reads_back_the_same(kind: str) -> None:
    rules = DEFAULTS[kind]
    rules.require_lawful(DAY)
    assert SOURCES[kind]
    assert rule_set_of(content_of(rules)) == rules
    assert all(part.fund_id is None for part in rules.parts)


def test_the_members_run_reads_every_rule_a_set_can_have() -> None:
    rules = RuleSet(
        ENTERPRISE,
        (Part("dividend", WHOLE),),
        dividend=DividendRule("months", 750, 90, "patronage"),
        patronage=PatronageRule(6_000, {"water": 5_000}, {"honey": 20_000}, 9_000),
        eligibility=Eligibility(100_00, exclude_defaulters=True),
        retained_basis_points=2_500,
        unclaimed_years=3,
    )
    assert rule_set_of(content_of(rules)) == rules
    assert MemberRules.of(run_rules(rules)) == MemberRules(
        basis="months",
        cap_basis_points=750,
        min_standing_days=90,
        purchase_share_basis_points=6_000,
        purchase_weights={"water": 5_000},
        delivery_weights={"honey": 20_000},
        default_weight=9_000,
        min_shares_satang=100_00,
        exclude_defaulters=True,
    )
    assert set(run_rules(rules)) == {"dividend", "patronage", "eligibility"}


def test_the_tables_know_every_use() -> None:
    assert ALLOCATION_USES == uses.USES
    assert set(uses.USE_WORDS) == set(uses.USES)
