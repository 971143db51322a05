"""The fee for working on producers' goods: owed like an advance, or paid at once.

What must stay true: what a producer owes for a batch is netted, repaid and shown exactly as any
advance is; what is paid at once gives back this fee and no older advance.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import insert

from accounting.rules.entry import NewEntry
from accounting.rules.tax import included_tax, rate_on
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import digest_of
from core.errors import NotFound
from core.ids import uuid7
from core.numbering import buddhist_year, next_numbers
from inventory.models import Advance, BatchFee, ProductionBatch
from inventory.rules.payout_posting import Whose
from inventory.rules.production import fee_of
from inventory.rules.production_posting import fee_lines
from inventory.services import advances, repayments
from inventory.services.production.parties import BatchParty, WorkedOn

if TYPE_CHECKING:
    from inventory.services.production.finishing import FinishBatch


def charge(command: FinishBatch, batch: ProductionBatch, work: WorkedOn, actor: Actor) -> None:
    """Charge each producer of a joint batch by the weight brought.

    Raises NotFound (who pays or takes home has no goods in it), ShiftNeeded, ShiftClosed,
    Forbidden.
    """
    theirs = sorted(
        (one for one in work.parties if not one.party.ours), key=lambda one: one.producer.id
    )
    known = {one.producer.id for one in theirs}
    if not {*command.paid_cash, *command.taken_home} <= known:
        raise NotFound(what="producer", field="paid_cash")
    rows = []
    for one in theirs:
        amount = fee_of(one.party.grams, command.fee_rate_satang)
        advance_id = _owed(batch, one, amount, actor) if amount else None
        repayment_id = None
        if advance_id is not None and one.producer.id in command.paid_cash:
            repayment_id = _paid(command, advance_id, one, amount, batch, actor)
        rows.append(
            {
                "centre_id": actor.centre_id,
                "batch_id": batch.id,
                "producer_id": one.producer.id,
                "grams": one.party.grams,
                "amount_satang": amount,
                "advance_id": advance_id,
                "repayment_id": repayment_id,
            }
        )
    insert_rows(BatchFee, rows)


def tax_in(fee_satang: int, day: date, actor: Actor) -> int:
    """Return the VAT in a fee, in money or in kind; none of a centre that is not registered."""
    if actor.centre.tax_on(day).vat_mode != "registered":
        return 0
    return included_tax(fee_satang, rate_on("standard", day))


def _owed(batch: ProductionBatch, one: BatchParty, amount_satang: int, actor: Actor) -> UUID:
    """Write the fee down as an advance of kind service, and post it."""
    serialise_on(one.producer.id)
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    [number] = next_numbers(actor.centre_id, [(advances.SOURCE, year)])
    advance_id = uuid7()
    content = {"batch_id": str(batch.id), "producer_id": str(one.producer.id)}
    db.session.execute(
        insert(Advance).values(
            centre_id=actor.centre_id,
            id=advance_id,
            advance_no=f"AV-{year}-{number:05d}",
            producer_id=one.producer.id,
            kind="service",
            paid_from="service",
            amount_satang=amount_satang,
            note=f"{batch.batch_no} {batch.name}",
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    tax = tax_in(amount_satang, day, actor)
    ledger.post(
        NewEntry(
            kind="service_fee",
            source_type=advances.SOURCE,
            source_id=advance_id,
            business_date=day,
            occurred_at=now,
            lines=fee_lines(Whose(one.producer.id, one.producer.member_id), amount_satang, tax),
            memo=batch.batch_no,
        ),
        actor,
    )
    return advance_id


def _paid(
    command: FinishBatch,
    advance_id: UUID,
    one: BatchParty,
    amount_satang: int,
    batch: ProductionBatch,
    actor: Actor,
) -> UUID:
    """Take the money into the drawer of the shift named."""
    repayment = repayments.Repay(
        id=uuid7(),
        producer_id=one.producer.id,
        amount_satang=amount_satang,
        paid_into="till",
        shift_id=command.shift_id,
        note=batch.batch_no,
        advance_id=advance_id,
    )
    return repayments.repay(repayment, actor).id
