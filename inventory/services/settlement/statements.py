"""Settlements as people read them: the runs, each run's statements, each statement whole.

What must stay true: a statement shows what was frozen; a producer reads own statements only, and
only posted ones.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.sql import Select

from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import (
    Payout,
    PayoutLine,
    Settlement,
    SettlementApproval,
    SettlementOutcome,
    SettlementRun,
)
from inventory.rules.settlement import Line, Recipe, line_of
from members.services import access


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run in a list; `state` is prepared, approved, posted or cancelled."""

    id: UUID
    run_no: str
    cut_off: date
    producers: int
    payout_satang: int
    prepared_at: datetime
    prepared_by: UUID | None
    prepared_name: str
    approved_name: str
    approved_at: datetime | None
    waiver: str
    state: str
    concluded_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class StatementCard:
    """A statement in a list; `paid` is what vouchers paid of its payout."""

    id: UUID
    settlement_no: str
    run_id: UUID
    run_no: str
    cut_off: date
    state: str
    posted_at: datetime | None
    producer_id: UUID
    producer_no: str
    producer_name: str
    brought_forward_satang: int
    earned_satang: int
    recovered_satang: int
    netted_satang: int
    payout_satang: int
    carried_satang: int
    paid_satang: int

    @property
    def unpaid_satang(self) -> int:
        return self.payout_satang - self.paid_satang if self.state == "posted" else 0


@dataclass(frozen=True, slots=True)
class VoucherCard:
    """A payout that paid a statement, or a part of it."""

    id: UUID
    payout_no: str
    business_date: date
    amount_satang: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of a statement with the names its product had."""

    line: Line
    name_th: str
    name_en: str
    unit: str


@dataclass(frozen=True, slots=True)
class StatementRecovery:
    """A return the statement takes something of: before, taken, left."""

    line: StatementLine
    left_before_satang: int
    taken_satang: int

    @property
    def left_satang(self) -> int:
        return self.left_before_satang - self.taken_satang


@dataclass(frozen=True, slots=True)
class ProductSum:
    """What a statement says of one product in all, returns taken off."""

    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    base_satang: int
    amount_satang: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One producer's statement whole."""

    card: StatementCard
    run: RunCard
    village: str
    lines: tuple[StatementLine, ...]
    recoveries: tuple[StatementRecovery, ...]
    advances_before_satang: int
    digest: str
    content: dict[str, Any]

    @property
    def by_product(self) -> tuple[ProductSum, ...]:
        """The lines added up by product, the largest part first."""
        groups: dict[UUID, list[StatementLine]] = {}
        for one in self.lines:
            groups.setdefault(one.line.product_id, []).append(one)
        sums = [
            ProductSum(
                some[0].name_th,
                some[0].name_en,
                some[0].unit,
                sum(one.line.quantity_milli for one in some),
                sum(one.line.base_satang for one in some),
                sum(one.line.amount_satang for one in some),
            )
            for some in groups.values()
        ]
        return tuple(sorted(sums, key=lambda one: (-one.amount_satang, one.name_th)))


