"""A batch as people read it, whole.

What must stay true: figures are those stored with the batch; nothing is priced anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from inventory.models import (
    Advance,
    BatchCancellation,
    BatchCost,
    BatchFee,
    BatchFinish,
    BatchIssue,
    BatchIssueLine,
    BatchOutput,
    BatchOutputLot,
    Lot,
    Product,
    ProductionBatch,
)
from inventory.rules.production import grams_of, unit_cost, yield_basis_points
from inventory.services.production import batches
from inventory.services.production.recipes import RecipeLine, lines_of
from members.services import access, producers


@dataclass(frozen=True, slots=True)
class PutIn:
    """A part of a lot in a batch."""

    issue_id: UUID
    lot_id: UUID
    lot_no: str
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    ownership: str
    producer_id: UUID
    producer_name: str
    quantity_milli: int
    unit_grams: int
    cost_satang: int
    recorded_at: datetime

    @property
    def grams(self) -> int:
        return grams_of(self.quantity_milli, self.unit_grams)


@dataclass(frozen=True, slots=True)
class CostCard:
    """Work or another cost in a batch."""

    id: UUID
    kind: str
    label: str
    quantity_milli: int
    rate_satang: int
    amount_satang: int
    grams: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ShareCard:
    """Who got how much of a line that came out."""

    kind: str
    producer_id: UUID
    producer_name: str
    quantity_milli: int
    cost_satang: int
    lot_id: UUID | None
    lot_no: str


@dataclass(frozen=True, slots=True)
class CameOut:
    """A line that came out, with its shares."""

    line_no: int
    role: str
    product_id: UUID | None
    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    kept_milli: int
    unit_grams: int
    unit_value_satang: int
    cost_satang: int
    expires_on: date | None
    shares: tuple[ShareCard, ...]

    @property
    def grams(self) -> int:
        return grams_of(self.quantity_milli, self.unit_grams)

    @property
    def unit_cost_satang(self) -> int | None:
        """What one unit of ours cost; None when none of it is ours."""
        ours = sum(one.quantity_milli for one in self.shares if one.kind == "own")
        return unit_cost(self.cost_satang, ours) if ours and self.cost_satang else None


@dataclass(frozen=True, slots=True)
class FeeCard:
    """A producer's weight and fee in a joint batch."""

    producer_id: UUID
    producer_name: str
    grams: int
    amount_satang: int
    advance_id: UUID | None
    advance_no: str
    repayment_id: UUID | None


@dataclass(frozen=True, slots=True)
class BatchDoc:
    """A batch whole, as it stands."""

    id: UUID
    batch_no: str
    kind: str
    name: str
    recipe_id: UUID | None
    planned: tuple[RecipeLine, ...]
    basis: str
    loss_rule: str
    location_id: UUID
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    put_in: tuple[PutIn, ...]
    costs: tuple[CostCard, ...]
    came_out: tuple[CameOut, ...]
    fees: tuple[FeeCard, ...]
    finish: BatchFinish | None
    cancellation: BatchCancellation | None

    @property
    def state(self) -> str:
        if self.cancellation is not None:
            return "cancelled"
        return "open" if self.finish is None else "done"

    @property
    def in_cost_satang(self) -> int:
        goods = sum(one.cost_satang for one in self.put_in)
        return goods + sum(one.amount_satang for one in self.costs)

    @property
    def in_grams(self) -> int:
        return sum(one.grams for one in self.put_in) + sum(one.grams for one in self.costs)

    @property
    def yield_basis_points(self) -> int | None:
        """Main goods that came out of what went in."""
        main = sum(one.grams for one in self.came_out if one.role == "main")
        return yield_basis_points(self.in_grams, main) if self.finish else None

    @property
    def planned_basis_points(self) -> int | None:
        """The same as the recipe has it."""

        def grams(side: str, *roles: str) -> int:
            lines = [
                one for one in self.planned if one.side == side and (not roles or one.role in roles)
            ]
            return sum(grams_of(one.quantity_milli, one.unit_grams) for one in lines)

        return yield_basis_points(grams("in") + grams("cost"), grams("out", "main"))


def get(batch_id: UUID, actor: Actor) -> BatchDoc:
    """Return a batch; raise NotFound, Forbidden."""
    access.require(actor, "production.read")
    row = batches.of(actor.centre_id, batch_id)
    cancelled = db.session.scalars(
        select(BatchCancellation).where(
            BatchCancellation.centre_id == row.centre_id, BatchCancellation.batch_id == row.id
        )
    ).one_or_none()
    return BatchDoc(
        id=row.id,
        batch_no=row.batch_no,
        kind=row.kind,
        name=row.name,
        recipe_id=row.recipe_id,
        planned=lines_of(row.planned),
        basis=row.basis,
        loss_rule=row.loss_rule,
        location_id=row.location_id,
        note=row.note,
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_name=row.recorded_name,
        put_in=_put_in(row),
        costs=_costs(row),
        came_out=_came_out(row),
        fees=_fees(row),
        finish=db.session.get(BatchFinish, (row.centre_id, row.id)),
        cancellation=cancelled,
    )


