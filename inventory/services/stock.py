"""Goods leave for a customer and come back: lots chosen, levels changed, moves written.

What must stay true: a level is the sum of its moves, in quantity and in book value, at the end of
every transaction; an issue costs three statements whatever the number of lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError
from core.money import telescope
from inventory.models import Product
from inventory.rules import costing, terms
from inventory.rules.allocation import Draw, Shelf, draw
from inventory.services import levels as level_rows
from inventory.services import locations, moves
from inventory.services.lots import get as lot
from inventory.services.lots import levels
from inventory.services.moves import Journey, MoveCard, NewMove, moves_of

__all__ = [
    "IssueLine",
    "IssueOrder",
    "MoveCard",
    "OutOfStock",
    "Portion",
    "ReturnLine",
    "ReturnOrder",
    "issue",
    "levels",
    "lot",
    "moves_of",
    "out_of_stock",
    "take_back",
]


class OutOfStock(DomainError):
    """Less of a product lies at the location than was asked for."""

    code, status, title = "out-of-stock", 409, N_("Not enough stock")
    detail = N_("%(name_th)s: %(available_milli)s %(unit)s left, %(asked_milli)s asked.")


@dataclass(frozen=True, slots=True)
class IssueLine:
    """Goods asked for by one line; `base` is shared with the producer when they are consigned.

    `first` are lots bought for this buyer at an agreed price: they go before any other, and no
    producer's lot goes for such a price.
    """

    line_no: int
    product_id: UUID
    quantity_milli: int
    base_satang: int = 0
    producer_discount_satang: int = 0
    first: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """Goods that leave a location for a customer because of one document."""

    source_type: str
    source_id: UUID
    business_date: date
    moved_at: datetime
    location_id: UUID
    lines: Sequence[IssueLine]


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """How much of a line of the original document comes back."""

    line_no: int
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class ReturnOrder:
    """Goods of an earlier document that come back, to a location."""

    source_type: str
    source_id: UUID
    business_date: date
    moved_at: datetime
    location_id: UUID
    lines: Sequence[ReturnLine]
    original_type: str
    original_id: UUID


@dataclass(frozen=True, slots=True)
class Portion:
    """What one lot gave for one line, or got back: whose it is and what it is worth."""

    line_no: int
    lot_id: UUID
    ownership: str
    producer_id: UUID
    member_id: UUID | None
    quantity_milli: int
    cost_satang: int
    base_satang: int
    share_satang: int
    levy_satang: int = 0
    borne_satang: int = 0
    """The discount the producer bears; already taken off the share."""
    levy_fund_id: UUID | None = None
    levy_purpose: str = ""
    oversold: bool = False


def issue(order: IssueOrder, actor: Actor) -> list[Portion]:
    """Take goods from the lots of a location, first expiring first; raise `OutOfStock`.

    A producer's share and the levy are the lot's frozen terms on the line's base, less the discount
    the producer bears; whether either side falls below zero is for the caller to refuse.
    """
    may_oversell = actor.centre.oversell_policy == "allow_and_flag"
    shelves = level_rows.locked_shelves(
        actor.centre_id,
        order.location_id,
        [line.product_id for line in order.lines],
        may_oversell=may_oversell,
    )
    portions: list[Portion] = []
    for line in order.lines:
        lots = shelves.get(line.product_id, [])
        if line.first:
            ours = [shelf for shelf in lots if shelf.split_basis_points is None]
            lots = sorted(ours, key=lambda shelf: shelf.lot_id not in line.first)
        draws, missing = draw(lots, line.quantity_milli, may_oversell=may_oversell)
        if missing:
            raise out_of_stock(
                actor.centre_id,
                line.product_id,
                asked_milli=line.quantity_milli,
                available_milli=line.quantity_milli - missing,
                line_no=line.line_no,
            )
        served = _portions(line, draws)
        portions += served
        if len(shelves) < len(order.lines):  # a later line may want the same product
            shelves[line.product_id] = _after(lots, served)
    level_rows.change(actor.centre_id, order.location_id, _changes(portions, -1))
    moves.write(
        actor.centre_id,
        Journey(
            source_type=order.source_type,
            source_id=order.source_id,
            business_date=order.business_date,
            moved_at=order.moved_at,
            from_location_id=order.location_id,
            to_location_id=locations.outside(actor.centre_id, "customer"),
        ),
        [_new_move(portion) for portion in portions],
    )
    return portions


def take_back(order: ReturnOrder, actor: Actor) -> list[Portion]:
    """Put goods back into the lots they left, in the order they left.

    Cost, base and share come back in parts that sum to the original, in however many steps. The
    caller holds the original document, so that no two returns of it run at once, and has checked
    that no more comes back than left.
    """
    centre_id = actor.centre_id
    left = moves_of(centre_id, order.original_type, order.original_id)
    back = dict(moves.returned_so_far(centre_id, order.original_type, order.original_id))
    pieces: list[tuple[MoveCard, Portion]] = []
    for line in order.lines:
        pieces += _pieces(line, left, back)
    portions = [portion for _, portion in pieces]
    changes = _changes(portions, 1)
    levels = level_rows.locked(centre_id, changes)
    here = {lot_id for lot_id, place in levels if place == order.location_id}
    level_rows.change(
        centre_id,
        order.location_id,
        {lot: changes[lot] for lot in changes if lot in here},
    )
    level_rows.open_at(
        centre_id,
        order.location_id,
        {move.lot_id: move.product_id for move in left},
        {lot: changes[lot] for lot in changes if lot not in here},
    )
    moves.write(
        centre_id,
        Journey(
            source_type=order.source_type,
            source_id=order.source_id,
            business_date=order.business_date,
            moved_at=order.moved_at,
            from_location_id=locations.outside(centre_id, "customer"),
            to_location_id=order.location_id,
            original_type=order.original_type,
            original_id=order.original_id,
        ),
        [_new_move(portion, move.move_no) for move, portion in pieces],
    )
    return portions


def out_of_stock(
    centre_id: int,
    product_id: UUID,
    *,
    asked_milli: int,
    available_milli: int,
    line_no: int | None = None,
) -> OutOfStock:
    """Make the refusal that names the product and what is left of it."""
    product = db.session.execute(
        select(Product.name_th, Product.name_en, Product.unit).where(
            Product.centre_id == centre_id, Product.id == product_id
        )
    ).one_or_none()
    return OutOfStock(
        line_no=line_no,
        product_id=str(product_id),
        name_th=product.name_th if product else "",
        name_en=product.name_en if product else "",
        unit=product.unit if product else "",
        asked_milli=asked_milli,
        available_milli=available_milli,
    )


# --- what one lot gives or gets back ---------------------------------------------------------


def _portions(line: IssueLine, draws: Sequence[Draw]) -> list[Portion]:
    weights = [one.quantity_milli for one in draws]
    bases = terms.over_lots(line.base_satang, weights)
    discounts = terms.over_lots(line.producer_discount_satang, weights)
    return [
        _portion(line.line_no, one, base, discount)
        for one, base, discount in zip(draws, bases, discounts, strict=True)
    ]


def _portion(line_no: int, one: Draw, base_satang: int, discount_satang: int) -> Portion:
    shelf = one.shelf
    cost = 0
    sold = terms.Outcome(0, 0, 0)
    if shelf.split_basis_points is None:
        base_satang = 0  # our own goods: nothing of the price is shared
        cost = costing.issue_cost(
            shelf.quantity_milli,
            shelf.value_satang,
            one.quantity_milli,
            shelf.unit_cost_satang,
        )
    else:
        agreed = terms.terms_of(shelf.terms, shelf.split_basis_points)
        sold = agreed.outcome(base_satang, one.quantity_milli, discount_satang)
    fund_id, purpose = terms.levied_into(shelf.terms)
    return Portion(
        line_no=line_no,
        lot_id=shelf.lot_id,
        ownership=shelf.ownership,
        producer_id=shelf.producer_id,
        member_id=shelf.member_id,
        quantity_milli=one.quantity_milli,
        cost_satang=cost,
        base_satang=base_satang,
        share_satang=sold.share_satang,
        levy_satang=sold.levy_satang,
        borne_satang=sold.borne_satang,
        levy_fund_id=fund_id,
        levy_purpose=purpose,
        oversold=one.oversold,
    )


def _after(shelves: Sequence[Shelf], portions: Sequence[Portion]) -> list[Shelf]:
    """Return the shelves as they stand once the portions are gone, for the next line."""
    gone = {portion.lot_id: portion for portion in portions}
    return [
        replace(
            shelf,
            quantity_milli=shelf.quantity_milli - gone[shelf.lot_id].quantity_milli,
            value_satang=shelf.value_satang - gone[shelf.lot_id].cost_satang,
        )
        if shelf.lot_id in gone
        else shelf
        for shelf in shelves
    ]


def _pieces(
    line: ReturnLine, left: Sequence[MoveCard], back: dict[int, int]
) -> list[tuple[MoveCard, Portion]]:
    """Return what of a line's moves comes back now, each beside its move."""
    missing = line.quantity_milli
    pieces = []
    for move in left:
        gone = back.get(move.move_no, 0)
        taken = min(missing, move.quantity_milli - gone)
        if move.line_no == line.line_no and taken > 0:
            pieces.append((move, _returned(move, gone, taken)))
            back[move.move_no] = gone + taken
            missing -= taken
    assert not missing, "more comes back than left"
    return pieces


