"""Running numbers of the registers (members, producers), around numbers given by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import select

from core.db import db
from core.models import NumberSeries
from core.numbering import next_block, next_numbers
from members.models import Member

NO_YEAR = 0
"""A register's numbers never begin anew with the year."""


def next_free(centre_id: int, series: str, is_taken: Callable[[int, str], bool]) -> str:
    """Return the next number of a register that nobody was given by hand before."""
    while True:
        number = text_of(next_numbers(centre_id, [(series, NO_YEAR)])[0])
        if not is_taken(centre_id, number):
            return number


def free_block(
    centre_id: int, series: str, count: int, taken_of: Callable[[list[str]], set[str]]
) -> list[str]:
    """Return `count` numbers nobody has; `taken_of` says which of some numbers are taken."""
    free: list[str] = []
    while len(free) < count:
        drawn = next_block(centre_id, series, NO_YEAR, count - len(free))
        texts = [text_of(number) for number in drawn]
        taken = taken_of(texts)
        free += [text for text in texts if text not in taken]
    return free


def pass_over(centre_id: int, series: str, given: Iterable[str]) -> None:
    """Let the running number go on behind numbers given by hand that follow it without a gap.

    After a whole register was brought in, the next number would else be searched for one by one.
    """
    there = set(given)
    last = db.session.scalar(
        select(NumberSeries.last_number).where(
            NumberSeries.centre_id == centre_id,
            NumberSeries.series == series,
            NumberSeries.year == NO_YEAR,
        )
    )
    last = last or 0
    count = 0
    while text_of(last + count + 1) in there:
        count += 1
    if count:
        next_block(centre_id, series, NO_YEAR, count)


def text_of(number: int) -> str:
    """Return a register's number as it is written."""
    return f"{number:05d}"


def of_members(centre_id: int) -> dict[UUID, str]:
    """Return every membership's number, one statement whatever the number of members."""
    rows = db.session.execute(
        select(Member.id, Member.member_no).where(Member.centre_id == centre_id)
    )
    return {member_id: number for member_id, number in rows}
