"""A journal entry before it is posted: balanced lines, by purpose. Pure; money in satang.

What must stay true: no entry leaves `check` unless its debits equal its credits, each line has
exactly one side, and there are at least two lines. The database checks all of it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from accounting.rules.chart import Purpose

LINES_MAX = 150_000
MEMO_MAX = 2_000
CLOSING_KINDS = ("year_close", "year_close_undone")
"""Kinds of the entries that carry a year's result into equity: no income, no expense."""


class BadEntry(AssertionError):
    """A rule of ours made an entry that can't be posted: a fault of the program, not of a person.

    It is raised, not asserted, so that no flag of the interpreter takes it away.
    """


@dataclass(frozen=True, slots=True)
class NewLine:
    """One side of one account, and the sub-ledgers it belongs to.

    Rules name the account by its purpose; what a person wrote names it by its id.
    """

    purpose: Purpose | None = None
    debit: int = 0
    credit: int = 0
    member_id: UUID | None = None
    producer_id: UUID | None = None
    lot_id: UUID | None = None
    till_id: UUID | None = None
    fund_id: UUID | None = None
    memo: str = ""
    account_id: UUID | None = None
    activity_id: UUID | None = None

    def key(self, name: str) -> UUID | None:
        """Return the sub-ledger key called `name` (producer, member, lot, till or fund)."""
        found: UUID | None = getattr(self, f"{name}_id")
        return found


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One business event as it shall stand in the books; its source is the document behind it.

    `may_be_late` says what happens when the month of `business_date` is locked: the entry counts
    in the open month and keeps its own date (a sale that was offline), or it is refused.
    """

    kind: str
    source_type: str
    source_id: UUID
    business_date: date
    occurred_at: datetime
    lines: Sequence[NewLine]
    memo: str = ""
    may_be_late: bool = False


def check(entry: NewEntry) -> int:
    """Return the total of a balanced entry; raise `BadEntry` for any other."""
    _require(2 <= len(entry.lines) <= LINES_MAX, "an entry needs 2 to 150,000 lines")
    _require(bool(entry.kind and entry.source_type), "an entry names its kind and source")
    _require(len(entry.memo) <= MEMO_MAX, "the memo is too long")
    _require(entry.occurred_at.tzinfo is not None, "a moment without a time zone")
    for line in entry.lines:
        _require(type(line.debit) is int and type(line.credit) is int, "whole satang only")
        _require(line.debit >= 0 and line.credit >= 0, "amounts are not negative")
        _require((line.debit == 0) != (line.credit == 0), "a line has exactly one side")
        _require((line.purpose is None) != (line.account_id is None), "a line has one account")
    debits = sum(line.debit for line in entry.lines)
    credits_ = sum(line.credit for line in entry.lines)
    _require(debits == credits_, f"debits {debits} are not credits {credits_}")
    return debits


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise BadEntry(what)


def merge(lines: Iterable[NewLine]) -> tuple[NewLine, ...]:
    """Add up lines of the same purpose, keys and memo, and drop what comes to nothing.

    A line's net may end on the other side; debits less credits stay what they were. The order is
    that of first appearance.
    """
    nets: dict[tuple[object, ...], int] = {}
    firsts: dict[tuple[object, ...], NewLine] = {}
    for line in lines:
        key = (
            line.purpose,
            line.account_id,
            line.activity_id,
            line.member_id,
            line.producer_id,
            line.lot_id,
            line.till_id,
            line.fund_id,
            line.memo,
        )
        firsts.setdefault(key, line)
        nets[key] = nets.get(key, 0) + line.debit - line.credit
    return tuple(_with_net(firsts[key], net) for key, net in nets.items() if net)


def _with_net(line: NewLine, net: int) -> NewLine:
    return replace(line, debit=max(net, 0), credit=max(-net, 0))


def flipped(lines: Iterable[NewLine]) -> tuple[NewLine, ...]:
    """Return the lines the other way round: what a reversal posts."""
    return tuple(replace(line, debit=line.credit, credit=line.debit) for line in lines)
