"""Whose goods are in a batch: the parties that share what comes out, by the weight they brought.

What must stay true: of own production there is one party, the centre; in a joint batch one for each
producer and one for the centre if it brought goods that weigh; in repacking one for each producer,
ownership and terms, so that nothing of anybody's is mixed in the books.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select

from core.actor import Actor
from core.db import db, sum_int
from inventory.models import (
    BatchCost,
    BatchIssue,
    BatchIssueLine,
    Lot,
    OwnProducer,
    ProductionBatch,
)
from inventory.rules.production import Party, grams_of
from members.services import producers
from members.services.producers import NewProducer, ProducerCard


@dataclass(frozen=True, slots=True)
class BatchParty:
    """One party with what its goods carry on: terms, expiry, the member it was at intake."""

    party: Party
    producer: ProducerCard
    member_id: UUID | None
    split_basis_points: int | None = None
    terms: dict[str, Any] | None = None
    unit_grams: int = 0
    expires_on: date | None = None
    grade: str = ""


@dataclass(frozen=True, slots=True)
class WorkedOn:
    """What is in a batch: its parties, the cost they share, and all that weighs."""

    parties: tuple[BatchParty, ...]
    common_satang: int
    in_grams: int
    centre: ProducerCard

    @property
    def cost_satang(self) -> int:
        return self.common_satang + sum(one.party.cost_satang for one in self.parties)


@dataclass(frozen=True, slots=True)
class _Put:
    """A part of a lot that was put in."""

    lot: Lot
    quantity_milli: int
    unit_grams: int
    cost_satang: int

    @property
    def grams(self) -> int:
        return grams_of(self.quantity_milli, self.unit_grams)


def of_batch(batch: ProductionBatch, actor: Actor) -> WorkedOn:
    """Return what is in a batch."""
    put = _put_in(batch)
    costs, water = _costs(batch)
    centre = itself(actor)
    if batch.kind == "own":
        # All of it is ours; packaging is cost like the rest.
        made: tuple[BatchParty, ...] = ()
        if put:
            cost = sum(one.cost_satang for one in put)
            grams = sum(one.grams for one in put)
            made = (BatchParty(Party(grams, cost, ours=True), centre, None),)
        return WorkedOn(made, costs, sum(one.grams for one in put) + water, centre)
    # What weighs is worked on, what doesn't is used up doing it: bags, string, labels.
    goods = [one for one in put if one.grams] or put
    common = costs + sum(one.cost_satang for one in put if one not in goods)
    grouped: dict[str, list[_Put]] = {}
    for one in goods:
        grouped.setdefault(_key(batch.kind, one), []).append(one)
    cards = producers.names(actor.centre_id, {one.lot.producer_id for one in goods})
    found = tuple(_party(batch.kind, some, cards, centre) for some in grouped.values())
    return WorkedOn(found, common, sum(one.grams for one in goods) + water, centre)


def keeper(work: WorkedOn) -> BatchParty:
    """Return the centre as the party that keeps a fee in kind."""
    return BatchParty(Party(0, ours=True), work.centre, None)


def itself(actor: Actor) -> ProducerCard:
    """Return the row of the producers' register that stands for the centre; made when needed."""
    known = itself_if_known(actor.centre_id)
    if known is not None:
        return producers.get(actor.centre_id, known)
    made = producers.create(
        NewProducer(
            name=f"{actor.centre.name_th} (ผลิตเอง)", kind="group", split_basis_points=10_000
        ),
        actor,
    )
    db.session.execute(insert(OwnProducer).values(centre_id=actor.centre_id, producer_id=made.id))
    return made


def itself_if_known(centre_id: int) -> UUID | None:
    """Return the producer that stands for the centre, if it ever made anything."""
    return db.session.scalar(
        select(OwnProducer.producer_id).where(OwnProducer.centre_id == centre_id)
    )


def _key(kind: str, one: _Put) -> str:
    lot = one.lot
    if kind == "joint":
        return f"{lot.producer_id}" if lot.ownership == "consigned" else "centre"
    terms = json.dumps(lot.terms, sort_keys=True)
    parts = (lot.ownership, lot.producer_id, lot.split_basis_points, terms, one.unit_grams)
    return "|".join(str(part) for part in (*parts, lot.grade))


def _party(
    kind: str, some: Sequence[_Put], cards: dict[UUID, ProducerCard], centre: ProducerCard
) -> BatchParty:
    first = some[0].lot
    ours = first.ownership == "own"
    party = Party(sum(one.grams for one in some), sum(one.cost_satang for one in some), ours=ours)
    if kind == "joint" and ours:
        return BatchParty(party, centre, None)
    if kind == "joint":
        return BatchParty(party, cards[first.producer_id], first.member_id)
    expiries = [one.lot.expires_on for one in some if one.lot.expires_on]
    return BatchParty(
        party,
        cards[first.producer_id],
        first.member_id,
        split_basis_points=first.split_basis_points,
        terms=first.terms,
        unit_grams=some[0].unit_grams,
        expires_on=min(expiries, default=None),
        grade=first.grade,
    )


def _put_in(batch: ProductionBatch) -> list[_Put]:
    rows = db.session.execute(
        select(
            Lot,
            BatchIssueLine.quantity_milli,
            BatchIssueLine.unit_grams,
            BatchIssueLine.cost_satang,
        )
        .join(
            BatchIssueLine,
            and_(BatchIssueLine.centre_id == Lot.centre_id, BatchIssueLine.lot_id == Lot.id),
        )
        .join(
            BatchIssue,
            and_(
                BatchIssue.centre_id == BatchIssueLine.centre_id,
                BatchIssue.id == BatchIssueLine.issue_id,
            ),
        )
        .where(BatchIssue.centre_id == batch.centre_id, BatchIssue.batch_id == batch.id)
        .order_by(BatchIssue.recorded_at, BatchIssue.id, BatchIssueLine.line_no)
    )
    return [_Put(*row) for row in rows]


def _costs(batch: ProductionBatch) -> tuple[int, int]:
    """Return the satang and grams that costs added."""
    satang, grams = db.session.execute(
        select(sum_int(BatchCost.amount_satang), sum_int(BatchCost.grams)).where(
            BatchCost.centre_id == batch.centre_id, BatchCost.batch_id == batch.id
        )
    ).one()
    return satang or 0, grams or 0