def _returned(move: MoveCard, gone_milli: int, taken_milli: int) -> Portion:
    def piece(amount: int) -> int:
        return telescope(amount, move.quantity_milli, gone_milli, taken_milli)

    return Portion(
        line_no=move.line_no,
        lot_id=move.lot_id,
        ownership=move.ownership,
        producer_id=move.producer_id,
        member_id=move.member_id,
        quantity_milli=taken_milli,
        cost_satang=piece(move.cost_satang),
        base_satang=piece(move.base_satang),
        share_satang=piece(move.share_satang),
        levy_satang=piece(move.levy_satang),
        borne_satang=piece(move.borne_satang),
        levy_fund_id=move.levy_fund_id,
        levy_purpose=move.levy_purpose,
    )


def _changes(portions: Iterable[Portion], sign: int) -> dict[UUID, tuple[int, int]]:
    changes: dict[UUID, tuple[int, int]] = {}
    for portion in portions:
        quantity, value = changes.get(portion.lot_id, (0, 0))
        changes[portion.lot_id] = (
            quantity + sign * portion.quantity_milli,
            value + sign * portion.cost_satang,
        )
    return changes


def _new_move(portion: Portion, original_move_no: int | None = None) -> NewMove:
    return NewMove(
        line_no=portion.line_no,
        lot_id=portion.lot_id,
        quantity_milli=portion.quantity_milli,
        cost_satang=portion.cost_satang,
        base_satang=portion.base_satang,
        share_satang=portion.share_satang,
        levy_satang=portion.levy_satang,
        borne_satang=portion.borne_satang,
        original_move_no=original_move_no,
    )
