"""Seal posted entries into the centre's hash chain, and keep the months' sums that reports read.

What must stay true: a seal covers entries of one fiscal year without a gap, each entry once; the
sums of `account_month` are those of the sealed entries, grown in the seal's own transaction. The
sale path takes part in none of it: entries are found by their numbers, which only ever go up.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, takewhile
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, func, insert, literal, select, text

from accounting.models import NO_ACTIVITY, AccountMonth, JournalEntry, JournalLine, Seal
from accounting.rules.entry import CLOSING_KINDS
from accounting.rules.seals import BEGINNING, RUN_MAX, entry_hash, link
from core import clock
from core.db import db, serialise_on, sum_int
from core.models import NumberSeries
from core.numbering import insert_for

_SEALING = UUID("5ea1ed00-0000-5000-8000-000000000000")
_ENTRY: Any = JournalEntry.__table__.c
_LINE: Any = JournalLine.__table__.c


def seal_run(centre_id: int, run_max: int = RUN_MAX) -> int:
    """Seal the next run of entries in the running transaction; return how many (0: all sealed).

    Two sealers of a centre wait for each other.
    """
    serialise_on(uuid5(_SEALING, str(centre_id)))
    last = head(centre_id)
    for fiscal_year, sealed, given in _unsealed(centre_id):
        first_no, last_no = sealed + 1, min(given, sealed + run_max)
        found = hashes_of(centre_id, fiscal_year, first_no, last_no)
        # Only damage leaves a gap; nothing is sealed across it, and `verify` names it.
        whole = takewhile(lambda pair: pair[0] == pair[1][0], enumerate(found, start=first_no))
        hashes = [one for _place, (_number, one) in whole]
        if not hashes:
            continue
        last_no = first_no + len(hashes) - 1
        previous = last.hash if last else BEGINNING
        made = link(previous, fiscal_year, first_no, last_no, hashes)
        run = _run(centre_id, fiscal_year, first_no, last_no)
        total = db.session.scalar(select(sum_int(_ENTRY.debit_total)).where(run))
        db.session.execute(
            insert(Seal).values(
                centre_id=centre_id,
                sequence=last.sequence + 1 if last else 1,
                fiscal_year=fiscal_year,
                first_no=first_no,
                last_no=last_no,
                entry_count=len(hashes),
                debit_total=total,
                previous=previous,
                hash=made.hash,
                marks=made.marks,
                sealed_at=clock.now(),
            )
        )
        _grow(run)
        return len(hashes)
    return 0


def seal_all(centre_id: int) -> Seal | None:
    """Seal everything posted, in the running transaction; return the last seal, if any."""
    while seal_run(centre_id):
        pass
    return head(centre_id)


def head(centre_id: int) -> Seal | None:
    """Return the last seal of a centre."""
    return db.session.scalars(
        select(Seal).where(Seal.centre_id == centre_id).order_by(Seal.sequence.desc()).limit(1)
    ).one_or_none()


def hashes_of(
    centre_id: int, fiscal_year: int, first_no: int, last_no: int
) -> Iterator[tuple[int, bytes]]:
    """Yield (entry number, hash) of the entries that are there, worked out from what is stored."""
    values = {"centre": centre_id, "year": fiscal_year, "first": first_no, "last": last_no}
    dialect = db.session.connection().dialect.name
    headers = db.session.execute(text(_HEADERS[dialect]), values).all()
    rows = db.session.execute(text(_LINES[dialect]), values)
    lines = {number: [row[1] for row in group] for number, group in groupby(rows, lambda r: r[0])}
    for number, header in headers:
        yield number, entry_hash(header, lines.get(number, []))


def sealed_to(centre_id: int) -> dict[int, int]:
    """Return the last sealed entry number of each fiscal year."""
    rows = db.session.execute(
        select(Seal.fiscal_year, func.max(Seal.last_no))
        .where(Seal.centre_id == centre_id)
        .group_by(Seal.fiscal_year)
    )
    return {year: number for year, number in rows}


def _unsealed(centre_id: int) -> list[tuple[int, int, int]]:
    """Return (fiscal year, last sealed number, last given number) of years with entries to seal."""
    sealed = sealed_to(centre_id)
    given = db.session.execute(
        select(NumberSeries.year, NumberSeries.last_number)
        .where(NumberSeries.centre_id == centre_id, NumberSeries.series == "journal")
        .order_by(NumberSeries.year)
    )
    return [(year, sealed.get(year, 0), last) for year, last in given if last > sealed.get(year, 0)]


def _run(centre_id: int, fiscal_year: int, first_no: int, last_no: int) -> Any:
    return and_(
        _ENTRY.centre_id == centre_id,
        _ENTRY.fiscal_year == fiscal_year,
        _ENTRY.entry_no.between(first_no, last_no),
    )


def _grow(run: Any) -> None:
    """Add the run's lines to the sums of their months."""
    activity = func.coalesce(_LINE.activity_id, literal(NO_ACTIVITY, _LINE.activity_id.type))
    closing = _ENTRY.kind.in_(CLOSING_KINDS)
    keys = (_LINE.centre_id, _LINE.account_id, _ENTRY.period_id, activity, closing)
    sums = (
        select(*keys, sum_int(_LINE.debit), sum_int(_LINE.credit))
        .join(JournalLine, and_(_LINE.centre_id == _ENTRY.centre_id, _LINE.entry_id == _ENTRY.id))
        .where(run)
        .group_by(*keys)
    )
    columns = ["centre_id", "account_id", "period_id", "activity_id", "closing"]
    new = insert_for(db.session.connection().dialect.name)(AccountMonth).from_select(
        [*columns, "debit", "credit"], sums
    )
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=columns,
            set_={
                "debit": AccountMonth.debit + new.excluded.debit,
                "credit": AccountMonth.credit + new.excluded.credit,
            },
        ).execution_options(synchronize_session=False)
    )


