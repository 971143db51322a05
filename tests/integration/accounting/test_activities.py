"""Activities of a centre: set up once, renamed, put out of use, never lost."""

from __future__ import annotations

import pytest

from accounting.services import activities
from accounting.services.activities import (
    ActivityCodeTaken,
    ChangeActivity,
    NewActivity,
)
from core.actor import Actor
from core.db import in_transaction
from core.errors import DifferentContent, Forbidden, NotFound
from core.ids import uuid7

WATER = NewActivity(uuid7(), "W1", "น้ำดื่ม", "Drinking water")


def test_is_set_up_once_and_listed_by_code(accountant: Actor) -> None:
    made = in_transaction(activities.create, WATER, accountant)
    shop = in_transaction(activities.create, NewActivity(uuid7(), "S1", "ร้านค้า"), accountant)
    again = in_transaction(activities.create, WATER, accountant)

    assert again == made
    assert activities.listing(accountant.centre_id) == (shop, made)
    assert (made.name("en"), made.name("th"), shop.name("en")) == (
        "Drinking water",
        "น้ำดื่ม",
        "ร้านค้า",
    )


def test_refuses_a_code_twice_and_an_id_with_other_words(accountant: Actor) -> None:
    in_transaction(activities.create, WATER, accountant)

    with pytest.raises(ActivityCodeTaken):
        in_transaction(activities.create, NewActivity(uuid7(), "W1", "ปุ๋ย"), accountant)
    with pytest.raises(DifferentContent):
        in_transaction(activities.create, NewActivity(WATER.id, "W1", "ปุ๋ย"), accountant)
    assert [one.name_th for one in activities.listing(accountant.centre_id)] == ["น้ำดื่ม"]


def test_is_renamed_and_put_out_of_use(accountant: Actor) -> None:
    in_transaction(activities.create, WATER, accountant)
    in_transaction(activities.change, ChangeActivity(WATER.id, "โรงน้ำ", "", False), accountant)

    now = activities.card(accountant.centre_id, WATER.id)
    assert (now.code, now.name_th, now.active) == ("W1", "โรงน้ำ", False)
    with pytest.raises(NotFound):
        in_transaction(activities.change, ChangeActivity(uuid7(), "x"), accountant)


def test_takes_the_right(cashier: Actor) -> None:
    with pytest.raises(Forbidden):
        in_transaction(activities.create, WATER, cashier)
    with pytest.raises(Forbidden):
        in_transaction(activities.change, ChangeActivity(WATER.id, "x"), cashier)
