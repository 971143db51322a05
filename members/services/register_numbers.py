"""Running numbers of the registers (members, producers), around numbers given by hand."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from core.db import db
from core.numbering import next_numbers
from members.models import Member

NO_YEAR = 0
"""A register's numbers never begin anew with the year."""


def next_free(centre_id: int, series: str, is_taken: Callable[[int, str], bool]) -> str:
    """Return the next number of a register that nobody was given by hand before."""
    while True:
        number = f"{next_numbers(centre_id, [(series, NO_YEAR)])[0]:05d}"
        if not is_taken(centre_id, number):
            return number


def of_members(centre_id: int) -> dict[UUID, str]:
    """Return every membership's number, one statement whatever the number of members."""
    rows = db.session.execute(
        select(Member.id, Member.member_no).where(Member.centre_id == centre_id)
    )
    return {member_id: number for member_id, number in rows}
