"""Whoever alters sealed books past the guards is found, whatever was altered, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask, current_app
from sqlalchemy import text

from accounting.models import JournalEntry
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.seals import BEGINNING, MARK_BYTES, link
from accounting.services import ledger, sealing, verify_seals
from accounting.services.verify_seals import SealReport
from core import clock
from core.actor import Actor
from core.db import db, in_transaction, read_one_moment
from core.ids import uuid7
from migrations import guards

Alter = Callable[..., None]


def post(actor: Actor, satang: int) -> None:
    entry = NewEntry(
        kind="opening",
        source_type="opening",
        source_id=uuid7(),
        business_date=clock.today(),
        occurred_at=clock.now(),
        lines=(
            NewLine(Purpose.CASH_SAFE, debit=satang),
            NewLine(Purpose.BROUGHT_FORWARD, credit=satang),
        ),
        memo="ยอดยกมา",
    )
    in_transaction(ledger.post, entry, actor)


def test_what_is_posted_meanwhile_raises_no_alarm(manager: Actor) -> None:
    """The auditor reads one moment, while another session goes on posting."""
    post(manager, 100_00)
    read_one_moment()
    before = verify_seals.run(manager.centre_id)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_post_elsewhere, current_app._get_current_object(), manager).result()
    again = verify_seals.run(manager.centre_id)
    assert before.ok and again.ok
    assert (before.entries + before.unsealed, again.entries + again.unsealed) == (1, 1)
    db.session.rollback()
    assert verify_seals.run(manager.centre_id).unsealed == 2


def _post_elsewhere(app: Flask, actor: Actor) -> None:
    with app.app_context():
        post(actor, 200_00)
        db.session.remove()


@pytest.fixture
def sealed(manager: Actor) -> Actor:
    """Books of nine entries: two seals of four, one entry not sealed yet."""
    for number in range(1, 10):
        post(manager, number * 100_00)
        if number in {4, 8}:
            in_transaction(sealing.seal_run, manager.centre_id)
    return manager


@pytest.fixture
def alter(sealed: Actor) -> Alter:
    """Run SQL as someone with the file, or the owner's rights, who took the guards away."""

    def run(*statements: str, **values: object) -> None:
        db.session.rollback()
        with db.engine.connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            if sqlite:
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA foreign_keys=OFF")
                driver.execute("PRAGMA ignore_check_constraints=ON")
            with connection.begin():
                if sqlite:
                    guards.drop(connection)
                else:
                    connection.execute(text("SET LOCAL session_replication_role = replica"))
                for statement in statements:
                    connection.execute(text(statement), {"c": sealed.centre_id, **values})
            if sqlite:
                driver.execute("PRAGMA ignore_check_constraints=OFF")
                driver.execute("PRAGMA foreign_keys=ON")

    return run


def report(actor: Actor) -> SealReport:
    db.session.rollback()
    return verify_seals.run(actor.centre_id)


def named(actor: Actor) -> set[tuple[str, str]]:
    """Return what is wrong: kind and number."""
    return {
        (fault.kind, fault.subject.rpartition("-")[2].lstrip("0")) for fault in report(actor).faults
    }


ENTRY = "centre_id = :c AND entry_no = {}"
BANK = "SELECT id FROM account WHERE centre_id = :c AND purpose = 'bank'"
OF_ENTRY = f"centre_id = :c AND entry_id = (SELECT id FROM journal_entry WHERE {ENTRY})"


def lines_of(number: int) -> str:
    return OF_ENTRY.format(number)


def test_untouched_books_are_whole(sealed: Actor) -> None:
    found = report(sealed)
    assert found.faults == []
    assert (found.seals, found.entries, found.unsealed) == (2, 8, 1)
    head = sealing.head(sealed.centre_id)
    assert head is not None and found.head == head.hash
    assert found.expect(found.head.upper()) and found.expect(head.previous)


def test_no_books_at_all_are_whole(manager: Actor) -> None:
    found = report(manager)
    assert (found.ok, found.seals, found.head) == (True, 0, BEGINNING)


