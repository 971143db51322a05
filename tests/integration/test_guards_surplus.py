"""What the database refuses of an allocation, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounting.models import Account, MemberRunItem
from core.actor import Actor
from core.config import Settings
from core.db import db, in_transaction
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_surplus import LIVING, ONE, SURPLUS, THREE, TWO
from tests.integration.guarded_world import World

ENTRY, UNDONE = UUID(int=0xAE), UUID(int=0xAF)
NOW = "'2026-11-20 05:00:00+00'"


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre with an allocation that one person approved."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


@pytest.fixture
def surplus_account(world: World) -> UUID:
    found = db.session.scalars(
        select(Account.id).where(
            Account.centre_id == world.centre_id, Account.purpose == "surplus_of_year"
        )
    ).one()
    db.session.rollback()
    return found


def key(attacker: Attacker, identity: UUID) -> str:
    return f"'{identity.hex}'" if attacker.sqlite else f"'{identity}'"


def approval(attacker: Attacker, place: int, by: UUID, digest: str = "d" * 64) -> str:
    return (
        "INSERT INTO surplus_approval (centre_id, allocation_id, place, approved_by, approved_at,"
        f" digest) SELECT centre_id, id, {place}, {key(attacker, by)}, {NOW}, '{digest}'"
        f" FROM surplus_allocation WHERE id = {key(attacker, LIVING)}"
    )


def outcome(attacker: Attacker, kind: str) -> str:
    return (
        "INSERT INTO surplus_outcome (centre_id, allocation_id, kind, reason, recorded_at)"
        f" SELECT centre_id, id, '{kind}', 'why', {NOW} FROM surplus_allocation"
        f" WHERE id = {key(attacker, LIVING)}"
    )


def entry(
    attacker: Attacker,
    account: UUID,
    *,
    identity: UUID = ENTRY,
    kind: str = "surplus_allocation",
    satang: int = SURPLUS,
    reverses: UUID | None = None,
) -> list[str]:
    """Statements that post an allocation's entry, its debit on an account."""
    new, other = key(attacker, identity), "(SELECT account_id FROM journal_line LIMIT 1)"
    one = "SELECT id FROM journal_entry WHERE reverses_id IS NULL ORDER BY entry_no LIMIT 1"
    sides = ((key(attacker, account), satang, 0), (other, 0, satang))
    if reverses:
        sides = ((key(attacker, account), 0, satang), (other, satang, 0))
    lines = [
        "INSERT INTO journal_line (centre_id, entry_id, line_no, account_id, posting_date, debit,"
        f" credit, memo, till_id) SELECT centre_id, {new}, {line_no}, {where}, posting_date,"
        f" {debit}, {credit}, '', (SELECT till_id FROM journal_line WHERE till_id IS NOT NULL"
        f" LIMIT 1) FROM journal_entry WHERE id = ({one})"
        for line_no, (where, debit, credit) in enumerate(sides, start=1)
    ]
    header = (
        "INSERT INTO journal_entry (centre_id, id, fiscal_year, entry_no, period_id, business_date,"
        " posting_date, occurred_at, posted_at, kind, source_type, source_id, memo, reverses_id,"
        f" line_count, debit_total, credit_total) SELECT centre_id, {new}, fiscal_year,"
        f" {77 + bool(reverses)}, period_id, business_date, posting_date, occurred_at, posted_at,"
        f" '{kind}', 'surplus_allocation', {key(attacker, LIVING)}, memo,"
        f" {key(attacker, reverses) if reverses else 'NULL'}, 2, {satang}, {satang}"
        f" FROM journal_entry WHERE id = ({one})"
    )
    return [*lines, header]


def test_two_different_people_approve_the_same(attacker: Attacker) -> None:
    words = "surplus: another person approves the same as the first"
    # Where the trigger that keeps rows comes first, it is the one that refuses.
    same = "guard: surplus_approval is append-only" if attacker.sqlite else words
    attacker.refused(same, approval(attacker, 2, ONE))
    attacker.refused(words, approval(attacker, 2, TWO, "e" * 64))
    attacker.runs(approval(attacker, 2, TWO))


