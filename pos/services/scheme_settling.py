"""What schemes owe for sales, and their money when it comes: matched sale by sale.

What must stay true: what is open of a claim is the payment less refunds and settlements; a scheme
may pay less than claimed (the rest stays open), keep a fee, and refuse a claim, which then the
centre or the member bears; money told here waits for its line of the bank like any transfer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounting.rules.chart import Purpose
from accounting.rules.credit import due_day
from accounting.rules.entry import NewEntry, NewLine, merge
from accounting.services import ledger
from accounting.services.credit import accounts, bills
from accounting.services.purse import holding
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access, standing
from pos.models import Sale, SchemeSettlement, SchemeSettlementItem
from pos.services import scheme_claims, schemes
from pos.services.scheme_claims import Claim

SOURCE = "scheme_settlement"


class SettlementDiffers(DifferentContent):
    """The settlement's id came again with other content; the first one stands."""

    code, title = "scheme-settlement-differs", N_("This payment was already entered differently")


class ClaimsDontAddUp(DomainError):
    """What was received and the fee are not what is ticked as accepted."""

    code, status, title = "scheme-does-not-add-up", 409, N_("The sums don't match")
    detail = N_(
        "The claims ticked come to %(claimed_satang)s baht; money and fee come to"
        " %(told_satang)s. Write what was paid of each claim."
    )


class MoreThanClaimed(DomainError):
    """More is accepted or refused than is open of a claim."""

    code, status, title = "scheme-more-than-claimed", 409, N_("More than is claimed")
    detail = N_("%(open_satang)s baht are open of bill %(receipt_no)s.")


class ClaimTwice(DomainError):
    """A sale's claim stands on a settlement once."""

    code, status, title = "scheme-claim-twice", 422, N_("A claim is there twice")
    detail = N_("Write each bill once, with all that was paid of it.")


class BearerNeeded(DomainError):
    """A refused claim is borne by somebody."""

    code, status, title = "scheme-bearer-needed", 422, N_("Say who bears what was refused")
    detail = N_("The centre, or the member of the bill; a bill without a member is the centre's.")


@dataclass(frozen=True, slots=True)
class SettleItem:
    """What a scheme paid of one sale's claim, and what it refused."""

    sale_id: UUID
    accepted_satang: int
    rejected_satang: int = 0
    bearer: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SettleScheme:
    """Money of a scheme: `received` came, `fee` it kept."""

    id: UUID
    scheme_id: UUID
    received_satang: int
    items: tuple[SettleItem, ...]
    fee_satang: int = 0
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SettlementDoc:
    """A settlement as it was entered."""

    id: UUID
    settlement_no: str
    scheme_id: UUID
    received_satang: int
    fee_satang: int
    rejected_satang: int
    reference: str
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str