# --- canonical texts -------------------------------------------------------------------------
# Made by the database, one text a row, the same to the letter on both engines: ids as 32 hex
# digits, days and UTC moments in ISO form, fields parted by a bar, the free text last. The
# centre is not named: its number is this installation's, and seals hold wherever books are taken.


def _canonical(dialect: str) -> tuple[str, str]:
    sqlite = dialect == "sqlite"

    def identity(name: str) -> str:
        return (
            f"coalesce({name}, '')" if sqlite else f"coalesce(replace({name}::text, '-', ''), '')"
        )

    def moment(name: str) -> str:
        form = "YYYY-MM-DD HH24:MI:SS.US"
        return name if sqlite else f"to_char({name} AT TIME ZONE 'UTC', '{form}')"

    def day(name: str) -> str:
        return name if sqlite else f"to_char({name}, 'YYYY-MM-DD')"

    def parts(*fields: str) -> str:
        return " || '|' || ".join(fields if sqlite else [f"({one})::text" for one in fields])

    header = parts(
        identity("id"), "fiscal_year", "entry_no", "period_id",
        day("business_date"), day("posting_date"), moment("occurred_at"), moment("posted_at"),
        identity("posted_by"), "kind", "source_type", identity("source_id"),
        identity("reverses_id"), "line_count", "debit_total", "credit_total", "memo",
    )  # fmt: skip
    line = parts(
        "l.line_no", identity("l.account_id"), day("l.posting_date"), "l.debit", "l.credit",
        identity("l.member_id"), identity("l.producer_id"), identity("l.lot_id"),
        identity("l.till_id"), identity("l.fund_id"), identity("l.activity_id"), "l.memo",
    )  # fmt: skip
    within = (
        "centre_id = :centre AND {0}fiscal_year = :year AND {0}entry_no BETWEEN :first AND :last"
    )
    return (
        (
            f"SELECT entry_no, {header} FROM journal_entry"  # noqa: S608 - our own words only
            f" WHERE {within.format('')} ORDER BY entry_no"
        ),
        (
            f"SELECT e.entry_no, {line} FROM journal_entry AS e"  # noqa: S608
            " JOIN journal_line AS l ON l.centre_id = e.centre_id AND l.entry_id = e.id"
            f" WHERE e.{within.format('e.')} ORDER BY e.entry_no, l.line_no"
        ),
    )


_HEADERS = {name: _canonical(name)[0] for name in ("sqlite", "postgresql")}
_LINES = {name: _canonical(name)[1] for name in ("sqlite", "postgresql")}