def test_a_seal_on_paper_that_is_not_ours(sealed: Actor) -> None:
    found = report(sealed)
    assert not found.expect("f" * 64)
    assert [fault.kind for fault in found.faults] == [verify_seals.SEAL]


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE journal_line SET debit = debit + 1 WHERE {lines_of(3)} AND debit > 0",
        f"UPDATE journal_line SET memo = 'x' WHERE {lines_of(3)} AND line_no = 1",
        f"UPDATE journal_line SET account_id = ({BANK}) WHERE {lines_of(3)} AND debit > 0",
        f"UPDATE journal_line SET line_no = line_no + 7 WHERE {lines_of(3)}",
        f"UPDATE journal_line SET debit = credit, credit = debit WHERE {lines_of(3)}",
        f"DELETE FROM journal_line WHERE {lines_of(3)} AND line_no = 1",
        f"UPDATE journal_entry SET memo = 'x' WHERE {ENTRY.format(3)}",
        f"UPDATE journal_entry SET posted_by = NULL WHERE {ENTRY.format(3)}",
        f"UPDATE journal_entry SET kind = 'sale' WHERE {ENTRY.format(3)}",
        f"UPDATE journal_entry SET business_date = '2020-01-01' WHERE {ENTRY.format(3)}",
    ],
)
def test_a_changed_entry_is_named(statement: str, sealed: Actor, alter: Alter) -> None:
    alter(statement)
    assert (verify_seals.CHANGED, "3") in named(sealed)
    assert named(sealed) <= {(verify_seals.CHANGED, "3"), (verify_seals.SEAL, "last seal")}


def test_a_removed_entry_is_named(sealed: Actor, alter: Alter) -> None:
    alter(
        f"DELETE FROM journal_line WHERE {lines_of(6)}",
        f"DELETE FROM journal_entry WHERE {ENTRY.format(6)}",
    )
    assert named(sealed) == {(verify_seals.REMOVED, "6")}


def test_a_header_taken_from_its_lines_is_named(sealed: Actor, alter: Alter) -> None:
    alter(f"DELETE FROM journal_entry WHERE {ENTRY.format(6)}")
    assert named(sealed) == {(verify_seals.REMOVED, "6"), (verify_seals.REMOVED, "header")}


def copied(number: int) -> str:
    """Return the SQL that inserts entry 2 once more, under another number and the id `:id`."""
    other = {"id": ":id", "entry_no": str(number), "source_id": ":id"}
    names = [column.name for column in JournalEntry.__table__.columns]
    values = ", ".join(other.get(name, name) for name in names)
    return (
        f"INSERT INTO journal_entry ({', '.join(names)})"
        f" SELECT {values} FROM journal_entry WHERE {ENTRY.format(2)}"
    )


def new_id() -> UUID | str:
    """Return an id as the engine keeps it."""
    return uuid7().hex if db.engine.dialect.name == "sqlite" else uuid7()


@pytest.mark.parametrize("number", [10, 999, 0])
def test_an_entry_nobody_posted_is_named(number: int, sealed: Actor, alter: Alter) -> None:
    if number == 0 and db.engine.dialect.name != "sqlite":
        alter("ALTER TABLE journal_entry DROP CONSTRAINT ck_journal_entry_entry_no_positive")
    alter(copied(number), id=new_id())
    assert (verify_seals.INSERTED, str(number) if number else "") in named(sealed)


def test_another_entry_under_a_number_already_given_is_named(sealed: Actor, alter: Alter) -> None:
    alter(f"DELETE FROM journal_entry WHERE {ENTRY.format(5)}", copied(5), id=new_id())
    assert (verify_seals.CHANGED, "5") in named(sealed)


def test_a_number_given_twice_is_named(sealed: Actor, alter: Alter) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("the number's index is part of the table there")
    alter(
        "ALTER TABLE journal_entry DROP CONSTRAINT uq_journal_entry_centre_id_fiscal_year_entry_no"
    )
    alter(copied(5), id=new_id())
    assert (verify_seals.INSERTED, "5") in named(sealed)


def test_entries_that_changed_places_are_both_named(sealed: Actor, alter: Alter) -> None:
    alter(
        f"UPDATE journal_entry SET entry_no = 900 WHERE {ENTRY.format(2)}",
        f"UPDATE journal_entry SET entry_no = 2 WHERE {ENTRY.format(7)}",
        f"UPDATE journal_entry SET entry_no = 7 WHERE {ENTRY.format(900)}",
    )
    assert named(sealed) == {(verify_seals.CHANGED, "2"), (verify_seals.CHANGED, "7")}


