"""Deciding on vouchers: posted by one person up to the limit, above it by a second one.

What must stay true: a voucher becomes one entry, once, whoever presses how often; above the limit
whoever prepared it never posts it; a refusal is kept with its reason.
"""

from __future__ import annotations

from uuid import UUID

from accounting.rules.entry import NewEntry, NewLine, flipped
from accounting.rules.periods import fiscal_year
from accounting.rules.vouchers import REVERSAL, content_from
from accounting.services import ledger
from accounting.services.vouchers import drafting, fund_lines, reading
from accounting.services.vouchers.drafting import NoLongerADraft
from accounting.services.vouchers.reading import (
    DRAFT,
    POSTED,
    REFUSED,
    SOURCE,
    WAITING,
    VoucherCard,
)
from core import audit, clock
from core.actor import Actor
from core.db import serialise_on
from core.errors import N_, ChangedMeanwhile, DomainError
from core.numbering import next_numbers
from members.services import access


class SecondPersonNeeded(DomainError):
    """Above the limit nobody posts alone."""

    code, status, title = "voucher-second-person", 409, N_("A second person must approve this")
    detail = N_("The amount is above the centre's limit. Ask for approval.")


class SamePersonApproves(DomainError):
    """Whoever prepared a voucher can't approve it."""

    code, status, title = "voucher-same-person", 409, N_("Another person must approve this")
    detail = N_("You prepared it. Ask a colleague.")


class NotWaiting(DomainError):
    """The voucher does not wait for approval."""

    code, status, title = "voucher-not-waiting", 409, N_("This voucher does not wait for approval")
    detail = N_("Open it to see where it stands.")


class ReasonMissing(DomainError):
    """A refusal without a reason teaches nobody."""

    code, status, title = "voucher-reason-missing", 422, N_("The reason is missing")
    detail = N_("Write in a few words what is wrong.")


def post(voucher_id: UUID, actor: Actor) -> VoucherCard:
    """Post a draft up to the limit; again changes nothing.

    Raises SecondPersonNeeded, NoLongerADraft, PeriodClosed, BadVoucher, NotFound, Forbidden.
    """
    access.require(actor, "voucher.record")
    serialise_on(voucher_id)
    card = reading.card_of(reading.row_of(actor.centre_id, voucher_id))
    if card.state == POSTED:
        return card
    if card.state != DRAFT:
        raise NoLongerADraft
    if reading.needs_second(actor.centre_id, card.total_satang):
        raise SecondPersonNeeded
    return _post(card, actor)


def ask(voucher_id: UUID, actor: Actor) -> VoucherCard:
    """Ask a second person to approve a draft; whoever asks is its preparer from then on.

    Raises NoLongerADraft, SecondPersonNeeded (nobody asks in no one's name), NotFound, Forbidden.
    """
    access.require(actor, "voucher.record")
    serialise_on(voucher_id)
    card = reading.card_of(reading.row_of(actor.centre_id, voucher_id))
    if card.state == WAITING:
        return card
    if card.state != DRAFT:
        raise NoLongerADraft
    if actor.user_id is None:
        raise SecondPersonNeeded
    drafting.change(
        actor.centre_id,
        voucher_id,
        state=WAITING,
        prepared_by=actor.user_id,
        prepared_name=actor.name,
        prepared_at=clock.now(),
    )
    audit.record(actor, "voucher.ask", "voucher", voucher_id)
    return _now(voucher_id, actor)


def withdraw(voucher_id: UUID, actor: Actor) -> VoucherCard:
    """Make a waiting voucher a draft again. Raises NotWaiting, NotFound, Forbidden."""
    access.require(actor, "voucher.record")
    serialise_on(voucher_id)
    card = reading.card_of(reading.row_of(actor.centre_id, voucher_id))
    if card.state == DRAFT:
        return card
    if card.state != WAITING:
        raise NotWaiting
    drafting.change(actor.centre_id, voucher_id, state=DRAFT, version=card.version + 1)
    audit.record(actor, "voucher.withdraw", "voucher", voucher_id)
    return _now(voucher_id, actor)