def batch_of(kind: str, part_id: UUID, actor: Actor) -> UUID:
    """Return the batch a part of one belongs to, by its source type; raise NotFound, Forbidden."""
    access.require(actor, "production.read")
    models: dict[str, Any] = {
        "batch_issue": BatchIssue,
        "batch_cost": BatchCost,
        "batch_cancel": BatchCancellation,
    }
    model = models.get(kind)
    found = None
    if model is not None:
        found = db.session.scalar(
            select(model.batch_id).where(model.centre_id == actor.centre_id, model.id == part_id)
        )
    if found is None:
        raise NotFound(what="production_batch")
    return UUID(str(found))


# --- parts -----------------------------------------------------------------------------------


def _put_in(batch: ProductionBatch) -> tuple[PutIn, ...]:
    rows = db.session.execute(
        select(BatchIssueLine, BatchIssue.recorded_at, Lot, Product)
        .join(
            BatchIssue,
            and_(
                BatchIssue.centre_id == BatchIssueLine.centre_id,
                BatchIssue.id == BatchIssueLine.issue_id,
            ),
        )
        .join(Lot, and_(Lot.centre_id == BatchIssueLine.centre_id, Lot.id == BatchIssueLine.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(BatchIssue.centre_id == batch.centre_id, BatchIssue.batch_id == batch.id)
        .order_by(BatchIssue.recorded_at, BatchIssue.id, BatchIssueLine.line_no)
    ).all()
    people = producers.names(batch.centre_id, {lot.producer_id for _, _, lot, _ in rows})
    return tuple(
        PutIn(
            issue_id=line.issue_id,
            lot_id=lot.id,
            lot_no=lot.lot_no,
            product_id=product.id,
            name_th=product.name_th,
            name_en=product.name_en,
            unit=product.unit,
            ownership=lot.ownership,
            producer_id=lot.producer_id,
            producer_name=people[lot.producer_id].name,
            quantity_milli=line.quantity_milli,
            unit_grams=line.unit_grams,
            cost_satang=line.cost_satang,
            recorded_at=recorded_at,
        )
        for line, recorded_at, lot, product in rows
    )


def _costs(batch: ProductionBatch) -> tuple[CostCard, ...]:
    rows = db.session.scalars(
        select(BatchCost)
        .where(BatchCost.centre_id == batch.centre_id, BatchCost.batch_id == batch.id)
        .order_by(BatchCost.recorded_at, BatchCost.id)
    )
    names = CostCard.__dataclass_fields__
    return tuple(CostCard(**{name: getattr(row, name) for name in names}) for row in rows)


def _came_out(batch: ProductionBatch) -> tuple[CameOut, ...]:
    rows = db.session.execute(
        select(BatchOutput, Product)
        .outerjoin(
            Product,
            and_(Product.centre_id == BatchOutput.centre_id, Product.id == BatchOutput.product_id),
        )
        .where(BatchOutput.centre_id == batch.centre_id, BatchOutput.batch_id == batch.id)
        .order_by(BatchOutput.line_no)
    ).all()
    shares = _shares(batch)
    return tuple(
        CameOut(
            line_no=line.line_no,
            role=line.role,
            product_id=line.product_id,
            name_th=product.name_th if product else "",
            name_en=product.name_en if product else "",
            unit=product.unit if product else "กก.",
            quantity_milli=line.quantity_milli,
            kept_milli=line.kept_milli,
            unit_grams=line.unit_grams,
            unit_value_satang=line.unit_value_satang,
            cost_satang=line.cost_satang,
            expires_on=line.expires_on,
            shares=tuple(shares.get(line.line_no, ())),
        )
        for line, product in rows
    )


def _shares(batch: ProductionBatch) -> dict[int, list[ShareCard]]:
    rows = db.session.execute(
        select(BatchOutputLot, Lot.lot_no)
        .outerjoin(
            Lot, and_(Lot.centre_id == BatchOutputLot.centre_id, Lot.id == BatchOutputLot.lot_id)
        )
        .where(BatchOutputLot.centre_id == batch.centre_id, BatchOutputLot.batch_id == batch.id)
        .order_by(BatchOutputLot.line_no, BatchOutputLot.share_no)
    ).all()
    people = producers.names(batch.centre_id, {share.producer_id for share, _ in rows})
    found: dict[int, list[ShareCard]] = {}
    for share, lot_no in rows:
        found.setdefault(share.line_no, []).append(
            ShareCard(
                kind=share.kind,
                producer_id=share.producer_id,
                producer_name=people[share.producer_id].name,
                quantity_milli=share.quantity_milli,
                cost_satang=share.cost_satang,
                lot_id=share.lot_id,
                lot_no=lot_no or "",
            )
        )
    return found


def _fees(batch: ProductionBatch) -> tuple[FeeCard, ...]:
    rows = db.session.execute(
        select(BatchFee, Advance.advance_no)
        .outerjoin(
            Advance,
            and_(Advance.centre_id == BatchFee.centre_id, Advance.id == BatchFee.advance_id),
        )
        .where(BatchFee.centre_id == batch.centre_id, BatchFee.batch_id == batch.id)
    ).all()
    people = producers.names(batch.centre_id, {fee.producer_id for fee, _ in rows})
    cards = [
        FeeCard(
            fee.producer_id,
            people[fee.producer_id].name,
            fee.grams,
            fee.amount_satang,
            fee.advance_id,
            number or "",
            fee.repayment_id,
        )
        for fee, number in rows
    ]
    return tuple(sorted(cards, key=lambda one: one.producer_name))
