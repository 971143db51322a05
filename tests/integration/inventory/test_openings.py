"""The old books: brought in, set beside what would be posted, taken once, paid and sold after."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounting.rules.cash_report import Part, part_of
from accounting.rules.chart import Purpose
from accounting.rules.periods import PeriodClosed
from accounting.services import chart, funds, ledger, opening
from accounting.services import tie_outs as book_ties
from accounting.services.opening import OpeningAfterClose, OpeningInFuture
from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import db, in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from core.paging import Window
from inventory.models import Lot
from inventory.rules.opening_matching import name_key
from inventory.services import advances, cancellation, control_accounts, payouts, tie_outs
from inventory.services.cancellation import CancelIntake
from inventory.services.openings import imports, taking
from inventory.services.openings.imports import BringIn
from members.services import bringing
from pos.services import verify
from pos.services.sale import RecordPayment, RecordSaleLine
from tests import old_books
from tests.closing import lock_month
from tests.old_books import ALL, DAY, bring, shown, take
from tests.paying import pay, whole
from tests.shop import Shop, shop_in

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """A shop with one producer, ป้าแดง, and honey among its products."""
    shop = shop_in(centre)
    shop.product("น้ำผึ้ง", 100_00)
    return shop


@pytest.fixture(autouse=True)
def books_hold(centre: Centre) -> Iterator[None]:
    """After each test every check of the books holds."""
    yield
    failed = [finding for finding in verify.run(centre.id) if not finding.ok]
    assert not failed, failed


def balance(shop: Shop, purpose: Purpose) -> int:
    return ledger.balance(shop.centre_id, purpose)


def words(shop: Shop, tables: dict[str, str]) -> list[tuple[str, int, str]]:
    """Return the problems of tables brought in: table, line, and the sentence."""
    doc = shown(shop.actor, bring(shop.actor, tables))
    assert not doc.reconciliation.can_be_taken
    return [(one.table, one.line, one.words) for one in doc.reconciliation.problems]


def test_the_whole_of_the_old_books_is_taken(shop: Shop) -> None:
    which = bring(shop.actor, ALL)
    doc = shown(shop.actor, which)
    assert doc.reconciliation.can_be_taken, doc.reconciliation
    assert doc.reconciliation.debit == doc.reconciliation.credit == 6870_50
    taken = take(shop.actor, which)
    assert (taken.total_satang, taken.people, taken.lots) == (6870_50, 3, 2)
    assert taken.entry_id is not None
    entry = ledger.find(shop.centre_id, taken.entry_id)
    assert entry is not None and entry.business_date == entry.posting_date == DAY
    assert balance(shop, Purpose.BANK) == 5000_50
    assert balance(shop, Purpose.BROUGHT_FORWARD) == -4800_00
    assert balance(shop, Purpose.INVENTORY) == 720_00
    owed = ledger.sub_ledger(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, "producer")
    assert owed == {shop.producer_id: -300_25}
    shares = ledger.sub_ledger(shop.centre_id, Purpose.SHARE_CAPITAL, "member")
    numbers = {one.id: one.number for one in bringing.all_members(shop.centre_id)}
    assert {numbers[one]: satang for one, satang in shares.items()} == {
        "M1": -1000_00,
        "M2": -500_00,
    }


def test_taken_twice_is_taken_once(shop: Shop) -> None:
    which = bring(shop.actor, ALL)
    first, again = take(shop.actor, which), take(shop.actor, which)
    assert first.entry_id == again.entry_id
    assert len(ledger.entry_of(shop.centre_id, "opening_import", which)) == 1
    with pytest.raises(imports.NotOpen):
        in_transaction(imports.drop, which, shop.actor)
    assert shown(shop.actor, which).taking is not None


def test_what_was_owed_is_paid_and_the_advance_netted(shop: Shop) -> None:
    take(shop.actor, bring(shop.actor, ALL))
    lines = payouts.due(shop.actor, shop.producer_id).lines
    assert [(line.kind, line.left_satang) for line in lines] == [
        ("opening", 300_25),
        ("advance", 100_00),
    ]
    pay(shop, whole(lines), method="transfer", paid_from="bank")
    assert payouts.due(shop.actor, shop.producer_id).lines == ()
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == 0
    assert balance(shop, Purpose.PRODUCER_ADVANCES) == 0
    black = next(one for one in payouts.dues(shop.actor) if one.producer.name == "ลุงดำ")
    assert black.producer.producer_no == "P77" and black.producer.village == "บ้านใหม่"
    assert [(line.kind, line.number) for line in black.lines] == [("opening", "OB-2569-00001")]
    command = payouts.PayProducer(
        uuid7(), black.producer.id, "cash", "safe", tuple(whole(black.lines))
    )
    in_transaction(payouts.pay, command, shop.actor)
    assert balance(shop, Purpose.PAYABLE_OUTRIGHT) == 0
    assert not advances.outstanding(shop.centre_id)


def test_its_goods_are_sold_by_lot_and_not_cancelled(shop: Shop) -> None:
    take(shop.actor, bring(shop.actor, ALL))
    lots = db.session.scalars(select(Lot).where(Lot.centre_id == shop.centre_id)).all()
    ours = next(lot for lot in lots if lot.ownership == "own")
    theirs = next(lot for lot in lots if lot.ownership == "consigned")
    assert (ours.unit_cost_satang, ours.expires_on) == (72_00, date(2026, 12, 31))
    assert (theirs.quantity_milli, theirs.cost_satang) == (5_000, 0)
    command = CancelIntake(ours.goods_receipt_id, "ผิด")
    with pytest.raises(cancellation.OfOldBooks):
        in_transaction(cancellation.cancel, command, shop.actor)
    shop.open()
    line = RecordSaleLine(ours.product_id, 12_000, 100_00)
    shop.sell(line, pay=(RecordPayment("cash", 120_000),))
    assert balance(shop, Purpose.INVENTORY) == 0
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == -(300_25 + 160_00)


def test_a_difference_refuses_it_and_says_where(shop: Shop) -> None:
    tables = ALL | {"producers": old_books.PRODUCERS.replace("300.25", "300.24")}
    which = bring(shop.actor, tables)
    found = shown(shop.actor, which).reconciliation
    [standing] = found.differing
    assert (standing.account.code, standing.table, standing.difference) == ("2120", "producers", -1)
    assert not found.balances
    with pytest.raises(taking.NotReconciled):
        take(shop.actor, which)
    assert not ledger.entry_of(shop.centre_id, "opening_import", which)
    good = old_books.files({"producers": old_books.PRODUCERS})
    in_transaction(imports.replace_files, which, good, shop.actor)
    assert take(shop.actor, which).entry_id is not None


def test_debits_must_be_credits(shop: Shop) -> None:
    which = bring(shop.actor, {"accounts": "รหัส,เดบิต,เครดิต\n1120,100,\n3310,,99.99\n"})
    found = shown(shop.actor, which).reconciliation
    assert (found.debit, found.credit, found.can_be_taken) == (100_00, 99_99, False)
    with pytest.raises(taking.NotReconciled):
        take(shop.actor, which)


def test_a_control_account_needs_its_table(shop: Shop) -> None:
    which = bring(shop.actor, {"accounts": old_books.ACCOUNTS})
    codes = [one.account.code for one in shown(shop.actor, which).reconciliation.differing]
    assert codes == ["1210", "1230", "1310", "2110", "2120", "2160", "3110"]


def test_accounts_alone_with_one_chosen(shop: Shop) -> None:
    text = "code,name,debit,credit\n101,เงินสดร้าน,100,\n301,ทุนสะสม,,100\n"
    assert [line for _, line, _ in words(shop, {"accounts": text})] == [2, 3]
    [card] = [one for one in imports.listing(shop.actor, Window()).items]
    safe = chart.account_for(shop.centre_id, Purpose.CASH_SAFE).id
    forward = chart.account_for(shop.centre_id, Purpose.BROUGHT_FORWARD).id
    chosen = {"101|เงินสดร้าน": str(safe), "301|ทุนสะสม": str(forward)}
    in_transaction(imports.choose, card.id, chosen, DAY, shop.actor)
    take(shop.actor, card.id)
    assert balance(shop, Purpose.CASH_SAFE) == 100_00


@pytest.mark.parametrize(
    ("table", "old", "new", "line"),
    [
        ("accounts", "5000.50,", "5000.505,", 3),
        ("accounts", "5000.50,", "5000.50,1", 3),
        ("accounts", "1120,เงินสดในตู้เซฟ", "1110,เงินสดในลิ้นชัก", 2),
        ("accounts", "1120,เงินสดในตู้เซฟ", "1120,เงินฝากธนาคาร", 2),
        ("accounts", "รวม,,6870.50", "รวม,,6870.51", 12),
        ("producers", "P77;ลุงดำ", ";ป้าแดง", 3),
        ("producers", ";;200;", ";;-200;", 3),
        ("members", "M2,นายบุญ มา", "M2,", 3),
        ("stock", "น้ำผึ้ง,ขวด,10", "น้ำตาล,ขวด,10", 2),
        ("stock", "ขวด,10,72", "กก.,10,72", 2),
        ("stock", "ขวด,10,72", "ขวด,10.5,72", 2),
        ("stock", "ขวด,10,72", "ขวด,10,80", 2),
        ("stock", ",๕,,,ป้าแดง", ",๕,,,ใครไม่รู้", 3),
        ("stock", ",๕,,,ป้าแดง", ",๕,10,,ป้าแดง", 3),
        ("stock", "31/12/2569", "31/02/2569", 2),
    ],
)
def test_every_line_that_can_t_be_taken_is_named(
    shop: Shop, table: str, old: str, new: str, line: int
) -> None:
    assert old in ALL[table]
    found = words(shop, ALL | {table: ALL[table].replace(old, new)})
    assert (table, line) in [(name, number) for name, number, _ in found]


def test_the_same_table_is_not_brought_twice(shop: Shop) -> None:
    which = bring(shop.actor, ALL)
    with pytest.raises(imports.BroughtBefore):
        bring(shop.actor, {"members": old_books.MEMBERS})
    in_transaction(imports.drop, which, shop.actor)
    again = bring(shop.actor, ALL)
    take(shop.actor, again)
    with pytest.raises(imports.BroughtBefore):
        bring(shop.actor, {"stock": old_books.STOCK.replace(",", ";")})


def test_the_same_id_again_is_the_same_import(shop: Shop) -> None:
    command = BringIn(uuid7(), DAY, old_books.files(ALL))
    first = in_transaction(imports.bring_in, command, shop.actor)
    assert in_transaction(imports.bring_in, command, shop.actor) == first
    other = replace(command, files=old_books.files({"stock": old_books.STOCK}))
    with pytest.raises(imports.ImportDiffers):
        in_transaction(imports.bring_in, other, shop.actor)


def test_the_day_is_not_to_come(shop: Shop) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(OpeningInFuture):
        bring(shop.actor, ALL, tomorrow)
    which = bring(shop.actor, ALL)
    with pytest.raises(OpeningInFuture):
        in_transaction(imports.choose, which, {}, tomorrow, shop.actor)


@pytest.fixture
def october_locked(shop: Shop, accountant: Actor, auditor: Actor) -> UUID:
    """An import of consigned goods alone, brought before a month was locked."""
    stock = "ชื่อ,หน่วย,จำนวน,เจ้าของ\nน้ำผึ้ง,ขวด,5,ป้าแดง\n"
    which = bring(shop.actor, {"stock": stock}, OCTOBER)
    assert shown(shop.actor, which).reconciliation.can_be_taken
    in_transaction(lock_month, 202610, accountant, auditor)
    return which


def test_no_old_books_once_a_month_is_closed(shop: Shop, october_locked: UUID) -> None:
    for day in (OCTOBER, DAY):
        with pytest.raises(OpeningAfterClose):
            bring(shop.actor, ALL, day)
        with pytest.raises(OpeningAfterClose):
            in_transaction(imports.choose, october_locked, {}, day, shop.actor)
    with pytest.raises(OpeningAfterClose):
        take(shop.actor, october_locked)
    assert not db.session.scalars(select(Lot.id).where(Lot.centre_id == shop.centre_id)).all()


def test_goods_without_an_entry_need_their_month_open_too(
    shop: Shop, october_locked: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As when the month is locked after the question whether any is.
    monkeypatch.setattr(opening, "require_may_be_on", lambda *_: None)
    with pytest.raises(PeriodClosed):
        take(shop.actor, october_locked)
    assert not db.session.scalars(select(Lot.id).where(Lot.centre_id == shop.centre_id)).all()


@pytest.mark.parametrize("other", ["drop", "choose"])
def test_an_import_is_taken_or_changed_one_after_the_other(
    app: Flask, shop: Shop, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    which = bring(shop.actor, ALL)
    seen, taken, existing_open = Event(), Event(), imports.existing_open
    args: tuple[Any, ...] = (
        (which, shop.actor) if other == "drop" else (which, {}, OCTOBER, shop.actor)
    )

    def slowly(*args: Any) -> Any:
        found = existing_open(*args)
        if not seen.is_set():
            seen.set()
            taken.wait(0.5)  # the taking passes here, unless it has to wait
        return found

    def change() -> object:
        with app.app_context():
            try:
                return in_transaction(getattr(imports, other), *args)
            finally:
                db.session.remove()

    def taking_over() -> object:
        try:
            return take(shop.actor, which).business_date
        except imports.NotOpen as refusal:
            return refusal.code
        finally:
            taken.set()

    monkeypatch.setattr(imports, "existing_open", slowly)
    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(change)
        assert seen.wait(5)
        outcome = taking_over()
        assert isinstance(changed.result(), imports.ImportCard)
    assert outcome == ("opening-not-open" if other == "drop" else OCTOBER)


def test_nothing_is_taken_in_parts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    which = bring(shop.actor, ALL)

    def refuse(*_: object, **__: object) -> None:
        raise PeriodClosed(period_id=202611)

    monkeypatch.setattr(taking.ledger, "post", refuse)
    with pytest.raises(PeriodClosed):
        take(shop.actor, which)
    assert not bringing.all_members(shop.centre_id)
    assert not db.session.scalars(select(Lot.id).where(Lot.centre_id == shop.centre_id)).all()


def test_a_cashier_brings_nothing(shop: Shop) -> None:
    cashier = system_actor(shop.actor.centre)
    object.__setattr__(cashier, "roles", frozenset({"cashier"}))
    with pytest.raises(Forbidden):
        bring(cashier, ALL)
    with pytest.raises(Forbidden):
        take(cashier, uuid7())


def test_a_whole_register_in_one_go(shop: Shop) -> None:
    count = 23_403
    members = "no,name,shares\n" + "".join(f"S{n},คน {n},{n}.25\n" for n in range(1, count + 1))
    total = sum(range(1, count + 1)) * 100 + 25 * count
    accounts = (
        f"code,debit,credit\n1120,{total // 100}.{total % 100:02d},\n"
        f"3110,,{total // 100}.{total % 100:02d}\n"
    )
    which = bring(shop.actor, {"accounts": accounts, "members": members})
    taken = take(shop.actor, which)
    assert (taken.people, taken.total_satang) == (count, total)
    assert balance(shop, Purpose.SHARE_CAPITAL) == -total


def test_what_a_fund_holds_stands_under_the_fund(shop: Shop) -> None:
    text = "code,name,debit,credit\n1120,,30,\n3220,กองทุนสวัสดิการ,,30\n"
    [(_, line, sentence)] = words(shop, {"accounts": text})
    assert line == 3 and "fund" in sentence
    fund = funds.NewFund(uuid7(), "F1", "กองทุนสวัสดิการหมู่บ้าน", "Village welfare")
    in_transaction(funds.create, fund, shop.actor)
    [card] = imports.listing(shop.actor, Window()).items
    assert shown(shop.actor, card.id).reconciliation.can_be_taken  # the only fund kept there
    other = funds.NewFund(uuid7(), "F2", "กองทุนโรงเรียน", "School")
    in_transaction(funds.create, other, shop.actor)
    assert not shown(shop.actor, card.id).reconciliation.can_be_taken
    welfare = chart.account_for(shop.centre_id, Purpose.WELFARE_FUND).id
    chosen = {f"3220|{name_key('กองทุนสวัสดิการ')}": f"{welfare}/{other.id}"}
    in_transaction(imports.choose, card.id, chosen, DAY, shop.actor)
    take(shop.actor, card.id)
    held = ledger.sub_ledger(shop.centre_id, Purpose.WELFARE_FUND, "fund")
    assert held == {other.id: -30_00}


def test_what_was_taken_over_is_no_cash_report_of_trade(shop: Shop) -> None:
    for purpose in Purpose:
        assert part_of(purpose, "asset", "opening_import") == Part.OTHER


def test_the_close_ties_what_was_taken_over(shop: Shop) -> None:
    which = bring(shop.actor, ALL)
    take(shop.actor, which)
    for on in (DAY - timedelta(days=1), DAY, clock.today()):
        every = [*tie_outs.ties(shop.centre_id, on), *book_ties.ties(shop.centre_id, on)]
        assert not [one for one in every if one.ledger_satang != one.sub_ledger_satang]
    lots = db.session.scalars(select(Lot.id).where(Lot.centre_id == shop.centre_id)).all()
    for control, keys in (
        (control_accounts.INVENTORY, lots),
        (control_accounts.CONSIGNMENT, [shop.producer_id]),
        (control_accounts.ADVANCES, [shop.producer_id]),
    ):
        # Whatever else may differ of a lot or producer, the opening is never named for it.
        assert control_accounts.explaining(shop.centre_id, control, None, keys) == ()
