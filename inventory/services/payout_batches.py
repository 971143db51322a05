"""Producers paid by bank files: what each is owed, and what a paid line becomes.

What must stay true: a producer who waits in one file is in no other. The rest of a file is
`accounting.services.bank_batches`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.services.bank_batches import BatchDoc, Debt, MakeBatch, Owed, Paid, named
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DifferentContent, DomainError
from core.ids import uuid7
from inventory.models import Payout, PayoutBatch, PayoutBatchLine
from inventory.rules import payouts as rules
from inventory.rules.payouts import DueLine, PaidLine
from inventory.services import payables, payouts, separation
from inventory.services.payouts import PayProducer
from members.rules.standing import DIED
from members.services import payment_details, producers, standing
from members.services.duties import Document
from members.services.payment_details import PaymentDetails
from members.services.producers import ProducerCard


class BatchDiffers(DifferentContent):
    """The batch's id came again with other content; the first one stands."""

    code, title = "payout-batch-differs", N_("This bank file was already made with other content")


class NoPaymentDetails(DomainError):
    """Producers of a batch whom the bank can't reach."""

    code, status, title = "no-payment-details", 409, N_("Some producers have no bank details")
    detail = N_("%(names)s: enter how they are paid, or leave them out and pay them in cash.")


class AlreadyWaiting(DomainError):
    """Producers whose payment is at the bank already."""

    code, status, title = "already-at-bank", 409, N_("Some producers wait in another bank file")
    detail = N_("%(names)s: enter the bank's answer to that file first.")


class NothingToPay(DomainError):
    """No producer of the batch is owed anything."""

    code, status, title = "nothing-to-pay", 409, N_("There is nothing to pay")
    detail = N_("Post a settlement first, or choose other producers.")


def _owed(command: MakeBatch, actor: Actor) -> Iterator[Owed]:
    """Lock the producers, then yield what each is owed; raise `AlreadyWaiting`, OwnPayout."""
    centre_id = actor.centre_id
    wanted = command.payee_ids
    if wanted is None:
        found = payables.of(centre_id)
        wanted = tuple(one for one, lines in found.items() if _payable(lines))
    separation.require_not_own(wanted, Document("payout_batch", command.id), actor)
    for producer_id in sorted(wanted):
        serialise_on(producer_id)
    dues = payables.of(centre_id, wanted)
    people = producers.names(centre_id, set(wanted))
    waiting = _waiting(centre_id, wanted)
    if waiting and command.payee_ids is not None:
        raise AlreadyWaiting(names=named(people[one].name for one in waiting))
    details = payment_details.of(centre_id, wanted)
    there = standing.producers_on(centre_id, clock.today())
    dead = {one for one, now in there.items() if now.state == DIED}
    for one in dict.fromkeys(wanted):
        lines = _payable(dues.get(one, ()))
        # Of who has died an heir takes the money, by name and not by a file.
        if lines and one in people and one not in waiting | dead:
            yield _of_producer(people[one], details[one], lines)


def _payable(due: Sequence[DueLine]) -> tuple[PaidLine, ...]:
    """Return what money pays: settlements less what came back of them, and purchases."""
    net = rules.net_by_settlement(due)
    lines = [
        PaidLine(line.kind, line.document_id, net.get(line.document_id, line.left_satang))
        for line in due
        if line.sign > 0
    ]
    return tuple(line for line in lines if line.amount_satang > 0)


def _waiting(centre_id: int, producer_ids: Collection[UUID]) -> set[UUID]:
    rows = db.session.scalars(
        select(PayoutBatchLine.producer_id).where(
            PayoutBatchLine.centre_id == centre_id,
            PayoutBatchLine.state == "waiting",
            PayoutBatchLine.producer_id.in_(sorted(producer_ids)),
        )
    )
    return set(rows)


def _of_producer(
    producer: ProducerCard, details: PaymentDetails, lines: Sequence[PaidLine]
) -> Owed:
    amount = sum(line.amount_satang for line in lines)
    paid = [[line.kind, str(line.document_id), line.amount_satang] for line in lines]
    return Owed(
        number=producer.producer_no,
        name=producer.name,
        details=details,
        amount_satang=amount,
        cells=(),
        row={
            "producer_id": producer.id,
            "amount_satang": amount,
            "pays": {"payout_id": str(uuid7()), "lines": paid},
            "payout_id": None,
        },
    )


def _settle(batch: BatchDoc, paid: Paid, actor: Actor) -> Mapping[int, Mapping[str, Any]]:
    """Record the payouts that were waiting, and name each on its line."""
    settled = {}
    for line, result in paid:
        serialise_on(line.payee.id)
        command = PayProducer(
            id=UUID(line.pays["payout_id"]),
            producer_id=line.payee.id,
            method=batch.way,
            paid_from="bank",
            lines=tuple(payables.reserved_lines(line.pays)),
            reference=result.reference,
            note=line.own_reference,
        )
        settled[line.line_no] = {"payout_id": payouts.pay_reserved(command, actor).id}
    return settled


DEBT = Debt(
    batch=PayoutBatch,
    line=PayoutBatchLine,
    way=PayoutBatch.method,
    payee=PayoutBatchLine.producer_id,
    amount=PayoutBatchLine.amount_satang,
    pays=PayoutBatchLine.pays,
    document=Payout,
    document_id=PayoutBatchLine.payout_id,
    document_no=Payout.payout_no,
    series="payout_batch",
    number="PB-%(year)s-%(number)05d",
    line_digits=4,
    headings=("producer_no", "producer"),
    reads="payout.read",
    records="payout.record",
    differs=BatchDiffers,
    unreached=NoPaymentDetails,
    nobody=NothingToPay,
    names=producers.names,
    owed=_owed,
    settle=_settle,
)