def settle(command: SettleScheme, actor: Actor) -> SettlementDoc:
    """Enter what a scheme paid; the same command again changes nothing.

    Raises SettlementDiffers, ClaimTwice, ClaimsDontAddUp, MoreThanClaimed, BearerNeeded,
    PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "scheme.settle")
    centre_id = actor.centre_id
    serialise_on(command.scheme_id)
    content = content_of(command)
    if (earlier := db.session.get(SchemeSettlement, (centre_id, command.id))) is not None:
        if differs := differences(earlier.content, content):
            raise SettlementDiffers(differs=differs)
        return doc_of(centre_id, command.id)
    scheme = schemes.card(centre_id, command.scheme_id)
    known = {one.sale_id: one for one in scheme_claims.of_scheme(centre_id, scheme.id)}
    if len({item.sale_id for item in command.items}) != len(command.items):
        raise ClaimTwice
    for item in command.items:
        _require_open(item, known)
    accepted = sum(item.accepted_satang for item in command.items)
    received, fee = command.received_satang, command.fee_satang
    told = received + fee
    if not command.items or accepted != told or min(received, fee) < 0:
        raise ClaimsDontAddUp(claimed_satang=accepted, told_satang=told)
    _write(command, content, known, scheme.code, actor)
    return doc_of(centre_id, command.id)


def _require_open(item: SettleItem, known: dict[UUID, Claim]) -> None:
    claim = known.get(item.sale_id)
    if claim is None:
        raise NotFound(what="sale")
    low, high = min(claim.open_satang, 0), max(claim.open_satang, 0)
    gone = item.accepted_satang + item.rejected_satang
    within = low <= gone <= high and low <= item.accepted_satang <= high
    if not within or item.rejected_satang < 0 or not gone:
        raise MoreThanClaimed(open_satang=claim.open_satang, receipt_no=claim.receipt_no)
    if item.rejected_satang and (
        item.bearer not in ("centre", "member")
        or (item.bearer == "member" and claim.member_id is None)
    ):
        raise BearerNeeded(receipt_no=claim.receipt_no)


def _write(
    command: SettleScheme,
    content: dict[str, Any],
    known: dict[UUID, Claim],
    code: str,
    actor: Actor,
) -> None:
    now = clock.now()
    day = clock.business_date(now)
    borne = _borne_by_members(command, known, actor)
    rejected = sum(item.rejected_satang for item in command.items)
    insert_rows(
        SchemeSettlement,
        [
            {
                "centre_id": actor.centre_id,
                "id": command.id,
                "settlement_no": _post(command, borne, rejected, code, now, actor),
                "scheme_id": command.scheme_id,
                "received_satang": command.received_satang,
                "fee_satang": command.fee_satang,
                "rejected_satang": rejected,
                "reference": command.reference,
                "note": command.note,
                "business_date": day,
                "recorded_at": now,
                "recorded_by": actor.user_id,
                "recorded_name": actor.name,
                "digest": digest_of(content),
                "content": content,
            }
        ],
    )
    insert_rows(SchemeSettlementItem, [_item_row(item, command, actor) for item in command.items])
    for member_id, satang in borne.items():
        terms = accounts.card(actor.centre_id, member_id).terms_days
        days = (day, due_day(day, terms))
        bills.write(actor.centre_id, member_id, (SOURCE, command.id), satang, days)


def _post(
    command: SettleScheme,
    borne: dict[UUID, int],
    rejected: int,
    code: str,
    now: datetime,
    actor: Actor,
) -> str:
    """Post the settlement and return its number; claims that cancel each other post both sides."""
    received, fee = command.received_satang, command.fee_satang
    lines = merge(
        [
            NewLine(Purpose.TRANSFERS_AWAITING, debit=received, memo=command.reference),
            NewLine(Purpose.EXPENSE_OTHER, debit=fee + rejected - sum(borne.values())),
            *(
                NewLine(Purpose.MEMBER_RECEIVABLE, debit=satang, member_id=member_id)
                for member_id, satang in borne.items()
            ),
            NewLine(Purpose.SCHEME_RECEIVABLE, credit=received + fee + rejected),
        ]
    )
    if not lines:
        taken_back = -sum(min(item.accepted_satang, 0) for item in command.items)
        lines = (
            NewLine(Purpose.SCHEME_RECEIVABLE, debit=taken_back),
            NewLine(Purpose.SCHEME_RECEIVABLE, credit=taken_back),
        )
    memo = " ".join(part for part in (code, command.reference, command.note) if part)[:200]
    day = clock.business_date(now)
    entry = NewEntry(SOURCE, SOURCE, command.id, day, now, lines, memo)
    year = buddhist_year(day)
    posted = ledger.post(entry, actor, also_number=(SOURCE, year))
    return f"SC-{year}-{posted.also_no:05d}"


def _item_row(item: SettleItem, command: SettleScheme, actor: Actor) -> dict[str, Any]:
    return {
        "centre_id": actor.centre_id,
        "settlement_id": command.id,
        "sale_id": item.sale_id,
        "accepted_satang": item.accepted_satang,
        "rejected_satang": item.rejected_satang,
        "bearer": item.bearer if item.rejected_satang else "",
        "reason": item.reason,
    }


def _borne_by_members(
    command: SettleScheme, known: dict[UUID, Claim], actor: Actor
) -> dict[UUID, int]:
    """Return what each member bears, whose money is held; a merged one's is of who stands."""
    merged = standing.survivors(actor.centre_id)
    found: dict[UUID, int] = {}
    for item in command.items:
        member_id = known[item.sale_id].member_id
        if item.rejected_satang and item.bearer == "member" and member_id is not None:
            who = merged.get(member_id, member_id)
            found[who] = found.get(who, 0) + item.rejected_satang
    for member_id in sorted(found):
        holding.hold(actor.centre_id, member_id)
    return dict(sorted(found.items()))


# --- reading -----------------------------------------------------------------------------------


def get(settlement_id: UUID, actor: Actor) -> tuple[SettlementDoc, list[tuple[Any, str]]]:
    """Return a settlement and its items with their receipts. Raises NotFound, Forbidden."""
    access.require(actor, "scheme.read")
    rows = db.session.execute(
        select(SchemeSettlementItem, Sale.receipt_no)
        .join(
            Sale,
            and_(
                Sale.centre_id == SchemeSettlementItem.centre_id,
                Sale.id == SchemeSettlementItem.sale_id,
            ),
        )
        .where(
            SchemeSettlementItem.centre_id == actor.centre_id,
            SchemeSettlementItem.settlement_id == settlement_id,
        )
        .order_by(Sale.receipt_no)
    )
    return doc_of(actor.centre_id, settlement_id), [(item, number) for item, number in rows]


def doc_of(centre_id: int, settlement_id: UUID) -> SettlementDoc:
    """Return a settlement; raise NotFound."""
    row = db.session.execute(
        select(*_COLUMNS).where(
            SchemeSettlement.centre_id == centre_id, SchemeSettlement.id == settlement_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="scheme_settlement")
    return SettlementDoc(*row)


def listing(
    actor: Actor, scheme_id: UUID, window: Window, sought: Sought = NOTHING
) -> Page[SettlementDoc]:
    """Return a scheme's settlements, newest first. Raises Forbidden."""
    access.require(actor, "scheme.read")
    query = select(*_COLUMNS).where(
        SchemeSettlement.centre_id == actor.centre_id,
        SchemeSettlement.scheme_id == scheme_id,
        *matching(
            sought,
            day=SchemeSettlement.business_date,
            text=(SchemeSettlement.settlement_no, SchemeSettlement.reference),
        ),
    )
    if window.after:
        query = query.where(SchemeSettlement.settlement_no < window.after)
    ordered = query.order_by(SchemeSettlement.settlement_no.desc()).limit(window.limit + 1)
    found = [SettlementDoc(*row) for row in db.session.execute(ordered)]
    return page_of(found, window, lambda one: one.settlement_no)


_COLUMNS = tuple(getattr(SchemeSettlement, name) for name in SettlementDoc.__dataclass_fields__)
