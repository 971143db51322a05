"""Take what members owe: in cash, by transfer, from the purse; and take a repayment back.

What must stay true: one repayment is one entry; it pays the oldest first unless bills were chosen;
what is too much goes to the purse only when asked; what is taken back is owed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import CreditRepayment, CreditRepaymentReversal
from accounting.rules import credit as rules
from accounting.rules.credit import Split
from accounting.rules.entry import NewEntry, flipped
from accounting.services import cash_drawers, ledger
from accounting.services.credit import bills
from accounting.services.purse import holding
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access, finding, members, standing
from members.services.members import MemberCard

SOURCE, BACK = "credit_repayment", "credit_repayment_reversal"


class RepaymentDiffers(DifferentContent):
    """The repayment's id came again with other content; the first one stands."""

    code, title = "credit-repayment-differs", N_("This repayment was already taken differently")


class CreditMerged(DomainError):
    """The membership was merged into another, which owes for both."""

    code, status, title = "credit-merged", 409, N_("This membership was merged into another")
    detail = N_("Its bills are with %(name)s.")


class BackNeedsReason(DomainError):
    """A repayment is taken back for a reason."""

    code, status, title = "credit-back-reason", 422, N_("The reason is missing")
    detail = N_("Write in a few words what went wrong.")


@dataclass(frozen=True, slots=True)
class Repay:
    """What a member pays back; without bills named, the oldest are paid first."""

    id: UUID
    member_id: UUID
    paid_into: str
    amount_satang: int
    bill_ids: tuple[UUID, ...] = ()
    rest_to_purse: bool = False
    shift_id: UUID | None = None
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RepaymentDoc:
    """A repayment as it was taken."""

    id: UUID
    repayment_no: str
    member: MemberCard
    paid_into: str
    till_id: UUID | None
    shift_id: UUID | None
    bills_satang: int
    older_satang: int
    purse_satang: int
    reference: str
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    back_reason: str | None
    back_at: datetime | None

    @property
    def satang(self) -> int:
        """What was handed over."""
        return self.bills_satang + self.older_satang + self.purse_satang


