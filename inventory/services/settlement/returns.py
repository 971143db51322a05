"""What goods returned after their settlement still take back: how much, how old, who bears it.

What must stay true: what is owed back is worked out from the moves and the recoveries alone; the
centre bears only what is still owed, for a reason somebody put their name to.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from inventory.models import Absorption, Recovery
from inventory.rules.settlement import Line, OwedBack
from inventory.services.settlement.gathering import (
    owed_back,
    recovered,
    returned,
)
from members.services import access, producers, users
from members.services.producers import ProducerCard

SOURCE = "absorption"


class AbsorptionDiffers(DifferentContent):
    """The decision's id came again with other content; the first one stands."""

    code, title = "absorption-differs", N_("This decision was already recorded otherwise")


class MoreThanOwedBack(DomainError):
    """The centre would bear more than the producer still owes."""

    code, status, title = "more-than-owed-back", 409, N_("More than is owed back")
    detail = N_("%(name)s still owes %(left_satang)s baht for returned goods.")


@dataclass(frozen=True, slots=True)
class Absorb:
    """The centre bears (a part of) what a producer owes back for returned goods."""

    id: UUID
    producer_id: UUID
    amount_satang: int
    reason: str


@dataclass(frozen=True, slots=True)
class AbsorptionDoc:
    """A decision of the centre to bear returns."""

    id: UUID
    absorption_no: str
    producer: ProducerCard
    amount_satang: int
    reason: str
    business_date: date
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class AgedCard:
    """What one producer owes back, by the age of the return in days."""

    producer: ProducerCard
    owed: tuple[OwedBack, ...]
    to_30_satang: int
    to_90_satang: int
    older_satang: int

    @property
    def left_satang(self) -> int:
        return sum(one.left_satang for one in self.owed)


def outstanding(
    centre_id: int, producer_ids: Collection[UUID] | None = None
) -> dict[UUID, list[OwedBack]]:
    """Return what each producer still owes back, oldest first; who owes nothing is missing."""
    lines: dict[UUID, list[Line]] = {}
    for producer_id, line in returned(centre_id, producer_ids):
        lines.setdefault(producer_id, []).append(line)
    taken = recovered(centre_id, producer_ids)
    owed = {producer_id: owed_back(some, taken) for producer_id, some in lines.items()}
    return {producer_id: some for producer_id, some in owed.items() if some}


def aged(actor: Actor, today: date) -> list[AgedCard]:
    """Return what is owed back by producer and age, the largest first; raise `Forbidden`."""
    access.require(actor, "settlement.read")
    owed = outstanding(actor.centre_id)
    people = producers.names(actor.centre_id, set(owed))
    cards = []
    for producer_id, some in owed.items():
        sums = [0, 0, 0]
        for one in some:
            days = (today - one.line.business_date).days
            sums[0 if days <= 30 else 1 if days <= 90 else 2] += one.left_satang
        cards.append(AgedCard(people[producer_id], tuple(some), *sums))
    return sorted(cards, key=lambda card: (-card.left_satang, card.producer.producer_no))


def absorb(command: Absorb, actor: Actor) -> AbsorptionDoc:
    """Let the centre bear returns, oldest first; the same command again changes nothing.

    Raises MoreThanOwedBack, AbsorptionDiffers, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "settlement.absorb")
    centre_id = actor.centre_id
    serialise_on(command.producer_id)
    content = content_of(command)
    earlier = db.session.get(Absorption, (centre_id, command.id))
    if earlier is not None:
        if differs := differences(earlier.content, content):
            raise AbsorptionDiffers(differs=differs)
        return get(command.id, actor)
    producer = producers.get(centre_id, command.producer_id)
    owed = outstanding(centre_id, [command.producer_id]).get(command.producer_id, [])
    left = sum(one.left_satang for one in owed)
    if command.amount_satang > left:
        raise MoreThanOwedBack(name=producer.name, left_satang=left, field="amount_satang")
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    [number] = next_numbers(centre_id, [("absorption", year)])
    db.session.execute(
        insert(Absorption).values(
            centre_id=centre_id,
            id=command.id,
            absorption_no=f"AB-{year}-{number:05d}",
            producer_id=producer.id,
            amount_satang=command.amount_satang,
            reason=command.reason,
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            digest=digest_of(content),
            content=content,
        )
    )
    take(centre_id, SOURCE, command.id, producer.id, owed, command.amount_satang, now)
    _post(command, producer, now, actor)
    return get(command.id, actor)


def take(
    centre_id: int,
    document_type: str,
    document_id: UUID,
    producer_id: UUID,
    owed: Collection[OwedBack],
    amount_satang: int,
    now: datetime,
) -> None:
    """Write what a document takes of returns, in the order given; they hold at least as much."""
    rows = []
    for one in owed:
        part = min(one.left_satang, amount_satang)
        if part <= 0:
            break
        kind, source_id, number = one.line.key
        rows.append(
            {
                "centre_id": centre_id,
                "document_type": document_type,
                "document_id": document_id,
                "source_type": kind,
                "source_id": source_id,
                "move_no": number,
                "producer_id": producer_id,
                "amount_satang": part,
                "recorded_at": now,
            }
        )
        amount_satang -= part
    assert amount_satang == 0, "more is taken than is owed back"
    insert_rows(Recovery, rows)


def get(absorption_id: UUID, actor: Actor) -> AbsorptionDoc:
    """Return a decision; raise NotFound, Forbidden."""
    access.require(actor, "settlement.read")
    row = db.session.get(Absorption, (actor.centre_id, absorption_id))
    if row is None:
        raise NotFound(what="absorption")
    return AbsorptionDoc(
        id=row.id,
        absorption_no=row.absorption_no,
        producer=producers.get(actor.centre_id, row.producer_id),
        amount_satang=row.amount_satang,
        reason=row.reason,
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_by=_name(row.recorded_by),
    )


def _name(user_id: UUID | None) -> str:
    return users.names({user_id}).get(user_id, "") if user_id else ""


def _post(command: Absorb, producer: ProducerCard, now: datetime, actor: Actor) -> None:
    ledger.post(
        NewEntry(
            kind="absorption",
            source_type=SOURCE,
            source_id=command.id,
            business_date=clock.business_date(now),
            occurred_at=now,
            lines=(
                NewLine(Purpose.ABSORBED_RETURNS, debit=command.amount_satang),
                NewLine(
                    Purpose.CONSIGNMENT_PAYABLE,
                    credit=command.amount_satang,
                    producer_id=producer.id,
                    member_id=producer.member_id,
                ),
            ),
            memo=command.reason,
        ),
        actor,
    )
