"""Accounts of members and of funds are the sum of their members and funds, at any day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text, update

from accounting.models import JournalLine
from accounting.rules.attention import TieOut
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import funds, ledger, tie_outs
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from tests.sharing import put_shares

CASH = Purpose.CASH_SAFE


def ties(actor: Actor, on: date) -> dict[str, TieOut]:
    found = {tie.key: tie for tie in tie_outs.ties(actor.centre_id, on)}
    db.session.rollback()
    return found


def post(actor: Actor, *lines: NewLine) -> UUID:
    """Post an opening; return its document's id."""
    source_id, now = uuid7(), clock.now()
    entry = NewEntry("opening", "opening", source_id, clock.business_date(now), now, lines)
    in_transaction(ledger.post, entry, actor)
    return source_id


@pytest.fixture
def fund_id(manager: Actor) -> UUID:
    new = NewFund(uuid7(), "W1", "กองทุนสวัสดิการ", "Welfare", Purpose.WELFARE_FUND)
    return in_transaction(funds.create, new, manager).id


def past_the_guards(statement: object) -> None:
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
            for name in names.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(statement)  # type: ignore[call-overload]


def test_shares_and_funds_tie_today_and_before(system: Actor, fund_id: UUID) -> None:
    member = in_transaction(members.create, NewMember(first_name="ป้าแดง"), system)
    today = clock.today()
    put_shares(system, today, member.id, 100_000)
    post(
        system,
        NewLine(CASH, debit=50_000),
        NewLine(Purpose.WELFARE_FUND, credit=50_000, fund_id=fund_id),
    )
    found = ties(system, today)
    assert all(tie.ties and tie.documents == () for tie in found.values())
    assert (found["shares"].code, found["shares"].ledger_satang) == ("3110", -100_000)
    assert found["welfare_fund"].sub_ledger_satang == -50_000
    before = ties(system, today - timedelta(days=1))
    assert {(tie.ledger_satang, tie.sub_ledger_satang) for tie in before.values()} == {(0, 0)}


def test_what_no_fund_holds_names_its_document(system: Actor, fund_id: UUID) -> None:
    nobodys = post(system, NewLine(CASH, debit=700), NewLine(Purpose.WELFARE_FUND, credit=700))
    elsewhere = post(
        system,
        NewLine(CASH, debit=300),
        NewLine(Purpose.OTHER_FUNDS, credit=300, fund_id=fund_id),
    )
    found = ties(system, clock.today())
    welfare, other = found["welfare_fund"], found["other_funds"]
    assert (welfare.difference_satang, welfare.ties) == (-700, False)
    assert [(one.type, one.id, one.satang) for one in welfare.documents] == [
        ("opening", nobodys, -700)
    ]
    assert [(one.id, one.satang) for one in other.documents] == [(elsewhere, -300)]
    assert other.documents[0].number.startswith("J-")
    assert found["shares"].ties


def test_lines_without_a_member_are_found_though_they_cancel_out(system: Actor) -> None:
    member = in_transaction(members.create, NewMember(first_name="ป้าแดง"), system)
    share = NewLine(Purpose.SHARE_CAPITAL, credit=1_000, member_id=member.id)
    back = NewLine(Purpose.SHARE_CAPITAL, debit=1_000, member_id=member.id)
    documents = {
        post(system, NewLine(CASH, debit=1_000), share),
        post(system, NewLine(CASH, credit=1_000), back),
    }
    past_the_guards(
        update(JournalLine)
        .where(JournalLine.centre_id == system.centre_id, JournalLine.member_id == member.id)
        .values(member_id=None)
    )
    tie = ties(system, clock.today())["shares"]
    assert (tie.difference_satang, tie.unequal, tie.ties) == (0, 2, False)
    assert {one.id for one in tie.documents} == documents
