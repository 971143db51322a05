"""Goods go into a batch: from the lots named, or of a product first expiring first.

What must stay true: no more of a lot goes in than lies there; what goes in lies at the place of
kind work, and what of it is ours stands in work in progress at the cost it had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select

from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import content_of, differences, digest_of
from core.errors import N_, DomainError, NotFound
from inventory.models import (
    BatchIssue,
    BatchIssueLine,
    BatchOutput,
    Lot,
    ProductionBatch,
)
from inventory.rules import costing
from inventory.rules.allocation import Draw, Shelf, draw
from inventory.rules.intake import require_whole
from inventory.rules.production import WeightNeeded, grams_of_unit, grams_told
from inventory.rules.production_posting import issue_lines
from inventory.services import catalogue, levels, locations, moves, stock
from inventory.services.catalogue import ProductCard
from inventory.services.moves import Journey, NewMove
from inventory.services.production import batches
from inventory.services.production.batches import BatchDiffers
from members.services import access

SOURCE = "batch_issue"
LINES_MAX = 100


class BuyFirst(DomainError):
    """What the centre makes it makes of its own goods."""

    code, status, title = "buy-first", 409, N_("These goods belong to their producer")
    detail = N_(
        "Lot %(lot_no)s is on consignment. Buy it first (on the lot's page), or work on it in a "
        "joint batch."
    )


@dataclass(frozen=True, slots=True)
class IssueLine:
    """So much of a lot, or of a product from whichever lots expire first.

    `unit_grams` is what one unit adds to the batch's weight: as the unit says, or as it was the
    last time, when left out; 0 for packaging.
    """

    quantity_milli: int
    lot_id: UUID | None = None
    product_id: UUID | None = None
    unit_grams: int | None = None


@dataclass(frozen=True, slots=True)
class IssueGoods:
    """Goods to put into a batch, from its own place unless another is named."""

    id: UUID
    batch_id: UUID
    lines: tuple[IssueLine, ...]
    location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What one lot gives for one line."""

    line_no: int
    shelf: Shelf
    quantity_milli: int
    unit_grams: int
    cost_satang: int


