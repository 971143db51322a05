"""Posting past the program: what the database itself refuses of an entry, on both engines."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.services import chart, periods
from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from core.ids import uuid7
from tests.integration import guarded_close
from tests.integration.attacks import Attacker
from tests.integration.guarded_ledger import DAY, header_of, line_of


@dataclass(frozen=True, slots=True)
class Books:
    """What a forged entry needs to name."""

    centre_id: int
    cash: UUID
    other: UUID
    control: UUID


@pytest.fixture
def books(app: Flask, accountant: Actor) -> Books:
    centre_id = accountant.centre_id
    in_transaction(periods.ensure, centre_id, DAY)
    in_transaction(guarded_close.sign_month, centre_id)
    return Books(
        centre_id,
        chart.account_for(centre_id, Purpose.CASH_SAFE).id,
        chart.account_for(centre_id, Purpose.BROUGHT_FORWARD).id,
        chart.account_for(centre_id, Purpose.CONSIGNMENT_PAYABLE).id,
    )


@pytest.fixture
def forger(settings: Settings, books: Books) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url)
    yield hand
    hand.close()


def close_of(books: Books) -> str:
    """Return the words that lock the month, which two people signed."""
    where = f"WHERE id = 202611 AND centre_id = {books.centre_id}"
    return f"UPDATE accounting_period SET state = 'closed' {where}"


def lines_of(books: Books, entry_id: UUID, amount: int = 100) -> list[dict[str, Any]]:
    return [
        line_of(books.centre_id, entry_id, 1, books.cash, amount, 0),
        line_of(books.centre_id, entry_id, 2, books.other, 0, amount),
    ]


def write(connection: Connection, lines: list[dict[str, Any]], *headers: dict[str, Any]) -> None:
    if lines:
        connection.execute(insert(JournalLine), lines)
    for header in headers:
        connection.execute(insert(JournalEntry), header)


def refused(
    forger: Attacker, words: str, lines: list[dict[str, Any]], *headers: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match=words), forger.session() as connection:
        write(connection, lines, *headers)
    assert forger.rows("journal_entry") == []
    assert forger.rows("journal_line") == []


def test_a_good_entry_passes(forger: Attacker, books: Books) -> None:
    entry_id = uuid7()
    with forger.session() as connection:
        write(connection, lines_of(books, entry_id), header_of(books.centre_id, entry_id, 1, 100))
    assert len(forger.rows("journal_line")) == 2


def test_lines_and_header_must_add_up(forger: Attacker, books: Books) -> None:
    entry_id = uuid7()
    header = header_of(books.centre_id, entry_id, 1, 100)
    good = lines_of(books, entry_id)
    counted = "ledger: an entry has at least two lines and counts them all"
    refused(forger, counted, [], header)
    refused(forger, counted, good[:1], header)
    refused(forger, counted, good[:1], header | {"line_count": 1})
    refused(forger, counted, good, header | {"line_count": 3})
    unbalanced = "ledger: the entry does not balance"
    refused(forger, unbalanced, [good[0] | {"debit": 101}, good[1]], header)
    refused(forger, unbalanced, good, header | {"debit_total": 101, "credit_total": 101})
    refused(forger, r"(?i)balance", good, header | {"credit_total": 101})


def test_a_line_has_one_side_and_it_is_positive(forger: Attacker, books: Books) -> None:
    entry_id = uuid7()
    header = header_of(books.centre_id, entry_id, 1, 100)
    good = lines_of(books, entry_id)
    for sides in ({"credit": 100}, {"debit": 0}, {"debit": -100}, {"debit": 0, "credit": -100}):
        refused(forger, "(?i)one_side", [good[0] | sides, good[1]], header)


def test_lines_bear_the_date_of_their_entry_and_the_period_its_month(
    forger: Attacker, books: Books
) -> None:
    entry_id = uuid7()
    header = header_of(books.centre_id, entry_id, 1, 100)
    good = lines_of(books, entry_id)
    moved = [good[0] | {"posting_date": DAY.replace(day=1)}, good[1]]
    refused(forger, "ledger: every line bears the date of its entry", moved, header)
    month = "ledger: the period is not the month of the date"
    refused(forger, month, good, header | {"period_id": 202610})
    december = DAY.replace(month=12)
    elsewhere = [line | {"posting_date": december} for line in good]
    nowhere = header | {"posting_date": december, "business_date": december, "period_id": 202612}
    refused(forger, "ledger: the period does not exist", elsewhere, nowhere)
    late = "ledger: only a document of a locked month counts on another day"
    earlier = header | {"business_date": DAY.replace(day=1)}
    refused(forger, late, good, earlier)
    forger.runs(close_of(books))
    refused(forger, "ledger: the period is closed", good, header)


def test_lines_of_a_control_account_carry_their_key(forger: Attacker, books: Books) -> None:
    entry_id = uuid7()
    lines = lines_of(books, entry_id)
    lines[1] |= {"account_id": books.control}
    refused(
        forger,
        "ledger: a line of a control account lacks its key",
        lines,
        header_of(books.centre_id, entry_id, 1, 100),
    )


def test_nothing_is_added_to_a_posted_entry(forger: Attacker, books: Books) -> None:
    entry_id = uuid7()
    header = header_of(books.centre_id, entry_id, 1, 100)
    late = [
        line_of(books.centre_id, entry_id, 3, books.cash, 5, 0),
        line_of(books.centre_id, entry_id, 4, books.other, 0, 5),
    ]
    # In the same transaction, before anyone else could know of the entry …
    with forger.engine.connect() as connection:
        write(connection, lines_of(books, entry_id), header)
        with pytest.raises(IntegrityError, match="ledger: a posted entry takes no more lines"):
            write(connection, late)
    assert forger.rows("journal_line") == []
    # … and afterwards.
    with forger.session() as connection:
        write(connection, lines_of(books, entry_id), header)
    with (
        pytest.raises(IntegrityError, match="ledger: a posted entry takes no more lines"),
        forger.session() as connection,
    ):
        write(connection, late)
    assert len(forger.rows("journal_line")) == 2


def test_lines_without_an_entry_do_not_outlive_the_transaction(
    forger: Attacker, books: Books
) -> None:
    forger.pragmas["foreign_keys"] = True
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), forger.session() as connection:
        write(connection, lines_of(books, uuid7()))
    assert forger.rows("journal_line") == []


def test_a_reversal_mirrors_its_entry(forger: Attacker, books: Books) -> None:
    entry_id = uuid7()
    with forger.session() as connection:
        write(connection, lines_of(books, entry_id), header_of(books.centre_id, entry_id, 1, 100))
    for amount, swapped in ((50, True), (100, False)):
        undo = uuid7()
        lines = lines_of(books, undo, amount)
        if swapped:
            for line in lines:
                line["debit"], line["credit"] = line["credit"], line["debit"]
        header = header_of(books.centre_id, undo, 2, amount) | {"reverses_id": entry_id}
        with (
            pytest.raises(
                IntegrityError, match="ledger: a reversal is its entry the other way round"
            ),
            forger.session() as connection,
        ):
            write(connection, lines, header)


def test_sqlite_keeps_no_parts_of_a_satang_and_no_words(forger: Attacker, books: Books) -> None:
    if not forger.sqlite:
        pytest.skip("PostgreSQL's columns hold whole numbers only")
    for amount in ("0.5", "'9e99x'", "x'31'"):
        entry_id = uuid7()
        columns = "centre_id, entry_id, line_no, account_id, posting_date, debit, credit, memo"
        forger.refused(
            "",
            *(
                f"INSERT INTO journal_line ({columns}) VALUES"
                f" (:centre, :entry, {number}, :account, '2026-11-20', {debit}, {credit}, '')"
                for number, debit, credit in ((1, amount, "0"), (2, "0", amount))
            ),
            (
                "INSERT INTO journal_entry (centre_id, id, fiscal_year, entry_no, period_id,"
                " business_date, posting_date, occurred_at, posted_at, kind, source_type,"
                " source_id, memo, line_count, debit_total, credit_total)"
                " VALUES (:centre, :entry, 2569, 1, 202611, '2026-11-20', '2026-11-20',"
                f" '2026-11-20', '2026-11-20', 'x', 'x', :entry, '', 2, {amount}, {amount})"
            ),
            centre=books.centre_id,
            entry=entry_id.hex,
            account=books.cash.hex,
        )


# --- two sessions at once (PostgreSQL; SQLite has one writer) --------------------------------


@pytest.fixture
def two(forger: Attacker) -> Iterator[tuple[Connection, Connection]]:
    """Two sessions of PostgreSQL, each with a transaction of its own."""
    if forger.sqlite:
        pytest.skip("SQLite has one writer at a time")
    with forger.engine.connect() as ours, forger.engine.connect() as theirs:
        yield ours, theirs
        for connection in (ours, theirs):
            connection.rollback()


class Waiting:
    """A piece of work in a thread that is expected to wait for a lock."""

    def __init__(self, work: Any) -> None:
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=(work,))
        self.thread.start()
        time.sleep(0.3)
        assert self.thread.is_alive(), f"it did not wait: {self.error}"

    def _run(self, work: Any) -> None:
        try:
            work()
        except DBAPIError as error:
            self.error = error

    def ends(self) -> str:
        self.thread.join(10)
        assert not self.thread.is_alive()
        return str(self.error)


def test_no_session_slips_a_line_into_an_entry_being_posted(
    two: tuple[Connection, Connection], forger: Attacker, books: Books
) -> None:
    ours, theirs = two
    entry_id = uuid7()
    write(ours, lines_of(books, entry_id), header_of(books.centre_id, entry_id, 1, 100))

    def slip() -> None:
        write(
            theirs,
            [
                line_of(books.centre_id, entry_id, 3, books.cash, 5, 0),
                line_of(books.centre_id, entry_id, 4, books.other, 0, 5),
            ],
        )
        theirs.commit()

    slipping = Waiting(slip)
    ours.commit()
    assert "ledger: a posted entry takes no more lines" in slipping.ends()
    assert len(forger.rows("journal_line")) == 2


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_no_session_slips_a_line_in_by_looking_into_the_past(
    two: tuple[Connection, Connection], forger: Attacker, books: Books, level: str
) -> None:
    ours, theirs = two
    entry_id = uuid7()
    theirs.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL {level}")
    theirs.exec_driver_sql("SELECT count(*) FROM journal_entry")
    write(ours, lines_of(books, entry_id), header_of(books.centre_id, entry_id, 1, 100))
    ours.commit()
    with pytest.raises(IntegrityError, match="ledger: entries are posted at read committed only"):
        write(theirs, [line_of(books.centre_id, entry_id, 3, books.cash, 5, 0)])
    theirs.rollback()
    assert len(forger.rows("journal_line")) == 2


def test_a_close_waits_for_the_posting_under_way(
    two: tuple[Connection, Connection], forger: Attacker, books: Books
) -> None:
    ours, theirs = two
    entry_id = uuid7()
    write(ours, lines_of(books, entry_id), header_of(books.centre_id, entry_id, 1, 100))

    def close() -> None:
        theirs.exec_driver_sql(close_of(books))
        theirs.commit()

    closing = Waiting(close)
    ours.commit()
    assert closing.ends() == "None"
    assert len(forger.rows("journal_entry")) == 1


def test_a_posting_waits_for_the_close_under_way_and_is_refused(
    two: tuple[Connection, Connection], forger: Attacker, books: Books
) -> None:
    ours, theirs = two
    ours.exec_driver_sql(close_of(books))

    def post() -> None:
        entry_id = uuid7()
        write(theirs, lines_of(books, entry_id), header_of(books.centre_id, entry_id, 1, 100))
        theirs.commit()

    posting = Waiting(post)
    ours.commit()
    assert "ledger: the period is closed" in posting.ends()
    assert forger.rows("journal_entry") == []


def test_a_month_made_before_a_lock_under_way_is_seen_by_it(
    two: tuple[Connection, Connection], books: Books
) -> None:
    ours, theirs = two
    ours.exec_driver_sql(
        "INSERT INTO accounting_period (centre_id, id, state)"
        f" VALUES ({books.centre_id}, 202610, 'open')"
    )

    def close() -> None:
        theirs.exec_driver_sql(close_of(books))
        theirs.commit()

    closing = Waiting(close)
    ours.commit()
    assert "close: a month before it is open" in closing.ends()


def test_no_temporary_table_fools_a_guard(two: tuple[Connection, Connection], books: Books) -> None:
    ours, _ = two
    forged = "CREATE TEMPORARY TABLE {0} AS SELECT * FROM {0}"
    ours.exec_driver_sql(close_of(books))
    ours.exec_driver_sql(forged.format("accounting_period"))
    ours.execute(text("UPDATE pg_temp.accounting_period SET state = 'open'"))
    entry_id = uuid7()
    with pytest.raises(IntegrityError, match="ledger: the period is closed"):
        write(ours, lines_of(books, entry_id), header_of(books.centre_id, entry_id, 1, 100))
