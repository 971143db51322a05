"""Shares by the rules: caps by example and by any holdings, parts of heirs to the satang."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.rules import shares
from accounting.rules.shares import (
    DEFAULTS,
    WHOLE,
    Heir,
    Holding,
    ShareRefused,
    ShareRules,
    check_growth,
    check_heirs,
    check_leaving,
    largest_allowed,
    parts_of,
    percent,
    to_give,
)

FIFTH = ShareRules(par_satang=100_00, largest_part_basis_points=2_000)


def test_the_kinds_of_organisation_have_their_own_rules() -> None:
    assert DEFAULTS["cooperative"].largest_part_basis_points == 2_000
    assert DEFAULTS["cooperative"].least_shares == 1
    for kind in ("community_enterprise", "savings_group"):
        assert DEFAULTS[kind].largest_part_basis_points is None
        assert DEFAULTS[kind].most_shares is None


@pytest.mark.parametrize(
    ("held", "total", "holders", "fits"),
    [
        (100_00, 100_00, 1, True),  # the very first member
        (900_00, 1_000_00, 4, True),  # four can't all hold at most a fifth
        (200_00, 1_000_00, 5, True),
        (200_01, 1_000_00, 5, False),
        (200_00, 999_99, 6, False),
        (120_00, 600_00, 6, True),
    ],
)
def test_a_fifth_after_the_transaction(held: int, total: int, holders: int, fits: bool) -> None:
    if fits:
        check_growth(FIFTH, Holding(held, total, holders))
        return
    with pytest.raises(shares.PartTooLarge):
        check_growth(FIFTH, Holding(held, total, holders))


def test_least_and_most() -> None:
    rules = ShareRules(par_satang=100_00, least_shares=2, most_shares=3)
    with pytest.raises(shares.TooFewShares):
        check_growth(rules, Holding(100_00, 100_00, 1))
    check_growth(rules, Holding(50_00, 50_00, 1), in_parts=True)
    check_growth(rules, Holding(300_00, 300_00, 1))
    with pytest.raises(shares.TooManyShares):
        check_growth(rules, Holding(300_01, 300_01, 1), in_parts=True)
    assert largest_allowed(rules, 300_00, 1) == 300_00
    assert largest_allowed(ShareRules(), 300_00, 1) is None


def test_leaving_takes_all_and_staying_keeps_the_least() -> None:
    rules = ShareRules(least_shares=2)
    check_leaving(rules, "member", 500_00, 300_00)
    check_leaving(rules, "member", 500_00, 500_00)
    with pytest.raises(shares.TooFewShares):
        check_leaving(rules, "member", 500_00, 400_00)
    for state in ("resigned", "expelled", "died"):
        check_leaving(rules, state, 500_00, 500_00)
        with pytest.raises(shares.OnlyAll):
            check_leaving(rules, state, 500_00, 300_00)
    with pytest.raises(shares.StillAMember):
        check_leaving(ShareRules(withdraw_while_member=False), "member", 500_00, 500_00)


def test_what_is_given_is_there() -> None:
    assert to_give(ShareRules(), 1_050_00, 10) == 1_000_00
    assert to_give(ShareRules(), 1_050_00, None) == 1_050_00
    for held, wanted in ((1_050_00, 11), (0, None), (0, 1)):
        with pytest.raises(shares.MoreThanHeld):
            to_give(ShareRules(), held, wanted)


@given(
    st.lists(st.integers(1, 10_000_00), min_size=1, max_size=12),
    st.integers(1, WHOLE),
)
def test_who_fits_the_cap_holds_no_larger_part(held: list[int], part: int) -> None:
    rules = ShareRules(par_satang=1, largest_part_basis_points=part)
    total = sum(held)
    for one in held:
        try:
            check_growth(rules, Holding(one, total, len(held)))
        except ShareRefused:
            assert one * WHOLE > part * total
            continue
        assert one * WHOLE <= part * total or len(held) * part < WHOLE


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(1, 500), min_size=1, max_size=8).map(
        lambda some: [*some, WHOLE - sum(some)]
    ),
)
def test_heirs_share_all_of_it_to_the_satang(held: int, parts: list[int]) -> None:
    heirs = tuple(Heir("ก", "", part) for part in parts)
    check_heirs(heirs)
    amounts = parts_of(held, heirs)
    assert sum(amounts) == held
    for amount, part in zip(amounts, parts, strict=True):
        assert abs(amount * WHOLE - held * part) < WHOLE


def test_parts_that_are_not_the_whole_are_told_in_percent() -> None:
    check_heirs(())
    with pytest.raises(shares.HeirsNotWhole) as refusal:
        check_heirs((Heir("ก", "", 3_334), Heir("ข", "", 5_000)))
    assert refusal.value.facts["percent"] == "83.34"
    assert [percent(one) for one in (10_000, 50, 5, 3_330)] == ["100", "0.5", "0.05", "33.3"]


def test_late_is_after_its_own_month() -> None:
    assert shares.is_late(date(2026, 10, 31), date(2026, 11, 1))
    assert not shares.is_late(date(2026, 11, 1), date(2026, 11, 30))