def repay(command: Repay, actor: Actor) -> RepaymentDoc:
    """Take a repayment; the same command again changes nothing.

    Raises RepaymentDiffers, NothingOwed, MoreThanOwed, NotInCoins, PurseShort, CreditMerged,
    DrawerNeeded, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "credit.repay")
    centre_id = actor.centre_id
    serialise_on(command.id)
    content = content_of(command)
    if (earlier := db.session.get(CreditRepayment, (centre_id, command.id))) is not None:
        if differs := differences(earlier.content, content):
            raise RepaymentDiffers(differs=differs)
        return doc_of(centre_id, command.id)
    _require_known(command.member_id, centre_id)
    rules.require_coins(command.paid_into, command.amount_satang, actor.centre.cash_rounding_satang)
    till_id = None
    if command.paid_into == "till":
        till_id = cash_drawers.use(centre_id, command.shift_id)
    holding.hold(centre_id, command.member_id)
    if command.paid_into == "purse":
        holding.require(centre_id, command.member_id, command.amount_satang, "amount_satang")
    split = rules.use_repayment(
        command.amount_satang,
        bills.open_of(centre_id, command.member_id),
        bills.older(centre_id, command.member_id),
        command.bill_ids,
        rest_to_purse=command.rest_to_purse and command.paid_into != "purse",
    )
    _write(command, content, split, till_id, actor)
    return doc_of(centre_id, command.id)


def _require_known(member_id: UUID, centre_id: int) -> None:
    merged = standing.survivors(centre_id)
    if member_id in merged:
        kept = members.names(centre_id, [merged[member_id]])[merged[member_id]]
        raise CreditMerged(name=kept.name, member_id=str(kept.id))
    if not members.names(centre_id, [member_id]):
        raise NotFound(what="member")


def _write(
    command: Repay, content: dict[str, Any], split: Split, till_id: UUID | None, actor: Actor
) -> None:
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    entry = NewEntry(
        kind=SOURCE,
        source_type=SOURCE,
        source_id=command.id,
        business_date=day,
        occurred_at=now,
        lines=rules.repayment_lines(
            split, command.paid_into, command.member_id, till_id, command.reference
        ),
        memo=" ".join(part for part in (command.reference, command.note) if part)[:200],
    )
    posted = ledger.post(entry, actor, also_number=(SOURCE, year))
    row = {
        "centre_id": actor.centre_id,
        "id": command.id,
        "repayment_no": f"CR-{year}-{posted.also_no:05d}",
        "member_id": command.member_id,
        "paid_into": command.paid_into,
        "till_id": till_id,
        "shift_id": command.shift_id if till_id else None,
        "bills_satang": split.bills_satang,
        "older_satang": split.older_satang,
        "purse_satang": split.purse_satang,
        "reference": command.reference,
        "note": command.note,
        "business_date": day,
        "recorded_at": now,
        "recorded_by": actor.user_id,
        "recorded_name": actor.name,
        "digest": digest_of(content),
        "content": content,
    }
    insert_rows(CreditRepayment, [row])
    bills.take_off(actor.centre_id, (SOURCE, command.id), split.bills, day)


def take_back(
    repayment_id: UUID, reason: str, actor: Actor, shift_id: UUID | None = None
) -> RepaymentDoc:
    """Take a repayment back the way it came; again changes nothing.

    Raises BackNeedsReason, PurseShort, CreditMerged, DrawerNeeded, NotEnoughInDrawer,
    PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "credit.write_off")
    centre_id = actor.centre_id
    serialise_on(repayment_id)
    known = doc_of(centre_id, repayment_id)
    if known.back_at is not None:
        return known
    if not reason.strip():
        raise BackNeedsReason(field="reason")
    member_id = known.member.id
    _require_known(member_id, centre_id)
    till_id = None
    if known.paid_into == "till":
        till_id = cash_drawers.use(centre_id, shift_id, known.satang)
    holding.hold(centre_id, member_id)
    if known.purse_satang:
        holding.require(centre_id, member_id, known.purse_satang)
    now = clock.now()
    day = clock.business_date(now)
    paid = tuple(bills.moves_of(centre_id, (SOURCE, repayment_id)))
    split = Split(paid, known.older_satang, known.purse_satang)
    lines = rules.repayment_lines(split, known.paid_into, member_id, till_id, known.reference)
    ledger.post(
        NewEntry(BACK, SOURCE, repayment_id, day, now, flipped(lines), reason.strip()[:200]), actor
    )
    db.session.execute(
        insert(CreditRepaymentReversal).values(
            centre_id=centre_id,
            repayment_id=repayment_id,
            reason=reason.strip(),
            till_id=till_id,
            shift_id=shift_id if till_id else None,
            amount_satang=known.satang,
            business_date=day,
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )
    bills.take_off(centre_id, (BACK, repayment_id), [(one, -satang) for one, satang in paid], day)
    audit.record(actor, "credit.repayment_back", SOURCE, repayment_id, satang=known.satang)
    return doc_of(centre_id, repayment_id)


# --- reading -----------------------------------------------------------------------------------


def get(repayment_id: UUID, actor: Actor) -> RepaymentDoc:
    """Return a repayment; raise NotFound, Forbidden."""
    access.require(actor, "credit.read")
    return doc_of(actor.centre_id, repayment_id)


def doc_of(centre_id: int, repayment_id: UUID) -> RepaymentDoc:
    """Return a repayment of a centre; raise NotFound."""
    row = db.session.execute(
        _select(centre_id).where(CreditRepayment.id == repayment_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="credit_repayment")
    return _doc(row, members.names(centre_id, [row.member_id])[row.member_id])


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, *, member_id: UUID | None = None
) -> Page[RepaymentDoc]:
    """Return repayments, newest first; of one member when named. Raises Forbidden."""
    access.require(actor, "credit.read")
    named = finding.of_member(actor.centre_id, CreditRepayment.member_id)
    texts = (CreditRepayment.repayment_no, CreditRepayment.reference, named)
    query = _select(actor.centre_id).where(
        *matching(sought, day=CreditRepayment.business_date, text=texts)
    )
    if member_id is not None:
        query = query.where(CreditRepayment.member_id == member_id)
    if window.after:
        query = query.where(CreditRepayment.repayment_no < window.after)
    ordered = query.order_by(CreditRepayment.repayment_no.desc()).limit(window.limit + 1)
    page = page_of(db.session.execute(ordered).all(), window, lambda row: str(row.repayment_no))
    people = members.names(actor.centre_id, {row.member_id for row in page.items})
    return Page(tuple(_doc(row, people[row.member_id]) for row in page.items), page.next)


def _select(centre_id: int) -> Any:
    back = CreditRepaymentReversal
    columns = (column for column in CreditRepayment.__table__.c if column.name != "content")
    return (
        select(*columns, back.reason.label("back_reason"), back.recorded_at.label("back_at"))
        .outerjoin(
            back,
            (back.centre_id == CreditRepayment.centre_id)
            & (back.repayment_id == CreditRepayment.id),
        )
        .where(CreditRepayment.centre_id == centre_id)
    )


def _doc(row: Any, member: MemberCard) -> RepaymentDoc:
    own = [name for name in RepaymentDoc.__dataclass_fields__ if name != "member"]
    return RepaymentDoc(**{name: getattr(row, name) for name in own}, member=member)
