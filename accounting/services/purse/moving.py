"""Put money into a member's purse, and hand it out again: one slip, one entry.

What must stay true: a purse never holds less than nothing; whoever has died is paid through a named
heir only; the same slip sent again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import PurseMovement
from accounting.rules import credit as rules
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.member_payments import HEIR, MEMBER, HeirNeeded, RecipientNeeded
from accounting.services import cash_drawers, ledger
from accounting.services.purse import holding
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access, finding, members, standing
from members.services.members import MemberCard

SOURCE = "purse_movement"
TOP_UP, WITHDRAWAL = "top_up", "withdrawal"
KINDS = {TOP_UP: "purse_top_up", WITHDRAWAL: "purse_withdrawal"}
PLACES_OF = {TOP_UP: ("till", "safe", "awaited"), WITHDRAWAL: ("till", "safe", "bank")}


class PurseDiffers(DifferentContent):
    """The slip's id came again with other content; the first one stands."""

    code, title = "purse-differs", N_("This slip was already recorded with other content")


class NotThisWay(DomainError):
    """Money goes in by cash or transfer, and out by cash or through the bank."""

    code, status, title = "purse-not-this-way", 422, N_("This can't be done this way")
    detail = N_("Choose a drawer, the safe, or a transfer.")


class MembershipEnded(DomainError):
    """Only members put money into a purse; whoever left takes it out."""

    code, status, title = "purse-membership-ended", 409, N_("This membership has ended")
    detail = N_("The purse can only be paid out. Hand the money back to the member or the heirs.")


@dataclass(frozen=True, slots=True)
class MovePurse:
    """Money into a purse or out of it; `place` says from where or to where it goes."""

    id: UUID
    member_id: UUID
    kind: str
    place: str
    amount_satang: int
    shift_id: UUID | None = None
    recipient_kind: str = MEMBER
    recipient_name: str = ""
    recipient_relation: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PurseSlip:
    """A slip as it was made; `balance_satang` is what the purse held then."""

    id: UUID
    movement_no: str
    member: MemberCard
    kind: str
    place: str
    shift_id: UUID | None
    amount_satang: int
    balance_satang: int
    recipient_kind: str
    recipient_name: str
    recipient_relation: str
    reference: str
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str


def move(command: MovePurse, actor: Actor) -> PurseSlip:
    """Top a purse up or pay it out; the same command again changes nothing.

    Raises PurseDiffers, PurseShort, NotThisWay, MembershipEnded, HeirNeeded, RecipientNeeded,
    NotInCoins, DrawerNeeded, NotEnoughInDrawer, PeriodClosed, NotFound, Forbidden.
    """
    if command.kind == TOP_UP:
        access.require(actor, "purse.top_up")
    else:
        access.require(actor, "purse.withdraw")
    serialise_on(command.id)
    content = content_of(command)
    if (earlier := db.session.get(PurseMovement, (actor.centre_id, command.id))) is not None:
        if differs := differences(earlier.content, content):
            raise PurseDiffers(differs=differs)
        return slip(actor.centre_id, command.id)
    _require_right(command, actor)
    out = command.kind == WITHDRAWAL
    till_id = None
    if command.place == "till":
        leaving = command.amount_satang if out else 0
        till_id = cash_drawers.use(actor.centre_id, command.shift_id, leaving)
    if out:
        there = holding.require(
            actor.centre_id, command.member_id, command.amount_satang, "amount_satang"
        )
    else:
        there = holding.held(actor.centre_id, command.member_id)
    after = there + (-command.amount_satang if out else command.amount_satang)
    _write(command, content, till_id, after, actor)
    return slip(actor.centre_id, command.id)


def _require_right(command: MovePurse, actor: Actor) -> None:
    if command.place not in PLACES_OF[command.kind]:
        raise NotThisWay(field="place")
    grid = actor.centre.cash_rounding_satang
    rules.require_coins(command.place, command.amount_satang, grid)
    found = standing.of(command.member_id, actor.centre_id, clock.today())
    if found is None:
        raise NotFound(what="member")
    if command.kind == TOP_UP:
        if found.state not in ("member", "suspended"):
            raise MembershipEnded
        return
    if found.state == "died" and command.recipient_kind != HEIR:
        raise HeirNeeded(field="recipient_kind")
    named = command.recipient_name.strip() and command.recipient_relation.strip()
    if command.recipient_kind != MEMBER and not named:
        raise RecipientNeeded(field="recipient_name")


