"""Rules of funds: matches worked out to the satang, limits, and names cut down."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from accounting.rules.funds import (
    FIXED,
    FUNERAL,
    KEPT_IN,
    KIND_OF,
    KINDS,
    OTHER,
    RATIO,
    RESTRICTED,
    RETURNED,
    VILLAGE_WELFARE,
    AboveLimit,
    AboveYearLimit,
    BadFund,
    BadRule,
    FundExpired,
    FundRule,
    MatchRule,
    PurposeNotAllowed,
    check_request,
    check_rule,
    initials,
    matched,
    purposes_of,
    require_sense,
)

TODAY = date(2026, 11, 20)
SATANG = st.integers(min_value=0, max_value=10**11)


def test_every_kind_has_an_account_for_funds() -> None:
    assert {purpose for _words, purpose in KINDS.values()} == set(KEPT_IN)
    assert all(KINDS[kind][1] is purpose for purpose, kind in KIND_OF.items())


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        (FUNERAL, Purpose.WELFARE_FUND),
        (RESTRICTED, Purpose.OTHER_FUNDS),
        (VILLAGE_WELFARE, Purpose.FUNERAL_AID),
        (OTHER, Purpose.RESTRICTED_GRANTS),
        (FUNERAL, Purpose.RESTRICTED_GRANTS),
    ],
)
def test_what_is_held_in_trust_is_kept_apart(kind: str, purpose: Purpose) -> None:
    with pytest.raises(BadFund):
        require_sense(kind, purpose)


def test_members_funds_may_be_kept_in_any_account_of_theirs() -> None:
    require_sense(VILLAGE_WELFARE, Purpose.OTHER_FUNDS)
    require_sense(FUNERAL, Purpose.FUNERAL_AID)


def test_a_fixed_match_is_the_same_for_every_village() -> None:
    rule = MatchRule(FIXED, 10_000_00)
    assert [matched(rule, put_in) for put_in in (0, 1, 5_000_000)] == [10_000_00] * 3


@given(put_in=SATANG, ratio=st.integers(1, 20_000), cap=st.none() | st.integers(1, 10**9))
def test_a_part_is_rounded_half_up_and_never_above_its_cap(
    put_in: int, ratio: int, cap: int | None
) -> None:
    exact = Fraction(put_in * ratio, 10_000)
    rounded = int(exact + Fraction(1, 2))
    expected = rounded if cap is None else min(rounded, cap)
    assert matched(MatchRule(RATIO, 0, ratio, cap), put_in) == expected


@given(one=SATANG, two=SATANG)
def test_a_village_that_put_in_more_is_matched_no_less(one: int, two: int) -> None:
    rule = MatchRule(RATIO, 0, 3_333, 500_000_00)
    assert matched(rule, min(one, two)) <= matched(rule, max(one, two))


def test_a_negative_sum_is_matched_by_nothing() -> None:
    assert matched(MatchRule(RATIO, 0, 5_000), -100) == 0


def test_limits_are_inclusive() -> None:
    rule = FundRule(request_max_satang=300, recipient_year_max_satang=500)
    check_request(rule, VILLAGE_WELFARE, "welfare", 300, 200, TODAY)
    with pytest.raises(AboveLimit):
        check_request(rule, VILLAGE_WELFARE, "welfare", 301, 0, TODAY)
    with pytest.raises(AboveYearLimit):
        check_request(rule, VILLAGE_WELFARE, "welfare", 300, 201, TODAY)


def test_a_grant_may_be_used_on_its_last_day_and_given_back_after_it() -> None:
    rule = FundRule(purposes=("public_work",), expires_on=TODAY, request_max_satang=1)
    check_request(rule, RESTRICTED, "public_work", 1, 0, TODAY)
    late = TODAY.replace(day=21)
    with pytest.raises(FundExpired):
        check_request(rule, RESTRICTED, "public_work", 1, 0, late)
    check_request(rule, RESTRICTED, RETURNED, 10**9, 0, late)
    with pytest.raises(PurposeNotAllowed):
        check_request(rule, VILLAGE_WELFARE, RETURNED, 1, 0, TODAY)
    with pytest.raises(PurposeNotAllowed):
        check_request(rule, RESTRICTED, "education", 1, 0, TODAY)


@pytest.mark.parametrize(
    "rule",
    [
        FundRule(approvals=1),
        FundRule(approvals=10),
        FundRule(request_max_satang=0),
        FundRule(recipient_year_max_satang=-1),
        FundRule(purposes=("gambling",)),
    ],
)
def test_a_rule_nobody_could_follow_is_refused(rule: FundRule) -> None:
    with pytest.raises(BadRule):
        check_rule(rule)


def test_only_grants_are_given_back() -> None:
    assert RETURNED in purposes_of(RESTRICTED, FundRule())
    assert RETURNED not in purposes_of(VILLAGE_WELFARE, FundRule())
    assert purposes_of(VILLAGE_WELFARE, FundRule(purposes=("education",))) == ("education",)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("สมชาย ใจดี", "ส… ใจ…"),
        ("เด็กดี มีสุข", "เด… ม…"),
        ("แดง", "แด…"),
        ("Ann Lee", "A… L…"),
        ("—", "—…"),
    ],
)
def test_a_name_is_cut_to_its_first_letters(name: str, seen: str) -> None:
    assert initials(name) == seen
