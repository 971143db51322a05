"""Credit accounts: opened, changed and suspended by the manager, each time with a reason.

What must stay true: every state an account ever had is kept with who set it and why; what somebody
owes is the ledger's 1210 of the member, whatever documents made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, select, update

from accounting.models import CreditAccount, CreditAccountChange, CreditCharge, CreditMove
from accounting.rules import credit as rules
from accounting.rules.chart import Purpose
from accounting.rules.credit import Standing
from accounting.services import ledger
from accounting.services.purse import holding
from core import audit, clock
from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_, DomainError, NotFound
from members.services import access, members


class CreditChanged(DomainError):
    """Somebody changed the account since the form was opened."""

    code, status, title = "credit-changed", 409, N_("Someone else changed this account")
    detail = N_("Open the page again and look at what it says now.")


class StillOwed(DomainError):
    """An account is closed once nothing is owed."""

    code, status, title = "credit-still-owed", 409, N_("Something is still owed on this account")
    detail = N_("%(owed_satang)s baht are owed. Suspend the account until they are paid.")


@dataclass(frozen=True, slots=True)
class SetCredit:
    """What an account shall be from now on; `version` 0 opens it."""

    member_id: UUID
    state: str
    limit_satang: int
    terms_days: int
    reason: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class CreditCard:
    """An account with what stands on it; `version` 0: there is none."""

    member_id: UUID
    state: str
    limit_satang: int
    terms_days: int
    version: int
    opened_on: date | None
    owed_satang: int
    overdue_satang: int

    @property
    def left_satang(self) -> int:
        """What may still be bought on account."""
        return Standing(
            self.state, self.limit_satang, self.terms_days, self.owed_satang, self.overdue_satang
        ).left_satang


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an account."""

    version: int
    state: str
    limit_satang: int
    terms_days: int
    reason: str
    recorded_at: datetime
    recorded_name: str


def save(command: SetCredit, actor: Actor) -> CreditCard:
    """Open or change an account; to say again what it already is changes nothing.

    Raises BadTerms, CreditChanged, StillOwed, NotAMember, NotFound, Forbidden.
    """
    access.require(actor, "credit.change")
    centre_id, member_id = actor.centre_id, command.member_id
    holding.hold(centre_id, member_id)
    if command.limit_satang < 0 or not 0 <= command.terms_days <= 366:
        raise rules.BadTerms(field="limit_satang")
    if not command.reason.strip():
        raise rules.BadTerms(field="reason")
    known = card(centre_id, member_id)
    wanted = (command.state, command.limit_satang, command.terms_days)
    if known.version and wanted == (known.state, known.limit_satang, known.terms_days):
        return known
    if command.version != known.version:
        raise CreditChanged(version=known.version)
    if command.state == rules.ACTIVE:
        members.require_active(centre_id, member_id)
    if command.state == rules.CLOSED and known.owed_satang > 0:
        raise StillOwed(owed_satang=known.owed_satang)
    _write(command, known.version, actor)
    return card(centre_id, member_id)


