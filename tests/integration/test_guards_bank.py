"""What the database refuses at the bank, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from core.ids import uuid7
from migrations.guards import words
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_bank import FREE, LINE, MATCH
from tests.integration.guarded_world import World


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre with two bank lines, one of them matched."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def key(attacker: Attacker, identity: object) -> str:
    """Return an id as this engine writes it."""
    return f"'{str(identity).replace('-', '')}'" if attacker.sqlite else f"'{identity}'"


def yes(attacker: Attacker) -> str:
    return "1" if attacker.sqlite else "true"


def line_into(attacker: Attacker, match: str, line: object) -> str:
    return (
        "INSERT INTO bank_match_line (centre_id, match_id, line_id, live)"
        f" SELECT centre_id, {match}, {key(attacker, line)}, {yes(attacker)}"
        " FROM bank_match_line LIMIT 1"
    )


def item_into(attacker: Attacker, match: str, line_no: int) -> str:
    return (
        "INSERT INTO bank_match_item (centre_id, match_id, entry_id, line_no, live)"
        f" SELECT centre_id, {match}, entry_id, {line_no}, {yes(attacker)}"
        " FROM bank_match_item LIMIT 1"
    )


def header(attacker: Attacker, match: str, **other: str) -> str:
    columns = (
        "centre_id id account_id kind how amount_satang entry_id matched_at matched_by"
        " matched_name digest content live undone_at undone_by undone_name"
    ).split()
    values = [other.get(column, match if column == "id" else column) for column in columns]
    return (
        f"INSERT INTO bank_match ({', '.join(columns)}) SELECT {', '.join(values)}"
        f" FROM bank_match WHERE id = {key(attacker, MATCH)}"
    )


def test_a_line_of_a_statement_is_matched_once(attacker: Attacker, world: World) -> None:
    match = key(attacker, uuid7())
    for part, insert in (
        ("bank_match_line", line_into(attacker, match, LINE)),
        ("bank_match_item", item_into(attacker, match, 1)),
    ):
        # On SQLite no row is put over a unique key of a guarded one, in the words of that guard.
        said = words(part) if attacker.sqlite else "bank: this line is matched already"
        attacker.refused(said, insert)


def test_both_sides_of_a_match_are_equal(attacker: Attacker, world: World) -> None:
    unequal = "bank: both sides of a match are equal"
    match = key(attacker, uuid7())
    free, other = line_into(attacker, match, FREE), item_into(attacker, match, 2)
    # The other line of the entry is on another account, and on the other side.
    attacker.refused(unequal, free, other, header(attacker, match))
    attacker.refused(unequal, free, header(attacker, match))
    attacker.refused(unequal, other, header(attacker, match))
    attacker.refused(unequal, free, other, header(attacker, match, amount_satang="0"))


def test_a_match_takes_nothing_more(attacker: Attacker, world: World) -> None:
    late = "bank: a match takes no more lines"
    match = key(attacker, MATCH)
    attacker.refused(late, line_into(attacker, match, FREE))
    attacker.refused(late, item_into(attacker, match, 2))


def test_a_new_match_counts(attacker: Attacker, world: World) -> None:
    match = key(attacker, uuid7())
    attacker.refused(
        "bank: a new match counts",
        line_into(attacker, match, FREE),
        header(attacker, match, live="NULL", undone_at="matched_at"),
    )


def test_a_match_is_undone_and_never_changed(attacker: Attacker, world: World) -> None:
    changed = "bank: a match is undone, never changed"
    for change in (
        "amount_satang = 1",
        "live = NULL, undone_at = matched_at, amount_satang = 1",
        "live = NULL, undone_at = matched_at, matched_name = 'x'",
        "matched_name = 'x'",
    ):
        attacker.refused(changed, f"UPDATE bank_match SET {change}")
    for part in ("bank_match_line", "bank_match_item"):
        attacker.refused(changed, f"UPDATE {part} SET live = NULL")
        attacker.refused(changed, f"UPDATE {part} SET live = {yes(attacker)}")


def test_an_undone_match_frees_its_lines_and_stays_undone(attacker: Attacker, world: World) -> None:
    changed = "bank: a match is undone, never changed"
    attacker.runs("UPDATE bank_match SET live = NULL, undone_at = matched_at")
    attacker.refused(changed, f"UPDATE bank_match SET live = {yes(attacker)}, undone_at = NULL")
    attacker.refused(changed, f"UPDATE bank_match_line SET line_id = {key(attacker, FREE)}")
    attacker.runs(
        "UPDATE bank_match_line SET live = NULL", "UPDATE bank_match_item SET live = NULL"
    )
    again = key(attacker, uuid7())
    attacker.runs(
        line_into(attacker, again, LINE),
        item_into(attacker, again, 1),
        header(attacker, again, live=yes(attacker), undone_at="NULL"),
    )


def test_a_statement_is_withdrawn_only_when_nothing_counts_on_it(
    attacker: Attacker, world: World
) -> None:
    withdraw = "UPDATE bank_statement SET live = NULL, withdrawn_at = imported_at"
    attacker.refused("bank: lines of this statement are matched", withdraw)
    attacker.runs(
        "UPDATE bank_match SET live = NULL, undone_at = matched_at",
        "UPDATE bank_match_line SET live = NULL",
        "UPDATE bank_match_item SET live = NULL",
    )
    changed = "bank: a statement is withdrawn, never changed"
    attacker.refused(changed, f"{withdraw}, closing_satang = 1")
    attacker.refused(changed, "UPDATE bank_statement SET closing_satang = 1")
    attacker.runs(withdraw)
    attacker.refused(
        changed, f"UPDATE bank_statement SET live = {yes(attacker)}, withdrawn_at = NULL"
    )
    match = key(attacker, uuid7())
    attacker.refused(
        "bank: only lines of a statement of this account are matched",
        line_into(attacker, match, LINE),
        item_into(attacker, match, 1),
        header(attacker, match, live=yes(attacker), undone_at="NULL"),
    )
