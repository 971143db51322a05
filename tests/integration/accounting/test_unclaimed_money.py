"""Money nobody fetched: old enough, by two people, on a true list; and the tie-out of it all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from accounting.models import MemberRunItem
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger, member_payments, tie_outs, verify
from accounting.services.member_payments import due, income, matters, overview, unclaimed
from accounting.services.member_payments.unclaimed import Taking
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DifferentContent, Forbidden
from core.findings import Finding
from core.ids import uuid7
from inventory.services import income_certificate
from members.services import producers
from members.services.producers import NewProducer
from tests.dividends import Allocated, allocate, member, paid
from tests.integration.accounting.test_members_and_funds_tie import past_the_guards
from tests.resolving import resolve


@pytest.fixture
def dang(system: Actor) -> UUID:
    return member(system, "แดง")


@pytest.fixture
def dam(system: Actor) -> UUID:
    return member(system, "ดำ")


@pytest.fixture
def old(manager: Actor, accountant: Actor, dang: UUID, dam: UUID) -> Allocated:
    return allocate(manager, accountant, {dang: (120_00, 80_50), dam: (10_00, 0)}, years_ago=5)


def books(actor: Actor, purpose: Purpose) -> int:
    found = ledger.balance(actor.centre_id, purpose)
    db.session.rollback()
    return found


def prepared(actor: Actor) -> Taking:
    return in_transaction(unclaimed.prepare, uuid7(), actor)


def test_nothing_young_is_listed(manager: Actor, accountant: Actor, dang: UUID) -> None:
    allocate(manager, accountant, {dang: (100, 0)}, years_ago=4)
    with pytest.raises(unclaimed.NothingUnclaimed):
        prepared(accountant)


def test_a_shorter_rule_by_resolution_counts_from_its_day(
    manager: Actor, accountant: Actor, dang: UUID
) -> None:
    allocate(manager, accountant, {dang: (100, 0)}, years_ago=4)
    resolution_id, today = resolve(manager, "9/2569"), clock.today()
    rule = (uuid7(), today + timedelta(days=1), 3, resolution_id)
    with pytest.raises(Forbidden):
        in_transaction(unclaimed.set_rule, *rule, accountant)
    in_transaction(unclaimed.set_rule, *rule, manager)
    in_transaction(unclaimed.set_rule, *rule, manager)
    with pytest.raises(DifferentContent):
        in_transaction(unclaimed.set_rule, *rule[:2], rule[2] + 1, *rule[3:], manager)
    assert unclaimed.years_on(manager.centre_id, today) == 5
    db.session.rollback()
    in_transaction(unclaimed.set_rule, uuid7(), today, 3, resolution_id, manager)
    assert prepared(accountant).satang == 100
    with pytest.raises(unclaimed.RuleDayTaken):
        in_transaction(unclaimed.set_rule, uuid7(), today, 2, resolution_id, manager)


def test_two_people_send_it_to_reserve_by_one_entry(
    old: Allocated, accountant: Actor, manager: Actor, dang: UUID
) -> None:
    paid(accountant, dang)
    taking = prepared(accountant)
    assert (taking.dividend_satang, taking.patronage_satang) == (10_00, 0)
    with pytest.raises(unclaimed.SamePersonTakes):
        in_transaction(unclaimed.approve, taking.id, accountant)
    done = in_transaction(unclaimed.approve, taking.id, manager)
    assert done.outcome == "approved"
    assert in_transaction(unclaimed.approve, taking.id, manager) == done
    assert books(manager, Purpose.LEGAL_RESERVE) == -10_00
    assert books(manager, Purpose.DIVIDENDS_PAYABLE) == 0
    assert member_payments.unpaid(manager.centre_id) == {}
    db.session.rollback()
    assert_tied(manager)


def test_a_list_that_is_no_longer_true_is_not_approved(
    old: Allocated, accountant: Actor, manager: Actor, dang: UUID
) -> None:
    taking = prepared(accountant)
    paid(accountant, dang)
    with pytest.raises(unclaimed.ListChanged):
        in_transaction(unclaimed.approve, taking.id, manager)
    in_transaction(unclaimed.withdraw, taking.id, accountant)
    with pytest.raises(unclaimed.ListDecided):
        in_transaction(unclaimed.approve, taking.id, manager)


def test_a_list_taken_back_is_due_again(
    old: Allocated, accountant: Actor, manager: Actor, dang: UUID
) -> None:
    taking = prepared(accountant)
    with pytest.raises(unclaimed.ListDecided):
        in_transaction(unclaimed.reverse, taking.id, "มารับ", manager)
    in_transaction(unclaimed.approve, taking.id, manager)
    with pytest.raises(unclaimed.BackNeedsReason):
        in_transaction(unclaimed.reverse, taking.id, " ", manager)
    in_transaction(unclaimed.reverse, taking.id, "ป้าแดงมารับ", manager)
    assert books(manager, Purpose.LEGAL_RESERVE) == 0
    assert paid(accountant, dang).satang == 200_50
    assert_tied(manager)


def test_the_same_list_again_is_that_list(old: Allocated, accountant: Actor) -> None:
    identity = uuid7()
    one = in_transaction(unclaimed.prepare, identity, accountant)
    assert in_transaction(unclaimed.prepare, identity, accountant) == one


# --- sums ------------------------------------------------------------------------------------


def found(actor: Actor) -> dict[str, tuple[int, int, int]]:
    today = clock.today()
    ties = {
        tie.key: (tie.ledger_satang, tie.sub_ledger_satang, tie.unequal)
        for tie in tie_outs.ties(actor.centre_id, today)
        if tie.key in ("dividends", "patronage")
    }
    db.session.rollback()
    return ties


def findings(actor: Actor) -> Iterator[Finding]:
    yield from verify.checks(actor.centre_id)
    db.session.rollback()


def assert_tied(actor: Actor) -> None:
    assert all(ledger == kept and not bad for ledger, kept, bad in found(actor).values())
    assert [one for one in findings(actor) if not one.ok] == []


def test_the_books_are_the_open_items(old: Allocated, accountant: Actor, dang: UUID) -> None:
    assert found(accountant) == {
        "dividends": (-130_00, -130_00, 0),
        "patronage": (-80_50, -80_50, 0),
    }
    paid(accountant, dang)
    assert found(accountant)["patronage"] == (0, 0, 0)
    assert_tied(accountant)


def test_before_the_posting_nothing_is_owed(old: Allocated, accountant: Actor) -> None:
    yesterday = clock.today() - timedelta(days=1)
    ties = {tie.key: tie for tie in tie_outs.ties(accountant.centre_id, yesterday)}
    db.session.rollback()
    assert (ties["dividends"].ledger_satang, ties["dividends"].sub_ledger_satang) == (0, 0)


def test_an_opening_is_taken_at_its_word_and_a_stranger_is_named(
    old: Allocated, system: Actor, dang: UUID
) -> None:
    def post(source: str) -> None:
        lines = (
            NewLine(Purpose.CASH_SAFE, debit=7_00),
            NewLine(Purpose.DIVIDENDS_PAYABLE, credit=7_00, member_id=dang),
        )
        now = clock.now()
        entry = NewEntry(source, source, uuid7(), clock.business_date(now), now, lines)
        in_transaction(ledger.post, entry, system)

    post("opening")
    assert found(system)["dividends"] == (-137_00, -137_00, 0)
    post("sale")
    assert found(system)["dividends"] == (-144_00, -137_00, 1)
    ties = {tie.key: tie for tie in tie_outs.ties(system.centre_id, clock.today())}
    db.session.rollback()
    assert [one.type for one in ties["dividends"].documents] == ["sale"]


def test_two_faults_that_cancel_out_are_seen(
    old: Allocated, accountant: Actor, dang: UUID, dam: UUID
) -> None:
    for who, satang in ((dang, 119_00), (dam, 11_00)):
        past_the_guards(
            update(MemberRunItem)
            .where(MemberRunItem.member_id == who)
            .values(
                cash_dividend_satang=satang,
                dividend_satang=satang,
            )
        )
    assert found(accountant)["dividends"] == (-130_00, -130_00, 2)
    bad = [one for one in findings(accountant) if not one.ok and "unpaid items" in one.check]
    assert len(bad) == 1


# --- lists -----------------------------------------------------------------------------------


def test_members_are_found_by_nickname_with_what_they_are_owed(
    system: Actor, manager: Actor, accountant: Actor
) -> None:
    one = member(system, "สมศรี", nickname="ป้าแต๋ว")
    allocate(manager, accountant, {one: (5_00, 6_00)})
    [payee] = overview.found(accountant, "แต๋ว")
    assert (payee.dividend_satang, payee.patronage_satang, payee.since) == (
        5_00,
        6_00,
        clock.today(),
    )
    assert overview.found(accountant, "ไม่มี") == []
    db.session.rollback()


def test_the_year_for_tax_keeps_the_kinds_apart(
    old: Allocated, accountant: Actor, dang: UUID, dam: UUID
) -> None:
    paid(accountant, dang)
    rows = income.of_year(clock.today().year, accountant)
    assert [(row.patronage_satang, row.dividend_satang) for row in rows] == [(80_50, 120_00)]
    assert income.of_year(clock.today().year - 1, accountant) == []
    assert income.years(accountant) == [clock.today().year]
    db.session.rollback()


def test_what_was_long_not_fetched_is_shown_in_the_checklist(
    old: Allocated, accountant: Actor, dang: UUID
) -> None:
    today = clock.today()
    [matter] = matters.matters(accountant.centre_id, today.year * 100 + today.month)
    assert (matter.step, matter.count, matter.satang, matter.stops) == (
        "aged_payables",
        2,
        210_50,
        False,
    )
    assert due.of_member(accountant.centre_id, dang)[0].days > 5 * 365
    db.session.rollback()


def test_the_certificate_of_a_producer_who_is_a_member_has_all_kinds(
    old: Allocated, accountant: Actor, manager: Actor, dang: UUID
) -> None:
    maker = NewProducer(name="แดง", member_id=dang)
    producer = in_transaction(producers.create, maker, manager)
    paid(accountant, dang)
    certificate = income_certificate.of(accountant, clock.today().year, producer.id)
    kinds = (certificate.goods_satang, certificate.refund_satang, certificate.share_satang)
    assert kinds == (0, 80_50, 120_00)
    db.session.rollback()