def approve(voucher_id: UUID, version: int, actor: Actor) -> VoucherCard:
    """Approve the very version that was seen, as the second person, and post it.

    Raises SamePersonApproves, NotWaiting, ChangedMeanwhile, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "voucher.approve")
    serialise_on(voucher_id)
    card = reading.card_of(reading.row_of(actor.centre_id, voucher_id))
    if card.state == POSTED:
        return card
    if card.state != WAITING:
        raise NotWaiting
    if card.version != version:
        raise ChangedMeanwhile
    if actor.user_id is None or actor.user_id == card.prepared_by:
        raise SamePersonApproves
    return _post(card, actor)


def refuse(voucher_id: UUID, reason: str, actor: Actor) -> VoucherCard:
    """Refuse a waiting voucher for a reason; it is kept. Raises NotWaiting, ReasonMissing."""
    access.require(actor, "voucher.approve")
    serialise_on(voucher_id)
    card = reading.card_of(reading.row_of(actor.centre_id, voucher_id))
    if card.state != WAITING:
        raise NotWaiting
    if not reason.strip():
        raise ReasonMissing(field="reason")
    decided = _decided(actor)
    drafting.change(actor.centre_id, voucher_id, state=REFUSED, reason=reason.strip(), **decided)
    audit.record(actor, "voucher.refuse", "voucher", voucher_id)
    return _now(voucher_id, actor)


# --- writing ---------------------------------------------------------------------------------


def _post(card: VoucherCard, actor: Actor) -> VoucherCard:
    year = fiscal_year(card.business_date, actor.centre.fiscal_year_start_month)
    if card.kind == REVERSAL:
        assert card.reverses_id is not None
        back = flipped(ledger.lines_of(actor.centre_id, card.reverses_id))
        fund_lines.require_sound(back, card.business_date, actor.centre_id)
        ledger.reverse(
            card.reverses_id,
            actor,
            card.business_date,
            source_type=SOURCE,
            source_id=card.id,
            kind=f"voucher_{REVERSAL}",
        )
        [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    else:
        entry = _entry_of(card, actor)
        fund_lines.require_sound(entry.lines, card.business_date, actor.centre_id)
        posted = ledger.post(entry, actor, also_number=(SOURCE, year))
        assert posted.also_no is not None
        number = posted.also_no
    drafting.change(
        actor.centre_id,
        card.id,
        state=POSTED,
        voucher_no=f"V-{year}-{number:04d}",
        **_decided(actor),
    )
    return _now(card.id, actor)


def _entry_of(card: VoucherCard, actor: Actor) -> NewEntry:
    content = content_from(reading.row_of(actor.centre_id, card.id).content)
    # What was right when it was kept may not be any more: an account retired, a month locked.
    drafting.checked(content, actor.centre_id)
    return NewEntry(
        kind=f"voucher_{card.kind}",
        source_type=SOURCE,
        source_id=card.id,
        business_date=content.business_date,
        occurred_at=clock.now(),
        lines=tuple(
            NewLine(
                account_id=line.account_id,
                debit=line.debit,
                credit=line.credit,
                member_id=line.member_id,
                producer_id=line.producer_id,
                fund_id=line.fund_id,
                activity_id=line.activity_id,
                memo=line.memo,
            )
            for line in content.lines
        ),
        memo=" · ".join(words for words in (content.party, content.note) if words)[:200],
    )


def _decided(actor: Actor) -> dict[str, object]:
    return {
        "decided_by": actor.user_id,
        "decided_name": actor.name,
        "decided_at": clock.now(),
    }


def _now(voucher_id: UUID, actor: Actor) -> VoucherCard:
    return reading.card_of(reading.row_of(actor.centre_id, voucher_id))