def _write(
    command: MovePurse, content: dict[str, Any], till_id: UUID | None, after: int, actor: Actor
) -> None:
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    satang, out = command.amount_satang, command.kind == WITHDRAWAL
    memo = command.reference if command.place == "awaited" else ""
    money = NewLine(
        rules.PURPOSES[command.place],
        debit=0 if out else satang,
        credit=satang if out else 0,
        till_id=till_id,
        memo=memo,
    )
    purse = NewLine(
        Purpose.MEMBER_PURSE,
        debit=satang if out else 0,
        credit=0 if out else satang,
        member_id=command.member_id,
    )
    entry = NewEntry(
        kind=KINDS[command.kind],
        source_type=SOURCE,
        source_id=command.id,
        business_date=day,
        occurred_at=now,
        lines=(money, purse),
        memo=" ".join(part for part in (command.reference, command.note) if part)[:200],
    )
    posted = ledger.post(entry, actor, also_number=("purse", year))
    other = command.recipient_kind != MEMBER
    row = {
        "centre_id": actor.centre_id,
        "movement_no": f"PU-{year}-{posted.also_no:05d}",
        "till_id": till_id,
        "balance_satang": after,
        "business_date": day,
        "recorded_at": now,
        "recorded_by": actor.user_id,
        "recorded_name": actor.name,
        "digest": digest_of(content),
        "content": content,
    }
    told = {name: getattr(command, name) for name in MovePurse.__dataclass_fields__}
    told["shift_id"] = command.shift_id if till_id else None
    told["recipient_name"] = command.recipient_name.strip() if other else ""
    insert_rows(PurseMovement, [row | told])


# --- reading -----------------------------------------------------------------------------------


def get(movement_id: UUID, actor: Actor) -> PurseSlip:
    """Return a slip; raise NotFound, Forbidden."""
    access.require(actor, "purse.read")
    return slip(actor.centre_id, movement_id)


def slip(centre_id: int, movement_id: UUID) -> PurseSlip:
    """Return a slip of a centre; raise NotFound."""
    row = db.session.execute(
        select(*_columns()).where(
            PurseMovement.centre_id == centre_id, PurseMovement.id == movement_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="purse_movement")
    return _slip(row, members.names(centre_id, [row.member_id])[row.member_id])


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, *, member_id: UUID | None = None
) -> Page[PurseSlip]:
    """Return slips, newest first; of one member when named. Raises Forbidden."""
    access.require(actor, "purse.read")
    named = finding.of_member(actor.centre_id, PurseMovement.member_id)
    texts = (PurseMovement.movement_no, PurseMovement.reference, named)
    query = select(*_columns()).where(
        PurseMovement.centre_id == actor.centre_id,
        *matching(sought, day=PurseMovement.business_date, text=texts),
    )
    if member_id is not None:
        query = query.where(PurseMovement.member_id == member_id)
    if window.after:
        query = query.where(PurseMovement.movement_no < window.after)
    ordered = query.order_by(PurseMovement.movement_no.desc()).limit(window.limit + 1)
    page = page_of(db.session.execute(ordered).all(), window, lambda row: str(row.movement_no))
    people = members.names(actor.centre_id, {row.member_id for row in page.items})
    return Page(tuple(_slip(row, people[row.member_id]) for row in page.items), page.next)


def _columns() -> list[Any]:
    own = [name for name in PurseSlip.__dataclass_fields__ if name != "member"]
    return [PurseMovement.member_id, *(getattr(PurseMovement, name) for name in own)]


def _slip(row: Any, member: MemberCard) -> PurseSlip:
    own = [name for name in PurseSlip.__dataclass_fields__ if name != "member"]
    return PurseSlip(**{name: getattr(row, name) for name in own}, member=member)
