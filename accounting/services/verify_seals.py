"""Work the chain of seals out again from what is stored, and name every entry that does not fit.

What must stay true: nothing stored is trusted: not that numbers are there once, that a seal follows
the one before it, nor that its marks are its own. A mark tells which entry was altered; the hash of
its seal says so too when the mark was altered with it. What a chain alone can't show (the last seal
taken away, everything sealed anew) is found by what stands outside: the months' sums, the signed
closes, and the seal on paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from accounting.models import AccountMonth, JournalEntry, JournalLine, MonthCloseApproval, Seal
from accounting.rules.seals import BEGINNING, MARK_BYTES, altered, link
from accounting.services import sealing
from accounting.services.ledger import SERIES
from core.db import db, sum_int
from core.models import NumberSeries

CHANGED, REMOVED, INSERTED, SEAL = "changed", "removed", "inserted", "seal"
NAMED_MOST = 1_000
"""Entries of one kind named at most; whoever altered more altered everything."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit: an entry `changed`, `removed` or `inserted`, or the `seal` itself."""

    kind: str
    subject: str
    detail: str = ""


@dataclass(slots=True)
class SealReport:
    """What was found of a centre's seals."""

    centre_id: int
    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    head: str = BEGINNING
    """The last seal's hash as stored, to be held against the one on paper."""
    hashes: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults

    def expect(self, on_paper: str) -> bool:
        """Tell whether a hash on paper is one of this chain's seals; a fault if it is not."""
        found = on_paper.strip().lower() in self.hashes
        if not found:
            self.add(SEAL, on_paper, "no seal of these books has this hash")
        return found

    def add(self, kind: str, subject: str, detail: str = "") -> None:
        """Note what does not fit."""
        if sum(fault.kind == kind for fault in self.faults) < NAMED_MOST:
            self.faults.append(Fault(kind, subject, detail))


def run(centre_id: int) -> SealReport:
    """Return what is wrong with the seals of a centre, from the first one on."""
    report = SealReport(centre_id)
    sealed = _chain(centre_id, report)
    _unsealed(centre_id, sealed, report)
    _outside(centre_id, report)
    return report


def _chain(centre_id: int, report: SealReport) -> dict[int, int]:
    """Walk the chain; return up to which number each fiscal year is sealed."""
    previous, sealed = BEGINNING, dict[int, int]()
    for seal in _seals(centre_id):
        report.seals += 1
        name = f"seal {seal.sequence}"
        if seal.sequence != report.seals:
            report.add(SEAL, f"seal {report.seals}", "it is missing")
            report.seals = seal.sequence
        if seal.previous != previous:
            report.add(SEAL, name, "it does not follow the seal before it")
        if seal.first_no != sealed.get(seal.fiscal_year, 0) + 1:
            report.add(SEAL, name, "it does not begin where the one before it ended")
        sealed[seal.fiscal_year] = max(sealed.get(seal.fiscal_year, 0), seal.last_no)
        report.entries += _entries_of(centre_id, seal, report)
        previous = report.head = seal.hash
        report.hashes.add(seal.hash)
    return sealed


def _seals(centre_id: int) -> Iterator[Any]:
    columns = Seal.__table__.c
    rows = db.session.execute(
        select(*columns).where(Seal.centre_id == centre_id).order_by(Seal.sequence)
    )
    # All are read at once: each is small, and entries are read between them.
    return iter(rows.all())


def _entries_of(centre_id: int, seal: Any, report: SealReport) -> int:
    """Hold the entries of one seal against it; return how many are there."""
    name, count = f"seal {seal.sequence}", seal.last_no - seal.first_no + 1
    found = list(sealing.hashes_of(centre_id, seal.fiscal_year, seal.first_no, seal.last_no))
    times = Counter(number for number, _ in found)
    hashes = dict(found)
    before = len(report.faults)
    for number in range(seal.first_no, seal.last_no + 1):
        if number not in hashes:
            report.add(REMOVED, _number(seal.fiscal_year, number), name)
        elif times[number] > 1:
            report.add(INSERTED, _number(seal.fiscal_year, number), f"{name}: there more than once")
    if len(seal.marks) != count * MARK_BYTES or seal.entry_count != count:
        report.add(SEAL, name, "it does not have a mark for each entry")
        return len(found)
    in_order = [hashes.get(number, b"") for number in range(seal.first_no, seal.last_no + 1)]
    for place in altered(seal.marks, in_order):
        if in_order[place] and times[seal.first_no + place] == 1:
            report.add(CHANGED, _number(seal.fiscal_year, seal.first_no + place), name)
    if len(report.faults) == before:
        made = link(seal.previous, seal.fiscal_year, seal.first_no, seal.last_no, in_order)
        if made.hash != seal.hash:
            report.add(
                SEAL,
                name,
                "its hash is not that of its entries "
                f"({_number(seal.fiscal_year, seal.first_no)} to {seal.last_no}) after the seal "
                "before it: the seal was changed, or its entries and marks were",
            )
        elif seal.debit_total != _total(centre_id, seal):
            report.add(SEAL, name, "its total is not that of its entries")
    return len(found)


