"""Pay a producer on one signed voucher: settlements and purchases, less advances and returns.

What must stay true: one voucher is one entry; nothing is paid twice, whoever pays and however
often it is sent; what is netted is taken off the very documents it belongs to; of a producer who
has died an heir takes the money, by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.rules.entry import NewEntry
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, holds
from inventory.models import Payout, PayoutLine
from inventory.rules import payouts as rules
from inventory.rules.payout_posting import Purse, Whose, payout_lines
from inventory.rules.payouts import DueLine, PaidLine, Recipient
from inventory.services import advances, drawer, payables, separation
from inventory.services.payout_documents import PayoutDoc, PayoutLineDoc, doc_of, get, listing
from inventory.services.settlement import returns
from members.rules.standing import DIED
from members.services import access, producers, standing
from members.services.duties import Document
from members.services.producers import ProducerCard

__all__ = [
    "Due",
    "OffsetOrMoney",
    "PayProducer",
    "PayoutDiffers",
    "PayoutDoc",
    "PayoutLineDoc",
    "due",
    "dues",
    "dues_listing",
    "get",
    "listing",
    "pay",
    "pay_reserved",
]

SOURCE = "payout"
PLACES = {
    "cash": ("till", "safe"),
    "transfer": ("bank",),
    "promptpay": ("bank",),
    "offset": ("nothing",),
}
"""Method → where its money may come from."""


class PayoutDiffers(DifferentContent):
    """The voucher's id came again with other content; the first one stands."""

    code, title = "payout-differs", N_("This payout was already recorded with other content")


class OffsetOrMoney(DomainError):
    """Offset is for vouchers that hand over nothing, and only for these."""

    code, status, title = "offset-or-money", 422, N_("The way of paying doesn't fit the amount")
    detail = N_("%(amount_satang)s baht are left to hand over. With nothing left choose offset.")


@dataclass(frozen=True, slots=True)
class PayProducer:
    """A voucher to pay; amounts are above zero, advances and recoveries are taken off."""

    id: UUID
    producer_id: UUID
    method: str
    paid_from: str
    lines: tuple[PaidLine, ...]
    shift_id: UUID | None = None
    reference: str = ""
    note: str = ""
    recipient: Recipient | None = None
    """Who takes the money, when it is not the producer."""
    withheld_satang: int = 0
    """Tax we hold back and owe the Revenue Department; the rest is handed over."""
    withheld_basis_points: int = 0
    """The rate it was reckoned by."""


@dataclass(frozen=True, slots=True)
class Due:
    """Everything one producer can be paid, and what waits at the bank."""

    producer: ProducerCard
    lines: tuple[DueLine, ...]
    waiting_satang: int
    died: bool = False
    """The producer has died (a group: was dissolved): an heir takes the money."""

    @property
    def payable_satang(self) -> int:
        return rules.payable(self.lines)

    @property
    def advances_satang(self) -> int:
        return sum(line.left_satang for line in self.lines if line.kind == "advance")


# --- what is due -----------------------------------------------------------------------------


def due(actor: Actor, producer_id: UUID) -> Due:
    """Return everything one producer can be paid; raise NotFound, Forbidden."""
    access.require(actor, "payout.read")
    producer = producers.get(actor.centre_id, producer_id)
    lines = payables.of(actor.centre_id, [producer_id]).get(producer_id, [])
    waiting = payables.waiting_amounts(actor.centre_id, [producer_id])
    died = _died(actor.centre_id, producer_id)
    return Due(producer, tuple(lines), sum(waiting.values()), died)


def dues(actor: Actor) -> list[Due]:
    """Return every producer with something to pay, by name; raise `Forbidden`."""
    access.require(actor, "payout.read")
    found = payables.of(actor.centre_id)
    people = producers.names(actor.centre_id, set(found))
    all_of_them = [Due(people[one], tuple(lines), 0) for one, lines in found.items()]
    some = [one for one in all_of_them if any(line.sign > 0 for line in one.lines)]
    return sorted(some, key=lambda one: (one.producer.name, one.producer.producer_no))


def dues_listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[Due]:
    """Return a page of who can be paid, by producer number; raise `Forbidden`."""
    rows = [
        one for one in dues(actor) if holds(sought, one.producer.producer_no, one.producer.name)
    ]
    rows.sort(key=lambda one: one.producer.producer_no)
    if window.after:
        rows = [one for one in rows if one.producer.producer_no > window.after]
    return page_of(rows[: window.limit + 1], window, lambda one: one.producer.producer_no)


# --- paying ----------------------------------------------------------------------------------


def pay(command: PayProducer, actor: Actor) -> PayoutDoc:
    """Pay a voucher; the same command again changes nothing.

    Raises OwnPayout, PayoutDiffers, NothingChosen, NothingOwed, MoreThanOwed, NettedTooMuch,
    ReturnsFirst, OffsetOrMoney, WithheldTooMuch, NotFromThere, ShiftNeeded, ShiftClosed,
    NotEnoughInDrawer, ProducerHeirNeeded, ProducerRecipientNeeded, PeriodClosed, NotFound,
    Forbidden.
    """
    access.require(actor, "payout.record")
    serialise_on(command.producer_id)
    if (earlier := _earlier(command, actor)) is not None:
        return earlier
    separation.require_not_own([command.producer_id], Document("payout", command.id), actor)
    if command.method != "offset":
        is_group = producers.get(actor.centre_id, command.producer_id).kind != "person"
        died = _died(actor.centre_id, command.producer_id)
        rules.check_recipient(died, is_group, command.recipient)
    owed = payables.of(actor.centre_id, [command.producer_id]).get(command.producer_id, [])
    return _record(command, owed, actor)


