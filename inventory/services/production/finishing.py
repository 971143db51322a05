"""Finish a batch: what came out becomes lots, whose and at what cost; fees are charged.

What must stay true: everything that came out is shared to the last thousandth; every satang that
went in is on a lot of ours, lost, or spent; a batch is finished once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import content_of, differences, digest_of
from core.errors import N_, DomainError, NotFound
from core.quantity import price_of
from inventory.models import BatchFinish, BatchOutput, BatchOutputLot, ProductionBatch
from inventory.rules.intake import require_whole
from inventory.rules.production import (
    Came,
    Outcome,
    ValueNeeded,
    grams_told,
    require_not_more,
    work_out,
)
from inventory.rules.production_posting import finish_lines
from inventory.services import catalogue, drawer
from inventory.services.catalogue import ProductCard
from inventory.services.production import batches, fees, issuing, output_lots, parties
from inventory.services.production.batches import BatchDiffers
from inventory.services.production.output_lots import NewShare
from inventory.services.production.parties import WorkedOn
from members.services import access

SOURCE = "batch_finish"
LINES_MAX = 30


class NothingWentIn(DomainError):
    """A batch without goods can't be finished."""

    code, status, title = "nothing-went-in", 409, N_("Nothing went into this batch")
    detail = N_("Put goods into it first, or cancel it.")


class NothingCameOut(DomainError):
    """Goods came out, or at least waste did."""

    code, status, title = "nothing-came-out", 422, N_("Say what came out")
    detail = N_("Enter the goods that came out; if all of it spoiled, enter it as waste.")


class KeptTooMuch(DomainError):
    """Only in a joint batch goods are kept as a fee, and never more than came out."""

    code, status, title = "kept-too-much", 422, N_("This can't be kept as a fee")
    detail = N_("Line %(line_no)s: keep at most what came out, and only in a joint batch.")


@dataclass(frozen=True, slots=True)
class OutputLine:
    """Goods that came out; of waste `quantity` is kilograms and there is no product.

    `unit_value` is what a by-product is worth at least, or what is kept as a fee; of main goods it
    is the shelf price unless given. Left-out grams are as the unit says, or as last time.
    """

    role: str
    quantity_milli: int
    product_id: UUID | None = None
    unit_grams: int | None = None
    unit_value_satang: int | None = None
    kept_milli: int = 0
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class FinishBatch:
    """What came out of a batch; in a joint one the fee a kilogram brought, and who pays it now.

    `over_reason` lets more come out than went in; it needs the right to say so.
    """

    batch_id: UUID
    outputs: tuple[OutputLine, ...]
    fee_rate_satang: int = 0
    taken_home: tuple[UUID, ...] = ()
    paid_cash: tuple[UUID, ...] = ()
    shift_id: UUID | None = None
    over_reason: str = ""


