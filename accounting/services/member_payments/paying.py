"""Pay a member on one numbered voucher, and take a payment back.

What must stay true: one payment is one entry and takes its items once, whoever pays and however
often it is sent; it holds the allocations it pays of, so that none is reversed meanwhile; what is
taken back is due again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import MemberItemMove, MemberPayment
from accounting.rules import member_payments as rules
from accounting.rules.entry import NewEntry
from accounting.rules.member_payments import MEMBER, PaidItem
from accounting.services import cash_drawers, ledger
from accounting.services.member_payments import documents, due
from accounting.services.member_payments.documents import SOURCE, PaymentDoc
from accounting.services.shares import crediting as shares
from accounting.services.shares import judging, register
from accounting.services.shares import rules as share_rules
from accounting.services.shares.crediting import ShareCredit
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from members.services import access, members, standing


class PaymentDiffers(DifferentContent):
    """The payment's id came again with other content; the first one stands."""

    code, title = "member-payment-differs", N_("This payment was already made with other content")


class WaitsAtBank(DomainError):
    """A bank file is to pay this member, and the bank hasn't answered."""

    code, status, title = "member-at-bank", 409, N_("This member waits in a bank file")
    detail = N_("Enter the bank's answer to that file first: paid, or failed.")


@dataclass(frozen=True, slots=True)
class PayMember:
    """A payment to one member: which items, how, and who takes it."""

    id: UUID
    member_id: UUID
    way: str
    paid_from: str
    items: tuple[PaidItem, ...]
    shift_id: UUID | None = None
    recipient_kind: str = MEMBER
    recipient_name: str = ""
    recipient_relation: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Purse:
    place: str
    till_id: UUID | None = None


def pay(command: PayMember, actor: Actor) -> PaymentDoc:
    """Pay; the same command again changes nothing.

    Raises PaymentDiffers, NothingToPay, MoreThanDue, WaitsAtBank, MemberMerged, HeirNeeded,
    RecipientNeeded, OnlyMembersHold, NotFromThatPlace, DrawerNeeded, NotEnoughInDrawer,
    PeriodClosed, NotFound, Forbidden, and what the share register refuses.
    """
    access.require(actor, "member_payment.record")
    hold(actor.centre_id, {item.run_id for item in command.items})
    if (earlier := _earlier(command, actor)) is not None:
        return earlier
    state = _state_of(command.member_id, actor)
    rules.check_recipient(
        command.way,
        state,
        command.recipient_kind,
        command.recipient_name,
        command.recipient_relation,
    )
    if due.waiting(actor.centre_id, [command.member_id]):
        raise WaitsAtBank
    rules.check_items(command.items, _open(command.member_id, actor.centre_id))
    items: Sequence[PaidItem] = command.items
    if command.paid_from in rules.CASH_PLACES:
        items = rules.in_coins(items, actor.centre.cash_rounding_satang)
        if not items:
            raise rules.NothingToPay
    if command.paid_from == "shares":
        growing(actor).grow(command.member_id, sum(item.satang for item in items))
    return _record(command, items, actor)


def growing(actor: Actor) -> judging.Growing:
    """Lock the share register; return who judges what members choose to take as shares."""
    register.lock(actor.centre_id)
    return judging.Growing(actor.centre_id, share_rules.on(actor, clock.today()))


def pay_reserved(command: PayMember, actor: Actor) -> PaymentDoc:
    """Record what the bank has paid of a waiting line: the money is out, whatever came since."""
    hold(actor.centre_id, {item.run_id for item in command.items})
    if (earlier := _earlier(command, actor)) is not None:
        return earlier
    return _record(command, command.items, actor)


def pay_known(command: PayMember, actor: Actor) -> int:
    """Pay what the caller has just read as open, of a member it has looked at; return the satang.

    The caller holds the allocations; the database refuses what is open no more.
    """
    if (earlier := _earlier(command, actor)) is None:
        earlier = _record(command, command.items, actor)
    return earlier.satang


def hold(centre_id: int, run_ids: set[UUID]) -> None:
    """Lock the allocations of runs, so that none is reversed while its items move."""
    for allocation_id in due.allocations_of(centre_id, run_ids):
        serialise_on(allocation_id)


