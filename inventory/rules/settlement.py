"""What a producer is paid: what was earned, what is taken back, what is netted, what is carried.

What must stay true: brought forward + earned − recovered − netted = payout + carried; a recovery
never takes more than its part of the payout nor more than is owed, oldest first; nothing is taken
from a producer whose payout is too small to be made. Goods that came back while what they earned
was still carried forward are taken off it whole: nobody ever had that money. Pure; in satang.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core.errors import N_, DomainError

WHOLE = 10_000
MoveKey = tuple[str, UUID, int]
"""A move of goods: its document's type and id, and its number there."""


class NotEarned(DomainError):
    """A producer's returns would take more than the lines they belong to earned."""

    code, status, title = "not-earned", 409, N_("The lines of a settlement don't add up")
    detail = N_("Run the check of the books (sunruam verify) and mend what it names.")


@dataclass(frozen=True, slots=True)
class Recipe:
    """The policy a settlement was reckoned by; parts in 1/10,000."""

    hold_back_days: int
    minimum_payout_satang: int
    recovery_cap_basis_points: int
    advance_cap_basis_points: int

    def content(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Line:
    """One move of a producer's goods; below zero when a customer brought them back.

    `amount` is the producer's part, `borne` the discount already taken off it. `original` is the
    move these goods left by, when they came back, and `original_settlement` what settled that.
    """

    key: MoveKey
    business_date: date
    product_id: UUID
    lot_no: str
    split_basis_points: int
    quantity_milli: int
    base_satang: int
    borne_satang: int
    amount_satang: int
    original: MoveKey | None = None
    original_settlement: UUID | None = None


@dataclass(frozen=True, slots=True)
class OwedBack:
    """What a return after settlement still takes back from the producer.

    `carried`: what the goods had earned was never paid out, it is in what is brought forward.
    """

    line: Line
    left_satang: int
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What one settlement takes of one return."""

    owed: OwedBack
    amount_satang: int

    @property
    def left_satang(self) -> int:
        return self.owed.left_satang - self.amount_satang


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A producer's settlement worked out."""

    brought_forward_satang: int
    earned_satang: int
    taken: tuple[Taken, ...]
    netted_satang: int
    payout_satang: int
    carried_satang: int

    @property
    def recovered_satang(self) -> int:
        return sum(one.amount_satang for one in self.taken)


def payable_lines(
    lines: Iterable[Line], cut_off: date, hold_back_days: int
) -> tuple[list[Line], list[Line]]:
    """Part unsettled lines into those a settlement up to `cut_off` pays, and returns it takes back.

    A sale is payable once its hold-back is over; what the centre bears (waste, a count) at once. A
    return goes with the sale it takes back: in the same settlement, or, when that was settled
    before, as something owed back. Whatever is in neither list waits.
    """
    sold_until = cut_off - timedelta(days=hold_back_days)
    ready = {
        line.key
        for line in lines
        if line.original is None
        and line.business_date <= (sold_until if line.key[0] == "sale" else cut_off)
    }
    payable, owed_back = [], []
    for line in lines:
        if line.original is None:
            if line.key in ready:
                payable.append(line)
        elif line.business_date > cut_off:
            continue
        elif line.original_settlement is not None:
            owed_back.append(line)
        elif line.original in ready:
            payable.append(line)
    return payable, owed_back


def reckon(
    payable: Sequence[Line],
    owed: Sequence[OwedBack],
    advances_satang: int,
    brought_forward_satang: int,
    recipe: Recipe,
) -> Reckoning:
    """Work out a settlement; `owed` is oldest first, `advances` what is outstanding.

    Every return owed back is in the result, also those of which nothing is taken this time.

    Raises NotEarned when the lines come to less than nothing, which no true history does.
    """
    earned = sum(line.amount_satang for line in payable)
    undone = _undone(owed, brought_forward_satang)
    base = brought_forward_satang + earned - sum(undone)
    if base < 0:
        raise NotEarned
    most = base * recipe.recovery_cap_basis_points // WHOLE
    taken = _take(owed, undone, most)
    left = brought_forward_satang + earned - sum(one.amount_satang for one in taken)
    netted = min(advances_satang, left * recipe.advance_cap_basis_points // WHOLE)
    payout = left - netted
    if 0 < payout < recipe.minimum_payout_satang:
        # Too little to pay: nothing more is taken either, and all of it waits for the next one.
        few = tuple(_take(owed, undone, 0))
        return Reckoning(brought_forward_satang, earned, few, 0, 0, base)
    return Reckoning(brought_forward_satang, earned, tuple(taken), netted, payout, 0)


def _undone(owed: Sequence[OwedBack], brought_forward_satang: int) -> list[int]:
    """Return what each return takes off what was carried forward: its sale is simply undone."""
    parts = []
    for one in owed:
        part = min(one.left_satang, brought_forward_satang) if one.carried else 0
        brought_forward_satang -= part
        parts.append(part)
    return parts


def _take(owed: Sequence[OwedBack], undone: Sequence[int], most_satang: int) -> list[Taken]:
    taken = []
    for one, part in zip(owed, undone, strict=True):
        more = min(one.left_satang - part, most_satang)
        taken.append(Taken(one, part + more))
        most_satang -= more
    return taken


# --- the statement as it is frozen -----------------------------------------------------------


def line_content(line: Line) -> list[Any]:
    """Return a line as the statement keeps it: a list in the order of `Line`'s fields."""
    return [
        *_key_content(line.key),
        line.business_date.isoformat(),
        str(line.product_id),
        line.lot_no,
        line.split_basis_points,
        line.quantity_milli,
        line.base_satang,
        line.borne_satang,
        line.amount_satang,
    ]


def line_of(content: Sequence[Any]) -> Line:
    """Return the line a statement keeps."""
    kind, document, number, day, product, *rest = content
    return Line((kind, UUID(document), number), date.fromisoformat(day), UUID(product), *rest)


def taken_content(one: Taken) -> dict[str, Any]:
    """Return what was taken of a return, as the statement keeps it."""
    return {
        "line": line_content(one.owed.line),
        "left_before": one.owed.left_satang,
        "taken": one.amount_satang,
    }


def statement_content(
    head: dict[str, Any],
    recipe: Recipe,
    payable: Sequence[Line],
    advances_satang: int,
    reckoning: Reckoning,
) -> dict[str, Any]:
    """Return a whole statement; the same inputs give the same content, so the same bytes.

    `head` is what identifies it: numbers, cut-off, producer, names of products. All JSON.
    """
    return {
        **head,
        "recipe": recipe.content(),
        "lines": [line_content(line) for line in payable],
        "recoveries": [taken_content(one) for one in reckoning.taken],
        "advances_before": advances_satang,
        "brought_forward": reckoning.brought_forward_satang,
        "earned": reckoning.earned_satang,
        "recovered": reckoning.recovered_satang,
        "netted": reckoning.netted_satang,
        "payout": reckoning.payout_satang,
        "carried": reckoning.carried_satang,
    }


def _key_content(key: MoveKey) -> list[Any]:
    return [key[0], str(key[1]), key[2]]
