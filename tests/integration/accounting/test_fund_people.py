"""What funds keep of people: told to whoever asks, blanked when they are erased, books kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from accounting.models import FundContribution, FundRecipient, JournalEntry
from accounting.rules.funds import AboveYearLimit, FundRule, GuardianMissing
from accounting.services import verify
from accounting.services.funds import asking, contributing, personal, recipients
from accounting.services.funds.asking import AskFund
from accounting.services.funds.recipients import Recipient
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.rules.persons import Birth
from members.services import members, registering, standing
from members.services.members import NewMember
from members.services.registering import NewPerson
from tests.funding import asked, fund, give, village


def test_a_members_name_stands_in_no_paper_and_goes_with_the_member(
    accountant: Actor, manager: Actor, system: Actor
) -> None:
    fund_id = fund(manager)
    member = in_transaction(
        members.create, NewMember(first_name="จำปา", last_name="ลืมฉันเถิด"), system
    )
    paper = give(manager, fund_id, 500_00, source="member", giver_name="", member_id=member.id)
    assert paper.giver_name == "จำปา ลืมฉันเถิด"
    who = Recipient("จำปา ลืมฉันเถิด", "household", member_id=member.id)
    command = AskFund(uuid7(), fund_id, who, "hardship", 100_00)
    in_transaction(asking.ask, command, accountant)
    told = list(personal.tell(manager.centre_id, [member.id], []))
    assert [len(one.rows) for one in told] == [1, 1]
    db.session.rollback()

    in_transaction(personal.forget, [member.id], [], manager)

    card = asking.get(command.id, manager).card.recipient
    assert card is not None and card.erased and card.name == recipients.ERASED
    row = db.session.scalars(select(FundContribution)).one()
    assert "ลืมฉันเถิด" not in f"{row.giver_name}{row.note}{row.content}"
    memos = db.session.scalars(select(JournalEntry.memo)).all()
    assert not [memo for memo in memos if "ลืมฉันเถิด" in memo]
    names = db.session.scalars(select(FundRecipient.name)).all()
    assert names == [recipients.ERASED]
    assert contributing.card(manager.centre_id, paper.id).amount_satang == 500_00
    assert all(one.ok for one in verify.checks(manager.centre_id))


def test_a_member_known_to_be_under_age_has_a_guardian_whatever_was_ticked(
    accountant: Actor, manager: Actor, system: Actor
) -> None:
    fund_id, today = fund(manager), clock.today()
    young, grown = (
        in_transaction(
            registering.create,
            NewPerson(person_id=uuid7(), first_name=name, birth=Birth(today.year - years)),
            system,
        )
        for name, years in (("หนูนา", 12), ("นา", 40))
    )
    child, adult = (
        in_transaction(
            members.create, NewMember(first_name=one.first_name, person_id=one.id), system
        ).id
        for one in (young, grown)
    )
    asked(accountant, fund_id, 1_00, name="นา", member_id=adult)
    with pytest.raises(GuardianMissing):
        asked(accountant, fund_id, 1_00, name="หนูนา", member_id=child)
    said = {"minor": True, "guardian_name": "นา", "guardian_relation": "แม่"}
    assert asked(accountant, fund_id, 1_00, name="หนูนา", member_id=child, **said).recipient


def test_a_title_makes_nobody_another_person(accountant: Actor, manager: Actor) -> None:
    fund_id = fund(manager, rule=FundRule(recipient_year_max_satang=500_00))
    here = village(manager, "บ้านลำสินธุ์")
    asked(accountant, fund_id, 400_00, name="สมชาย ใจดี", village_id=here)
    for name in ("นายสมชาย ใจดี", "นาย  สมชาย  ใจดี"):
        with pytest.raises(AboveYearLimit):
            asked(accountant, fund_id, 200_00, name=name, village_id=here)
    asked(accountant, fund_id, 500_00, name="นายสมชัย ใจดี", village_id=here)


def test_two_memberships_that_were_one_person_share_one_limit(
    accountant: Actor, manager: Actor, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    fund_id = fund(manager)
    stays, gone = (
        in_transaction(members.create, NewMember(first_name=name, last_name="ใจดี"), system)
        for name in ("แดง", "เดง")
    )
    first = asked(accountant, fund_id, 1_00, name="แดง ใจดี", member_id=stays.id)
    other = asked(accountant, fund_id, 2_00, name="เดง ใจดี", member_id=gone.id)
    monkeypatch.setattr(standing, "survivors", lambda _centre_id: {gone.id: stays.id})
    for one in (first, other):
        same = recipients.same_person(manager.centre_id, one.recipient_id)
        assert set(same) == {first.recipient_id, other.recipient_id}


def test_one_person_is_one_recipient_however_the_name_is_typed(
    accountant: Actor, manager: Actor
) -> None:
    fund_id, home = fund(manager), village(manager, "บ้านใน")
    first = asked(accountant, fund_id, 1_00, name="เเดง  ใจดี", village_id=home)
    again = asked(accountant, fund_id, 1_00, name="แดง ใจดี", village_id=home)
    elsewhere = asked(accountant, fund_id, 1_00, name="แดง ใจดี")
    assert first.recipient_id == again.recipient_id != elsewhere.recipient_id
    today = clock.today()
    year = asking.had_in_year(manager.centre_id, fund_id, first.recipient_id, today, 1)
    db.session.rollback()
    assert year == 2_00
