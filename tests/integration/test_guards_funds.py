"""What the database refuses of funds, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.config import Settings
from core.db import db, in_transaction
from core.ids import uuid7
from tests.funding import approved, asked, fund, give, paid
from tests.integration.attacks import Attacker


@pytest.fixture
def attacker(settings: Settings, app: Flask) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


@pytest.fixture
def second(manager: Actor) -> Actor:
    return replace(manager, user_id=uuid7(), name="กรรมการคนที่สอง")


def key(attacker: Attacker, identity: UUID | None) -> str:
    assert identity is not None
    return f"'{identity.hex}'" if attacker.sqlite else f"'{identity}'"


def test_a_fund_never_becomes_another(attacker: Attacker, manager: Actor) -> None:
    fund_id = fund(manager)
    where = f"WHERE id = {key(attacker, fund_id)}"
    words = "fund: what a fund is for never changes"
    attacker.refused(words, f"UPDATE fund SET kind = 'other' {where}")
    attacker.refused(words, f"UPDATE fund SET purpose = 'other_funds' {where}")
    attacker.refused("guard: rows of fund stay for ever", f"DELETE FROM fund {where}")


def test_a_recipient_is_only_ever_blanked(
    attacker: Attacker, accountant: Actor, manager: Actor
) -> None:
    request = asked(accountant, fund(manager), 1_00)
    where = f"WHERE id = {key(attacker, request.recipient_id)}"
    words = "fund: a recipient is only ever blanked"
    attacker.refused(words, f"UPDATE fund_recipient SET name = 'ใครอื่น' {where}")
    blank = "name = '—', name_key = '', erased = true"
    blank = blank.replace("true", "1") if attacker.sqlite else blank
    attacker.runs(f"UPDATE fund_recipient SET {blank} {where}")
    attacker.refused(words, f"UPDATE fund_recipient SET name = 'กลับมา' {where}")


def decision(attacker: Attacker, centre_id: int, request_id: UUID, kind: str, who: UUID) -> str:
    reason = "" if kind == "approve" else "เหตุ"
    return (
        "INSERT INTO fund_decision"
        " (centre_id, id, request_id, kind, reason, decided_at, decided_by, decided_name)"
        f" VALUES ({centre_id}, {key(attacker, uuid7())}, {key(attacker, request_id)}, '{kind}',"
        f" '{reason}', '2026-11-20 05:00:00', {key(attacker, who)}, 'ใคร')"
    )


def test_nobody_decides_on_what_they_asked_nor_after_it_is_decided(
    attacker: Attacker, accountant: Actor, manager: Actor, second: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 100_00)
    request = asked(accountant, fund_id, 1_00)
    here = manager.centre_id
    assert accountant.user_id is not None
    own = decision(attacker, here, request.id, "approve", accountant.user_id)
    attacker.refused("fund: whoever asked does not decide", own)
    attacker.runs(decision(attacker, here, request.id, "refuse", uuid7()))
    late = decision(attacker, here, request.id, "approve", uuid7())
    attacker.refused("fund: this request is decided", late)
    done = approved(accountant, manager, second, fund_id, 1_00)
    paid(manager, done.id)
    after = decision(attacker, here, done.id, "refuse", uuid7())
    attacker.refused("fund: this request is decided", after)


def grant(attacker: Attacker, centre_id: int, fund_id: UUID, request_id: UUID, satang: int) -> str:
    content = "'{}'"
    return (
        "INSERT INTO fund_grant (centre_id, id, grant_no, request_id, fund_id, amount_satang,"
        " paid_from, business_date, recorded_at, recorded_name, digest, content)"
        f" VALUES ({centre_id}, {key(attacker, uuid7())}, 'FG-X', {key(attacker, request_id)},"
        f" {key(attacker, fund_id)}, {satang}, 'bank', '2026-11-20', '2026-11-20 05:00:00', 'ใคร',"
        f" '{'0' * 64}', {content})"
    )


def test_only_an_approved_request_is_paid_by_its_sum(
    attacker: Attacker, accountant: Actor, manager: Actor, second: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 100_00)
    here, words = manager.centre_id, "fund: only an approved request is paid"
    waiting = asked(accountant, fund_id, 5_00)
    attacker.refused(words, grant(attacker, here, fund_id, waiting.id, 5_00))
    yes = approved(accountant, manager, second, fund_id, 5_00)
    attacker.refused(words, grant(attacker, here, fund_id, yes.id, 6_00))
    attacker.refused(words, grant(attacker, here, fund(manager), yes.id, 5_00))


def post(actor: Actor, source: str, *lines: NewLine) -> None:
    now = clock.now()
    entry = NewEntry(source, source, uuid7(), clock.business_date(now), now, lines)
    in_transaction(ledger.post, entry, actor)


def refused(words: str, actor: Actor, source: str, *lines: NewLine) -> None:
    with pytest.raises(IntegrityError, match=words):
        post(actor, source, *lines)
    db.session.rollback()


def test_no_paper_overdraws_a_fund(system: Actor, manager: Actor) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 100_00)
    out = NewLine(Purpose.WELFARE_FUND, debit=100_01, fund_id=fund_id)
    refused(
        "a fund is never overdrawn", system, "donation", out, NewLine(Purpose.BANK, credit=100_01)
    )
    # The till of a sale was offline: what it gave, it gave.
    post(system, "sale", out, NewLine(Purpose.BANK, credit=100_01))
    # A contribution is welcome even when it doesn't yet bring the fund above zero.
    give(manager, fund_id, 1)


def test_an_entry_of_a_fund_is_that_of_its_paper(system: Actor, manager: Actor) -> None:
    fund_id = fund(manager)
    for source in ("fund_contribution", "fund_transfer"):
        refused(
            "an entry is that of its paper",
            system,
            source,
            NewLine(Purpose.BANK, debit=1),
            NewLine(Purpose.WELFARE_FUND, credit=1, fund_id=fund_id),
        )


def test_funeral_aid_never_meets_income_or_the_shops_cash(
    attacker: Attacker, system: Actor, manager: Actor
) -> None:
    fund_id = fund(manager, "funeral_aid")
    give(manager, fund_id, 100_00)
    trust = NewLine(Purpose.FUNERAL_AID, debit=5, fund_id=fund_id)
    box = NewLine(Purpose.FUNERAL_MONEY, credit=5)
    income = NewLine(Purpose.OTHER_INCOME, credit=5)
    for source in ("sale", "voucher_like", "opening"):
        refused("funeral aid is no income and no cost", system, source, trust, income)
    refused(
        "funeral aid stays apart from the shop",
        system,
        "sale",
        NewLine(Purpose.CASH_SAFE, debit=5),
        box,
    )
    refused(
        "funeral aid stays apart from the shop",
        system,
        "something",
        NewLine(Purpose.SURPLUS_OF_YEAR, debit=5),
        replace(trust, debit=0, credit=5),
    )
    attacker.refused(
        "fund: funeral aid is no money of the shop",
        "UPDATE account SET money = 'cash' WHERE purpose = 'funeral_money'",
    )
