"""What came out of a batch becomes lots: an intake of kind production for each producer.

What must stay true: every lot begins with its intake and one move out of work; a lot of ours has
the cost the batch gave it, one of a producer's the terms agreed, and no cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert

from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import digest_of
from core.ids import uuid7
from core.numbering import buddhist_year, next_block
from inventory.models import GoodsReceipt, Lot, ProductionBatch
from inventory.rules.production import Came, unit_cost
from inventory.rules.repacking import carried
from inventory.rules.terms import terms_of
from inventory.services import consignment_terms, levels, locations, moves, receipts
from inventory.services.catalogue import ProductCard
from inventory.services.freezing import Frozen, frozen
from inventory.services.moves import Journey, NewMove
from inventory.services.production.parties import BatchParty

if TYPE_CHECKING:
    from inventory.services.production.finishing import OutputLine


@dataclass(frozen=True, slots=True)
class NewShare:
    """Somebody's part of a line that came out; `kept` when it is the centre's fee in kind."""

    line_no: int
    kind: str
    party: BatchParty
    product: ProductCard
    line: OutputLine
    came: Came
    quantity_milli: int
    cost_satang: int
    kept: bool = False


def make(batch: ProductionBatch, shares: Sequence[NewShare], actor: Actor) -> list[UUID | None]:
    """Make the lots of shares that stay here; return each share's lot, None when taken home."""
    staying = [share for share in shares if share.kind != "home"]
    # Sorted, so that lots of one batch leave in the order of its lines.
    ids = iter(sorted(uuid7() for _ in staying))
    lot_ids = [None if share.kind == "home" else next(ids) for share in shares]
    if not staying:
        return lot_ids
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    by_producer: dict[UUID, list[tuple[UUID, NewShare]]] = {}
    for lot_id, share in zip(lot_ids, shares, strict=True):
        if lot_id is not None:
            by_producer.setdefault(share.party.producer.id, []).append((lot_id, share))
    receipt_numbers = next_block(actor.centre_id, "intake", year, len(by_producer))
    lot_numbers = iter(next_block(actor.centre_id, "lot", year, len(staying)))
    for number, (producer_id, made) in zip(receipt_numbers, by_producer.items(), strict=True):
        receipt_id = _receipt(batch, producer_id, f"IN-{year}-{number:05d}", made, now, actor)
        agreed = _terms(batch, [share for _, share in made], actor)
        insert_rows(
            Lot,
            [
                _lot_row(lot_id, share, terms, actor)
                | {
                    "lot_no": f"L{year}-{next(lot_numbers):05d}",
                    "goods_receipt_id": receipt_id,
                    "line_no": line_no,
                    "received_at": now,
                }
                for line_no, ((lot_id, share), terms) in enumerate(
                    zip(made, agreed, strict=True), start=1
                )
            ],
        )
        _put_down(batch, receipt_id, made, now, actor)
    return lot_ids


def _receipt(
    batch: ProductionBatch,
    producer_id: UUID,
    receipt_no: str,
    made: Sequence[tuple[UUID, NewShare]],
    now: datetime,
    actor: Actor,
) -> UUID:
    receipt_id = uuid7()
    content = {"batch_id": str(batch.id), "producer_id": str(producer_id)}
    db.session.execute(
        insert(GoodsReceipt).values(
            centre_id=actor.centre_id,
            id=receipt_id,
            receipt_no=receipt_no,
            producer_id=producer_id,
            kind="production",
            paid="none",
            location_id=batch.location_id,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            note=f"{batch.batch_no} {batch.name}",
            cost_satang=sum(share.cost_satang for _, share in made),
            digest=digest_of(content),
            content=content,
        )
    )
    return receipt_id


def _terms(batch: ProductionBatch, shares: Sequence[NewShare], actor: Actor) -> list[Frozen | None]:
    """Return what each lot freezes: the old lot's terms of goods packed anew, today's of others."""
    agreed: list[Frozen | None] = []
    for share in shares:
        if share.kind != "consigned":
            agreed.append(None)
        elif batch.kind == "repack":
            agreed.append(_carried(share))
        else:
            day = clock.today()
            agreed += frozen([(share.product, None)], share.party.producer, day, actor)
    return agreed


def _carried(share: NewShare) -> Frozen:
    party = share.party
    assert party.split_basis_points is not None
    terms = carried(party.terms, party.unit_grams, share.came.unit_grams)
    whole = terms_of(terms, party.split_basis_points)
    price = share.product.price_satang
    consignment_terms.require_below_price(whole, price, line_no=share.line_no)
    return Frozen(party.split_basis_points, terms)


def _lot_row(lot_id: UUID, share: NewShare, agreed: Frozen | None, actor: Actor) -> dict[str, Any]:
    party = share.party
    return {
        "centre_id": actor.centre_id,
        "id": lot_id,
        "product_id": share.product.id,
        "producer_id": party.producer.id,
        "member_id": party.member_id,
        "ownership": share.kind,
        "gross_milli": share.quantity_milli,
        "tare_milli": 0,
        "deduction_milli": 0,
        "quantity_milli": share.quantity_milli,
        "grade": party.grade,
        "unit_cost_satang": unit_cost(share.cost_satang, share.quantity_milli),
        "cost_satang": share.cost_satang,
        "split_basis_points": agreed.split_basis_points if agreed else None,
        "terms": agreed.terms if agreed else None,
        "expires_on": share.line.expires_on or party.expires_on,
    }


def _put_down(
    batch: ProductionBatch,
    receipt_id: UUID,
    made: Sequence[tuple[UUID, NewShare]],
    now: datetime,
    actor: Actor,
) -> None:
    levels.open_at(
        actor.centre_id,
        batch.location_id,
        {lot_id: share.product.id for lot_id, share in made},
        {lot_id: (share.quantity_milli, share.cost_satang) for lot_id, share in made},
    )
    journey = Journey(
        source_type=receipts.SOURCE,
        source_id=receipt_id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=locations.work(actor.centre_id),
        to_location_id=batch.location_id,
    )
    new = [
        NewMove(line_no, lot_id, share.quantity_milli, share.cost_satang)
        for line_no, (lot_id, share) in enumerate(made, start=1)
    ]
    moves.write(actor.centre_id, journey, new)
