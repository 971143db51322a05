"""Producers who no longer deliver are settled and paid; of who has died, a named heir is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.services import bank_batches, ledger
from accounting.services.bank_batches import MakeBatch
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.rules.payouts import ProducerHeirNeeded, ProducerRecipientNeeded, Recipient
from inventory.services import payout_batches, payouts
from inventory.services.payouts import PayProducer
from members.services import standing
from members.services.standing import RecordFact
from pos.services import verify
from pos.services.sale import RecordSaleLine
from tests.paying import due, pay, settle, whole
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """An open shop with one producer."""
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture(autouse=True)
def books_hold(centre: Centre) -> Iterator[None]:
    """After each test every check of the books holds."""
    yield
    failed = [finding for finding in verify.run(centre.id) if not finding.ok]
    assert not failed, failed


@pytest.fixture
def honey(shop: Shop) -> UUID:
    """Ten jars at 100 baht on consignment, split 80/20."""
    product_id = shop.product("น้ำผึ้ง", 100_00)
    shop.consign(product_id, 10_000)
    return product_id


def gone(shop: Shop, kind: str = "died") -> None:
    fact = RecordFact(
        fact_id=uuid7(), producer_id=shop.producer_id, kind=kind, on_date=clock.today()
    )
    in_transaction(standing.record, fact, shop.actor)


def test_who_stopped_is_still_settled_and_paid(
    shop: Shop, honey: UUID, accountant: Actor, manager: Actor
) -> None:
    gone(shop, "suspended")
    shop.sell(RecordSaleLine(honey, 2_000, 100_00))
    settle(accountant, manager)
    document = pay(shop, whole(due(shop)))
    assert (document.amount_satang, document.recipient_kind) == (160_00, "producer")


def test_of_a_dead_producer_a_named_heir_is_paid(
    shop: Shop, honey: UUID, accountant: Actor, manager: Actor
) -> None:
    gone(shop)
    shop.sell(RecordSaleLine(honey, 2_000, 100_00))
    settle(accountant, manager)
    owes = payouts.due(accountant, shop.producer_id)
    assert owes.died
    command = PayProducer(uuid7(), shop.producer_id, "cash", "safe", tuple(whole(list(owes.lines))))
    for wrong, refusal in (
        (None, ProducerHeirNeeded),
        (Recipient("proxy", "นายขาว", "เพื่อนบ้าน"), ProducerHeirNeeded),
        (Recipient("heir", "นายขาว", " "), ProducerRecipientNeeded),
    ):
        with pytest.raises(refusal):
            in_transaction(payouts.pay, replace(command, recipient=wrong), accountant)
    heir = replace(command, recipient=Recipient("heir", "นายขาว", "บุตร"))
    document = in_transaction(payouts.pay, heir, accountant)
    taken = (document.recipient_kind, document.recipient_name, document.recipient_relation)
    assert taken == ("heir", "นายขาว", "บุตร")
    assert in_transaction(payouts.pay, heir, accountant) == document
    assert (
        ledger.balance(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, producer_id=shop.producer_id)
        == 0
    )


def test_no_bank_file_pays_a_dead_producer(
    shop: Shop, honey: UUID, accountant: Actor, manager: Actor
) -> None:
    shop.sell(RecordSaleLine(honey, 2_000, 100_00))
    settle(accountant, manager)
    gone(shop)
    with pytest.raises(payout_batches.NothingToPay):
        in_transaction(
            bank_batches.make, payout_batches.DEBT, MakeBatch(uuid7(), "promptpay"), accountant
        )
