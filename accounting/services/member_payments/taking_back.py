"""Take a payment back: the wrong person was paid, or the money came back.

What must stay true: a payment is taken back at most once and with a reason; the money is where the
entry says it went, or with the membership that stands for the member since; what the payment paid
is due again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from accounting.models import MemberPaymentReversal
from accounting.rules import member_payments as rules
from accounting.rules.entry import NewEntry, flipped
from accounting.rules.member_payments import PaidItem
from accounting.services import cash_drawers, ledger
from accounting.services.member_payments import documents, paying
from accounting.services.member_payments.documents import SOURCE, PaymentDoc
from accounting.services.purse import holding
from accounting.services.shares import crediting as shares
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError
from members.services import access, standing

KIND = "member_payment_back"
MOVE = "member_payment_reversal"


class BackWithReason(DomainError):
    """A payment is taken back for a reason."""

    code, status, title = "member-back-reason", 422, N_("The reason is missing")
    detail = N_("Write in a few words what went wrong.")


class PurseSpent(DomainError):
    """The member's purse no longer holds what was put into it."""

    code, status, title = "member-purse-spent", 409, N_("The member has spent it already")
    detail = N_("The purse holds %(held_satang)s baht. Settle the rest with the member first.")


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A payment to take back; `paid_into` is where the money is now (as paid, unless cash)."""

    payment_id: UUID
    reason: str
    paid_into: str = ""
    shift_id: UUID | None = None


def take_back(command: TakeBack, actor: Actor) -> PaymentDoc:
    """Take a payment back; again changes nothing.

    Raises BackWithReason, NotFromThatPlace, PurseSpent, SharesGone, DrawerNeeded, PeriodClosed,
    NotFound, Forbidden.
    """
    access.require(actor, "member_payment.record")
    known = documents.doc_of(actor.centre_id, command.payment_id)
    paying.hold(actor.centre_id, {item.run_id for item in known.items})
    known = documents.doc_of(actor.centre_id, command.payment_id)
    if known.reversal is not None:
        return known
    if not command.reason.strip():
        raise BackWithReason(field="reason")
    place = command.paid_into or known.paid_from
    if known.way == "cash" and place not in (*rules.CASH_PLACES, "bank"):
        raise rules.NotFromThatPlace(field="paid_into")
    if known.way != "cash" and place != known.paid_from:
        raise rules.NotFromThatPlace(field="paid_into")
    till_id = cash_drawers.use(actor.centre_id, command.shift_id) if place == "till" else None
    now = clock.now()
    _uncredit(known, now, actor)
    _write(command, known, place, till_id, now, actor)
    return documents.doc_of(actor.centre_id, command.payment_id)


def _uncredit(known: PaymentDoc, now: datetime, actor: Actor) -> None:
    if known.paid_from == "shares":
        shares.undo(SOURCE, known.id, clock.business_date(now), actor)
    elif known.paid_from == "purse":
        held = holding.held(actor.centre_id, _stands_for(known.member.id, actor.centre_id))
        if held < known.satang:
            raise PurseSpent(held_satang=max(held, 0))


def _stands_for(member_id: UUID, centre_id: int) -> UUID:
    """Return who has the purse now of a membership that was merged since."""
    return standing.survivors(centre_id).get(member_id, member_id)


def _write(
    command: TakeBack,
    known: PaymentDoc,
    place: str,
    till_id: UUID | None,
    now: datetime,
    actor: Actor,
) -> None:
    day = clock.business_date(now)
    db.session.execute(
        insert(MemberPaymentReversal).values(
            centre_id=actor.centre_id,
            payment_id=known.id,
            reason=command.reason.strip(),
            paid_into=place,
            till_id=till_id,
            shift_id=command.shift_id if till_id else None,
            amount_satang=known.satang,
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )
    paid = [
        PaidItem(item.run_id, item.member_id, item.dividend_satang, item.patronage_satang)
        for item in known.items
    ]
    # Shares were handed back under the membership that got them; a purse was carried over.
    whose = known.member.id
    if place == "purse":
        whose = _stands_for(whose, actor.centre_id)
    paying.insert_moves(actor.centre_id, MOVE, known.id, [one.given_back() for one in paid], day)
    ledger.post(
        NewEntry(
            kind=KIND,
            source_type=SOURCE,
            source_id=known.id,
            business_date=day,
            occurred_at=now,
            lines=flipped(rules.payment_lines(paid, place, whose, till_id)),
            memo=command.reason.strip()[:200],
        ),
        actor,
    )