def _total(centre_id: int, seal: Any) -> int:
    return (
        db.session.scalar(
            select(sum_int(JournalEntry.debit_total)).where(
                JournalEntry.centre_id == centre_id,
                JournalEntry.fiscal_year == seal.fiscal_year,
                JournalEntry.entry_no.between(seal.first_no, seal.last_no),
            )
        )
        or 0
    )


# --- what lies beyond the last seal --------------------------------------------------------------


def _unsealed(centre_id: int, sealed: dict[int, int], report: SealReport) -> None:
    """Entries not sealed yet bear the numbers given out since, each once."""
    given = {
        year: last
        for year, last in db.session.execute(
            select(NumberSeries.year, NumberSeries.last_number).where(
                NumberSeries.centre_id == centre_id, NumberSeries.series == SERIES
            )
        )
    }
    years = db.session.scalars(
        select(JournalEntry.fiscal_year).where(JournalEntry.centre_id == centre_id).distinct()
    ).all()
    for year in sorted({*years, *given, *sealed}):
        from_no, last = sealed.get(year, 0) + 1, given.get(year, 0)
        if last < from_no - 1:
            report.add(SEAL, str(year), f"sealed up to {from_no - 1}, numbers given up to {last}")
        times = Counter(_numbers(centre_id, year, from_no))
        report.unsealed += sum(times.values())
        for number in sorted(times):
            if not from_no <= number <= last or times[number] > 1:
                report.add(INSERTED, _number(year, number), "nobody was given this number")
        for number in range(from_no, last + 1):
            if number not in times:
                report.add(REMOVED, _number(year, number), "not sealed yet")


def _numbers(centre_id: int, year: int, from_no: int) -> Iterator[int]:
    number = JournalEntry.entry_no
    rows = db.session.scalars(
        select(number).where(
            JournalEntry.centre_id == centre_id,
            JournalEntry.fiscal_year == year,
            (number >= from_no) | (number < 1),
        )
    )
    return iter(rows)


# --- what stands outside the chain -----------------------------------------------------------


def _outside(centre_id: int, report: SealReport) -> None:
    sealed, moved = (
        db.session.scalar(select(sum_int(column)).where(table.centre_id == centre_id)) or 0
        for table, column in (
            (Seal, Seal.debit_total),
            (AccountMonth, AccountMonth.debit),
        )
    )
    if sealed != moved:
        report.add(
            SEAL, "last seal", f"seals cover {sealed} satang, the sums of sealed months {moved}"
        )
    signed = db.session.execute(
        select(MonthCloseApproval.sealed_to, MonthCloseApproval.seal_hash, Seal.hash)
        .outerjoin(
            Seal,
            (Seal.centre_id == MonthCloseApproval.centre_id)
            & (Seal.sequence == MonthCloseApproval.sealed_to),
        )
        .where(MonthCloseApproval.centre_id == centre_id)
    )
    for sequence, wanted, there in signed:
        # A month may be closed before anything was ever posted.
        if wanted != (there if sequence else BEGINNING):
            report.add(SEAL, f"seal {sequence}", "a month was signed under another one")
    stray = db.session.scalar(
        select(func.count())
        .select_from(JournalLine)
        .outerjoin(
            JournalEntry,
            (JournalEntry.centre_id == JournalLine.centre_id)
            & (JournalEntry.id == JournalLine.entry_id),
        )
        .where(JournalLine.centre_id == centre_id, JournalEntry.id.is_(None))
    )
    if stray:
        report.add(REMOVED, "header", f"{stray} lines belong to no entry")


def _number(fiscal_year: int, number: int) -> str:
    """Return an entry's printed number."""
    return f"J-{fiscal_year}-{number:05d}"
