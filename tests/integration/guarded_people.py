"""A person of a household, who is a member with a dated fact and in a group, to be attacked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from core.db import Base, db
from core.ids import uuid7
from members.models import GroupMember, Household, Member, Person, StandingFact, Village
from tests.integration.guarded_ledger import DAY, NOON


def write(centre_id: int, group_id: UUID) -> UUID:
    """Write the rows; return the member's id."""
    ids = {name: uuid7() for name in ("village", "household", "person", "member")}

    def add(model: type[Base], **values: Any) -> None:
        db.session.execute(insert(model).values(centre_id=centre_id, **values))

    add(Village, id=ids["village"], name="ลำในเหนือ")
    add(Household, id=ids["household"], village_id=ids["village"], house_no="12/3")
    add(
        Person,
        id=ids["person"],
        first_name="อาญคงหาญ",
        household_id=ids["household"],
        village_id=ids["village"],
        national_id_cipher="v1.none",
        national_id_hash="0" * 64,
        sort_key="x",
        search_key="x",
    )
    add(Member, id=ids["member"], person_id=ids["person"], member_no="G001", joined_on=DAY)
    fact = {"kind": "joined", "on_date": DAY, "recorded_at": NOON}
    add(StandingFact, id=uuid7(), member_id=ids["member"], **fact)
    add(StandingFact, id=uuid7(), producer_id=group_id, **fact)
    membership = {"producer_id": group_id, "person_id": ids["person"], "joined_on": DAY}
    add(GroupMember, id=uuid7(), **membership)
    return ids["member"]
