"""A family whose house is unknown is one household, however many they are."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from core.db import in_transaction
from members.services import counting, members, villages
from members.services.members import NewMember
from members.services.villages import NewVillage


def test_five_of_one_name_without_a_house_number_are_one_household(
    stock_keeper: Actor, manager: Actor
):
    place = in_transaction(villages.create, NewVillage(name="บ้านขาม"), manager).id
    for number in range(5):
        someone = NewMember(
            first_name=f"คนที่ {number}",
            last_name="ทองแก้ว",
            village_id=place,
            joined_on=date(2020, 1, 1),
        )
        in_transaction(members.create, someone, stock_keeper)
    [lives] = counting._lives([manager.centre_id]).values()
    group = counting._group(lives)
    assert (len(lives), group.households) == (5, 1)
