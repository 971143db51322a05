"""What shares and payments keep about a person: told in the copy, forgotten where it may be."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from accounting.rules.shares import Heir
from accounting.services.member_payments import choices
from accounting.services.member_payments.choices import Choice
from accounting.services.shares import heirs
from accounting.services.shares.heirs import Nominate
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.models import Member
from members.services import erasure, standing
from members.services.standing import RecordFact
from tests.dividends import member

BANK = Choice("transfer", "0812345678", "004", "1234567890", "แดง ใจดี")


def person_of(actor: Actor, member_id: UUID) -> UUID:
    found = db.session.execute(
        select(Member.person_id).where(Member.centre_id == actor.centre_id, Member.id == member_id)
    ).scalar_one()
    db.session.rollback()
    assert found is not None
    return found


def test_the_copy_tells_heirs_and_where_money_goes(
    system: Actor, manager: Actor, accountant: Actor
) -> None:
    dang, dam = member(system, "แดง"), member(system, "ดำ")
    named = (Heir("หนึ่ง ใจดี", "บุตร", 2_500), Heir("สอง ใจดี", "บุตร", 7_500))
    in_transaction(heirs.nominate, Nominate(uuid7(), dang, clock.today(), named), accountant)
    in_transaction(choices.save, dang, BANK, accountant)
    told = {
        one.title: one.rows
        for one in in_transaction(erasure.copy_of, person_of(manager, dang), manager)
    }
    assert [row[1:] for row in told["Heirs named"]] == [
        ("หนึ่ง ใจดี", "บุตร", "25.00"),
        ("สอง ใจดี", "บุตร", "75.00"),
    ]
    assert told["How dividends are paid"] == (("0812345678", "004", "1234567890", "แดง ใจดี"),)
    of_other = in_transaction(erasure.copy_of, person_of(manager, dam), manager)
    assert not any(one.rows for one in of_other if one.title in told and "Heirs" in one.title)


def test_who_is_forgotten_leaves_no_account_behind(
    system: Actor, manager: Actor, accountant: Actor
) -> None:
    dang, dam = member(system, "แดง"), member(system, "ดำ")
    for who in (dang, dam):
        in_transaction(choices.save, who, BANK, accountant)
    left = RecordFact(fact_id=uuid7(), member_id=dang, kind="resigned", on_date=clock.today())
    in_transaction(standing.record, left, manager)
    in_transaction(erasure.erase, person_of(manager, dang), uuid7(), clock.today(), manager)
    kept = choices.of(manager.centre_id)
    assert kept[dang] == Choice("cash", version=2)
    assert kept[dam].bank_account == "1234567890"
