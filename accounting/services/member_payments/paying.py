"""Pay a member on one numbered voucher, and take a payment back.

What must stay true: one payment is one entry and takes its items once, whoever pays and however
often it is sent; it holds the allocations it pays of, so that none is reversed meanwhile; what is
taken back is due again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

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
from core.numbering import buddhist_year, next_block
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


@dataclass(frozen=True, slots=True)
class _Paid:
    """A payment about to be written: what of the command's items is paid, and from where."""

    command: PayMember
    items: Sequence[PaidItem]
    purse: _Purse

    @property
    def satang(self) -> int:
        return sum(item.satang for item in self.items)


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


def not_made(commands: Sequence[PayMember], actor: Actor) -> list[PayMember]:
    """Return those of many payments that were not made yet; raises PaymentDiffers."""
    rows = db.session.execute(
        select(MemberPayment.id, MemberPayment.content).where(
            MemberPayment.centre_id == actor.centre_id,
            MemberPayment.id.in_([one.id for one in commands]),
        )
    )
    known: dict[UUID, Any] = {identity: content for identity, content in rows}
    for one in commands:
        if one.id in known:
            _require_same(one, known[one.id])
    return [one for one in commands if one.id not in known]


def pay_known(commands: Sequence[PayMember], actor: Actor) -> int:
    """Pay what the caller has just read as open, of members it has looked at; return the satang.

    None was made before. The caller holds the allocations and, for shares, the register; the
    database refuses what is open no more. Raises NotFromThatPlace, PeriodClosed.
    """
    paid = [_Paid(one, one.items, _place(one)) for one in commands]
    _write(paid, actor)
    return sum(one.satang for one in paid)


def of_place(centre_id: int, place: str) -> list[tuple[UUID, UUID, int]]:
    """Return every payment out of one place: its id, the member, the satang."""
    satang = MemberPayment.dividend_satang + MemberPayment.patronage_satang
    rows = db.session.execute(
        select(MemberPayment.id, MemberPayment.member_id, satang).where(
            MemberPayment.centre_id == centre_id, MemberPayment.paid_from == place
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


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
    _require_same(command, content)
    return documents.doc_of(actor.centre_id, command.id)


def _require_same(command: PayMember, content: Mapping[str, Any]) -> None:
    if differs := differences(content, content_of(command)):
        raise PaymentDiffers(differs=differs)


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
    purse = _place(command)
    if purse.place == "till":
        total = sum(item.satang for item in items)
        purse = _Purse("till", cash_drawers.use(actor.centre_id, command.shift_id, total))
    _write([_Paid(command, items, purse)], actor)
    return documents.doc_of(actor.centre_id, command.id)


def _place(command: PayMember) -> _Purse:
    """Return where the money is; raise NotFromThatPlace."""
    if command.paid_from not in rules.PLACES_OF[command.way]:
        raise rules.NotFromThatPlace(field="paid_from")
    return _Purse(command.paid_from)


def _write(payments: Sequence[_Paid], actor: Actor) -> None:
    """Write payments with their items and entries, some statements whatever their number."""
    if not payments:
        return
    now = clock.now()
    day = clock.business_date(now)
    kept = {
        one.command.id: ShareCredit(one.command.member_id, one.satang)
        for one in payments
        if one.purse.place == "shares"
    }
    if kept:
        shares.credit_each(kept, on=day, source_type=SOURCE, actor=actor)
    year = buddhist_year(day)
    numbers = next_block(actor.centre_id, SOURCE, year, len(payments))
    insert_rows(
        MemberPayment,
        [
            _row(one, f"DV-{year}-{number:05d}", now, actor)
            for one, number in zip(payments, numbers, strict=True)
        ],
    )
    moved = [
        _move(actor.centre_id, SOURCE, one.command.id, item, day)
        for one in payments
        for item in one.items
    ]
    insert_rows(MemberItemMove, moved)
    ledger.post_many([_entry(one, now) for one in payments], actor)


def _row(paid: _Paid, number: str, now: datetime, actor: Actor) -> dict[str, Any]:
    command, purse = paid.command, paid.purse
    content = content_of(command)
    return {
        "centre_id": actor.centre_id,
        "id": command.id,
        "payment_no": number,
        "member_id": command.member_id,
        "way": command.way,
        "paid_from": command.paid_from,
        "till_id": purse.till_id,
        "shift_id": command.shift_id if purse.till_id else None,
        "dividend_satang": sum(item.dividend_satang for item in paid.items),
        "patronage_satang": sum(item.patronage_satang for item in paid.items),
        "recipient_kind": command.recipient_kind,
        "recipient_name": command.recipient_name if command.recipient_kind != MEMBER else "",
        "recipient_relation": command.recipient_relation,
        "reference": command.reference,
        "note": command.note,
        "business_date": clock.business_date(now),
        "recorded_at": now,
        "recorded_by": actor.user_id,
        "recorded_name": actor.name,
        "digest": digest_of(content),
        "content": content,
    }


def insert_moves(
    centre_id: int, source_type: str, source_id: UUID, items: Sequence[PaidItem], day: date
) -> None:
    """Take items off by a document (or give back to them, below zero), with one statement."""
    insert_rows(
        MemberItemMove, [_move(centre_id, source_type, source_id, item, day) for item in items]
    )


def _move(
    centre_id: int, source_type: str, source_id: UUID, item: PaidItem, day: date
) -> dict[str, Any]:
    return {
        "centre_id": centre_id,
        "source_type": source_type,
        "source_id": source_id,
        "run_id": item.run_id,
        "member_id": item.member_id,
        "dividend_satang": item.dividend_satang,
        "patronage_satang": item.patronage_satang,
        "business_date": day,
    }


def _entry(paid: _Paid, now: datetime) -> NewEntry:
    command, purse = paid.command, paid.purse
    return NewEntry(
        kind=SOURCE,
        source_type=SOURCE,
        source_id=command.id,
        business_date=clock.business_date(now),
        occurred_at=now,
        lines=rules.payment_lines(paid.items, purse.place, command.member_id, purse.till_id),
        memo=" ".join(part for part in (command.reference, command.note) if part)[:200],
    )
