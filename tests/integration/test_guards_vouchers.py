"""What the database refuses of a voucher, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules.book_settings import BookSettingsCard
from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_vouchers import PREPARER, VOUCHER
from tests.integration.guarded_world import World

GUARDS = Path(__file__).parents[2] / "migrations" / "guards"
STRANGER = UUID(int=0xF3)


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre with a voucher of 6,000 baht, above the limit of 5,000."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def key(attacker: Attacker, identity: UUID) -> str:
    return f"'{identity.hex}'" if attacker.sqlite else f"'{identity}'"


def entry_by(attacker: Attacker, posted_by: UUID, satang: int = 600_000) -> list[str]:
    """Statements that post the voucher's entry, copied from one that is there."""
    entry = key(attacker, UUID(int=0xF9))
    one = "SELECT id FROM journal_entry WHERE reverses_id IS NULL ORDER BY entry_no LIMIT 1"
    lines = (
        "INSERT INTO journal_line (centre_id, entry_id, line_no, account_id, posting_date, debit,"
        f" credit, memo, till_id, lot_id, producer_id, member_id) SELECT centre_id, {entry},"
        f" line_no, account_id, posting_date, CASE WHEN debit > 0 THEN {satang} ELSE 0 END,"
        f" CASE WHEN credit > 0 THEN {satang} ELSE 0 END, memo, till_id, lot_id, producer_id,"
        f" member_id FROM journal_line WHERE entry_id = ({one})"
    )
    header = (
        "INSERT INTO journal_entry (centre_id, id, fiscal_year, entry_no, period_id, business_date,"
        " posting_date, occurred_at, posted_at, posted_by, kind, source_type, source_id, memo,"
        f" line_count, debit_total, credit_total) SELECT centre_id, {entry}, fiscal_year, 77,"
        " period_id, business_date, posting_date, occurred_at, posted_at,"
        f" {key(attacker, posted_by)}, 'voucher_pay', 'voucher', {key(attacker, VOUCHER)}, memo,"
        f" line_count, {satang}, {satang} FROM journal_entry WHERE id = ({one})"
    )
    return [lines, header]


def waits(attacker: Attacker) -> str:
    return f"UPDATE voucher SET state = 'waiting' WHERE id = {key(attacker, VOUCHER)}"


def posted(attacker: Attacker) -> str:
    return (
        "UPDATE voucher SET state = 'posted', voucher_no = 'V-2569-0777'"
        f" WHERE id = {key(attacker, VOUCHER)}"
    )


def test_above_the_limit_only_a_second_person_posts(attacker: Attacker) -> None:
    words = "voucher: above the limit a second person approves"
    attacker.refused(words, *entry_by(attacker, STRANGER))
    attacker.refused(words, waits(attacker), *entry_by(attacker, PREPARER))
    attacker.runs(waits(attacker), *entry_by(attacker, STRANGER), posted(attacker))


def test_below_the_limit_of_the_centre_one_person_posts(attacker: Attacker, world: World) -> None:
    attacker.runs(
        "INSERT INTO book_settings (centre_id, approval_limit_satang, turnover_limit_satang,"
        " moved_percent, cash_report_days, aged_payable_days, version)"
        f" VALUES ({world.centre_id}, 600000, 1, 20, 3, 60, 1)"
        if not _has_settings(attacker)
        else "UPDATE book_settings SET approval_limit_satang = 600000"
    )
    attacker.runs(*entry_by(attacker, PREPARER), posted(attacker))


def _has_settings(attacker: Attacker) -> bool:
    return bool(attacker.rows("book_settings"))


def test_the_entry_is_of_the_vouchers_sum(attacker: Attacker) -> None:
    attacker.refused(
        "voucher: an entry is that of its voucher", *entry_by(attacker, STRANGER, 100_00)
    )


def test_a_voucher_is_posted_by_its_entry_alone_and_then_never_changes(
    attacker: Attacker,
) -> None:
    attacker.refused("voucher: it is posted by its entry", posted(attacker))
    attacker.runs(waits(attacker), *entry_by(attacker, STRANGER), posted(attacker))
    attacker.refused(
        "voucher: what was decided never changes", "UPDATE voucher SET note = 'something else'"
    )


def test_what_waits_does_not_change_and_nothing_begins_decided(attacker: Attacker) -> None:
    attacker.refused(
        "voucher: what waits for approval does not change",
        waits(attacker),
        "UPDATE voucher SET total_satang = 1",
    )
    attacker.refused(
        "voucher: what it was made for never changes", "UPDATE voucher SET kind = 'receive'"
    )
    attacker.refused(
        "voucher: a new voucher is a draft",
        "INSERT INTO voucher (centre_id, id, kind, state, business_date, total_satang, party,"
        " note, content, digest, prepared_name, prepared_at, decided_name, reason, version)"
        f" SELECT centre_id, {key(attacker, STRANGER)}, kind, 'waiting', business_date,"
        " total_satang, party, note, content, digest, prepared_name, prepared_at, decided_name,"
        " reason, version FROM voucher",
    )


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_guards_know_the_limit_until_a_centre_sets_its_own(dialect: str) -> None:
    words = (GUARDS / dialect / "60_vouchers.sql").read_text(encoding="utf-8")
    assert f"NEW.centre_id), {BookSettingsCard().approval_limit_satang})" in words
