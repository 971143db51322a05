"""Where members and producers live, as keys for sums by village: no names, no persons.

What must stay true: a household is counted by its own key; people without a house number count with
all of their family name in the village, so that a group said to have five households has at least
five.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Subquery, and_, cast, func, literal, select

from core.db import db
from members.models import Member, Person, Producer

_HOUSEHOLD = func.coalesce(cast(Person.household_id, String), literal("of ") + Person.last_name)
VILLAGE = Person.village_id
_person_of_member = and_(Person.centre_id == Member.centre_id, Person.id == Member.person_id)


def of_members(centre_id: int) -> Subquery:
    """Select member_id, village_id and household_id of every member, to be joined with."""
    return (
        select(
            Member.id.label("member_id"),
            Person.village_id.label("village_id"),
            _HOUSEHOLD.label("household_id"),
        )
        .join(Person, _person_of_member)
        .where(Member.centre_id == centre_id)
        .subquery("homes")
    )


def at_home(query: Select[Any], centre_id: int, member_id: Any) -> Select[Any]:
    """Join each row's member, if it has one, so that `VILLAGE` is where they live.

    By both keys, one row at a time: joined to `of_members`, SQLite reads every member for each row.
    """
    here = and_(Member.centre_id == centre_id, Member.id == member_id)
    return query.outerjoin(Member, here).outerjoin(Person, _person_of_member)


def of_producers(centre_id: int) -> dict[UUID, tuple[UUID | None, str]]:
    """Return the village and the household of every producer; a group is one household."""
    rows: Any = db.session.execute(
        select(
            Producer.id,
            func.coalesce(Producer.village_id, Person.village_id),
            func.coalesce(_HOUSEHOLD, cast(Producer.id, String)),
        )
        .outerjoin(
            Person, and_(Person.centre_id == Producer.centre_id, Person.id == Producer.person_id)
        )
        .where(Producer.centre_id == centre_id)
    )
    return {producer: (village, household) for producer, village, household in rows}
