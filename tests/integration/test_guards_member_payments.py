"""What the database refuses of payments to members, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_member_payments as rows
from tests.integration import guarded_surplus, guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_world import World

NEW = UUID(int=0xC1)


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre with an item of 50 baht: 10 paid, 10 paid and taken back, 5 at the bank."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def key(attacker: Attacker, identity: UUID) -> str:
    """Return an id as this engine writes it."""
    return f"'{identity.hex}'" if attacker.sqlite else f"'{identity}'"


def move(
    attacker: Attacker,
    source_type: str,
    satang: int,
    *,
    source: UUID = NEW,
    run: UUID = rows.RUN,
    patronage: int = 0,
) -> str:
    """Return the INSERT of a move of the world's item."""
    return (
        "INSERT INTO member_item_move SELECT centre_id, "
        f"'{source_type}', {key(attacker, source)}, {key(attacker, run)}, member_id, {satang},"
        f" {patronage}, business_date FROM member_item_move"
        f" WHERE source_type = 'member_payment' AND source_id = {key(attacker, rows.PAID)}"
    )


def test_no_more_is_paid_than_is_due(attacker: Attacker) -> None:
    attacker.refused(
        "member payment: more is paid than is due", move(attacker, "member_payment", 40_01)
    )
    attacker.refused(
        "member payment: more is paid than is due",
        move(attacker, "member_payment", 0, patronage=1),
    )
    attacker.refused(
        "member payment: more is paid than is due",
        move(attacker, "member_payment", 25_00),
        move(attacker, "member_payment", 15_01, source=UUID(int=0xC2)),
    )
    attacker.runs(move(attacker, "member_payment", 40_00))
    attacker.refused(
        "member payment: more is paid than is due",
        move(attacker, "member_payment", 1, source=UUID(int=0xC2)),
    )


def test_only_what_was_paid_comes_back_and_only_once(attacker: Attacker) -> None:
    words = "member payment: only what was paid is taken back"
    attacker.refused(words, move(attacker, "member_payment_reversal", -1))
    paid = rows.PAID
    attacker.refused(words, move(attacker, "member_payment_reversal", -9_99, source=paid))
    attacker.refused(words, move(attacker, "unclaimed_reversal", -10_00, source=paid))
    attacker.refused("sign_of_source", move(attacker, "member_payment", -1))
    attacker.runs(move(attacker, "member_payment_reversal", -10_00, source=paid))


def test_an_allocation_that_is_not_posted_pays_nobody(attacker: Attacker) -> None:
    attacker.refused(
        "member payment: this allocation is not posted",
        move(attacker, "member_payment", 1, run=guarded_surplus.RUN),
    )


def test_an_allocation_that_paid_is_not_reversed(attacker: Attacker) -> None:
    outcome = (
        "INSERT INTO surplus_outcome SELECT centre_id, allocation_id, 'reversed', 'x',"
        f" recorded_by, recorded_at FROM surplus_outcome WHERE kind = 'posted'"
        f" AND allocation_id = {key(attacker, rows.POSTED)}"
    )
    attacker.refused("", outcome)
    # Also when nothing is out but a bank file: take back what was paid first.
    attacker.runs(move(attacker, "member_payment_reversal", -10_00, source=rows.PAID))
    attacker.refused("", outcome)


def test_who_waits_at_the_bank_is_not_paid_another_way(attacker: Attacker) -> None:
    insert = (
        "INSERT INTO member_payment (centre_id, id, payment_no, member_id, way, paid_from,"
        " dividend_satang, patronage_satang, recipient_kind, recipient_name, recipient_relation,"
        " reference, note, business_date, recorded_at, recorded_name, digest, content)"
        " SELECT centre_id, {id}, 'DV-x', member_id, way, paid_from, {satang}, 0,"
        " recipient_kind, recipient_name, recipient_relation, reference, note, business_date,"
        " recorded_at, recorded_name, digest, content FROM member_payment"
        f" WHERE id = {key(attacker, rows.PAID)}"
    )
    new, own = key(attacker, NEW), key(attacker, rows.AT_BANK)
    attacker.refused(
        "member payment: a bank file waits for this member", insert.format(id=new, satang=500)
    )
    paid = "UPDATE member_batch_line SET state = 'paid'"
    attacker.refused("member payment: a paid line has its payment", paid)
    attacker.refused(
        "member payment: a paid line has its payment", insert.format(id=own, satang=499), paid
    )
    attacker.runs(insert.format(id=own, satang=500), paid)
    attacker.refused(
        "member payment: the bank answered this line",
        "UPDATE member_batch_line SET state = 'failed'",
    )


def test_what_the_bank_was_told_never_changes(attacker: Attacker) -> None:
    for change in ("dividend_satang = 501", "account = '1'", "line_no = 2", "account_name = ''"):
        attacker.refused(
            "member payment: what the bank was told never changes",
            f"UPDATE member_batch_line SET {change}",
        )
    attacker.refused(
        "member payment: a new line waits for the bank",
        "INSERT INTO member_batch_line SELECT centre_id, batch_id, 2, member_id, dividend_satang,"
        f" patronage_satang, account, account_name, items, {key(attacker, NEW)}, 'failed',"
        " reference FROM member_batch_line",
    )


def test_a_payment_is_whole(attacker: Attacker) -> None:
    for column, value, words in (
        ("recipient_kind", "'heir'", "recipient_named"),
        ("paid_from", "'till'", "drawer_named"),
        ("dividend_satang", "0", "parts_natural"),
        ("dividend_satang", "-1", "parts_natural"),
    ):
        columns = {
            name: name
            for name in (
                "centre_id, payment_no, member_id, way, paid_from, dividend_satang,"
                " patronage_satang, recipient_kind, recipient_name, recipient_relation,"
                " reference, note, business_date, recorded_at, recorded_name, digest, content"
            ).split(", ")
        }
        columns |= {column: value, "payment_no": "'DV-y'"}
        attacker.refused(
            words,
            # Nothing waits at the bank any more.
            "UPDATE member_batch_line SET state = 'failed', reference = 'x'",
            f"INSERT INTO member_payment (id, {', '.join(columns)})"
            f" SELECT {key(attacker, NEW)}, {', '.join(columns.values())} FROM member_payment"
            f" WHERE id = {key(attacker, rows.PAID)}",
        )


def decision(attacker: Attacker, kind: str, who: UUID, taking: UUID = rows.WAITING) -> str:
    return (
        f"INSERT INTO unclaimed_outcome SELECT centre_id, {key(attacker, taking)}, '{kind}', 'x',"
        f" business_date, {key(attacker, who)}, recorded_name, recorded_at FROM unclaimed_outcome"
        f" WHERE taking_id = {key(attacker, rows.PREPARED)}"
    )


def test_two_people_send_money_to_reserve(attacker: Attacker) -> None:
    second = "unclaimed: a second person approves"
    attacker.refused(second, decision(attacker, "approved", rows.ONE))
    decided = "unclaimed: this list was decided"
    attacker.refused(decided, decision(attacker, "approved", rows.TWO, rows.PREPARED))
    back = "unclaimed: only an approved list is taken back"
    attacker.refused(back, decision(attacker, "reversed", rows.TWO))
    nobody = "unclaimed: nobody approved this"
    taken = move(attacker, "unclaimed_taking", 3_00, source=rows.WAITING)
    attacker.refused(nobody, taken)
    approved = decision(attacker, "approved", rows.TWO)
    wrong = move(attacker, "unclaimed_taking", 2_99, source=rows.WAITING)
    attacker.refused(nobody, approved, wrong)
    attacker.runs(approved, taken)