def _write(command: SetCredit, version: int, actor: Actor) -> None:
    terms = {
        "state": command.state,
        "limit_satang": command.limit_satang,
        "terms_days": command.terms_days,
        "version": version + 1,
    }
    key = {"centre_id": actor.centre_id, "member_id": command.member_id}
    if version:
        db.session.execute(
            update(CreditAccount)
            .where(
                CreditAccount.centre_id == actor.centre_id,
                CreditAccount.member_id == command.member_id,
            )
            .values(**terms)
            .execution_options(synchronize_session=False)
        )
    else:
        db.session.execute(insert(CreditAccount).values(**key, **terms, opened_on=clock.today()))
    db.session.execute(
        insert(CreditAccountChange).values(
            **key,
            **terms,
            reason=command.reason.strip(),
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )
    audit.record(actor, "credit.changed", "member", command.member_id, state=command.state)


def carry(merged: UUID, kept: UUID, actor: Actor, reason: str) -> None:
    """Give the account of a membership to the one that stands, unless that has one; close it."""
    known = card(actor.centre_id, merged)
    if not known.version or known.state == rules.CLOSED:
        return
    if not card(actor.centre_id, kept).version:
        _write(SetCredit(kept, known.state, known.limit_satang, known.terms_days, reason), 0, actor)
    closed = SetCredit(merged, rules.CLOSED, known.limit_satang, known.terms_days, reason)
    _write(closed, known.version, actor)


# --- reading -----------------------------------------------------------------------------------


def get(member_id: UUID, actor: Actor) -> CreditCard:
    """Return a member's account. Raises NotFound, Forbidden."""
    access.require(actor, "credit.read")
    if not members.names(actor.centre_id, [member_id]):
        raise NotFound(what="member")
    return card(actor.centre_id, member_id)


def card(centre_id: int, member_id: UUID) -> CreditCard:
    """Return a member's account with what stands on it today."""
    row = db.session.execute(
        select(
            CreditAccount.state,
            CreditAccount.limit_satang,
            CreditAccount.terms_days,
            CreditAccount.version,
            CreditAccount.opened_on,
        ).where(CreditAccount.centre_id == centre_id, CreditAccount.member_id == member_id)
    ).one_or_none()
    owed = ledger.sub_ledger(centre_id, Purpose.MEMBER_RECEIVABLE, "member", [member_id])
    late = overdue(centre_id, member_id, clock.today())
    if row is None:
        return CreditCard(member_id, "", 0, 0, 0, None, owed.get(member_id, 0), late)
    return CreditCard(member_id, *row, owed.get(member_id, 0), late)


def standing(centre_id: int, member_id: UUID, on: date) -> Standing:
    """Return what a sale of a day must know, the member's money held (see `purse.holding`)."""
    known = db.session.execute(
        select(
            CreditAccount.state,
            CreditAccount.limit_satang,
            CreditAccount.terms_days,
            select(_open_sum())
            .where(
                CreditCharge.centre_id == centre_id,
                CreditCharge.member_id == member_id,
                CreditCharge.due_on < on,
            )
            .correlate(None)
            .scalar_subquery(),
        ).where(CreditAccount.centre_id == centre_id, CreditAccount.member_id == member_id)
    ).one_or_none()
    owed = ledger.sub_ledger(centre_id, Purpose.MEMBER_RECEIVABLE, "member", [member_id])
    if known is None:
        return Standing("", 0, 0, owed.get(member_id, 0), 0)
    return Standing(known[0], known[1], known[2], owed.get(member_id, 0), known[3])


def overdue(centre_id: int, member_id: UUID, on: date) -> int:
    """Return what of a member's bills was due before a day and is open."""
    query = select(_open_sum()).where(
        CreditCharge.centre_id == centre_id,
        CreditCharge.member_id == member_id,
        CreditCharge.due_on < on,
    )
    return db.session.scalar(query) or 0


def history(member_id: UUID, actor: Actor) -> list[Change]:
    """Return every change of an account, newest first. Raises Forbidden."""
    access.require(actor, "credit.read")
    rows = db.session.execute(
        select(*(getattr(CreditAccountChange, name) for name in Change.__dataclass_fields__))
        .where(
            CreditAccountChange.centre_id == actor.centre_id,
            CreditAccountChange.member_id == member_id,
        )
        .order_by(CreditAccountChange.version.desc())
    )
    return [Change(*row) for row in rows]


def _open_sum() -> Any:
    gone = (
        select(sum_int(CreditMove.amount_satang))
        .where(
            and_(
                CreditMove.centre_id == CreditCharge.centre_id,
                CreditMove.charge_id == CreditCharge.id,
            )
        )
        .correlate(CreditCharge)
        .scalar_subquery()
    )
    return func.coalesce(func.sum(CreditCharge.amount_satang - gone), 0)