def finish(command: FinishBatch, actor: Actor) -> UUID:
    """Finish a batch; the same command again changes nothing.

    Raises BatchDiffers, BatchEnded, NothingWentIn, NothingCameOut, MoreThanWentIn, WeightNeeded,
    ValueNeeded, ByProductsWorthMore, ShareTooSmall, KeptTooMuch, WholePieces, FloorAbovePrice,
    ShiftNeeded, ShiftClosed, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "production.record")
    content = content_of(command)
    batch = batches.locked(actor.centre_id, command.batch_id)
    earlier = db.session.get(BatchFinish, (actor.centre_id, batch.id))
    if earlier is not None:
        if differs := differences(earlier.content, content):
            raise BatchDiffers(differs=differs)
        return batch.id
    batches.require_open(actor.centre_id, batch.id)
    if command.paid_cash:
        # The drawer before the stock, as everywhere: so nobody waits for each other.
        drawer.purse("till", command.shift_id, actor)
    work = parties.of_batch(batch, actor)
    if not work.parties:
        raise NothingWentIn
    came, products = _came(command, batch, actor)
    if command.over_reason:
        access.require(actor, "production.override")
    out_grams = require_not_more(work.in_grams, came, command.over_reason)
    outcome = work_out(
        [one.party for one in work.parties],
        work.common_satang,
        came,
        basis=batch.basis,
        loss_rule=batch.loss_rule,
        in_grams=work.in_grams,
    )
    _store(command, content, work, came, outcome, out_grams, actor)
    shares = _shares(command, work, came, outcome, products)
    lot_ids = output_lots.make(batch, shares, actor)
    _store_shares(batch, shares, lot_ids, actor)
    _post(batch, shares, lot_ids, outcome, actor)
    if batch.kind == "joint":
        fees.charge(command, batch, work, actor)
    return batch.id


def _came(
    command: FinishBatch, batch: ProductionBatch, actor: Actor
) -> tuple[list[Came], dict[UUID, ProductCard]]:
    if not command.outputs:
        raise NothingCameOut(field="out_1_quantity")
    wanted = {line.product_id for line in command.outputs if line.product_id}
    products = catalogue.for_sale(actor.centre_id, wanted)
    weighs = issuing.usual_grams(actor.centre_id, [(p.id, p.unit) for p in products.values()])
    came = []
    for line_no, line in enumerate(command.outputs, start=1):
        kept_right = batch.kind == "joint" and line.role != "waste"
        if line.kept_milli and not (kept_right and line.kept_milli <= line.quantity_milli):
            raise KeptTooMuch(line_no=line_no)
        if line.role == "waste":
            came.append(Came("waste", line.quantity_milli, 1000))
            continue
        product = products.get(line.product_id) if line.product_id else None
        if product is None:
            raise NotFound(what="product", line_no=line_no)
        for quantity in (line.quantity_milli, line.kept_milli):
            require_whole(line_no, quantity, product.sold_by, product.name_th, product.unit)
        came.append(_goods(line_no, line, product, weighs[product.id]))
    return came, products


def _goods(line_no: int, line: OutputLine, product: ProductCard, grams: int) -> Came:
    value = line.unit_value_satang
    if value is None:
        if line.kept_milli and line.role == "main":
            raise ValueNeeded(line_no=line_no)
        value = product.price_satang if line.role == "main" else 0
    return Came(
        role=line.role,
        quantity_milli=line.quantity_milli,
        unit_grams=grams_told(product.unit, line.unit_grams, grams),
        unit_value_satang=value,
        whole=product.sold_by == "piece",
        kept_milli=line.kept_milli,
    )


def _store(
    command: FinishBatch,
    content: dict[str, Any],
    work: WorkedOn,
    came: Sequence[Came],
    outcome: Outcome,
    out_grams: int,
    actor: Actor,
) -> None:
    carried = [sum(line) for line in outcome.costs]
    db.session.execute(
        insert(BatchFinish).values(
            centre_id=actor.centre_id,
            batch_id=command.batch_id,
            in_cost_satang=work.cost_satang,
            out_cost_satang=sum(carried),
            loss_satang=outcome.loss_satang,
            spent_satang=outcome.spent_satang,
            in_grams=work.in_grams,
            out_grams=out_grams,
            over_reason=command.over_reason,
            **batches.signed(clock.now(), actor),
            digest=digest_of(content),
            content=content,
        )
    )
    insert_rows(
        BatchOutput,
        [
            {
                "centre_id": actor.centre_id,
                "batch_id": command.batch_id,
                "line_no": line_no,
                "role": one.role,
                "product_id": line.product_id if one.role != "waste" else None,
                "quantity_milli": one.quantity_milli,
                "kept_milli": one.kept_milli,
                "unit_grams": one.unit_grams,
                "unit_value_satang": one.unit_value_satang,
                "cost_satang": cost,
                "expires_on": line.expires_on,
            }
            for line_no, (line, one, cost) in enumerate(
                zip(command.outputs, came, carried, strict=True), start=1
            )
        ],
    )


def _shares(
    command: FinishBatch,
    work: WorkedOn,
    came: Sequence[Came],
    outcome: Outcome,
    products: dict[UUID, ProductCard],
) -> list[NewShare]:
    """Return who gets how much, line by line; what is kept as a fee comes last on its line."""
    shares: list[NewShare] = []
    for place, (line, one) in enumerate(zip(command.outputs, came, strict=True)):
        if one.role == "waste" or line.product_id is None:
            continue
        product = products[line.product_id]
        for who, party in enumerate(work.parties):
            quantity = outcome.shares[place][who]
            if quantity:
                home = not party.party.ours and party.producer.id in command.taken_home
                kind = "own" if party.party.ours else "home" if home else "consigned"
                cost = outcome.costs[place][who]
                shares.append(NewShare(place + 1, kind, party, product, line, one, quantity, cost))
        if one.kept_milli:
            worth = price_of(one.kept_milli, one.unit_value_satang)
            keeper = parties.keeper(work)
            shares.append(
                NewShare(
                    place + 1, "own", keeper, product, line, one, one.kept_milli, worth, kept=True
                )
            )
    return shares


def _store_shares(
    batch: ProductionBatch,
    shares: Sequence[NewShare],
    lot_ids: Sequence[UUID | None],
    actor: Actor,
) -> None:
    counted: dict[int, int] = {}
    rows = []
    for share, lot_id in zip(shares, lot_ids, strict=True):
        counted[share.line_no] = counted.get(share.line_no, 0) + 1
        rows.append(
            {
                "centre_id": actor.centre_id,
                "batch_id": batch.id,
                "line_no": share.line_no,
                "share_no": counted[share.line_no],
                "kind": share.kind,
                "producer_id": share.party.producer.id,
                "quantity_milli": share.quantity_milli,
                "cost_satang": share.cost_satang,
                "lot_id": lot_id,
            }
        )
    insert_rows(BatchOutputLot, rows)


def _post(
    batch: ProductionBatch,
    shares: Sequence[NewShare],
    lot_ids: Sequence[UUID | None],
    outcome: Outcome,
    actor: Actor,
) -> None:
    made: list[tuple[UUID, int]] = []
    kept: list[tuple[UUID, int]] = []
    for share, lot_id in zip(shares, lot_ids, strict=True):
        if share.kind == "own" and lot_id is not None:
            (kept if share.kept else made).append((lot_id, share.cost_satang))
    tax = fees.tax_in(sum(worth for _, worth in kept), clock.today(), actor)
    lines = finish_lines(made, kept, outcome.loss_satang, outcome.spent_satang, tax)
    batches.post(SOURCE, batch.id, lines, batch.batch_no, clock.now(), actor)
