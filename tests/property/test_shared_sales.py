"""Whatever was agreed, a sale shares out exactly its price; its refunds give exactly that back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from inventory.rules.terms import Terms, over_lots
from pos.rules.parts import PaidLine, returned_parts, split_lines
from pos.rules.posting import BelowFloor, Money, SoldPart, refund_lines, sale_lines
from pos.rules.pricing import DiscountTooLarge

FUND, TILL, DAENG = UUID(int=7), UUID(int=8), UUID(int=1)


@dataclass(frozen=True)
class Gone:
    """What one lot gave for the line, under its own terms."""

    lot_id: UUID
    quantity_milli: int
    base_satang: int
    share_satang: int
    levy_satang: int
    borne_satang: int
    line_no: int = 1
    ownership: str = "consigned"
    producer_id: UUID = DAENG
    member_id: UUID | None = None
    cost_satang: int = 0
    levy_fund_id: UUID = FUND
    levy_purpose: str = Purpose.WELFARE_FUND


@st.composite
def agreed(draw: st.DrawFn) -> Terms:
    split = draw(st.integers(0, 10_000))
    levy = draw(st.integers(0, 10_000 - split))
    return Terms(
        split_basis_points=split,
        floor_satang=draw(st.sampled_from([0, 0, 1, 2_000])),
        fee_satang=draw(st.sampled_from([0, 0, 150])),
        levy_basis_points=levy,
        levy_fund_id=FUND if levy else None,
    )


lots = st.lists(st.tuples(agreed(), st.integers(1, 20_000)), min_size=1, max_size=3)
prices = st.integers(1, 3_000_000)


def drawn(served: list[tuple[Terms, int]], price: int, borne: int) -> list[Gone]:
    weights = [milli for _, milli in served]
    gone = []
    for number, ((terms, milli), base, mine) in enumerate(
        zip(served, over_lots(price, weights), over_lots(borne, weights), strict=True)
    ):
        one = terms.outcome(base, milli, mine)
        gone.append(
            Gone(
                UUID(int=100 + number),
                milli,
                base,
                one.share_satang,
                one.levy_satang,
                one.borne_satang,
            )
        )
    return gone


def sold(served: list[tuple[Terms, int]], price: int, discount: int, rate: int) -> list[SoldPart]:
    line = PaidLine(1, price - discount, discount, rate)
    return split_lines([line], drawn(served, price, discount), gross_taxed=False)


def money(satang: int) -> Money:
    return Money(satang, 0, 0, TILL)


def by_account(lines: Iterable[NewLine]) -> Counter[tuple[Purpose, UUID | None]]:
    sums: Counter[tuple[Purpose, UUID | None]] = Counter()
    for line in lines:
        sums[line.purpose, line.fund_id] += line.credit - line.debit
    return sums


@given(lots, prices, st.integers(0, 400_000), st.sampled_from([0, 700]))
def test_share_levy_and_commission_are_the_price(
    served: list[tuple[Terms, int]], price: int, discount: int, rate: int
) -> None:
    assume(discount <= price)
    parts = sold(served, price, discount, rate)
    try:
        lines = sale_lines(parts, money(price - discount), None)
    except (DiscountTooLarge, BelowFloor):
        return
    found = by_account(lines)
    assert sum(found.values()) == 0
    share, levy = found[Purpose.CONSIGNMENT_PAYABLE, None], found[Purpose.WELFARE_FUND, FUND]
    ours = found[Purpose.COMMISSION, None] + found[Purpose.OUTPUT_VAT, None]
    assert share + levy + ours == price - discount
    assert min(share, levy) >= 0


@given(lots, prices, st.sampled_from([0, 700]), st.data())
def test_refunds_in_any_steps_give_back_exactly_what_was_posted(
    served: list[tuple[Terms, int]], price: int, rate: int, data: st.DataObject
) -> None:
    parts = sold(served, price, 0, rate)
    try:
        posted = by_account(sale_lines(parts, money(price), None))
    except BelowFloor:
        return
    whole = sum(milli for _, milli in served)
    cuts = sorted(data.draw(st.sets(st.integers(1, whole), max_size=5)) | {whole})
    back: Counter[tuple[Purpose, UUID | None]] = Counter()
    before = 0
    for cut in cuts:
        pieces = returned_parts(parts, before, cut - before)
        paid = sum(piece.net_satang for piece in pieces)
        back.update(by_account(refund_lines(pieces, money(paid), None)))
        before = cut
    assert {key: -amount for key, amount in back.items() if amount} == {
        key: amount for key, amount in posted.items() if amount
    }
