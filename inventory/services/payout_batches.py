"""Files for the bank: many producers paid at once, and what the bank answers.

What must stay true: what a file will pay is reserved until the bank has answered, so nothing else
pays it; a line is answered once, and only then does the payout stand in the books.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.rules.bank_results import LineResult, WaitingLine, read_results
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError
from core.ids import uuid7
from core.numbering import buddhist_year, next_numbers
from core.sheets import baht_figure, csv_lines
from inventory.models import PayoutBatch, PayoutBatchLine
from inventory.rules import payouts as rules
from inventory.rules.payouts import DueLine, PaidLine
from inventory.services import payables, payouts
from inventory.services.batch_documents import (
    BatchCard,
    BatchDoc,
    BatchLine,
    batch_doc,
    get,
    listing,
    own_reference,
)
from inventory.services.payouts import PayProducer
from members.services import access, payment_details, producers
from members.services.payment_details import PaymentDetails
from members.services.producers import ProducerCard

__all__ = [
    "METHODS",
    "AlreadyWaiting",
    "BatchCard",
    "BatchDiffers",
    "BatchDoc",
    "BatchLine",
    "LineMatched",
    "MakeBatch",
    "NoPaymentDetails",
    "NothingToPay",
    "get",
    "listing",
    "make",
    "match",
    "match_file",
]

SERIES = "payout_batch"
METHODS = ("promptpay", "transfer")
HEADINGS = (
    "reference",
    "bank_code",
    "account",
    "account_name",
    "amount",
    "producer_no",
    "producer",
)
"""The columns of the file: our reference of the line, the bank's code (empty for PromptPay), where
the money goes, to whom, how much in baht, and which producer that is here."""


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


class LineMatched(DomainError):
    """The bank's answer to this line was entered before, and was another."""

    code, status, title = "batch-line-matched", 409, N_("This line was already answered")
    detail = N_("Line %(line_no)s: the first answer (%(reference)s) stands.")


class ReasonNeeded(DomainError):
    """A line that failed says why; one that was paid has the bank's reference."""

    code, status, title = "batch-reason-needed", 422, N_("Say why it failed")
    detail = N_("Line %(line_no)s: write what the bank said.")


@dataclass(frozen=True, slots=True)
class MakeBatch:
    """A file for the bank: these producers, or (None) all who are owed something."""

    id: UUID
    method: str
    producer_ids: tuple[UUID, ...] | None = None
    skip_missing: bool = False


@dataclass(frozen=True, slots=True)
class _Reserved:
    """What the file pays one producer."""

    producer: ProducerCard
    details: PaymentDetails
    lines: tuple[PaidLine, ...]

    @property
    def amount_satang(self) -> int:
        return sum(line.amount_satang for line in self.lines)

    def account(self, method: str) -> tuple[str, str, str]:
        """Return bank code, account and name as they go into the file."""
        if method == "promptpay":
            return "", self.details.promptpay_id, self.producer.name
        return self.details.bank_code, self.details.bank_account, self.details.bank_account_name


# --- making ----------------------------------------------------------------------------------


