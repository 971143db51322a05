"""When someone is a member, and how a name is found again."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules.membership import (
    full_name,
    is_active,
    like_pattern,
    search_key,
    search_words,
)

JOINED, RESIGNED = date(2025, 1, 10), date(2025, 6, 30)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 1, 9), False),
        (JOINED, True),
        (date(2025, 6, 29), True),
        (RESIGNED, False),
        (date(2025, 7, 1), False),
    ],
)
def test_a_member_is_one_from_joining_until_the_day_of_resigning(day: date, expected: bool) -> None:
    assert is_active(JOINED, RESIGNED, day) is expected


def test_without_a_resignation_membership_goes_on() -> None:
    assert is_active(JOINED, None, date(2099, 1, 1))


def test_the_title_joins_the_first_name() -> None:
    assert full_name("นาง", "สมใจ", "ดีงาม") == "นางสมใจ ดีงาม"
    assert full_name("", "สมใจ", "") == "สมใจ"


def found(query: str, *texts: str) -> bool:
    """Answer as the database does: every word's pattern inside the key."""
    key = search_key(texts)
    return all(word in key for word in search_words(query))


@pytest.mark.parametrize(
    "query",
    [
        "สมใจ",
        "สมใจ ดีงาม",
        "ดีงาม สมใจ",
        "สมใจดีงาม",
        "นางสมใจ",
        "น้อย",
        "นอย",  # the tone mark forgotten
        "00012",
        "๐๐๐๑๒",
        "0812345678",
        "081-234-5678",
        "081 234",
    ],
)
def test_a_member_is_found_however_it_is_typed(query: str) -> None:
    assert found(query, "00012", "นางสมใจ ดีงาม", "น้อย", "081-234-5678")


def test_another_name_is_not_found() -> None:
    assert not found("สมชาย", "00012", "นางสมใจ ดีงาม", "น้อย", "")


def test_words_of_two_texts_never_run_into_each_other() -> None:
    assert not found("12สมใจ", "00012", "สมใจ")


def test_a_search_has_at_most_five_words_and_ignores_the_separator() -> None:
    assert len(search_words(" ".join("abcdefgh"))) == 5
    assert search_words("|") == []


def test_signs_of_like_are_looked_for_as_they_are() -> None:
    assert like_pattern("50%_\\") == "%50\\%\\_\\\\%"
