"""Approve a count: a second person's word, one entry, and the levels are what was counted.

What must stay true: a sheet corrects the stock once; nobody approves a figure they counted, unless
the centre's waiver says so and the sheet then says why; a lot that differed was counted twice; the
correction stands at the moment of counting, so that later counts know it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from accounting.rules.entry import NewEntry
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError
from inventory.models import CountOutcome, CountSheet
from inventory.rules.counting import Correction, Loss, Piece, count_lines
from inventory.services import catalogue, levels, locations, moves
from inventory.services.counts import review, sheets
from inventory.services.counts.review import CountLine, Figure, Level
from inventory.services.counts.sheets import SOURCE
from inventory.services.moves import Journey, NewMove
from members.services import access, duties
from members.services.duties import Document


class NotAllCounted(DomainError):
    """A lot on the sheet has no figure yet; nothing there is a figure too: 0."""

    code, status, title = "not-all-counted", 409, N_("Not everything is counted yet")
    detail = N_("Missing: %(lots)s. Enter 0 where nothing lies.")


class RecountNeeded(DomainError):
    """A lot whose first count differs is counted again before it counts."""

    code, status, title = "recount-needed", 409, N_("Some lots have to be counted again")
    detail = N_("Count once more: %(lots)s.")


class CountersApprove(DomainError):
    """Who counted does not approve."""

    code, status, title = "counters-approve", 409, N_("Somebody else has to approve this count")
    detail = N_(
        "You counted it. Ask a colleague, or the manager records a waiver under"
        " “Duties kept apart”."
    )


class SignatureNeeded(DomainError):
    """A producer's goods are counted with the producer, or the sheet says why not."""

    code, status, title = "signature-needed", 422, N_("The producer's signature is missing")
    detail = N_("Enter who signed for the producer, or why nobody could.")


@dataclass(frozen=True, slots=True)
class ApproveCount:
    """Approve a sheet: who bears which lot's loss, and who signed for the producer."""

    sheet_id: UUID
    bearers: Mapping[UUID, str] = field(default_factory=dict)
    """Lot → centre or producer; a lot left out goes by the rule of its category."""
    producer_signed: str = ""
    unsigned_reason: str = ""