def make(command: MakeBatch, actor: Actor) -> BatchDoc:
    """Reserve what producers are owed and freeze the file; the same command changes nothing.

    Raises BatchDiffers, NoPaymentDetails, AlreadyWaiting, NothingToPay, NotFound, Forbidden.
    """
    access.require(actor, "payout.record")
    centre_id = actor.centre_id
    serialise_on(command.id)
    content = content_of(command)
    earlier = db.session.scalar(
        select(PayoutBatch.content).where(
            PayoutBatch.centre_id == centre_id, PayoutBatch.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise BatchDiffers(differs=differs)
        return batch_doc(centre_id, command.id)
    reserved = _reserve(command, actor)
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    [number] = next_numbers(centre_id, [(SERIES, year)])
    batch_no = f"PB-{year}-{number:05d}"
    db.session.execute(
        insert(PayoutBatch).values(
            centre_id=centre_id,
            id=command.id,
            batch_no=batch_no,
            method=command.method,
            amount_satang=sum(one.amount_satang for one in reserved),
            file_content=_file(batch_no, command.method, reserved),
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    insert_rows(PayoutBatchLine, _line_rows(command, reserved, centre_id))
    return batch_doc(centre_id, command.id)


def _reserve(command: MakeBatch, actor: Actor) -> list[_Reserved]:
    """Lock the producers, then work out what each is owed and where it goes."""
    centre_id = actor.centre_id
    wanted = command.producer_ids
    if wanted is None:
        found = payables.of(centre_id)
        wanted = tuple(one for one, lines in found.items() if _payable(lines))
    for producer_id in sorted(wanted):
        serialise_on(producer_id)
    dues = payables.of(centre_id, wanted)
    people = producers.names(centre_id, set(wanted))
    waiting = _waiting(centre_id, wanted)
    if waiting and command.producer_ids is not None:
        raise AlreadyWaiting(names=_names(people, waiting))
    details = payment_details.of(centre_id, wanted)
    owed = {one: lines for one in wanted if (lines := _payable(dues.get(one, ())))}
    payable = [one for one in owed if one not in waiting and one in people]
    missing = {one for one in payable if not details[one].pays_by(command.method)}
    if missing and not command.skip_missing:
        raise NoPaymentDetails(names=_names(people, missing))
    reserved = [
        _Reserved(people[one], details[one], owed[one]) for one in payable if one not in missing
    ]
    if not reserved:
        raise NothingToPay
    return sorted(reserved, key=lambda one: one.producer.producer_no)


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


def _names(people: Mapping[UUID, ProducerCard], some: Collection[UUID]) -> str:
    return ", ".join(sorted(card.name for one, card in people.items() if one in some))


def _line_rows(
    command: MakeBatch, reserved: Sequence[_Reserved], centre_id: int
) -> list[dict[str, Any]]:
    rows = []
    for line_no, one in enumerate(reserved, start=1):
        bank, account, name = one.account(command.method)
        lines = [[line.kind, str(line.document_id), line.amount_satang] for line in one.lines]
        rows.append(
            {
                "centre_id": centre_id,
                "batch_id": command.id,
                "line_no": line_no,
                "producer_id": one.producer.id,
                "amount_satang": one.amount_satang,
                "account": f"{bank} {account}".strip(),
                "account_name": name,
                "pays": {"payout_id": str(uuid7()), "lines": lines},
                "state": "waiting",
                "reference": "",
                "payout_id": None,
            }
        )
    return rows


def _file(batch_no: str, method: str, reserved: Sequence[_Reserved]) -> str:
    rows = []
    for line_no, one in enumerate(reserved, start=1):
        bank, account, name = one.account(method)
        rows.append(
            (
                own_reference(batch_no, line_no),
                bank,
                account,
                name,
                baht_figure(one.amount_satang),
                one.producer.producer_no,
                one.producer.name,
            )
        )
    return "".join(csv_lines(HEADINGS, rows))


# --- the bank's answer -----------------------------------------------------------------------


def match_file(batch_id: UUID, text: str, actor: Actor) -> BatchDoc:
    """Enter the bank's answer from its file, whole or not at all; see `match`.

    Raises BadResults besides.
    """
    access.require(actor, "payout.record")
    lines = [
        WaitingLine(line.line_no, line.own_reference, line.account_digits, line.amount_satang)
        for line in batch_doc(actor.centre_id, batch_id).lines
    ]
    return match(batch_id, read_results(text, lines), actor)


def match(batch_id: UUID, results: Sequence[LineResult], actor: Actor) -> BatchDoc:
    """Enter what the bank says of lines: paid ones become payouts, failed ones are free again.

    The same answer again changes nothing. Raises LineMatched, ReasonNeeded, PeriodClosed,
    NotFound, Forbidden.
    """
    access.require(actor, "payout.record")
    serialise_on(batch_id)
    batch = batch_doc(actor.centre_id, batch_id)
    lines = {line.line_no: line for line in batch.lines}
    for result in sorted(results, key=lambda one: one.line_no):
        line = lines.get(result.line_no)
        if line is None:
            raise rules.NothingChosen
        state = "paid" if result.paid else "failed"
        if line.state != "waiting":
            if (line.state, line.reference) != (state, result.reference):
                raise LineMatched(line_no=line.line_no, reference=line.reference)
            continue
        if not result.paid and not result.reference.strip():
            raise ReasonNeeded(line_no=line.line_no)
        payout_id = _pay(batch, line, result, actor) if result.paid else None
        db.session.execute(
            update(PayoutBatchLine)
            .where(
                PayoutBatchLine.centre_id == actor.centre_id,
                PayoutBatchLine.batch_id == batch_id,
                PayoutBatchLine.line_no == line.line_no,
            )
            .values(state=state, reference=result.reference, payout_id=payout_id)
        )
    return batch_doc(actor.centre_id, batch_id)


def _pay(batch: BatchDoc, line: BatchLine, result: LineResult, actor: Actor) -> UUID:
    serialise_on(line.producer.id)
    command = PayProducer(
        id=UUID(line.pays["payout_id"]),
        producer_id=line.producer.id,
        method=batch.method,
        paid_from="bank",
        lines=tuple(payables.reserved_lines(line.pays)),
        reference=result.reference,
        note=line.own_reference,
    )
    return payouts.pay_reserved(command, actor).id
