"""Promotions at the counter: what is on offer now, and what a sale says it was given.

What must stay true: a sale never takes more or less off by a promotion than its rule says on its
day; a fund never pays more than it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import and_, or_, select

from accounting.rules.chart import Purpose
from accounting.services import funds
from core.db import db
from core.errors import N_, DomainError
from inventory.services.catalogue import ProductCard, ShelfCard
from pos.models import DiscountReason, Promotion
from pos.rules import offers as rules
from pos.rules.offers import Offer
from pos.rules.pricing import Bearing, LinePrice, borne_instead
from pos.services.selling import Selling


class OfferChanged(DomainError):
    """The promotion a line names does not take so much off, or is not for this line."""

    code, status, title = "offer-changed", 409, N_("The promotion has changed")
    detail = N_(
        "%(name_th)s: the promotion now takes %(discount_satang)s baht off. Tell the customer, "
        "then confirm again."
    )


class FundShort(DomainError):
    """A fund holds less than the discounts it should pay."""

    code, status, title = "fund-short", 409, N_("The fund has not enough money")
    detail = N_(
        "%(fund_th)s holds %(held_satang)s baht, this discount takes %(asked_satang)s. Give "
        "less, or choose another reason."
    )


@dataclass(frozen=True, slots=True)
class Applied:
    """A promotion a sale names, with its reason."""

    offer: Offer
    name_th: str
    name_en: str
    reason_id: UUID
    bearing: Bearing


@dataclass(frozen=True, slots=True)
class ShelfOffer:
    """What a promotion takes off a unit of a product, as the counter applies it.

    `off_satang` is of the product's own unit; kind and value say it for its other units.
    """

    id: UUID
    name_th: str
    name_en: str
    kind: str
    value: int
    off_satang: int
    members_only: bool
    valid_from: date
    valid_until: date | None


class ToldLine(Protocol):
    """A line of a sale as far as promotions go."""

    @property
    def promotion_id(self) -> UUID | None: ...
    @property
    def quantity_milli(self) -> int: ...
    @property
    def unit_price_satang(self) -> int: ...
    @property
    def discount_satang(self) -> int: ...


_PROMOTED = select(
    *(getattr(Promotion, name) for name in Offer.__dataclass_fields__),
    Promotion.name_th,
    Promotion.name_en,
    Promotion.reason_id,
    DiscountReason.bearer,
    DiscountReason.producer_basis_points,
    DiscountReason.fund_id,
).join(
    DiscountReason,
    and_(
        DiscountReason.centre_id == Promotion.centre_id,
        DiscountReason.id == Promotion.reason_id,
    ),
)


def named(centre_id: int, promotion_ids: Iterable[UUID | None]) -> dict[UUID, Applied]:
    """Return the promotions of these ids, ended ones too; no statement when there is no id."""
    wanted = {one for one in promotion_ids if one is not None}
    if not wanted:
        return {}
    rows = db.session.execute(
        _PROMOTED.where(Promotion.centre_id == centre_id, Promotion.id.in_(sorted(wanted)))
    )
    return {row.id: _applied(row) for row in rows}


def require_as_told(
    lines: Sequence[ToldLine],
    known: Mapping[UUID, Applied],
    goods: Sequence[Selling],
    days: Iterable[date],
    *,
    member: bool,
    late: bool,
) -> list[str]:
    """Raise `OfferChanged` unless each promotion named is in force on one of the days, for this
    product and customer, and takes off what the line says, at the price it was told.

    A late sale may name one that holds no longer (somebody stopped it meanwhile): that is told.
    """
    held_on = set(days)
    remarks = []
    for line_no, (line, one) in enumerate(zip(lines, goods, strict=True), start=1):
        if line.promotion_id is None:
            continue
        product = one.product
        applied = known.get(line.promotion_id)
        holds = applied is not None and _holds(applied.offer, product, held_on, member=member)
        right = 0
        if applied is not None and (holds or late):
            off = rules.off_of(applied.offer, line.unit_price_satang, one.factor_milli)
            right = rules.discount_of(line.quantity_milli, off)
        if right == 0 or right != line.discount_satang:
            raise OfferChanged(
                line_no=line_no,
                product_id=str(product.id),
                promotion_id=str(line.promotion_id),
                name_th=product.name_th,
                discount_satang=right,
                told_satang=line.discount_satang,
            )
        if not holds:
            remarks.append(f"offer-over:{line_no}")
    return remarks


def on_shelf(centre_id: int, shelf: Iterable[ShelfCard], day: date) -> dict[UUID, list[ShelfOffer]]:
    """Return the offers in force on a day for each product that has any, best first."""
    rows = db.session.execute(
        _PROMOTED.where(
            Promotion.centre_id == centre_id,
            Promotion.active.is_(True),
            Promotion.valid_from <= day,
            or_(Promotion.valid_until.is_(None), Promotion.valid_until >= day),
        )
    ).all()
    running = {row.id: _applied(row) for row in rows}
    if not running:
        return {}
    everywhere = [one.offer for one in running.values() if one.offer.product_id is None]
    own: dict[UUID, list[Offer]] = {}
    for one in running.values():
        if one.offer.product_id is not None:
            own.setdefault(one.offer.product_id, []).append(one.offer)
    found = {}
    for product in shelf:
        about = [*own.get(product.id, ()), *_about(everywhere, product)]
        others = [(unit.price_satang, unit.factor_milli) for unit in product.units]
        ranking = rules.ranked(about, product.price_satang, others)
        if ranking:
            found[product.id] = [_shelf_offer(running[one.id], off) for one, off in ranking]
    return found


def bearings(centre_id: int, reason_ids: Iterable[UUID | None]) -> dict[UUID, Bearing]:
    """Return who bears the discounts given for these reasons, also of reasons no longer in use."""
    wanted = {one for one in reason_ids if one is not None}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            DiscountReason.id,
            DiscountReason.bearer,
            DiscountReason.producer_basis_points,
            DiscountReason.fund_id,
        ).where(DiscountReason.centre_id == centre_id, DiscountReason.id.in_(sorted(wanted)))
    )
    return {row.id: Bearing(*row[1:]) for row in rows}


def purposes_of(centre_id: int, charged: Iterable[tuple[UUID, int]]) -> dict[UUID, Purpose]:
    """Return the account of each fund named; no statement when none is."""
    named_funds = {fund_id for fund_id, _ in charged}
    return {fund_id: funds.card(centre_id, fund_id).purpose for fund_id in sorted(named_funds)}


@dataclass(frozen=True, slots=True)
class Covered:
    """Priced lines whose funds can pay, those funds' accounts, a late sale's remarks."""

    lines: list[LinePrice]
    funds: dict[UUID, Purpose]
    remarks: tuple[str, ...] = ()


def covered(centre_id: int, lines: list[LinePrice], *, late: bool) -> Covered:
    """Return the lines with what funds pay for them; raise `FundShort` if one holds less.

    The funds are held until the transaction ends, so no two sales spend the same money. A late
    sale has given its discount already: what its fund no longer holds is borne by the centre.
    """
    asked: dict[UUID, int] = {}
    for price in lines:
        for fund_id, amount in price.charged:
            asked[fund_id] = asked.get(fund_id, 0) + amount
    short = {}
    for fund_id in sorted(asked):
        held = funds.free(centre_id, fund_id)
        if held < asked[fund_id]:
            short[fund_id] = held
    if short and not late:
        fund_id, held = next(iter(short.items()))
        fund = funds.card(centre_id, fund_id)
        raise FundShort(
            fund_th=fund.name_th,
            fund_en=fund.name_en,
            held_satang=held,
            asked_satang=asked[fund_id],
        )
    remarks = tuple(
        f"fund-short:{line_no}"
        for line_no, price in enumerate(lines, start=1)
        if any(fund_id in short for fund_id, _ in price.charged)
    )
    paid = [borne_instead(price, short) for price in lines] if short else lines
    left = purposes_of(centre_id, [one for one in asked.items() if one[0] not in short])
    return Covered(paid, left, remarks)


def _holds(offer: Offer, product: ProductCard, days: set[date], *, member: bool) -> bool:
    return (
        (member or not offer.members_only)
        and rules.covers(offer, product.id, product.category)
        and any(rules.in_force(offer, day) for day in days)
    )


def _about(offers: Sequence[Offer], product: ShelfCard) -> list[Offer]:
    return [one for one in offers if rules.covers(one, product.id, product.category)]


def _applied(row: Any) -> Applied:
    return Applied(
        offer=Offer(**{name: getattr(row, name) for name in Offer.__dataclass_fields__}),
        name_th=row.name_th,
        name_en=row.name_en,
        reason_id=row.reason_id,
        bearing=Bearing(row.bearer, row.producer_basis_points, row.fund_id),
    )


def _shelf_offer(applied: Applied, off_satang: int) -> ShelfOffer:
    offer = applied.offer
    return ShelfOffer(
        id=offer.id,
        name_th=applied.name_th,
        name_en=applied.name_en,
        kind=offer.kind,
        value=offer.value,
        off_satang=off_satang,
        members_only=offer.members_only,
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
    )