def issue(command: IssueGoods, actor: Actor) -> UUID:
    """Put goods into a batch and return the batch; the same command again changes nothing.

    Raises BatchDiffers, BatchEnded, BuyFirst, OutOfStock, WholePieces, WeightNeeded, PeriodClosed,
    NotFound, Forbidden.
    """
    access.require(actor, "production.record")
    assert command.lines
    content = content_of(command)
    batch = batches.locked(actor.centre_id, command.batch_id)
    earlier = db.session.scalar(
        select(BatchIssue.content).where(
            BatchIssue.centre_id == actor.centre_id, BatchIssue.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise BatchDiffers(differs=differs)
        return batch.id
    batches.require_open(actor.centre_id, batch.id)
    place = command.location_id or batch.location_id
    batches.require_place(actor.centre_id, place)
    drawn = _drawn(command, batch, place, actor)
    now = clock.now()
    _store(command, content, place, drawn, now, actor)
    _move(
        drawn,
        Journey(
            source_type=SOURCE,
            source_id=command.id,
            business_date=clock.business_date(now),
            moved_at=now,
            from_location_id=place,
            to_location_id=locations.work(actor.centre_id),
        ),
        actor,
    )
    costs = [(one.shelf.lot_id, one.cost_satang) for one in drawn]
    batches.post(SOURCE, command.id, issue_lines(costs), batch.batch_no, now, actor)
    return batch.id


def _store(
    command: IssueGoods,
    content: dict[str, Any],
    place: UUID,
    drawn: Sequence[_Drawn],
    now: datetime,
    actor: Actor,
) -> None:
    db.session.execute(
        insert(BatchIssue).values(
            centre_id=actor.centre_id,
            id=command.id,
            batch_id=command.batch_id,
            location_id=place,
            cost_satang=sum(one.cost_satang for one in drawn),
            **batches.signed(now, actor),
            digest=digest_of(content),
            content=content,
        )
    )
    insert_rows(
        BatchIssueLine,
        [
            {
                "centre_id": actor.centre_id,
                "issue_id": command.id,
                "line_no": number,
                "lot_id": one.shelf.lot_id,
                "quantity_milli": one.quantity_milli,
                "unit_grams": one.unit_grams,
                "cost_satang": one.cost_satang,
            }
            for number, one in enumerate(drawn, start=1)
        ],
    )


def usual_grams(centre_id: int, products: Sequence[tuple[UUID, str]]) -> dict[UUID, int]:
    """Return what one unit of products (id, unit) weighs: as the unit says, or as last time."""
    known = {product_id: grams_of_unit(unit) for product_id, unit in products}
    for product_id in [one for one, grams in known.items() if not grams]:
        known[product_id] = _last_grams(centre_id, product_id)
    return known


def _last_grams(centre_id: int, product_id: UUID) -> int:
    went_in = db.session.execute(
        select(BatchIssueLine.unit_grams, BatchIssue.recorded_at)
        .join(
            BatchIssue,
            and_(
                BatchIssue.centre_id == BatchIssueLine.centre_id,
                BatchIssue.id == BatchIssueLine.issue_id,
            ),
        )
        .join(
            Lot,
            and_(Lot.centre_id == BatchIssueLine.centre_id, Lot.id == BatchIssueLine.lot_id),
        )
        .where(BatchIssueLine.centre_id == centre_id, Lot.product_id == product_id)
        .order_by(BatchIssue.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    if went_in is not None:
        return int(went_in.unit_grams)
    came_out = db.session.scalar(
        select(BatchOutput.unit_grams)
        .where(BatchOutput.centre_id == centre_id, BatchOutput.product_id == product_id)
        .order_by(BatchOutput.batch_id.desc())
        .limit(1)
    )
    return came_out or 0


# --- parts -----------------------------------------------------------------------------------


def _drawn(command: IssueGoods, batch: ProductionBatch, place: UUID, actor: Actor) -> list[_Drawn]:
    """Take each line from its lots; the levels stay locked until the commit."""
    centre_id = actor.centre_id
    product_of = _products_of(command, centre_id)
    products = catalogue.for_sale(centre_id, set(product_of))
    shelves = levels.locked_shelves(centre_id, place, set(product_of), may_oversell=False)
    weighs = usual_grams(centre_id, [(one.id, one.unit) for one in products.values()])
    found: list[_Drawn] = []
    for line_no, (line, product_id) in enumerate(
        zip(command.lines, product_of, strict=True), start=1
    ):
        product = products.get(product_id)
        if product is None:
            raise NotFound(what="product", line_no=line_no)
        # What is used up, such as string by the kilogram, is told as 0 and adds no weight.
        told = line.unit_grams
        grams = 0 if told == 0 else grams_told(product.unit, told, weighs[product_id])
        there = shelves.get(product_id, [])
        drawn = _line(line_no, line, product, there, batch.kind, grams, actor)
        found += drawn
        shelves[product_id] = _after(there, drawn)
    return found


def _line(
    line_no: int,
    line: IssueLine,
    product: ProductCard,
    there: Sequence[Shelf],
    kind: str,
    grams: int,
    actor: Actor,
) -> list[_Drawn]:
    require_whole(line_no, line.quantity_milli, product.sold_by, product.name_th, product.unit)
    chosen = [one for one in there if line.lot_id in {None, one.lot_id}]
    if line.lot_id is None and kind != "repack":
        chosen = [one for one in chosen if one.ownership == "own"]
    draws, missing = draw(chosen, line.quantity_milli, may_oversell=False)
    if missing:
        raise stock.out_of_stock(
            actor.centre_id,
            product.id,
            asked_milli=line.quantity_milli,
            available_milli=line.quantity_milli - missing,
            line_no=line_no,
        )
    return [_of_draw(line_no, one, kind, grams, actor) for one in draws]


def _of_draw(line_no: int, one: Draw, kind: str, grams: int, actor: Actor) -> _Drawn:
    shelf = one.shelf
    if shelf.ownership == "consigned":
        if kind == "own":
            lot_no = stock.lot(shelf.lot_id, actor).card.lot_no
            raise BuyFirst(lot_no=lot_no, line_no=line_no, lot_id=str(shelf.lot_id))
        if not grams:
            raise WeightNeeded(line_no=line_no)
        return _Drawn(line_no, shelf, one.quantity_milli, grams, 0)
    cost = costing.issue_cost(
        shelf.quantity_milli, shelf.value_satang, one.quantity_milli, shelf.unit_cost_satang
    )
    return _Drawn(line_no, shelf, one.quantity_milli, grams, cost)


def _products_of(command: IssueGoods, centre_id: int) -> list[UUID]:
    """Return the product of each line, that of its lot where it names one."""
    lot_ids = sorted({line.lot_id for line in command.lines if line.lot_id})
    rows = db.session.execute(
        select(Lot.id, Lot.product_id).where(Lot.centre_id == centre_id, Lot.id.in_(lot_ids))
    )
    of_lot = {lot_id: product_id for lot_id, product_id in rows}
    found = []
    for line_no, line in enumerate(command.lines, start=1):
        product_id = line.product_id if line.lot_id is None else of_lot.get(line.lot_id)
        if product_id is None:
            raise NotFound(what="lot" if line.lot_id else "product", line_no=line_no)
        found.append(product_id)
    return found


def _after(shelves: Sequence[Shelf], drawn: Sequence[_Drawn]) -> list[Shelf]:
    gone = {one.shelf.lot_id: one for one in drawn}
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


def _move(drawn: Sequence[_Drawn], journey: Journey, actor: Actor) -> None:
    changes: dict[UUID, tuple[int, int]] = {}
    for one in drawn:
        quantity, value = changes.get(one.shelf.lot_id, (0, 0))
        changes[one.shelf.lot_id] = (quantity - one.quantity_milli, value - one.cost_satang)
    levels.change(actor.centre_id, journey.from_location_id, changes)
    moves.write(
        actor.centre_id,
        journey,
        [
            NewMove(one.line_no, one.shelf.lot_id, one.quantity_milli, one.cost_satang)
            for one in drawn
        ],
    )
