"""Files for the bank: many members paid at once, and what the bank answers.

What must stay true: what a file will pay is reserved until the bank has answered, so nothing else
pays it; a line is answered once, and only then does the payment stand in the books; a line that
failed is due again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.models import MemberBatch, MemberBatchLine
from accounting.rules import member_payments as rules
from accounting.rules.bank_results import LineResult, WaitingLine, read_results
from accounting.services.member_payments import choices, due, paying
from accounting.services.member_payments.batch_documents import (
    BatchCard,
    BatchDoc,
    BatchLine,
    batch_doc,
    get,
    listing,
    own_reference,
)
from accounting.services.member_payments.choices import Choice
from accounting.services.member_payments.due import DueItem
from accounting.services.member_payments.paying import PayMember
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError
from core.ids import uuid7
from core.numbering import buddhist_year, next_numbers
from core.sheets import baht_figure, csv_lines
from members.services import access, members, standing
from members.services.members import MemberCard

__all__ = [
    "METHODS",
    "BatchCard",
    "BatchDoc",
    "BatchLine",
    "MakeBatch",
    "MemberBatchDiffers",
    "MembersWait",
    "NoMemberDetails",
    "NobodyToPay",
    "get",
    "listing",
    "make",
    "match",
    "match_file",
]

SERIES = "member_batch"
METHODS = ("promptpay", "transfer")
HEADINGS = (
    "reference",
    "bank_code",
    "account",
    "account_name",
    "amount",
    "member_no",
    "member",
    "share_of_profit",
    "patronage_refund",
)
"""The columns of the file: our reference of the line, the bank's code (empty for PromptPay), where
the money goes, to whom, how much in baht, which member that is here, and the two kinds apart."""


class MemberBatchDiffers(DifferentContent):
    """The batch's id came again with other content; the first one stands."""

    code, title = "member-batch-differs", N_("This bank file was already made with other content")


class NoMemberDetails(DomainError):
    """Members of a batch whom the bank can't reach."""

    code, status, title = "no-member-details", 409, N_("Some members have no bank details")
    detail = N_("%(names)s: enter how they are paid, or leave them out and pay them in cash.")


class MembersWait(DomainError):
    """Members whose payment is at the bank already."""

    code, status, title = "members-at-bank", 409, N_("Some members wait in another bank file")
    detail = N_("%(names)s: enter the bank's answer to that file first.")


class NobodyToPay(DomainError):
    """No member of the batch is owed anything the bank can pay."""

    code, status, title = "nobody-to-pay", 409, N_("There is nobody to pay by this file")
    detail = N_("Members who chose cash, have died, or have no bank details are left out.")


class LineAnswered(DomainError):
    """The bank's answer to this line was entered before, and was another."""

    code, status, title = "member-line-answered", 409, N_("This line was already answered")
    detail = N_("Line %(line_no)s: the first answer (%(reference)s) stands.")


class FailedWhy(DomainError):
    """A line that failed says why."""

    code, status, title = "member-line-reason", 422, N_("Say why it failed")
    detail = N_("Line %(line_no)s: write what the bank said.")


@dataclass(frozen=True, slots=True)
class MakeBatch:
    """A file for the bank: these members, or (None) all who chose to be paid this way."""

    id: UUID
    way: str
    member_ids: tuple[UUID, ...] | None = None
    skip_missing: bool = False


@dataclass(frozen=True, slots=True)
class _Reserved:
    """What the file pays one member."""

    member: MemberCard
    choice: Choice
    items: tuple[DueItem, ...]

    @property
    def dividend(self) -> int:
        return sum(item.dividend_satang for item in self.items)

    @property
    def patronage(self) -> int:
        return sum(item.patronage_satang for item in self.items)

    def account(self, way: str) -> tuple[str, str, str]:
        """Return bank code, account and name as they go into the file."""
        if way == "promptpay":
            return "", self.choice.promptpay_id, self.member.name
        return self.choice.bank_code, self.choice.bank_account, self.choice.bank_account_name


# --- making ----------------------------------------------------------------------------------


