"""The committee's word on a request: yes by several different people, no, or taken back.

What must stay true: whoever asked doesn't decide; a request is decided once, whoever comes first;
nobody says yes to more than the fund holds beside what is promised already.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import FundDecision, FundRequest
from accounting.rules import funds as rules
from accounting.services.funds import asking, register
from accounting.services.funds.asking import APPROVED, WAITING, RequestCard
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on, sum_int
from core.errors import N_, DomainError
from core.ids import uuid7
from members.rules.roles import allowed
from members.services import access

APPROVE, REFUSE, WITHDRAW = "approve", "refuse", "withdraw"


class OwnRequest(DomainError):
    """Whoever asked for money doesn't decide on it."""

    code, status, title = "fund-own-request", 409, N_("Another person must decide this")
    detail = N_("You entered the request. Ask the committee.")


class RequestDecided(DomainError):
    """The request doesn't wait for a decision any more."""

    code, status, title = "fund-request-decided", 409, N_("This request is decided")
    detail = N_("Open it to see where it stands.")


class AlreadySaid(DomainError):
    """One person has one voice."""

    code, status, title = "fund-already-said", 409, N_("You have decided on this already")
    detail = N_("It takes another person of the committee.")


class ReasonNeeded(DomainError):
    """A no tells why."""

    code, status, title = "fund-reason-missing", 422, N_("Write the reason")
    detail = N_("One sentence for the one who asked.")


class PromisedAlready(DomainError):
    """The fund holds less than this and what is approved before it."""

    code, status, title = "fund-promised", 409, N_("The fund doesn't hold this much")
    detail = N_(
        "It holds %(held_satang)s baht, of which %(promised_satang)s are approved and not yet"
        " paid. Wait for a contribution, or refuse."
    )


def approve(request_id: UUID, actor: Actor) -> RequestCard:
    """Say yes; the same person's yes again changes nothing.

    Raises OwnRequest, RequestDecided, AlreadySaid, PromisedAlready, FundExpired, FundClosed,
    NotFound, Forbidden.
    """
    access.require(actor, "fund_request.approve")
    found, said = _open(request_id, actor)
    if said == APPROVE:
        return found
    if said is not None:
        raise AlreadySaid
    if found.state != WAITING:
        raise RequestDecided
    centre_id = actor.centre_id
    register.require_open(centre_id, found.fund_id)
    rule = register.rule_of(centre_id, found.fund_id)
    rules.require_current(rule, found.purpose, clock.today())
    held = register.hold(centre_id, found.fund_id)
    others = promised(centre_id, found.fund_id)
    if held - others < found.amount_satang:
        raise PromisedAlready(held_satang=held, promised_satang=others)
    return _say(APPROVE, "", found, actor)


def refuse(request_id: UUID, reason: str, actor: Actor) -> RequestCard:
    """Say no, for a reason; also to what was approved and isn't paid yet.

    Raises OwnRequest, RequestDecided, AlreadySaid, ReasonNeeded, NotFound, Forbidden.
    """
    access.require(actor, "fund_request.approve")
    found, said = _open(request_id, actor)
    if said == REFUSE:
        return found
    if found.state not in (WAITING, APPROVED):
        raise RequestDecided
    if said is not None:
        raise AlreadySaid
    return _say(REFUSE, _reason(reason), found, actor)


def withdraw(request_id: UUID, reason: str, actor: Actor) -> RequestCard:
    """Take a request back before it is paid: whoever entered it, or the manager.

    Raises RequestDecided, ReasonNeeded, NotFound, Forbidden.
    """
    access.require(actor, "fund_request.record")
    serialise_on(request_id)
    found = asking.card(request_id, actor)
    if found.state == asking.WITHDRAWN:
        return found
    if found.state not in (WAITING, APPROVED):
        raise RequestDecided
    own = actor.user_id is not None and actor.user_id == found.requested_by
    if not own and not allowed(actor.roles, "fund.change"):
        raise RequestDecided
    if _said_by(request_id, actor) is not None:
        raise AlreadySaid
    return _say(WITHDRAW, _reason(reason), found, actor)


def promised(centre_id: int, fund_id: UUID) -> int:
    """Return what a fund's approved requests come to that are not paid yet, in satang."""
    query = asking.with_state(select(sum_int(FundRequest.amount_satang)), centre_id).where(
        FundRequest.fund_id == fund_id,
        asking.STATE == APPROVED,
    )
    return db.session.scalar(query) or 0


def _open(request_id: UUID, actor: Actor) -> tuple[RequestCard, str | None]:
    serialise_on(request_id)
    found = asking.card(request_id, actor)
    if actor.user_id is None or actor.user_id == found.requested_by:
        raise OwnRequest
    return found, _said_by(request_id, actor)


def _said_by(request_id: UUID, actor: Actor) -> str | None:
    said = asking.decisions_of(actor.centre_id, request_id)
    return next((one.kind for one in said if one.decided_by == actor.user_id), None)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    return reason.strip()[:300]


def _say(kind: str, reason: str, found: RequestCard, actor: Actor) -> RequestCard:
    if actor.user_id is None:
        raise OwnRequest
    db.session.execute(
        insert(FundDecision).values(
            centre_id=actor.centre_id,
            id=uuid7(),
            request_id=found.id,
            kind=kind,
            reason=reason,
            decided_at=clock.now(),
            decided_by=actor.user_id,
            decided_name=actor.name,
        )
    )
    audit.record(actor, f"fund_request.{kind}", "fund_request", found.id)
    return asking.card(found.id, actor)
