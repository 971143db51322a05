"""Intake and waste as entries, by the worked examples of the posting rules."""

from __future__ import annotations

from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from inventory.rules.posting import borne_waste_lines, bought_lines, own_waste_lines

LOT, OTHER_LOT, PRODUCER, MEMBER, TILL = (UUID(int=number) for number in range(1, 6))


def test_goods_bought_are_owed_to_the_producer_under_the_members_key() -> None:
    assert bought_lines([(LOT, 36_000), (OTHER_LOT, 500)], PRODUCER, MEMBER, None) == (
        NewLine(Purpose.INVENTORY, debit=36_000, lot_id=LOT),
        NewLine(Purpose.INVENTORY, debit=500, lot_id=OTHER_LOT),
        NewLine(Purpose.PAYABLE_OUTRIGHT, credit=36_500, producer_id=PRODUCER, member_id=MEMBER),
    )


def test_goods_paid_at_once_come_out_of_the_drawer() -> None:
    assert bought_lines([(LOT, 36_000)], PRODUCER, None, TILL)[-1] == NewLine(
        Purpose.CASH_TILL, credit=36_000, till_id=TILL
    )


def test_own_waste_leaves_inventory() -> None:
    assert own_waste_lines(LOT, 2_400) == (
        NewLine(Purpose.WASTE, debit=2_400),
        NewLine(Purpose.INVENTORY, credit=2_400, lot_id=LOT),
    )
    assert own_waste_lines(LOT, 0) == ()


def test_consigned_waste_the_centre_bears_is_owed_as_if_sold() -> None:
    assert borne_waste_lines(8_000, PRODUCER, MEMBER) == (
        NewLine(Purpose.WASTE, debit=8_000),
        NewLine(Purpose.CONSIGNMENT_PAYABLE, credit=8_000, producer_id=PRODUCER, member_id=MEMBER),
    )
    assert borne_waste_lines(0, PRODUCER, None) == ()
