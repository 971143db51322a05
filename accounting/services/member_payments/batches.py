"""Members paid by bank files: what each is owed of the surplus, and what a paid line becomes.

What must stay true: a member who waits in one file is in no other; who died is in none. The rest of
a file is `bank_batches`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from accounting.models import MemberBatch, MemberBatchLine, MemberPayment
from accounting.rules.bank_results import LineResult
from accounting.rules.member_payments import PaidItem
from accounting.services.bank_batches import (
    BatchDoc,
    BatchLine,
    Debt,
    MakeBatch,
    Owed,
    Paid,
    named,
)
from accounting.services.member_payments import choices, due, paying
from accounting.services.member_payments.choices import Choice
from accounting.services.member_payments.due import DueItem
from accounting.services.member_payments.paying import PayMember
from core import clock
from core.actor import Actor
from core.errors import N_, DifferentContent, DomainError
from core.ids import uuid7
from core.sheets import baht_figure
from members.services import members, standing
from members.services.members import MemberCard


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


def _owed(command: MakeBatch, actor: Actor) -> Iterator[Owed]:
    """Lock the allocations, then yield what each member is owed; raise `MembersWait`."""
    centre_id = actor.centre_id
    paying.hold(centre_id, {item.run_id for item in due.items(centre_id)})
    owed = due.by_payee(centre_id)
    known = choices.of(centre_id)
    wanted = command.payee_ids
    if wanted is None:
        wanted = tuple(
            one for one in owed if (found := known.get(one)) and found.way == command.way
        )
    people = members.names(centre_id, set(wanted))
    waiting = due.waiting(centre_id)
    if command.payee_ids is not None and (at_bank := waiting.keys() & people.keys()):
        raise MembersWait(names=named(people[one].name for one in at_bank))
    alive = standing.on(centre_id, clock.today())
    for one in dict.fromkeys(wanted):
        if one in owed and one in people and one not in waiting and alive[one].state != "died":
            yield _of_member(people[one], known.get(one, Choice()), owed[one])


def _of_member(member: MemberCard, choice: Choice, items: Sequence[DueItem]) -> Owed:
    dividend = sum(item.dividend_satang for item in items)
    patronage = sum(item.patronage_satang for item in items)
    paid = [
        [str(item.run_id), str(item.member_id), item.dividend_satang, item.patronage_satang]
        for item in items
    ]
    return Owed(
        number=member.member_no,
        name=member.name,
        details=choice,
        amount_satang=dividend + patronage,
        cells=(baht_figure(dividend), baht_figure(patronage)),
        row={
            "member_id": member.id,
            "dividend_satang": dividend,
            "patronage_satang": patronage,
            "items": paid,
            "payment_id": uuid7(),
        },
    )


def _settle(batch: BatchDoc, paid: Paid, actor: Actor) -> Mapping[int, Mapping[str, Any]]:
    """Record the payments that were waiting; the line has known their ids from the start."""
    payments = [_payment(batch, line, result) for line, result in paid]
    paying.hold(actor.centre_id, {item.run_id for one in payments for item in one.items})
    for payment in payments:
        paying.pay_reserved(payment, actor)
    return {}


def _payment(batch: BatchDoc, line: BatchLine, result: LineResult) -> PayMember:
    assert line.document_id is not None  # the column takes no NULL
    items = (
        PaidItem(UUID(run_id), UUID(member_id), dividend, patronage)
        for run_id, member_id, dividend, patronage in line.pays
    )
    return PayMember(
        id=line.document_id,
        member_id=line.payee.id,
        way=batch.way,
        paid_from="bank",
        items=tuple(items),
        reference=result.reference,
        note=line.own_reference,
    )


DEBT = Debt(
    batch=MemberBatch,
    line=MemberBatchLine,
    way=MemberBatch.way,
    payee=MemberBatchLine.member_id,
    amount=MemberBatchLine.dividend_satang + MemberBatchLine.patronage_satang,
    pays=MemberBatchLine.items,
    document=MemberPayment,
    document_id=MemberBatchLine.payment_id,
    document_no=MemberPayment.payment_no,
    series="member_batch",
    number="DB-%(year)s-%(number)05d",
    line_digits=5,
    headings=("member_no", "member", "share_of_profit", "patronage_refund"),
    reads="member_payment.read",
    records="member_payment.record",
    differs=MemberBatchDiffers,
    unreached=NoMemberDetails,
    nobody=NobodyToPay,
    names=members.names,
    owed=_owed,
    settle=_settle,
)
