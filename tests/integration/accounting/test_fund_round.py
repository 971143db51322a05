"""The round of the seed: 10,000 baht for each village and 32 recipients are two tables.

The meeting of October 2550 says: «หมู่บ้านละ 10,000 บาท จำนวน 32 ราย», early in September. It does
not say how many villages there were, so nothing may be multiplied.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from accounting.models import FundContribution, FundRecipient, MatchRound
from accounting.rules.funds import FIXED, RATIO, MatchRule
from accounting.rules.periods import Span
from accounting.services import funds
from accounting.services.funds import contributing, deciding, register, rounds, taking_back
from accounting.services.funds.rounds import (
    AlreadyMatched,
    BadRound,
    MatchVillage,
    NothingToMatch,
    OpenRound,
    RoundCard,
)
from accounting.services.funds.taking_back import TakeBack
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DifferentContent
from core.ids import uuid7
from tests.funding import asked, fund, give, paid, village

SEPTEMBER = date(2007, 9, 1)
PER_VILLAGE, RECIPIENTS = 10_000_00, 32


def opening(fund_id: UUID, **more: object) -> OpenRound:
    seed = OpenRound(
        id=uuid7(),
        fund_id=fund_id,
        title="สมทบกองทุนสวัสดิการหมู่บ้านเพื่อผู้ด้อยโอกาส",
        source="network",
        giver_name="เครือข่ายสินธุ์แพรทอง",
        rule=MatchRule(FIXED, PER_VILLAGE),
        counts_from=SEPTEMBER,
        counts_to=date(2007, 9, 30),
        happened_on=SEPTEMBER,
        happened_precision="month",
        recipients_stated=RECIPIENTS,
    )
    return replace(seed, **more)  # type: ignore[arg-type]


def match_round(actor: Actor, fund_id: UUID, **more: object) -> RoundCard:
    return in_transaction(rounds.open_round, opening(fund_id, **more), actor)


def test_the_round_of_the_seed_multiplies_nothing(
    accountant: Actor, manager: Actor, cashier: Actor
) -> None:
    second = replace(manager, user_id=uuid7())
    fund_id = fund(manager, "village_welfare")
    found = match_round(manager, fund_id)
    assert (found.rule.amount_satang, found.recipients_stated) == (PER_VILLAGE, RECIPIENTS)
    assert (found.happened_on, found.happened_precision) == (SEPTEMBER, "month")
    # Written down, it moves nothing and knows no total: nobody said how many villages there were.
    assert found.received_satang == 0
    assert register.balance(manager.centre_id, fund_id) == 0
    assert not [one for one in _numbers_of(found) if one == PER_VILLAGE * RECIPIENTS]

    homes = [village(manager, f"บ้านทดลองที่ {place}") for place in range(1, 4)]
    for home in homes:
        in_transaction(rounds.match_village, MatchVillage(uuid7(), found.id, home, "bank"), manager)
    for place in range(RECIPIENTS):
        request = asked(
            accountant,
            fund_id,
            500_00,
            name=f"เยาวชนคนที่ {place}",
            village_id=homes[place % 3],
            round_id=found.id,
        )
        in_transaction(deciding.approve, request.id, manager)
        in_transaction(deciding.approve, request.id, second)
        paid(manager, request.id)

    after = rounds.get(found.id, manager)
    assert [one.amount_satang for one in after.contributions] == [PER_VILLAGE] * 3
    assert after.received_satang == 3 * PER_VILLAGE
    assert (after.recipients_stated, after.recipients_recorded) == (RECIPIENTS, RECIPIENTS)
    numbers = _numbers_of(after)
    assert PER_VILLAGE * RECIPIENTS not in numbers and 320_000 not in numbers
    moved = funds.fund_movements(manager.centre_id, Span(None, None))
    given = [one for one in moved if one.kind == "in"]
    assert [(one.satang, one.recipients) for one in given] == [(PER_VILLAGE, 0)] * 3
    assert sum(one.recipients for one in moved if one.kind == "out") == RECIPIENTS
    # Two tables: the round's rows of money name no recipient, the register's no money.
    assert "recipient_id" not in FundContribution.__table__.c
    assert not [one for one in FundRecipient.__table__.c if "satang" in one.name]
    assert not {"villages", "village_count"} & set(MatchRound.__table__.c.keys())
    rows = db.session.scalars(select(FundRecipient.id)).all()
    assert len(rows) == RECIPIENTS


def _numbers_of(found: RoundCard) -> list[int]:
    values = [getattr(found, one.name) for one in fields(found)] + [found.received_satang]
    return [value for value in values if isinstance(value, int)]


def test_nothing_in_the_program_says_320000() -> None:
    """No file of ours works the seed's two numbers into one."""
    root = Path(__file__).parents[3]
    for folder in ("accounting", "templates", "docs"):
        for file in (root / folder).rglob("*fund*"):
            if file.is_file() and file.suffix in (".py", ".html", ".md", ".sql"):
                text = file.read_text(encoding="utf-8").replace(",", "").replace("_", "")
                assert "320000" not in text, file