def test_what_is_over_or_was_never_measured_is_not_approved(attacker: Attacker) -> None:
    words = "surplus: only what was measured and is not over is approved"
    attacker.refused(words, outcome(attacker, "withdrawn"), approval(attacker, 2, TWO))


def test_one_allocation_of_a_year_lives(attacker: Attacker) -> None:
    columns = (
        "fiscal_year, first_day, last_day, surplus_satang, retained_basis_points, resolution_id,"
        " rules, digest, prepared_at"
    )
    attacker.refused(
        "surplus: this year is allocated already",
        f"INSERT INTO surplus_allocation (centre_id, id, allocation_no, {columns})"
        f" SELECT centre_id, {key(attacker, THREE)}, 'AL-X', {columns} FROM surplus_allocation"
        f" WHERE id = {key(attacker, LIVING)}",
    )


def test_what_was_measured_gets_no_more_lines(attacker: Attacker) -> None:
    attacker.refused(
        "surplus: an allocation that was measured does not change",
        "INSERT INTO surplus_allocation_line (centre_id, allocation_id, line_no, use,"
        " amount_satang, memo) SELECT centre_id, id, 9, 'retained', 1, ''"
        f" FROM surplus_allocation WHERE id = {key(attacker, LIVING)}",
    )


def test_a_run_somebody_approved_gets_no_more_members(attacker: Attacker) -> None:
    fresh = {"member_id", "member_no"}
    columns = [
        name
        for name in (column.name for column in MemberRunItem.__table__.columns)
        if name not in fresh
    ]
    attacker.refused(
        "surplus: a run that was approved takes no more members",
        f"INSERT INTO member_run_item (member_id, member_no, {', '.join(columns)})"
        f" SELECT {key(attacker, UUID(int=0xBEEF))}, 'G777', item.{', item.'.join(columns)}"
        " FROM member_run_item AS item JOIN member_run AS run"
        " ON run.centre_id = item.centre_id AND run.id = item.run_id"
        f" WHERE run.allocation_id = {key(attacker, LIVING)}",
    )


def test_the_entry_waits_for_two_people_and_takes_the_whole_surplus(
    attacker: Attacker, surplus_account: UUID, world: World
) -> None:
    words = "surplus: two people approve what is posted"
    attacker.refused(words, *entry(attacker, surplus_account))
    second = approval(attacker, 2, TWO)
    attacker.refused(
        "surplus: an entry is that of its allocation",
        second,
        *entry(attacker, surplus_account, satang=SURPLUS - 1),
    )
    attacker.refused(
        "surplus: an entry is that of its allocation",
        second,
        *entry(attacker, surplus_account, kind="surplus_something"),
    )
    attacker.refused(
        "surplus: the uses are the whole surplus, taken off its account",
        second,
        *entry(attacker, world.cash_account_id),
    )
    attacker.refused("surplus: it is posted by its entry", second, outcome(attacker, "posted"))
    attacker.runs(second, *entry(attacker, surplus_account), outcome(attacker, "posted"))


def test_what_is_posted_is_reversed_by_its_entry_and_never_withdrawn(
    attacker: Attacker, surplus_account: UUID
) -> None:
    attacker.runs(
        approval(attacker, 2, TWO),
        *entry(attacker, surplus_account),
        outcome(attacker, "posted"),
    )
    attacker.refused(
        "surplus: what is posted is reversed, not withdrawn", outcome(attacker, "withdrawn")
    )
    attacker.refused("surplus: it is reversed by its entry", outcome(attacker, "reversed"))
    undone = entry(
        attacker,
        surplus_account,
        identity=UNDONE,
        kind="surplus_allocation_undone",
        reverses=ENTRY,
    )
    attacker.runs(*undone, outcome(attacker, "reversed"))


def test_what_was_given_up_is_never_posted(attacker: Attacker, surplus_account: UUID) -> None:
    attacker.refused(
        "surplus: this allocation is over",
        approval(attacker, 2, TWO),
        outcome(attacker, "withdrawn"),
        *entry(attacker, surplus_account),
    )
