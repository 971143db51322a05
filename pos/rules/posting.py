"""A sale and a refund as journal lines: which purpose, which side, which sub-ledger.

Own goods: revenue and cost. Consigned goods are never ours (agent, IFRS 15 B34–B38): the
producer's share goes to the consignment payable under the producer's key, the levy to its fund,
the rest is our commission. VAT follows the centre's dated setting. Pure; money in satang; every
branch balances because a line's net is split, never recomputed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, flipped, merge
from accounting.rules.tax import included_tax
from core.errors import N_, DomainError
from pos.rules.pricing import DiscountTooLarge


class BelowFloor(DomainError):
    """The price does not cover what the producer was promised, and the levy."""

    code, status, title = (
        "below-floor",
        409,
        N_("The price is below what the producer was promised"),
    )
    detail = N_(
        "The producer is promised %(promised_satang)s baht of this line, which sells for "
        "%(net_satang)s baht. Raise the price, or agree on other terms for the next delivery."
    )


NO_FUNDS: Mapping[UUID, Purpose] = {}


@dataclass(frozen=True, slots=True)
class SoldPart:
    """The part of a sale line that came from one lot.

    `net` is what the customer pays for it (before cash rounding), `discount` what was taken off,
    `tax` the VAT inside `net` that is ours to hand on; `share` is the producer's when consigned,
    `base` what that was reckoned on, `levy` what the fund is given, `cost` the book value when own.
    """

    line_no: int
    quantity_milli: int
    ownership: str
    net_satang: int
    discount_satang: int
    tax_satang: int
    tax_rate_basis_points: int
    cost_satang: int
    share_satang: int
    lot_id: UUID
    producer_id: UUID
    producer_member_id: UUID | None
    base_satang: int = 0
    borne_satang: int = 0
    """The producer's part of `discount`, where it was set in satang."""
    levy_satang: int = 0
    levy_fund_id: UUID | None = None
    levy_purpose: str = ""
    commission_tax_satang: int = 0
    """VAT inside our commission, when it is due on that instead of on the price."""
    charged: tuple[tuple[UUID, int], ...] = ()
    """What each fund pays of the price in the customer's stead; part of `discount`."""
    activity_id: UUID | None = None
    """The profit centre its income and cost belong to."""

    @property
    def charged_satang(self) -> int:
        """What all funds together pay of it."""
        return sum(amount for _, amount in self.charged)


@dataclass(frozen=True, slots=True)
class Money:
    """How the customer paid: cash kept in the drawer, transfers awaited, rounding given (≤ 0),
    and what was no money: on account, from the purse, by a scheme of the state, out of funds.

    Cash of a document that came after its drawer was counted is in that count already, as a
    difference: `counted` takes it out of over and short, and the drawer stays what was counted.
    """

    cash_satang: int
    transferred_satang: int
    rounding_satang: int
    till_id: UUID
    references: str = ""
    """What the customers' banks call their transfers: by it the bank's line is found."""
    counted: bool = False
    credit_satang: int = 0
    purse_satang: int = 0
    member_id: UUID | None = None
    """Whose account and purse they are."""
    scheme_satang: int = 0
    scheme_reference: str = ""
    funded: tuple[tuple[UUID, Purpose, int], ...] = ()
    """What funds pay by coupons, and where each fund is kept."""
    borne_satang: int = 0
    """What a late sale took from a coupon that wasn't good any more: the centre bears it."""


def sale_lines(
    parts: Iterable[SoldPart],
    money: Money,
    buyer_id: UUID | None,
    funds: Mapping[UUID, Purpose] = NO_FUNDS,
) -> tuple[NewLine, ...]:
    """Return the merged journal lines of a sale; raise `DiscountTooLarge` if a bearer's part
    would fall below zero, `BelowFloor` if the price doesn't cover what was promised even without.
    `funds` names the account of each fund that pays a part of it."""
    sold = list(parts)
    for part in sold:
        if part.ownership != "own":
            _require_affordable(part)
    return _lines(sold, money, buyer_id, funds)


def refund_lines(
    parts: Iterable[SoldPart],
    money: Money,
    buyer_id: UUID | None,
    funds: Mapping[UUID, Purpose] = NO_FUNDS,
) -> tuple[NewLine, ...]:
    """Return the journal lines of a refund: those of the returned parts, the other way round.

    A piece may be a satang short of its shares, which another piece makes up: nothing is refused.
    """
    return flipped(_lines(parts, money, buyer_id, funds))