def test_a_village_has_its_part_once_unless_it_was_taken_back(manager: Actor) -> None:
    fund_id = fund(manager, "village_welfare")
    found, home = match_round(manager, fund_id), village(manager, "บ้านใน")
    command = MatchVillage(uuid7(), found.id, home, "bank")
    first = in_transaction(rounds.match_village, command, manager)
    assert in_transaction(rounds.match_village, command, manager) == first
    again = replace(command, id=uuid7())
    with pytest.raises(AlreadyMatched):
        in_transaction(rounds.match_village, again, manager)
    in_transaction(
        taking_back.take_back, TakeBack(contributing.SOURCE, first.id, "ผิดหมู่บ้าน"), manager
    )
    assert rounds.get(found.id, manager).received_satang == 0
    db.session.rollback()
    in_transaction(rounds.match_village, again, manager)
    assert rounds.get(found.id, manager).received_satang == PER_VILLAGE


def test_a_ratio_follows_what_the_village_put_in_up_to_its_cap(manager: Actor) -> None:
    today = clock.today()
    fund_id = fund(manager, "village_welfare")
    found = match_round(
        manager,
        fund_id,
        rule=MatchRule(RATIO, 0, 5_000, 4_000_00),
        counts_from=today,
        counts_to=today,
        happened_on=today,
    )
    small, large, none = (village(manager, name) for name in ("เล็ก", "ใหญ่", "ไม่มี"))
    give(manager, fund_id, 333_33, source="merit_making", village_id=small, giver_name="ผ้าป่า")
    give(manager, fund_id, 100_000_00, source="donation", village_id=large, giver_name="ผู้ใจบุญ")
    give(manager, fund_id, 777_00, village_id=none)  # the network's own money isn't the village's
    matched = {
        home: in_transaction(
            rounds.match_village, MatchVillage(uuid7(), found.id, home, "bank"), manager
        ).amount_satang
        for home in (small, large)
    }
    assert matched == {small: 166_67, large: 4_000_00}
    with pytest.raises(NothingToMatch):
        in_transaction(rounds.match_village, MatchVillage(uuid7(), found.id, none, "bank"), manager)


def test_a_round_without_a_rule_is_refused(manager: Actor) -> None:
    fund_id = fund(manager, "village_welfare")
    for bad in (
        {"rule": MatchRule(FIXED, 0)},
        {"rule": MatchRule(RATIO, 1, 5_000)},
        {"counts_to": date(2007, 8, 1)},
        {"source": "member"},
    ):
        with pytest.raises(BadRound):
            match_round(manager, fund_id, **bad)
    command = opening(fund_id)
    in_transaction(rounds.open_round, command, manager)
    with pytest.raises(DifferentContent):
        in_transaction(rounds.open_round, replace(command, title="อื่น"), manager)
