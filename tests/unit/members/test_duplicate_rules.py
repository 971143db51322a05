"""Who may be one person written twice: suggested by names that are alike, never by chance alone."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import uuid7
from members.rules.duplicates import ALIKE, SUGGESTED, Known, compare, likeness, suggestions

NAMES = st.text(alphabet="กขคงจชดตทนบปพมยรลวสหอาิีุูเแ่้์", min_size=1, max_size=10)


def known(first: str, last: str, **more) -> Known:
    return Known(uuid7(), first, last, **more)


def test_the_man_of_the_minutes_with_two_surnames_is_suggested():
    pair = compare(known("ประนอม", "อาญคงหาญ"), known("ประนอม", "อาจคงหาญ"))
    assert pair is not None
    assert pair.reasons == ("alike",)


def test_surnames_of_the_minutes_share_half_their_pieces():
    assert 400 <= likeness("อาญคงหาญ", "อาจคงหาญ") <= 600
    assert likeness("น้ำผึ้ง", "นำผึง") == 1000
    assert likeness("ทองแก้ว", "ชูศรี") < ALIKE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (known("สมศรี", "ทองแก้ว"), known("สมศรี", "ชูศรี")),
        (known("ดำ", "ทองแก้ว"), known("แดง", "ทองแก้ว")),
    ],
)
def test_brothers_and_namesakes_are_not_suggested(first: Known, second: Known):
    assert compare(first, second) is None


def test_a_married_name_with_the_same_phone_is_suggested():
    one = known("สมศรี", "ทองแก้ว", phone="0812345678")
    other = known("สมศรี", "ชูศรี", phone="0812345678")
    pair = compare(one, other)
    assert pair is not None and "phone" in pair.reasons


def test_another_year_of_birth_speaks_against_it():
    same = compare(known("ประนอม", "อาญคงหาญ"), known("ประนอม", "อาญคงหาญ"))
    apart = compare(
        known("ประนอม", "อาญคงหาญ", birth_year=1950), known("ประนอม", "อาญคงหาญ", birth_year=1990)
    )
    assert same is not None
    assert apart is None or apart.score < same.score


def test_who_was_told_apart_is_not_suggested_again():
    one, other = known("ประนอม", "อาญคงหาญ"), known("ประนอม", "อาจคงหาญ")
    [pair] = suggestions([one, other], frozenset())
    assert suggestions([one, other], frozenset({(pair.first, pair.second)})) == []


@given(st.lists(st.tuples(NAMES, NAMES), max_size=12), st.randoms())
def test_suggestions_do_not_depend_on_the_order_of_the_register(names, random):
    people = [Known(UUID(int=number), *name) for number, name in enumerate(names, 1)]
    found = suggestions(people, frozenset())
    random.shuffle(people)
    assert suggestions(people, frozenset()) == found
    assert all(pair.first.hex < pair.second.hex and pair.score >= SUGGESTED for pair in found)


@given(NAMES, NAMES)
def test_likeness_is_the_same_both_ways_and_whole_only_for_one_form(one: str, other: str):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1000
    assert likeness(one, one) == 1000
