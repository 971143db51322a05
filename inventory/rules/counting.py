"""What a stock count finds: the difference to what lay there when it was counted.

What must stay true: goods that moved after the counting change nothing of what the counting found,
in whatever order the documents arrive; a difference found by one look is looked at again before it
counts. Pure; quantity in thousandths, money in satang.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine, merge
from core.money import telescope

ROUNDS_MAX = 9


@dataclass(frozen=True, slots=True)
class Moved:
    """What came to a place of a lot (below zero: left it) at a moment."""

    moved_at: datetime
    net_milli: int


@dataclass(frozen=True, slots=True)
class Look:
    """What someone counted of a lot, and when."""

    round_no: int
    counted_milli: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What the looks at a lot come to; `recount` asks for another one."""

    counted_milli: int
    expected_milli: int
    recount: bool

    @property
    def variance_milli(self) -> int:
        """What is over, or below zero what is missing."""
        return self.counted_milli - self.expected_milli


@dataclass(frozen=True, slots=True)
class Correction:
    """A difference as the books see it: whose goods, and what they are worth to us."""

    lot_id: UUID
    producer_id: UUID
    member_id: UUID | None
    own: bool
    over: bool
    amount_satang: int
    """Book value of own goods; the producer's part of consigned ones the centre bears."""
    activity_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Consigned goods an earlier count missed, and how much of them came to light since."""

    sheet_id: UUID
    move_no: int
    quantity_milli: int
    back_milli: int
    base_satang: int
    share_satang: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Goods found: of an earlier loss (whose charge they take back) or, without one, new."""

    quantity_milli: int
    loss: Loss | None = None
    base_satang: int = 0
    share_satang: int = 0


def found_again(quantity_milli: int, losses: Iterable[Loss]) -> list[Piece]:
    """Return goods found as pieces of earlier losses, in their order; the rest is new.

    So that a producer is not paid twice: once for what was missed, once when it is sold.
    """
    pieces: list[Piece] = []
    for loss in losses:
        taken = min(quantity_milli, loss.quantity_milli - loss.back_milli)
        if taken <= 0:
            continue
        whole, before = loss.quantity_milli, loss.back_milli
        pieces.append(
            Piece(
                taken,
                loss,
                telescope(loss.base_satang, whole, before, taken),
                telescope(loss.share_satang, whole, before, taken),
            )
        )
        quantity_milli -= taken
    if quantity_milli:
        pieces.append(Piece(quantity_milli))
    return pieces


def lying_at(level_milli: int, moves: Iterable[Moved], moment: datetime) -> int:
    """Return what lay at a place at a moment: what lies there now less all that moved since."""
    return level_milli - sum(move.net_milli for move in moves if move.moved_at > moment)


def found(level_milli: int, moves: Sequence[Moved], looks: Sequence[Look]) -> Found:
    """Return what the looks at a lot come to; the last round counts.

    A lot whose first look differed needs a second one, whatever that one finds.
    """
    ordered = sorted(looks, key=lambda look: look.round_no)
    first, last = ordered[0], ordered[-1]
    differed = first.counted_milli != lying_at(level_milli, moves, first.counted_at)
    return Found(
        counted_milli=last.counted_milli,
        expected_milli=lying_at(level_milli, moves, last.counted_at),
        recount=differed and len(ordered) == 1,
    )


def count_lines(corrections: Iterable[Correction]) -> tuple[NewLine, ...]:
    """Return the lines of a count: own goods over and short, consigned ones the centre bears.

    Consigned goods that the producer bears are nobody's money; goods found take back what the
    centre was charged when an earlier count missed them.
    """
    lines: list[NewLine] = []
    for one in corrections:
        debit, credit = (0, one.amount_satang) if one.over else (one.amount_satang, 0)
        difference = NewLine(
            Purpose.COUNT_DIFFERENCE, debit=debit, credit=credit, activity_id=one.activity_id
        )
        lines.append(difference)
        if one.own:
            lot = NewLine(Purpose.INVENTORY, debit=credit, credit=debit, lot_id=one.lot_id)
            lines.append(lot)
        else:
            owed = NewLine(
                Purpose.CONSIGNMENT_PAYABLE,
                debit=credit,
                credit=debit,
                producer_id=one.producer_id,
                member_id=one.member_id,
            )
            lines.append(owed)
    return merge(lines)
