"""Prepare a settlement: reckon each producer, freeze each statement. Nothing is posted by it.

What must stay true: a producer is in one waiting run at a time; a statement's content is made from
stored facts and the recipe alone, so that it can be made again to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select

from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError
from core.ids import uuid7
from core.numbering import buddhist_year, next_block, next_numbers
from inventory.models import Settlement, SettlementOutcome, SettlementRun
from inventory.rules.settlement import Recipe, Reckoning, reckon, statement_content
from inventory.services import catalogue
from inventory.services.settlement import policies
from inventory.services.settlement.gathering import Gathered, gather
from members.services import access, producers
from members.services.producers import ProducerCard

Progress = Callable[[int, int], None]
CHUNK = 200
"""Statements written with one statement: their JSON is held in memory meanwhile."""
_SETTLING = UUID("5e771e00-0000-7000-8000-000000000000")


class RunDiffers(DifferentContent):
    """The run's id came again with other content; the first one stands."""

    code, title = "settlement-differs", N_("This settlement was already prepared otherwise")
    detail = N_("The first one is kept. Cancel it, or prepare a new one.")


class CutOffAhead(DomainError):
    """A settlement is made up to a day that is over or today."""

    code, status, title = "cut-off-ahead", 422, N_("This day is still to come")
    detail = N_("Choose today or an earlier day.")


class NothingToSettle(DomainError):
    """No producer has anything to be settled up to this day."""

    code, status, title = "nothing-to-settle", 409, N_("There is nothing to settle")
    detail = N_("Choose a later day or other producers; sales held back are paid later.")


class InWaitingRun(DomainError):
    """A producer's statement waits in another run."""

    code, status, title = "in-waiting-settlement", 409, N_("A producer is in another settlement")
    detail = N_("%(name)s is in %(run_no)s, which %(prepared_name)s prepared. Post or cancel it.")


@dataclass(frozen=True, slots=True)
class PrepareSettlement:
    """Settle up to a day, for some producers or (None) for all."""

    id: UUID
    cut_off: date
    producer_ids: tuple[UUID, ...] | None = None


def prepare(command: PrepareSettlement, actor: Actor, progress: Progress | None = None) -> UUID:
    """Prepare a run and return its id; the same command again changes nothing.

    Raises CutOffAhead, NothingToSettle, InWaitingRun, RunDiffers, Forbidden.
    """
    access.require(actor, "settlement.prepare")
    content = content_of(command)
    serialise_on(UUID(int=_SETTLING.int + actor.centre_id))
    earlier = db.session.scalar(
        select(SettlementRun.content).where(
            SettlementRun.centre_id == actor.centre_id, SettlementRun.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise RunDiffers(differs=differs)
        return command.id
    if command.cut_off > clock.today():
        raise CutOffAhead(field="cut_off")
    recipe = policies.get(actor.centre_id).recipe
    gathered = gather(actor.centre_id, command.cut_off, recipe.hold_back_days, command.producer_ids)
    if not gathered:
        raise NothingToSettle
    people = producers.names(actor.centre_id, {one.producer_id for one in gathered})
    _require_free(actor.centre_id, people)
    _freeze(command, content, recipe, gathered, people, actor, progress)
    return command.id


def _require_free(centre_id: int, people: Mapping[UUID, ProducerCard]) -> None:
    waiting = db.session.execute(
        select(Settlement.producer_id, SettlementRun.run_no, SettlementRun.prepared_name)
        .join(
            SettlementRun,
            and_(
                SettlementRun.centre_id == Settlement.centre_id,
                SettlementRun.id == Settlement.run_id,
            ),
        )
        .outerjoin(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == SettlementRun.centre_id,
                SettlementOutcome.run_id == SettlementRun.id,
            ),
        )
        .where(Settlement.centre_id == centre_id, SettlementOutcome.run_id.is_(None))
        .order_by(Settlement.settlement_no)
    )
    for row in waiting:
        if row.producer_id in people:
            raise InWaitingRun(
                name=people[row.producer_id].name,
                run_no=row.run_no,
                prepared_name=row.prepared_name,
            )


def _freeze(
    command: PrepareSettlement,
    content: dict[str, Any],
    recipe: Recipe,
    gathered: Sequence[Gathered],
    people: Mapping[UUID, ProducerCard],
    actor: Actor,
    progress: Progress | None,
) -> None:
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [("settlement_run", year)])
    run_no = f"SR-{year}-{number:05d}"
    numbers = next_block(actor.centre_id, "settlement", year, len(gathered))
    names = _product_names(actor.centre_id, gathered)
    rows = []
    for settlement_number, one in zip(numbers, gathered, strict=True):
        result = reckon(
            one.payable, one.owed, one.advances_satang, one.brought_forward_satang, recipe
        )
        head = {
            "settlement_no": f"ST-{year}-{settlement_number:05d}",
            "run_no": run_no,
            "cut_off": command.cut_off.isoformat(),
            "prepared_at": now.isoformat(),
            "producer": _producer_content(people[one.producer_id]),
            "products": {key: names[key] for key in _products_of(one, result)},
        }
        statement = statement_content(head, recipe, one.payable, one.advances_satang, result)
        rows.append(_row(command, one, result, statement, actor))
    db.session.execute(
        insert(SettlementRun).values(
            centre_id=actor.centre_id,
            id=command.id,
            run_no=run_no,
            cut_off=command.cut_off,
            recipe=recipe.content(),
            producers=len(rows),
            payout_satang=sum(row["payout_satang"] for row in rows),
            prepared_at=now,
            prepared_by=actor.user_id,
            prepared_name=actor.name,
            digest=digest_of({"statements": [row["digest"] for row in rows]}),
            content=content,
        )
    )
    for start in range(0, len(rows), CHUNK):
        insert_rows(Settlement, rows[start : start + CHUNK])
        if progress is not None:
            progress(min(start + CHUNK, len(rows)), len(rows))


def _row(
    command: PrepareSettlement,
    one: Gathered,
    result: Reckoning,
    statement: dict[str, Any],
    actor: Actor,
) -> dict[str, Any]:
    return {
        "centre_id": actor.centre_id,
        "id": uuid7(),
        "settlement_no": statement["settlement_no"],
        "run_id": command.id,
        "producer_id": one.producer_id,
        "brought_forward_satang": result.brought_forward_satang,
        "earned_satang": result.earned_satang,
        "recovered_satang": result.recovered_satang,
        "netted_satang": result.netted_satang,
        "payout_satang": result.payout_satang,
        "carried_satang": result.carried_satang,
        "content": statement,
        "digest": digest_of(statement),
    }


def _producer_content(producer: ProducerCard) -> dict[str, str]:
    return {
        "id": str(producer.id),
        "producer_no": producer.producer_no,
        "name": producer.name,
        "village": producer.village or "",
    }


def _products_of(one: Gathered, result: Reckoning) -> list[str]:
    """Return the products a statement names, sorted, so that its bytes don't depend on a set."""
    back = [taken.owed.line for taken in result.taken]
    return sorted({str(line.product_id) for line in (*one.payable, *back)})


def _product_names(centre_id: int, gathered: Sequence[Gathered]) -> dict[str, list[str]]:
    wanted = {
        line.product_id
        for one in gathered
        for line in (*one.payable, *(owed.line for owed in one.owed))
    }
    cards = catalogue.for_sale(centre_id, wanted)
    return {str(key): [card.name_th, card.name_en, card.unit] for key, card in cards.items()}