def test_an_entry_under_a_new_number_is_named(sealed: Actor, alter: Alter) -> None:
    alter(f"UPDATE journal_entry SET entry_no = 900 WHERE {ENTRY.format(2)}")
    assert named(sealed) == {(verify_seals.REMOVED, "2"), (verify_seals.INSERTED, "900")}


def test_an_entry_moved_to_another_year_is_named(sealed: Actor, alter: Alter) -> None:
    alter(f"UPDATE journal_entry SET fiscal_year = fiscal_year - 1 WHERE {ENTRY.format(2)}")
    assert named(sealed) == {(verify_seals.REMOVED, "2"), (verify_seals.INSERTED, "2")}


@pytest.mark.parametrize(
    "change",
    [
        "hash = '" + "a" * 64 + "'",
        "previous = '" + "a" * 64 + "'",
        "debit_total = debit_total + 1",
        "sequence = 9",
        "entry_count = 3",
        "first_no = first_no + 1",
    ],
)
def test_a_changed_seal_is_found(change: str, sealed: Actor, alter: Alter) -> None:
    if db.engine.dialect.name != "sqlite" and ("count" in change or "first" in change):
        alter("ALTER TABLE seal DROP CONSTRAINT ck_seal_whole_run")
    alter(f"UPDATE seal SET {change} WHERE centre_id = :c AND sequence = 2")
    assert verify_seals.SEAL in {fault.kind for fault in report(sealed).faults}


def test_a_seal_made_to_fit_the_changed_entry_breaks_the_next(sealed: Actor, alter: Alter) -> None:
    """Whoever seals the first run anew must seal everything anew, and the paper shows it."""
    on_paper = report(sealed).head
    alter(f"UPDATE journal_entry SET memo = 'x' WHERE {ENTRY.format(3)}")
    first = list(sealing.hashes_of(sealed.centre_id, _year(sealed), 1, 4))
    made = link(BEGINNING, _year(sealed), 1, 4, [one for _, one in first])
    assert len(made.marks) == 4 * MARK_BYTES
    renew = "UPDATE seal SET hash = :h, marks = :m WHERE centre_id = :c AND sequence = 1"
    alter(renew, h=made.hash, m=made.marks)
    assert named(sealed) == {(verify_seals.SEAL, "seal 2")}

    last = list(sealing.hashes_of(sealed.centre_id, _year(sealed), 5, 8))
    anew = link(made.hash, _year(sealed), 5, 8, [one for _, one in last])
    renew = "UPDATE seal SET hash = :h, previous = :p WHERE centre_id = :c AND sequence = 2"
    alter(renew, h=anew.hash, p=made.hash)
    found = report(sealed)
    assert found.ok, "a chain alone can't show that all of it was made anew"
    assert not found.expect(on_paper)


def test_marks_made_to_fit_do_not_hide_an_entry(sealed: Actor, alter: Alter) -> None:
    alter(f"UPDATE journal_entry SET memo = 'x' WHERE {ENTRY.format(3)}")
    hashes = [one for _, one in sealing.hashes_of(sealed.centre_id, _year(sealed), 1, 4)]
    made = link(BEGINNING, _year(sealed), 1, 4, hashes)
    alter("UPDATE seal SET marks = :m WHERE centre_id = :c AND sequence = 1", m=made.marks)
    assert named(sealed) == {(verify_seals.SEAL, "seal 1")}


def test_the_last_seal_taken_away_is_missed_by_the_months(sealed: Actor, alter: Alter) -> None:
    alter("DELETE FROM seal WHERE centre_id = :c AND sequence = 2")
    assert named(sealed) == {(verify_seals.SEAL, "last seal")}


def test_the_first_seal_taken_away_is_missed(sealed: Actor, alter: Alter) -> None:
    alter("DELETE FROM seal WHERE centre_id = :c AND sequence = 1")
    assert (verify_seals.SEAL, "seal 1") in named(sealed)


def _year(actor: Actor) -> int:
    return next(iter(sealing.sealed_to(actor.centre_id)))
