"""What tests of payouts share: a settlement posted, and everything due paid."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from inventory.rules.payouts import DueLine, PaidLine
from inventory.services import payouts
from inventory.services.payouts import PayoutDoc, PayProducer
from inventory.services.settlement import posting, preparing
from inventory.services.settlement.preparing import PrepareSettlement
from tests.shop import Shop


def settle(accountant: Actor, manager: Actor) -> UUID:
    """Prepare up to today, approve and post; return the run."""
    command = PrepareSettlement(uuid7(), clock.today(), None)
    run_id = in_transaction(preparing.prepare, command, accountant)
    in_transaction(posting.approve, run_id, manager)
    assert in_transaction(posting.post, run_id, manager)
    return run_id


def due(shop: Shop) -> tuple[DueLine, ...]:
    """Return what the shop's producer can be paid."""
    return payouts.due(shop.actor, shop.producer_id).lines


def pay(shop: Shop, lines: Iterable[PaidLine], **said: object) -> PayoutDoc:
    """Pay lines in cash from the safe, unless said otherwise."""
    command = PayProducer(
        id=said.pop("id", None) or uuid7(),  # type: ignore[arg-type]
        producer_id=shop.producer_id,
        lines=tuple(lines),
        **({"method": "cash", "paid_from": "safe"} | said),  # type: ignore[arg-type]
    )
    return in_transaction(payouts.pay, command, shop.actor)


def whole(lines: Iterable[DueLine], *kinds: str) -> list[PaidLine]:
    """Return lines that pay all of what is due, of some kinds."""
    return [
        PaidLine(line.kind, line.document_id, line.left_satang)
        for line in lines
        if not kinds or line.kind in kinds
    ]