def money_lines(money: Money) -> Sequence[NewLine]:
    """Return the tender side: cash by till, transfers awaiting a bank line, the rest, rounding."""
    cash = Purpose.CASH_OVER_SHORT if money.counted else Purpose.CASH_TILL
    return (
        NewLine(cash, debit=money.cash_satang, till_id=money.till_id),
        NewLine(Purpose.TRANSFERS_AWAITING, debit=money.transferred_satang, memo=money.references),
        NewLine(Purpose.MEMBER_RECEIVABLE, debit=money.credit_satang, member_id=money.member_id),
        NewLine(Purpose.MEMBER_PURSE, debit=money.purse_satang, member_id=money.member_id),
        NewLine(Purpose.SCHEME_RECEIVABLE, debit=money.scheme_satang, memo=money.scheme_reference),
        *(NewLine(kept, debit=satang, fund_id=fund) for fund, kept, satang in money.funded),
        NewLine(Purpose.EXPENSE_OTHER, debit=money.borne_satang),
        _signed_debit(Purpose.ROUNDING, -money.rounding_satang),
    )


def _lines(
    parts: Iterable[SoldPart],
    money: Money,
    buyer_id: UUID | None,
    funds: Mapping[UUID, Purpose],
) -> tuple[NewLine, ...]:
    lines: list[NewLine] = list(money_lines(money))
    for part in parts:
        lines += _own(part, buyer_id) if part.ownership == "own" else _consigned(part, buyer_id)
        lines += [NewLine(funds[id_], debit=amount, fund_id=id_) for id_, amount in part.charged]
    return merge(lines)


def _own(part: SoldPart, buyer_id: UUID | None) -> list[NewLine]:
    given = part.discount_satang - part.charged_satang
    discount = given - included_tax(given, part.tax_rate_basis_points)
    revenue = part.net_satang + part.charged_satang - part.tax_satang + discount
    activity = part.activity_id
    return [
        NewLine(Purpose.SALES, credit=revenue, member_id=buyer_id, activity_id=activity),
        NewLine(Purpose.DISCOUNTS_GIVEN, debit=discount, member_id=buyer_id, activity_id=activity),
        NewLine(Purpose.OUTPUT_VAT, credit=part.tax_satang),
        NewLine(Purpose.COST_OF_GOODS, debit=part.cost_satang, activity_id=activity),
        NewLine(Purpose.INVENTORY, credit=part.cost_satang, lot_id=part.lot_id),
    ]


def _consigned(part: SoldPart, buyer_id: UUID | None) -> list[NewLine]:
    return [
        NewLine(
            Purpose.CONSIGNMENT_PAYABLE,
            credit=part.share_satang,
            producer_id=part.producer_id,
            member_id=part.producer_member_id,
        ),
        NewLine(
            Purpose.COMMISSION,
            credit=_commission(part) - part.commission_tax_satang,
            member_id=buyer_id,
            activity_id=part.activity_id,
        ),
        *_levied(part),
        NewLine(Purpose.OUTPUT_VAT, credit=part.tax_satang + part.commission_tax_satang),
    ]


def _levied(part: SoldPart) -> list[NewLine]:
    if not part.levy_satang:
        return []
    kept_in = Purpose(part.levy_purpose)
    return [NewLine(kept_in, credit=part.levy_satang, fund_id=part.levy_fund_id)]


def _commission(part: SoldPart) -> int:
    """Return what is left of a part for the centre, VAT on it included."""
    paid = part.net_satang + part.charged_satang
    return paid - part.tax_satang - part.share_satang - part.levy_satang


def _require_affordable(part: SoldPart) -> None:
    """Refuse a part whose discount, or price, leaves less than was promised."""
    promised = part.share_satang + part.levy_satang
    if not part.discount_satang:
        if promised > part.base_satang:
            raise BelowFloor(
                line_no=part.line_no, promised_satang=promised, net_satang=part.net_satang
            )
    elif _commission(part) < 0 or part.share_satang < 0:
        raise DiscountTooLarge(largest_satang=_largest(part))


def _largest(part: SoldPart) -> int:
    """Return the discount at which nobody gives away more than they have, borne as it is."""
    ours = part.discount_satang - part.charged_satang - part.borne_satang
    limits = [
        part.discount_satang * (left + borne) // borne
        for left, borne in ((_commission(part), ours), (part.share_satang, part.borne_satang))
        if left < 0 < borne
    ]
    return max(min(limits, default=0), 0)


def _signed_debit(purpose: Purpose, amount: int) -> NewLine:
    if amount >= 0:
        return NewLine(purpose, debit=amount)
    return NewLine(purpose, credit=-amount)