def approve(command: ApproveCount, actor: Actor) -> UUID:
    """Correct the stock by what was counted; approving again changes nothing.

    Raises NotAllCounted, RecountNeeded, CountersApprove, SignatureNeeded, SheetClosed (it was
    cancelled), PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "count.approve")
    serialise_on(command.sheet_id)
    sheet = sheets.of(actor.centre_id, command.sheet_id)
    if sheets.outcome_kind(actor.centre_id, sheet.id) == "approved":
        return sheet.id
    sheets.require_open(actor.centre_id, sheet.id)
    lines = review.lines_of(actor.centre_id, sheet.id)
    _require_counted(lines)
    # Locked before anything else is read: no sale and no other count comes in between.
    level_of = _locked_levels(sheet, lines)
    figures = review.figures(sheet, lines, level_of)
    again = [one.line.lot_no for one in figures if one.recount]
    if again:
        raise RecountNeeded(lots=", ".join(again))
    counted_by, waiver = _second_person(sheet, lines, actor)
    if sheet.producer_id and not (command.producer_signed or command.unsigned_reason):
        raise SignatureNeeded(field="producer_signed")
    decided = [_decided(one, command) for one in figures]
    now = clock.now()
    db.session.execute(
        insert(CountOutcome).values(
            centre_id=actor.centre_id,
            sheet_id=sheet.id,
            kind="approved",
            counted_by=counted_by,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            waiver=waiver,
            producer_signed=command.producer_signed,
            reason="" if command.producer_signed else command.unsigned_reason,
            content={"lines": [_frozen(one) for one in decided]},
        )
    )
    different = [one for one in decided if one.figure.variance_milli]
    _correct(sheet, different, level_of, now)
    _post(sheet, different, now, actor)
    return sheet.id


@dataclass(frozen=True, slots=True)
class _Decided:
    """A figure and who bears it, with what that costs."""

    figure: Figure
    bearer: str

    @property
    def own(self) -> bool:
        return self.figure.line.ownership == "own"

    @property
    def over(self) -> bool:
        return self.figure.variance_milli > 0

    @property
    def charged(self) -> bool:
        """Whether money follows: what was found takes back a charge, whoever bears a loss."""
        return self.over or self.bearer == "centre"

    @property
    def amount_satang(self) -> int:
        """What the centre loses or gets back."""
        if self.own:
            return self.figure.cost_satang
        return self.figure.share_satang if self.charged else 0

    @property
    def pieces(self) -> Sequence[Piece]:
        """The moves it takes: one, or one for each loss that what was found comes from."""
        if self.figure.pieces:
            return self.figure.pieces
        base, share = (
            (self.figure.base_satang, self.figure.share_satang) if self.charged else (0, 0)
        )
        return [Piece(abs(self.figure.variance_milli), None, base, share)]


def _require_counted(lines: Sequence[CountLine]) -> None:
    missing = [line.lot_no for line in lines if not line.rounds]
    if missing:
        raise NotAllCounted(lots=", ".join(missing[:10]) + (" …" if len(missing) > 10 else ""))


def _locked_levels(sheet: CountSheet, lines: Iterable[CountLine]) -> dict[UUID, Level]:
    locked = levels.locked(sheet.centre_id, [line.lot_id for line in lines])
    return {
        lot_id: level for (lot_id, place), level in locked.items() if place == sheet.location_id
    }


def _second_person(
    sheet: CountSheet, lines: Sequence[CountLine], actor: Actor
) -> tuple[UUID | None, str]:
    """Return one who counted, and why the approver may be the same person."""
    counters = [one.counted_by for line in lines for one in line.rounds]
    document = Document("count_sheet", sheet.id, sheet.sheet_no)
    waiver = duties.require_apart("count", counters, document, actor, CountersApprove)
    return (actor.user_id if waiver else counters[-1]), waiver


def _decided(figure: Figure, command: ApproveCount) -> _Decided:
    own = figure.line.ownership == "own"
    chosen = command.bearers.get(figure.line.lot_id, figure.bearer)
    return _Decided(figure, "centre" if own else chosen)


def _frozen(one: _Decided) -> dict[str, Any]:
    figure = one.figure
    return {
        "lot_id": str(figure.line.lot_id),
        "counted_milli": figure.counted_milli,
        "expected_milli": figure.expected_milli,
        "variance_milli": figure.variance_milli,
        "superseded": figure.superseded,
        "cost_satang": figure.cost_satang,
        "base_satang": figure.base_satang,
        "share_satang": figure.share_satang,
        "bearer": one.bearer,
    }


def _correct(
    sheet: CountSheet,
    different: Sequence[_Decided],
    level_of: Mapping[UUID, Level],
    now: datetime,
) -> None:
    """Change the levels and write the moves, each at the moment its lot was counted."""
    changes = {
        one.figure.line.lot_id: (
            one.figure.variance_milli,
            one.figure.cost_satang if one.over else -one.figure.cost_satang,
        )
        for one in different
    }
    known = {lot_id: change for lot_id, change in changes.items() if lot_id in level_of}
    new = {lot_id: change for lot_id, change in changes.items() if lot_id not in level_of}
    if known:
        levels.change(sheet.centre_id, sheet.location_id, known)
    if new:
        products = {one.figure.line.lot_id: one.figure.line.product_id for one in different}
        levels.open_at(sheet.centre_id, sheet.location_id, products, new)
    nowhere = locations.outside(sheet.centre_id, "waste")
    number = 1
    for one in different:
        line = one.figure.line
        journey = Journey(
            source_type=SOURCE,
            source_id=sheet.id,
            business_date=clock.business_date(now),
            moved_at=max(line.rounds, key=lambda seen: seen.round_no).counted_at,
            from_location_id=nowhere if one.over else sheet.location_id,
            to_location_id=sheet.location_id if one.over else nowhere,
        )
        for piece in one.pieces:
            move = NewMove(
                line_no=line.line_no,
                lot_id=line.lot_id,
                quantity_milli=piece.quantity_milli,
                cost_satang=one.figure.cost_satang,
                base_satang=piece.base_satang,
                share_satang=piece.share_satang,
                original_move_no=piece.loss.move_no if piece.loss else None,
            )
            moves.write(sheet.centre_id, _of_loss(journey, piece.loss), [move], first_no=number)
            number += 1


def _of_loss(journey: Journey, loss: Loss | None) -> Journey:
    """Return the journey, naming the earlier count whose loss came to light."""
    if loss is None:
        return journey
    return replace(journey, original_type=SOURCE, original_id=loss.sheet_id)


def _post(sheet: CountSheet, different: Sequence[_Decided], now: datetime, actor: Actor) -> None:
    products = {one.figure.line.product_id for one in different}
    known = catalogue.names(sheet.centre_id, products)
    lines = count_lines(
        Correction(
            lot_id=one.figure.line.lot_id,
            producer_id=one.figure.line.producer_id,
            member_id=one.figure.line.member_id,
            own=one.own,
            over=one.over,
            amount_satang=one.amount_satang,
            activity_id=known[one.figure.line.product_id].activity_id,
        )
        for one in different
    )
    if lines:
        ledger.post(
            NewEntry(
                kind="count",
                source_type=SOURCE,
                source_id=sheet.id,
                business_date=clock.business_date(now),
                occurred_at=now,
                lines=lines,
                memo=sheet.sheet_no,
            ),
            actor,
        )
