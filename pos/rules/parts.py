"""A sale line split over the lots it came from, and the part of it that a refund takes back.

What must stay true: the parts of a line sum to the line in every amount, and the refunds of a part
sum to the part, in whatever steps they come. Pure; money in satang, quantity in thousandths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from accounting.rules.tax import included_tax, line_taxes
from core.money import split_by_weight, telescope
from pos.rules.posting import SoldPart


class Drawn(Protocol):
    """What the stock room says of goods drawn from one lot for one line."""

    @property
    def line_no(self) -> int: ...
    @property
    def lot_id(self) -> UUID: ...
    @property
    def ownership(self) -> str: ...
    @property
    def producer_id(self) -> UUID: ...
    @property
    def member_id(self) -> UUID | None: ...
    @property
    def quantity_milli(self) -> int: ...
    @property
    def cost_satang(self) -> int: ...
    @property
    def base_satang(self) -> int: ...
    @property
    def share_satang(self) -> int: ...
    @property
    def borne_satang(self) -> int: ...
    @property
    def levy_satang(self) -> int: ...
    @property
    def levy_fund_id(self) -> UUID | None: ...
    @property
    def levy_purpose(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A priced sale line with its tax rate, before its tax is known."""

    line_no: int
    net_satang: int
    discount_satang: int
    rate_basis_points: int
    charged: tuple[tuple[UUID, int], ...] = ()
    """What each fund pays of it in the customer's stead."""
    activity_id: UUID | None = None


def shared_base(base_satang: int, rate_basis_points: int, *, gross_taxed: bool) -> int:
    """Return what a line's consigned goods share with their producer: the price without VAT when
    the price bears it, else the price."""
    return base_satang - (included_tax(base_satang, rate_basis_points) if gross_taxed else 0)


def split_lines(
    lines: Sequence[PaidLine], drawn: Sequence[Drawn], *, gross_taxed: bool
) -> list[SoldPart]:
    """Split every line over its lots, with its tax.

    `gross_taxed`: consigned goods bear VAT on the price like own goods; otherwise only own goods
    do and of consigned ones only our commission.
    """
    by_line: dict[int, list[Drawn]] = {line.line_no: [] for line in lines}
    for one in drawn:
        by_line[one.line_no].append(one)
    parts = [part for line in lines for part in _split(line, by_line[line.line_no])]
    bears = [gross_taxed or part.ownership == "own" for part in parts]
    taxes = line_taxes(
        [part.net_satang if yes else 0 for part, yes in zip(parts, bears, strict=True)],
        [part.tax_rate_basis_points for part in parts],
    )
    return [
        replace(part, tax_satang=tax)
        if yes
        else replace(part, commission_tax_satang=_commission_tax(part))
        for part, tax, yes in zip(parts, taxes, bears, strict=True)
    ]


def returned(part: SoldPart, before_milli: int, taken_milli: int) -> SoldPart:
    """Return the piece of `part` for `taken_milli`, when `before_milli` came back earlier."""

    def piece(amount: int) -> int:
        return telescope(amount, part.quantity_milli, before_milli, taken_milli)

    return replace(
        part,
        quantity_milli=taken_milli,
        net_satang=piece(part.net_satang),
        discount_satang=piece(part.discount_satang),
        tax_satang=piece(part.tax_satang),
        cost_satang=piece(part.cost_satang),
        base_satang=piece(part.base_satang),
        share_satang=piece(part.share_satang),
        borne_satang=piece(part.borne_satang),
        levy_satang=piece(part.levy_satang),
        commission_tax_satang=piece(part.commission_tax_satang),
        charged=tuple((fund_id, piece(amount)) for fund_id, amount in part.charged),
    )


def returned_parts(
    parts: Sequence[SoldPart], before_milli: int, taken_milli: int
) -> list[SoldPart]:
    """Return the pieces of one line's parts for a return, in the order the goods left."""
    pieces = []
    for part in parts:
        gone = min(before_milli, part.quantity_milli)
        taken = min(taken_milli, part.quantity_milli - gone)
        before_milli -= gone
        taken_milli -= taken
        if taken:
            pieces.append(returned(part, gone, taken))
    assert taken_milli == 0
    return pieces


def _split(line: PaidLine, drawn: Sequence[Drawn]) -> list[SoldPart]:
    weights = [one.quantity_milli for one in drawn]
    nets = split_by_weight(line.net_satang, weights)
    discounts = split_by_weight(line.discount_satang, weights)
    charges = [split_by_weight(amount, weights) for _, amount in line.charged]
    return [
        SoldPart(
            line_no=line.line_no,
            quantity_milli=one.quantity_milli,
            ownership=one.ownership,
            net_satang=net,
            discount_satang=discount,
            tax_satang=0,
            tax_rate_basis_points=line.rate_basis_points,
            cost_satang=one.cost_satang,
            base_satang=one.base_satang,
            share_satang=one.share_satang,
            borne_satang=one.borne_satang,
            levy_satang=one.levy_satang,
            levy_fund_id=one.levy_fund_id,
            levy_purpose=one.levy_purpose,
            lot_id=one.lot_id,
            producer_id=one.producer_id,
            producer_member_id=one.member_id,
            charged=tuple(
                (fund_id, by_lot[at])
                for (fund_id, _), by_lot in zip(line.charged, charges, strict=True)
            ),
            activity_id=line.activity_id,
        )
        for at, (one, net, discount) in enumerate(zip(drawn, nets, discounts, strict=True))
    ]


def _commission_tax(part: SoldPart) -> int:
    # The levy is the fund's: it passes through our hands and is no part of our commission.
    earned = part.net_satang + part.charged_satang - part.share_satang - part.levy_satang
    return included_tax(max(earned, 0), part.tax_rate_basis_points)
