"""Money carried from one fund to another by a resolution, and the end of a fund.

What must stay true: nothing moves between funeral aid, restricted grants and the members' funds;
a fund ends empty, its rest carried to another by the same resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.models import Fund, FundClosing, FundRequest, FundReversal, FundTransfer
from accounting.rules.entry import NewLine
from accounting.rules.funds import OF_MEMBERS
from accounting.services.funds import asking, deciding, money, register
from accounting.services.funds.register import FundCard
from accounting.services.meetings import resolutions
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from members.services import access

SOURCE = "fund_transfer"


class NotBetweenThese(DomainError):
    """What was given for one thing, or in trust, isn't carried elsewhere."""

    code, status, title = "fund-not-between", 409, N_("Nothing moves between these two funds")
    detail = N_("Funeral aid stays apart, and what is left of a grant goes back to its giver.")


class RestLeft(DomainError):
    """A fund ends empty."""

    code, status, title = "fund-rest-left", 409, N_("The fund still holds money")
    detail = N_("%(held_satang)s baht are left. Choose the fund that takes the rest.")


class RequestsOpen(DomainError):
    """A fund doesn't end over people who wait for it."""

    code, status, title = "fund-requests-open", 409, N_("Requests to this fund are open")
    detail = N_("Pay, refuse or withdraw them first.")


@dataclass(frozen=True, slots=True)
class MoveMoney:
    """An amount carried between two funds by a resolution."""

    id: UUID
    from_fund_id: UUID
    to_fund_id: UUID
    amount_satang: int
    resolution_id: UUID
    note: str = ""
    business_date: date | None = None


@dataclass(frozen=True, slots=True)
class EndFund:
    """The end of a fund by a resolution; what is left goes to another."""

    id: UUID
    fund_id: UUID
    resolution_id: UUID
    rest_to_fund_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TransferCard:
    """A transfer as it was made."""

    id: UUID
    transfer_no: str
    from_fund_id: UUID
    to_fund_id: UUID
    amount_satang: int
    resolution_id: UUID
    note: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    reversed_reason: str | None = None


def move(command: MoveMoney, actor: Actor) -> TransferCard:
    """Carry money between funds; the same command again changes nothing.

    Raises NotBetweenThese, FundOverdrawn, FundClosed, NoSuchResolution, FutureDate, PeriodClosed,
    DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "fund.change")
    serialise_on(command.id)
    centre_id = actor.centre_id
    content = content_of(command)
    earlier = db.session.get(FundTransfer, (centre_id, command.id))
    if earlier is not None:
        if differs := differences(earlier.content, content):
            raise DifferentContent(differs=differs)
        return card(centre_id, command.id)
    giving = register.require_open(centre_id, command.from_fund_id)
    taking = register.require_open(centre_id, command.to_fund_id)
    _require_kin(giving, taking)
    resolutions.require_held(centre_id, command.resolution_id)
    on = money.day(command.business_date)
    for fund_id in sorted({giving.id, taking.id}):
        register.hold(centre_id, fund_id)
    register.require_covered(centre_id, giving.id, command.amount_satang, on)
    free = register.balance(centre_id, giving.id) - deciding.promised(centre_id, giving.id)
    if free < command.amount_satang:
        raise register.FundOverdrawn(field="amount_satang", held_satang=max(free, 0))
    year = buddhist_year(on)
    [number] = next_numbers(centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(FundTransfer).values(
            centre_id=centre_id,
            **{name: getattr(command, name) for name in _SAID},
            transfer_no=f"FT-{year}-{number:04d}",
            business_date=on,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    satang = command.amount_satang
    lines = (
        NewLine(giving.purpose, debit=satang, fund_id=giving.id),
        NewLine(taking.purpose, credit=satang, fund_id=taking.id),
    )
    money.post(SOURCE, (SOURCE, command.id), on, lines, command.note, actor)
    audit.record(actor, "fund.transfer", "fund", giving.id, to=str(taking.id), satang=satang)
    return card(centre_id, command.id)


_SAID = ("id", "from_fund_id", "to_fund_id", "amount_satang", "resolution_id", "note")


def end(command: EndFund, actor: Actor) -> FundCard:
    """End a fund, its rest carried to another; a fund that ended stays so.

    Raises RestLeft, RequestsOpen, NoSuchResolution and what `move` raises.
    """
    access.require(actor, "fund.change")
    serialise_on(command.fund_id)
    centre_id = actor.centre_id
    fund = register.card(centre_id, command.fund_id)
    if not fund.active:
        return fund
    resolutions.require_held(centre_id, command.resolution_id)
    if _open_requests(centre_id, fund.id):
        raise RequestsOpen
    held = register.hold(centre_id, fund.id)
    transfer_id = None
    if held != 0:
        if command.rest_to_fund_id is None or held < 0:
            raise RestLeft(field="rest_to_fund_id", held_satang=held)
        transfer_id = command.id
        note = register.card(centre_id, fund.id).name_th
        move(
            MoveMoney(
                transfer_id,
                fund.id,
                command.rest_to_fund_id,
                held,
                command.resolution_id,
                note,
            ),
            actor,
        )
    db.session.execute(
        insert(FundClosing).values(
            centre_id=centre_id,
            fund_id=fund.id,
            resolution_id=command.resolution_id,
            transfer_id=transfer_id,
            closed_on=clock.today(),
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
        )
    )
    db.session.execute(
        update(Fund)
        .where(Fund.centre_id == centre_id, Fund.id == fund.id)
        .values(active=False)
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "fund.end", "fund", fund.id, satang=held)
    return register.card(centre_id, fund.id)


def _require_kin(giving: FundCard, taking: FundCard) -> None:
    both = (giving.purpose, taking.purpose)
    if giving.id == taking.id or not all(purpose in OF_MEMBERS for purpose in both):
        raise NotBetweenThese(field="to_fund_id")


def _open_requests(centre_id: int, fund_id: UUID) -> bool:
    query = asking.with_state(select(asking.STATE), centre_id).where(
        FundRequest.fund_id == fund_id,
        asking.STATE.in_((asking.WAITING, asking.APPROVED)),
    )
    return db.session.execute(query.limit(1)).first() is not None


# --- reading -----------------------------------------------------------------------------------


def get(transfer_id: UUID, actor: Actor) -> TransferCard:
    """Return a transfer. Raises NotFound, Forbidden."""
    access.require(actor, "fund.read")
    return card(actor.centre_id, transfer_id)


def card(centre_id: int, transfer_id: UUID) -> TransferCard:
    """Return a transfer; raise NotFound."""
    row = db.session.execute(_cards(centre_id).where(FundTransfer.id == transfer_id)).one_or_none()
    if row is None:
        raise NotFound(what="fund_transfer")
    return TransferCard(*row)


def _cards(centre_id: int) -> Any:
    columns = (getattr(FundTransfer, n) for n in TransferCard.__slots__ if n != "reversed_reason")
    return (
        select(*columns, FundReversal.reason)
        .outerjoin(
            FundReversal,
            (FundReversal.centre_id == FundTransfer.centre_id)
            & (FundReversal.document_type == SOURCE)
            & (FundReversal.document_id == FundTransfer.id),
        )
        .where(FundTransfer.centre_id == centre_id)
    )