def runs(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[RunCard]:
    """Return the centre's runs, newest first; raise `Forbidden`."""
    access.require(actor, "settlement.read")
    texts = (SettlementRun.run_no, SettlementRun.prepared_name)
    query = _runs(actor.centre_id).where(*matching(sought, day=SettlementRun.cut_off, text=texts))
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(SettlementRun.id < last)
    rows = db.session.execute(query.order_by(SettlementRun.id.desc()).limit(window.limit + 1))
    return page_of([_run(row) for row in rows], window, lambda run: str(run.id))


def run(run_id: UUID, actor: Actor) -> RunCard:
    """Return a run; raise NotFound, Forbidden."""
    access.require(actor, "settlement.read")
    return _the_run(actor.centre_id, run_id)


def recipe_of(run_id: UUID, actor: Actor) -> Recipe:
    """Return the policy a run was reckoned by; raise NotFound, Forbidden."""
    access.require(actor, "settlement.read")
    frozen = db.session.scalar(
        select(SettlementRun.recipe).where(
            SettlementRun.centre_id == actor.centre_id, SettlementRun.id == run_id
        )
    )
    if frozen is None:
        raise NotFound(what="settlement_run")
    return Recipe(**frozen)


def vouchers_of(settlement_id: UUID, actor: Actor) -> list[VoucherCard]:
    """Return the vouchers that paid (a part of) a statement; raise `Forbidden`."""
    access.require(actor, "payout.read")
    rows = db.session.execute(
        select(Payout.id, Payout.payout_no, Payout.business_date, PayoutLine.amount_satang)
        .join(
            PayoutLine,
            and_(PayoutLine.centre_id == Payout.centre_id, PayoutLine.payout_id == Payout.id),
        )
        .where(
            Payout.centre_id == actor.centre_id,
            PayoutLine.kind == "settlement",
            PayoutLine.document_id == settlement_id,
        )
        .order_by(Payout.payout_no)
    )
    return [VoucherCard(*row) for row in rows]


def of_run(run_id: UUID, actor: Actor) -> list[StatementCard]:
    """Return the statements of a run by number; raise NotFound, Forbidden."""
    access.require(actor, "settlement.read")
    query = _cards(actor.centre_id).where(Settlement.run_id == run_id)
    return [
        StatementCard(*row) for row in db.session.execute(query.order_by(Settlement.settlement_no))
    ]


def of_producer(
    actor: Actor, window: Window, producer_id: UUID | None = None
) -> Page[StatementCard]:
    """Return a producer's posted statements, newest first; without an id the signed-in one's own.

    Raises Forbidden for another's without the right to read settlements.
    """
    wanted = producer_id or actor.producer_id
    own = wanted is not None and wanted == actor.producer_id
    access.require(actor, "producer_account.read" if own else "settlement.read")
    query = _cards(actor.centre_id).where(
        Settlement.producer_id == wanted, SettlementOutcome.kind == "posted"
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(Settlement.id < last)
    rows = db.session.execute(query.order_by(Settlement.id.desc()).limit(window.limit + 1))
    return page_of([StatementCard(*row) for row in rows], window, lambda card: str(card.id))


def get(settlement_id: UUID, actor: Actor) -> Statement:
    """Return a statement whole; a producer may open own posted ones. Raises NotFound, Forbidden."""
    row = db.session.execute(
        _cards(actor.centre_id).where(Settlement.id == settlement_id)
    ).one_or_none()
    card = None if row is None else StatementCard(*row)
    own = card is not None and actor.producer_id == card.producer_id and card.state == "posted"
    access.require(actor, "producer_account.read" if own else "settlement.read")
    if card is None:
        raise NotFound(what="settlement")
    [statement] = _whole(actor.centre_id, [card])
    return statement


def whole(centre_id: int, run_id: UUID, after_no: str, limit: int) -> list[Statement]:
    """Return the next statements of a run whole, by number; for the worker, a few at a time."""
    query = _cards(centre_id).where(
        Settlement.run_id == run_id, Settlement.settlement_no > after_no
    )
    rows = db.session.execute(query.order_by(Settlement.settlement_no).limit(limit))
    return _whole(centre_id, [StatementCard(*row) for row in rows])


def line_with_names(content: Sequence[Any], products: dict[str, Any]) -> StatementLine:
    """Return a line of frozen content with its product's names."""
    line = line_of(content)
    return StatementLine(line, *products[str(line.product_id)])


def _whole(centre_id: int, cards: Collection[StatementCard]) -> list[Statement]:
    ids = [card.id for card in cards]
    rows = db.session.execute(
        select(Settlement.id, Settlement.content, Settlement.digest).where(
            Settlement.centre_id == centre_id, Settlement.id.in_(ids)
        )
    )
    frozen = {row.id: row for row in rows}
    known = {run_id: _the_run(centre_id, run_id) for run_id in {card.run_id for card in cards}}
    return [_statement(card, known[card.run_id], frozen[card.id]) for card in cards]


def _statement(card: StatementCard, run: RunCard, frozen: Any) -> Statement:
    content = frozen.content
    products = content["products"]
    return Statement(
        card=card,
        run=run,
        village=content["producer"]["village"],
        lines=tuple(line_with_names(line, products) for line in content["lines"]),
        recoveries=tuple(
            StatementRecovery(
                line_with_names(one["line"], products), one["left_before"], one["taken"]
            )
            for one in content["recoveries"]
        ),
        advances_before_satang=content["advances_before"],
        digest=frozen.digest,
        content=content,
    )


# --- rows ------------------------------------------------------------------------------------


def _the_run(centre_id: int, run_id: UUID) -> RunCard:
    row = db.session.execute(_runs(centre_id).where(SettlementRun.id == run_id)).one_or_none()
    if row is None:
        raise NotFound(what="settlement_run")
    return _run(row)


def _runs(centre_id: int) -> Any:
    return (
        select(SettlementRun, SettlementApproval, SettlementOutcome)
        .outerjoin(
            SettlementApproval,
            and_(
                SettlementApproval.centre_id == SettlementRun.centre_id,
                SettlementApproval.run_id == SettlementRun.id,
            ),
        )
        .outerjoin(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == SettlementRun.centre_id,
                SettlementOutcome.run_id == SettlementRun.id,
            ),
        )
        .where(SettlementRun.centre_id == centre_id)
    )


def _run(row: Any) -> RunCard:
    run, approval, outcome = row
    return RunCard(
        id=run.id,
        run_no=run.run_no,
        cut_off=run.cut_off,
        producers=run.producers,
        payout_satang=run.payout_satang,
        prepared_at=run.prepared_at,
        prepared_by=run.prepared_by,
        prepared_name=run.prepared_name,
        approved_name=approval.approved_name if approval else "",
        approved_at=approval.approved_at if approval else None,
        waiver=approval.waiver if approval else "",
        state=outcome.kind if outcome else "approved" if approval else "prepared",
        concluded_at=outcome.recorded_at if outcome else None,
        reason=outcome.reason if outcome else "",
    )


def _cards(centre_id: int) -> Select[Any]:
    """Select statements with where they stand, and what vouchers paid of each."""
    paid = (
        select(sum_int(PayoutLine.amount_satang))
        .where(
            PayoutLine.centre_id == Settlement.centre_id,
            PayoutLine.kind == "settlement",
            PayoutLine.document_id == Settlement.id,
        )
        .correlate(Settlement)
        .scalar_subquery()
    )
    frozen: Any = Settlement.content["producer"]
    return (
        select(
            Settlement.id,
            Settlement.settlement_no,
            Settlement.run_id,
            SettlementRun.run_no,
            SettlementRun.cut_off,
            func.coalesce(SettlementOutcome.kind, "prepared").label("state"),
            SettlementOutcome.recorded_at,
            Settlement.producer_id,
            frozen["producer_no"].as_string(),
            frozen["name"].as_string(),
            Settlement.brought_forward_satang,
            Settlement.earned_satang,
            Settlement.recovered_satang,
            Settlement.netted_satang,
            Settlement.payout_satang,
            Settlement.carried_satang,
            paid,
        )
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
                SettlementOutcome.centre_id == Settlement.centre_id,
                SettlementOutcome.run_id == Settlement.run_id,
            ),
        )
        .where(Settlement.centre_id == centre_id)
    )
