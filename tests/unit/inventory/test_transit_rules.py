"""Goods on the road: what they cost comes out where they arrive, to the last satang."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from inventory.rules.transit import (
    Settled,
    arrived_lines,
    part_of,
    sent_lines,
    settled_lines,
    travelled,
)

PRODUCER, FUND = UUID(int=1), UUID(int=2)
costs = st.lists(st.integers(0, 1_000_000), max_size=8).map(
    lambda amounts: [(UUID(int=number), amount) for number, amount in enumerate(amounts)]
)


def net(lines: tuple[NewLine, ...], purpose: Purpose) -> int:
    return sum(line.debit - line.credit for line in lines if line.purpose is purpose)


@given(costs)
def test_what_is_sent_is_in_transit_and_what_arrives_no_longer(
    sent: list[tuple[UUID, int]],
) -> None:
    total = sum(cost for _, cost in sent)
    for lines, sign in ((sent_lines(sent), 1), (arrived_lines(sent), -1)):
        assert net(lines, Purpose.GOODS_IN_TRANSIT) == sign * total
        assert net(lines, Purpose.INVENTORY) == -sign * total
        assert bool(lines) == (total > 0)


@given(st.integers(0, 1_000_000), st.integers(1, 100_000), st.data())
def test_arrived_returned_and_lost_are_together_what_was_sent(
    cost: int, sent: int, data: st.DataObject
) -> None:
    received = data.draw(st.integers(0, sent))
    arrived = part_of(cost, sent, 0, received)
    missing, missing_cost = sent - received, cost - arrived
    if not missing:
        assert missing_cost == 0
        return
    back = part_of(missing_cost, missing, 0, data.draw(st.integers(0, missing)))
    assert 0 <= back <= missing_cost
    part = Settled(UUID(int=9), PRODUCER, None, back, missing_cost - back, 0)
    lines = settled_lines([part])
    assert net(lines, Purpose.GOODS_IN_TRANSIT) == -missing_cost
    assert sum(line.debit - line.credit for line in lines) == 0


def test_consigned_goods_lost_at_our_cost_are_owed_and_were_never_in_transit() -> None:
    lines = settled_lines([Settled(UUID(int=9), PRODUCER, None, 0, 0, 800)])
    assert net(lines, Purpose.WASTE) == 800
    assert net(lines, Purpose.GOODS_IN_TRANSIT) == 0
    [owed] = [line for line in lines if line.purpose is Purpose.CONSIGNMENT_PAYABLE]
    assert (owed.credit, owed.producer_id) == (800, PRODUCER)
    assert settled_lines([Settled(UUID(int=9), PRODUCER, None, 0, 0, 0)]) == ()


def test_terms_travel_with_the_goods_and_the_levy_finds_its_fund() -> None:
    plain = {"split_basis_points": 8000, "levy_fund_id": None}
    assert travelled(None, None) is None
    assert travelled(plain, (FUND, "welfare_fund")) == plain
    levied = {
        "split_basis_points": 8000,
        "levy_basis_points": 500,
        "levy_fund_id": str(PRODUCER),
        "levy_purpose": "other_funds",
    }
    there = travelled(levied, (FUND, "welfare_fund"))
    assert there == levied | {"levy_fund_id": str(FUND), "levy_purpose": "welfare_fund"}
    alone = travelled(levied, None)
    assert alone is not None
    assert (alone["levy_basis_points"], alone["levy_fund_id"]) == (0, None)
    assert alone["split_basis_points"] == 8000