def pay_reserved(command: PayProducer, actor: Actor) -> PayoutDoc:
    """Record what the bank has paid of a waiting line, reserved until now.

    The money is out, so what came back since is not held against it, but is taken off together
    with a part of the settlement that was kept back for it. The producer is locked by the caller.
    """
    if (earlier := _earlier(command, actor)) is not None:
        return earlier
    dues_now = payables.of(actor.centre_id, [command.producer_id], reserved=False)
    owed = dues_now.get(command.producer_id, [])
    return _record(command, owed, actor, lines=rules.swept(command.lines, owed))


def _died(centre_id: int, producer_id: UUID) -> bool:
    now = standing.of_producer(producer_id, centre_id, clock.today())
    return now is not None and now.state == DIED


def _earlier(command: PayProducer, actor: Actor) -> PayoutDoc | None:
    content = db.session.scalar(
        select(Payout.content).where(Payout.centre_id == actor.centre_id, Payout.id == command.id)
    )
    if content is None:
        return None
    if differs := differences(content, content_of(command)):
        raise PayoutDiffers(differs=differs)
    return doc_of(actor.centre_id, command.id)


def _record(
    command: PayProducer,
    owed: Sequence[DueLine],
    actor: Actor,
    *,
    lines: Sequence[PaidLine] | None = None,
) -> PayoutDoc:
    """Write a voucher; `lines` is given when the bank has paid it already."""
    producer = producers.get(actor.centre_id, command.producer_id)
    paid = command.lines if lines is None else lines
    amount = rules.check(paid, owed, already_out=lines is not None)
    amount = rules.less_withheld(paid, amount, command.withheld_satang)
    if (amount == 0) != (command.method == "offset"):
        raise OffsetOrMoney(amount_satang=amount, field="method")
    if command.paid_from not in PLACES[command.method]:
        raise drawer.NotFromThere(field="paid_from")
    purse = drawer.purse(command.paid_from, command.shift_id, actor, out_satang=amount)
    now = clock.now()
    content = content_of(command)
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(Payout).values(
            centre_id=actor.centre_id,
            id=command.id,
            payout_no=f"PV-{year}-{number:05d}",
            producer_id=producer.id,
            method=command.method,
            paid_from=command.paid_from,
            till_id=purse.till_id,
            shift_id=command.shift_id,
            amount_satang=amount,
            withheld_satang=command.withheld_satang,
            withheld_basis_points=command.withheld_basis_points,
            recipient_kind=command.recipient.kind if command.recipient else "producer",
            recipient_name=command.recipient.name.strip() if command.recipient else "",
            recipient_relation=command.recipient.relation.strip() if command.recipient else "",
            reference=command.reference,
            note=command.note,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    insert_rows(PayoutLine, _line_rows(command, paid, actor.centre_id))
    _take(command, paid, now, actor)
    _post(command, paid, Whose(producer.id, producer.member_id), purse, now, actor)
    return doc_of(actor.centre_id, command.id)


def _line_rows(
    command: PayProducer, lines: Sequence[PaidLine], centre_id: int
) -> list[dict[str, Any]]:
    return [
        {
            "centre_id": centre_id,
            "payout_id": command.id,
            "line_no": line_no,
            "kind": line.kind,
            "document_id": line.document_id,
            "amount_satang": line.signed_satang,
        }
        for line_no, line in enumerate(lines, start=1)
    ]


def _take(command: PayProducer, lines: Sequence[PaidLine], now: datetime, actor: Actor) -> None:
    """Take advances and returns off: each from the very document it is."""
    for line in lines:
        if line.kind == "advance":
            advances.net(
                actor.centre_id,
                SOURCE,
                command.id,
                command.producer_id,
                line.amount_satang,
                line.document_id,
            )
        elif line.kind == "recovery":
            owed = payables.returned_of(actor.centre_id, command.producer_id, line.document_id)
            returns.take(
                actor.centre_id,
                SOURCE,
                command.id,
                command.producer_id,
                owed,
                line.amount_satang,
                now,
            )


def _post(
    command: PayProducer,
    paid: Sequence[PaidLine],
    whose: Whose,
    purse: Purse,
    now: datetime,
    actor: Actor,
) -> None:
    def total(*kinds: str) -> int:
        return sum(line.signed_satang for line in paid if line.kind in kinds)

    opened = payables.opened_outright(actor.centre_id, paid)
    lines = payout_lines(
        whose,
        settled_satang=total("settlement", "recovery", "opening") - opened,
        outright_satang=total("outright", "credit") + opened,
        netted_satang=-total("advance"),
        withheld_satang=command.withheld_satang,
        purse=purse,
    )
    if lines:
        ledger.post(
            NewEntry(
                kind=SOURCE,
                source_type=SOURCE,
                source_id=command.id,
                business_date=clock.business_date(now),
                occurred_at=now,
                lines=lines,
                memo=" ".join(part for part in (command.reference, command.note) if part),
            ),
            actor,
        )