def make(command: MakeBatch, actor: Actor) -> BatchDoc:
    """Reserve what members are owed and freeze the file; the same command changes nothing.

    Raises MemberBatchDiffers, NoMemberDetails, MembersWait, NobodyToPay, Forbidden.
    """
    access.require(actor, "member_payment.record")
    centre_id = actor.centre_id
    serialise_on(command.id)
    content = content_of(command)
    earlier = db.session.scalar(
        select(MemberBatch.content).where(
            MemberBatch.centre_id == centre_id, MemberBatch.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise MemberBatchDiffers(differs=differs)
        return batch_doc(centre_id, command.id)
    reserved = _reserve(command, actor)
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    [number] = next_numbers(centre_id, [(SERIES, year)])
    batch_no = f"DB-{year}-{number:05d}"
    db.session.execute(
        insert(MemberBatch).values(
            centre_id=centre_id,
            id=command.id,
            batch_no=batch_no,
            way=command.way,
            amount_satang=sum(one.dividend + one.patronage for one in reserved),
            file_content=_file(batch_no, command.way, reserved),
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    insert_rows(MemberBatchLine, _line_rows(command, reserved, centre_id))
    return batch_doc(centre_id, command.id)


def _reserve(command: MakeBatch, actor: Actor) -> list[_Reserved]:
    """Lock the allocations, then work out what each member is owed and where it goes."""
    centre_id = actor.centre_id
    paying.hold(centre_id, {item.run_id for item in due.items(centre_id)})
    owed = due.by_payee(centre_id)
    known = choices.of(centre_id)
    wanted = command.member_ids
    if wanted is None:
        wanted = tuple(
            one for one in owed if (found := known.get(one)) and found.way == command.way
        )
    people = members.names(centre_id, set(wanted))
    waiting = due.waiting(centre_id)
    if command.member_ids is not None and (at_bank := waiting.keys() & set(wanted)):
        raise MembersWait(names=_names(people, at_bank))
    alive = standing.on(centre_id, clock.today())
    payable = [
        one
        for one in dict.fromkeys(wanted)
        if one in owed and one in people and one not in waiting and alive[one].state != "died"
    ]
    missing = {one for one in payable if not known.get(one, Choice()).pays_by(command.way)}
    if missing and not command.skip_missing:
        raise NoMemberDetails(names=_names(people, missing))
    reserved = [
        _Reserved(people[one], known[one], tuple(owed[one]))
        for one in payable
        if one not in missing
    ]
    if not reserved:
        raise NobodyToPay
    return sorted(reserved, key=lambda one: one.member.member_no)


def _names(people: Mapping[UUID, MemberCard], some: Collection[UUID]) -> str:
    names = sorted(card.name for one, card in people.items() if one in some)
    return ", ".join(names[:10]) + (" …" if len(names) > 10 else "")


def _line_rows(
    command: MakeBatch, reserved: Sequence[_Reserved], centre_id: int
) -> list[dict[str, Any]]:
    rows = []
    for line_no, one in enumerate(reserved, start=1):
        bank, account, name = one.account(command.way)
        rows.append(
            {
                "centre_id": centre_id,
                "batch_id": command.id,
                "line_no": line_no,
                "member_id": one.member.id,
                "dividend_satang": one.dividend,
                "patronage_satang": one.patronage,
                "account": f"{bank} {account}".strip(),
                "account_name": name,
                "items": [
                    [
                        str(item.run_id),
                        str(item.member_id),
                        item.dividend_satang,
                        item.patronage_satang,
                    ]
                    for item in one.items
                ],
                "payment_id": uuid7(),
                "state": "waiting",
                "reference": "",
            }
        )
    return rows


def _file(batch_no: str, way: str, reserved: Sequence[_Reserved]) -> str:
    rows = []
    for line_no, one in enumerate(reserved, start=1):
        bank, account, name = one.account(way)
        rows.append(
            (
                own_reference(batch_no, line_no),
                bank,
                account,
                name,
                baht_figure(one.dividend + one.patronage),
                one.member.member_no,
                one.member.name,
                baht_figure(one.dividend),
                baht_figure(one.patronage),
            )
        )
    return "".join(csv_lines(HEADINGS, rows))


# --- the bank's answer -----------------------------------------------------------------------


def match_file(batch_id: UUID, text: str, actor: Actor) -> BatchDoc:
    """Enter the bank's answer from its file, whole or not at all; see `match`.

    Raises BadResults besides.
    """
    access.require(actor, "member_payment.record")
    lines = [
        WaitingLine(line.line_no, line.own_reference, line.account_digits, line.satang)
        for line in batch_doc(actor.centre_id, batch_id).lines
    ]
    return match(batch_id, read_results(text, lines), actor)


def match(batch_id: UUID, results: Sequence[LineResult], actor: Actor) -> BatchDoc:
    """Enter what the bank says of lines: paid ones become payments, failed ones are due again.

    The same answer again changes nothing. Raises LineAnswered, FailedWhy, PeriodClosed, NotFound,
    Forbidden.
    """
    access.require(actor, "member_payment.record")
    serialise_on(batch_id)
    batch = batch_doc(actor.centre_id, batch_id)
    lines = {line.line_no: line for line in batch.lines}
    paying.hold(actor.centre_id, {item.run_id for line in batch.lines for item in line.items})
    for result in sorted(results, key=lambda one: one.line_no):
        line = lines.get(result.line_no)
        if line is None:
            raise rules.NothingToPay
        state = "paid" if result.paid else "failed"
        if line.state != "waiting":
            if (line.state, line.reference) != (state, result.reference):
                raise LineAnswered(line_no=line.line_no, reference=line.reference)
            continue
        if not result.paid and not result.reference.strip():
            raise FailedWhy(line_no=line.line_no)
        if result.paid:
            paying.pay_reserved(_payment(batch, line, result), actor)
        db.session.execute(
            update(MemberBatchLine)
            .where(
                MemberBatchLine.centre_id == actor.centre_id,
                MemberBatchLine.batch_id == batch_id,
                MemberBatchLine.line_no == line.line_no,
            )
            .values(state=state, reference=result.reference)
            .execution_options(synchronize_session=False)
        )
    return batch_doc(actor.centre_id, batch_id)


def _payment(batch: BatchDoc, line: BatchLine, result: LineResult) -> PayMember:
    return PayMember(
        id=line.payment_id,
        member_id=line.member.id,
        way=batch.way,
        paid_from="bank",
        items=line.items,
        reference=result.reference,
        note=line.own_reference,
    )
