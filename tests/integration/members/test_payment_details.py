"""Where a producer's money goes: checked, versioned, and on the audit trail by its last digits."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, Forbidden
from core.models import AuditEvent
from members.services import payment_details, producers
from members.services.payment_details import BadBankAccount, BadPromptPay, PaymentDetails
from members.services.producers import NewProducer


@pytest.fixture
def producer_id(stock_keeper: Actor) -> UUID:
    return in_transaction(producers.create, NewProducer(name="ป้าแดง"), stock_keeper).id


def save(producer_id: UUID, actor: Actor, version: int = 1, **said: str) -> PaymentDetails:
    return in_transaction(payment_details.save, producer_id, PaymentDetails(**said), version, actor)


def test_numbers_are_kept_as_digits_and_audited_masked(
    producer_id: UUID, stock_keeper: Actor
) -> None:
    saved = save(producer_id, stock_keeper, promptpay_id="081-234-5678")
    assert saved.promptpay_id == "0812345678"
    assert payment_details.of(stock_keeper.centre_id, [producer_id])[producer_id] == saved
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "producer.payment_changed")
    ).one()
    assert event.facts == {"promptpay_id": ["", "…5678"]}


def test_what_cannot_be_right_is_refused(producer_id: UUID, stock_keeper: Actor) -> None:
    with pytest.raises(BadPromptPay):
        save(producer_id, stock_keeper, promptpay_id="1234567890123")
    with pytest.raises(BadBankAccount):
        save(producer_id, stock_keeper, bank_account="1234567890")
    with pytest.raises(BadBankAccount):
        save(producer_id, stock_keeper, bank_code="034", bank_account="12", bank_account_name="x")


def test_an_old_look_and_a_cashier_change_nothing(
    producer_id: UUID, stock_keeper: Actor, cashier: Actor
) -> None:
    with pytest.raises(ChangedMeanwhile):
        save(producer_id, stock_keeper, version=9, promptpay_id="0812345678")
    with pytest.raises(Forbidden):
        save(producer_id, cashier, promptpay_id="0812345678")