def _earlier(command: PayMember, actor: Actor) -> PaymentDoc | None:
    content = db.session.scalar(
        select(MemberPayment.content).where(
            MemberPayment.centre_id == actor.centre_id, MemberPayment.id == command.id
        )
    )
    if content is None:
        return None
    if differs := differences(content, content_of(command)):
        raise PaymentDiffers(differs=differs)
    return documents.doc_of(actor.centre_id, command.id)


def _state_of(member_id: UUID, actor: Actor) -> str:
    """Return a member's standing today; raise MemberMerged, NotFound."""
    merged = standing.survivors(actor.centre_id)
    if member_id in merged:
        card = members.names(actor.centre_id, [merged[member_id]])[merged[member_id]]
        raise rules.MemberMerged(name=card.name, member_id=str(card.id))
    found = standing.on(actor.centre_id, clock.today()).get(member_id)
    if found is None:
        raise NotFound(what="member")
    return found.state


def _open(member_id: UUID, centre_id: int) -> dict[rules.ItemKey, rules.Parts]:
    return {
        (item.run_id, item.member_id): (item.dividend_satang, item.patronage_satang)
        for item in due.of_member(centre_id, member_id)
    }


def _record(command: PayMember, items: Sequence[PaidItem], actor: Actor) -> PaymentDoc:
    if command.paid_from not in rules.PLACES_OF[command.way]:
        raise rules.NotFromThatPlace(field="paid_from")
    total = sum(item.satang for item in items)
    purse = _purse(command, total, actor)
    now = clock.now()
    day = clock.business_date(now)
    if command.paid_from == "shares":
        credited = ShareCredit(command.member_id, total)
        shares.credit([credited], on=day, source_type=SOURCE, source_id=command.id, actor=actor)
    content = content_of(command)
    year = buddhist_year(day)
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(MemberPayment).values(
            centre_id=actor.centre_id,
            id=command.id,
            payment_no=f"DV-{year}-{number:05d}",
            member_id=command.member_id,
            way=command.way,
            paid_from=command.paid_from,
            till_id=purse.till_id,
            shift_id=command.shift_id if purse.till_id else None,
            dividend_satang=sum(item.dividend_satang for item in items),
            patronage_satang=sum(item.patronage_satang for item in items),
            recipient_kind=command.recipient_kind,
            recipient_name=command.recipient_name if command.recipient_kind != MEMBER else "",
            recipient_relation=command.recipient_relation,
            reference=command.reference,
            note=command.note,
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    insert_moves(actor.centre_id, SOURCE, command.id, items, day)
    _post(command, items, purse, now, actor)
    return documents.doc_of(actor.centre_id, command.id)


def _purse(command: PayMember, total: int, actor: Actor) -> _Purse:
    if command.paid_from != "till":
        return _Purse(command.paid_from)
    return _Purse("till", cash_drawers.use(actor.centre_id, command.shift_id, total))


def insert_moves(
    centre_id: int, source_type: str, source_id: UUID, items: Sequence[PaidItem], day: date
) -> None:
    """Take items off by a document (or give back to them, below zero), with one statement."""
    rows: list[dict[str, Any]] = [
        {
            "centre_id": centre_id,
            "source_type": source_type,
            "source_id": source_id,
            "run_id": item.run_id,
            "member_id": item.member_id,
            "dividend_satang": item.dividend_satang,
            "patronage_satang": item.patronage_satang,
            "business_date": day,
        }
        for item in items
    ]
    insert_rows(MemberItemMove, rows)


def _post(
    command: PayMember, items: Sequence[PaidItem], purse: _Purse, now: datetime, actor: Actor
) -> None:
    ledger.post(
        NewEntry(
            kind=SOURCE,
            source_type=SOURCE,
            source_id=command.id,
            business_date=clock.business_date(now),
            occurred_at=now,
            lines=rules.payment_lines(items, purse.place, command.member_id, purse.till_id),
            memo=" ".join(part for part in (command.reference, command.note) if part)[:200],
        ),
        actor,
    )
