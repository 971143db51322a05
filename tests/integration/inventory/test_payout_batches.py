"""Bank files: reserved while they wait, paid or free again by the bank's answer, once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from uuid import UUID

import pytest

from accounting.rules.bank_results import BadResults, LineResult
from accounting.rules.chart import Purpose
from accounting.services import bank_batches, ledger
from accounting.services.bank_batches import BatchDoc, LineMatched, MakeBatch, ReasonNeeded
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.services import intake, payout_batches, payouts
from inventory.services.cancellation import CancelIntake
from inventory.services.payables import AlreadyPaid
from inventory.services.payout_batches import (
    AlreadyWaiting,
    BatchDiffers,
    NoPaymentDetails,
    NothingToPay,
)
from members.services import payment_details, producers
from members.services.payment_details import PaymentDetails
from members.services.producers import NewProducer
from pos.services import verify
from pos.services.sale import RecordSaleLine
from tests.paying import due, pay, settle, whole
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """An open shop whose producer can be reached by PromptPay."""
    shop = shop_in(centre)
    shop.open()
    reach(shop, promptpay_id="0812345678")
    return shop


@pytest.fixture(autouse=True)
def books_hold(centre: Centre) -> Iterator[None]:
    """After each test every check of the books holds."""
    yield
    failed = [finding for finding in verify.run(centre.id) if not finding.ok]
    assert not failed, failed


def reach(shop: Shop, version: int = 1, **said: str) -> None:
    details = PaymentDetails(**said)
    in_transaction(payment_details.save, shop.producer_id, details, version, shop.actor)


def buy(shop: Shop, satang: int = 30_00) -> UUID:
    return shop.buy(shop.product("ข้าว", 50_00), 1_000, satang)


def make(shop: Shop, **said: object) -> BatchDoc:
    command = MakeBatch(**({"id": uuid7(), "way": "promptpay"} | said))  # type: ignore[arg-type]
    return in_transaction(bank_batches.make, payout_batches.DEBT, command, shop.actor)


def match(shop: Shop, batch: BatchDoc, *results: LineResult) -> BatchDoc:
    return in_transaction(bank_batches.match, payout_batches.DEBT, batch.id, results, shop.actor)


def test_a_file_reserves_what_it_will_pay_and_the_answer_pays_it(shop: Shop) -> None:
    receipt_id = buy(shop)
    batch = make(shop)
    rows = list(csv.DictReader(io.StringIO(batch.file_content.lstrip("\ufeff"))))
    assert rows == [
        {
            "reference": f"{batch.batch_no}-0001",
            "bank_code": "",
            "account": "0812345678",
            "account_name": "ป้าแดง",
            "amount": "30.00",
            "producer_no": rows[0]["producer_no"],
            "producer": "ป้าแดง",
        }
    ]
    assert due(shop) == ()
    assert payouts.due(shop.actor, shop.producer_id).waiting_satang == 30_00
    with pytest.raises(AlreadyPaid):
        in_transaction(intake.cancel, CancelIntake(receipt_id, "ผิด"), shop.actor)
    paid = match(shop, batch, LineResult(1, True, "TX1"))
    [line] = paid.lines
    assert (line.state, line.reference) == ("paid", "TX1")
    assert line.document_id is not None
    voucher = payouts.get(line.document_id, shop.actor)
    assert (voucher.amount_satang, voucher.method, voucher.paid_from) == (
        30_00,
        "promptpay",
        "bank",
    )
    assert ledger.balance(shop.centre_id, Purpose.BANK) == -30_00
    assert paid.file_content == batch.file_content


def test_the_same_answer_again_changes_nothing_another_is_refused(shop: Shop) -> None:
    buy(shop)
    batch = make(shop)
    match(shop, batch, LineResult(1, True, "TX1"))
    match(shop, batch, LineResult(1, True, "TX1"))
    with pytest.raises(LineMatched):
        match(shop, batch, LineResult(1, True, "TX2"))
    with pytest.raises(LineMatched):
        match(shop, batch, LineResult(1, False, "ไม่มีบัญชี"))
    assert ledger.balance(shop.centre_id, Purpose.BANK) == -30_00


def test_what_failed_is_free_again_and_says_why(shop: Shop) -> None:
    buy(shop)
    batch = make(shop)
    with pytest.raises(ReasonNeeded):
        match(shop, batch, LineResult(1, False))
    failed = match(shop, batch, LineResult(1, False, "บัญชีปิด"))
    assert [(line.state, line.reference) for line in failed.lines] == [("failed", "บัญชีปิด")]
    assert pay(shop, whole(due(shop))).amount_satang == 30_00
    cards = bank_batches.listing(payout_batches.DEBT, shop.actor, Window()).items
    assert [(card.lines, card.waiting, card.failed) for card in cards] == [(1, 0, 1)]


def test_a_file_sent_twice_is_made_once(shop: Shop) -> None:
    buy(shop)
    one = uuid7()
    assert make(shop, id=one) == make(shop, id=one)
    with pytest.raises(BatchDiffers):
        make(shop, id=one, skip_missing=True)


def test_who_cannot_be_reached_is_refused_by_name_or_left_out(shop: Shop) -> None:
    buy(shop)
    other = Shop(
        shop.actor,
        in_transaction(producers.create, NewProducer(name="ลุงมี"), shop.actor).id,
        shop.till_id,
    )
    buy(other)
    with pytest.raises(NoPaymentDetails) as refused:
        make(shop)
    assert refused.value.facts["names"] == "ลุงมี"
    with pytest.raises(NoPaymentDetails) as refused:
        make(shop, way="transfer")
    assert refused.value.facts["names"] == "ป้าแดง, ลุงมี"
    assert [line.payee.name for line in make(shop, skip_missing=True).lines] == ["ป้าแดง"]
    assert [one.producer.name for one in payouts.dues(shop.actor)] == ["ลุงมี"]


def test_a_producer_waits_in_one_file_at_a_time(shop: Shop) -> None:
    with pytest.raises(NothingToPay):
        make(shop)
    buy(shop)
    make(shop)
    buy(shop)
    with pytest.raises(AlreadyWaiting):
        make(shop, payee_ids=(shop.producer_id,))
    with pytest.raises(NothingToPay):
        make(shop)
    assert pay(shop, whole(due(shop))).amount_satang == 30_00


def test_what_came_back_is_kept_back_and_taken_off_with_the_answer(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 100_00)
    shop.consign(honey, 10_000)
    receipt = shop.sell(RecordSaleLine(honey, 3_000, 100_00))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1_000))
    batch = make(shop)
    assert batch.amount_satang == 160_00
    shop.refund(receipt, (1, 1_000))
    [line] = match(shop, batch, LineResult(1, True, "TX1")).lines
    assert line.document_id is not None
    voucher = payouts.get(line.document_id, shop.actor)
    assert voucher.amount_satang == 160_00
    assert sorted(one.amount_satang for one in voucher.lines) == [-80_00, 240_00]
    assert due(shop) == (), "what came back meanwhile is left to the next settlement"


def test_a_bank_account_goes_into_the_file_with_its_bank(shop: Shop) -> None:
    reach(shop, 2, bank_code="034", bank_account="0123456789", bank_account_name="=นางแดง")
    buy(shop)
    batch = make(shop, way="transfer")
    assert "034,0123456789,'=นางแดง,30.00" in batch.file_content


def test_the_banks_file_is_taken_whole_or_not_at_all(shop: Shop) -> None:
    buy(shop)
    batch = make(shop)
    good = f"reference,amount,result,note\n{batch.batch_no}-0001,30.00,paid,TX7\n"
    with pytest.raises(BadResults):
        in_transaction(
            bank_batches.match_file,
            payout_batches.DEBT,
            batch.id,
            good + "nonsense,1.00,paid,\n",
            shop.actor,
        )
    assert bank_batches.get(payout_batches.DEBT, batch.id, shop.actor).waiting == 1
    in_transaction(bank_batches.match_file, payout_batches.DEBT, batch.id, good, shop.actor)
    assert bank_batches.get(payout_batches.DEBT, batch.id, shop.actor).waiting == 0
