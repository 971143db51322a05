"""What a reader looks for finds the same rows on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import Date, String, literal, select, union_all

from core.db import UtcDateTime, db
from core.sought import NOTHING, Sought, holds, matching

ROWS = (
    ("A-2569-00001", "น้ำผึ้ง 50% Honey", date(2026, 11, 1), datetime(2026, 10, 31, 17, tzinfo=UTC)),
    ("B-2569-00002", "ข้าว_หอม ๑๒", date(2026, 11, 2), datetime(2026, 11, 2, 16, 59, tzinfo=UTC)),
    ("C-2569-00003", "honey's jar", date(2026, 11, 3), datetime(2026, 11, 2, 17, tzinfo=UTC)),
)
TABLE = union_all(
    *(
        select(
            literal(number, String).label("number"),
            literal(text, String).label("text"),
            literal(day, Date).label("day"),
            literal(moment, UtcDateTime).label("moment"),
        )
        for number, text, day, moment in ROWS
    )
).subquery()


def found(sought: Sought, by: str = "day") -> str:
    texts = (TABLE.c.number, TABLE.c.text, lambda word: literal(word == "someone"))
    where = matching(sought, day=TABLE.c[by], state=TABLE.c.number, text=texts)
    rows = db.session.scalars(select(TABLE.c.number).where(*where).order_by(TABLE.c.number))
    return "".join(number[0] for number in rows)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "ABC"),
        ("  ", "ABC"),
        ("HONEY", "AC"),
        ("honey 00001", "A"),
        ("honey 00002", ""),
        ("50%", "A"),
        ("%", "A"),
        ("_", "B"),
        ("'", "C"),
        ("2569-๐๐๐๐๒", "B"),
        ("๑๒", "B"),
        ("นํ้าผึ้ง", "A"),
        ("someone", "ABC"),
    ],
)
def test_every_word_is_somewhere(app: Flask, text: str, names: str) -> None:
    assert found(Sought(text=text)) == names


def test_days_hold_their_first_and_their_last(app: Flask) -> None:
    assert found(NOTHING) == "ABC"
    assert found(Sought(first=date(2026, 11, 2))) == "BC"
    assert found(Sought(last=date(2026, 11, 2))) == "AB"
    assert found(Sought(date(2026, 11, 2), date(2026, 11, 2))) == "B"
    assert found(Sought(date(2026, 11, 3), date(2026, 11, 2))) == ""
    assert found(Sought(state="A-2569-00001")) == "A"


def test_a_moment_is_of_the_day_it_is_here(app: Flask) -> None:
    assert found(Sought(last=date(2026, 10, 31)), "moment") == ""
    assert found(Sought(date(2026, 11, 1), date(2026, 11, 1)), "moment") == "A"
    assert found(Sought(date(2026, 11, 2), date(2026, 11, 2)), "moment") == "B"
    assert found(Sought(first=date(2026, 11, 3)), "moment") == "C"


def test_what_is_in_memory_is_searched_forgivingly() -> None:
    assert holds(NOTHING, "น้ำผึ้ง")
    assert holds(Sought(text="นำผึง m-1"), "น้ำผึ้ง", "M-1")
    assert not holds(Sought(text="นำผึง m-2"), "น้ำผึ้ง", "M-1")
