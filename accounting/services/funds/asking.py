"""Requests to a fund: asked, shown and listed.

What must stay true: a request never changes; where it stands follows from the decisions, the
payment and the reversal beside it. What the fund's rule forbids is refused when it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, insert, select

from accounting.models import (
    DeathCase,
    FundDecision,
    FundGrant,
    FundRecipient,
    FundRequest,
    FundReversal,
    MatchRound,
)
from accounting.rules import funds as rules
from accounting.rules.funds import FUNERAL, FUNERAL_HELP, PRODUCE_ADVANCE
from accounting.rules.periods import fiscal_span, fiscal_year
from accounting.services.funds import money, recipients, register
from accounting.services.funds.recipients import Recipient, RecipientCard
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on, sum_int
from core.documents import content_of, digest_of
from core.errors import N_, DifferentContent, NotFound
from core.ids import uuid_or_none
from core.numbering import buddhist_year, next_numbers
from core.paging import Page, Window, page_of
from members.services import access

SERIES = "fund_request"
WAITING, APPROVED, REFUSED, WITHDRAWN = "waiting", "approved", "refused", "withdrawn"
PAID, RETURNED = "paid", "returned"
STATES: dict[str, str] = {
    WAITING: N_("Waits for the committee"),
    APPROVED: N_("Approved, to be paid"),
    PAID: N_("Paid"),
    REFUSED: N_("Refused"),
    WITHDRAWN: N_("Request withdrawn"),
    RETURNED: N_("Payment taken back"),
}


@dataclass(frozen=True, slots=True)
class AskFund:
    """A request to a fund for somebody."""

    id: UUID
    fund_id: UUID
    recipient: Recipient
    purpose: str
    amount_satang: int
    reason: str = ""
    case_id: UUID | None = None
    round_id: UUID | None = None
    requested_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's word on a request."""

    kind: str
    decided_by: UUID
    decided_name: str
    decided_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request and where it stands."""

    id: UUID
    request_no: str
    fund_id: UUID
    recipient_id: UUID
    purpose: str
    amount_satang: int
    repayable: bool
    reason: str
    case_id: UUID | None
    round_id: UUID | None
    approvals: int
    requested_on: date
    requested_by: UUID | None
    requested_name: str
    state: str
    approved_by: int
    """How many have said yes."""
    grant_id: UUID | None
    recipient: RecipientCard | None = None


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request whole: who decided what, and what the fund holds for it."""

    card: RequestCard
    decisions: tuple[Decision, ...]
    held_satang: int

    @property
    def covered(self) -> bool:
        """Tell whether the fund holds what is asked."""
        return self.held_satang >= self.card.amount_satang


def ask(command: AskFund, actor: Actor) -> RequestCard:
    """Write a request down; the same id again changes nothing.

    Raises FundClosed, PurposeNotAllowed, AboveLimit, AboveYearLimit, FundExpired, GuardianMissing,
    RecipientMissing, FutureDate, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "fund_request.record")
    serialise_on(command.id)
    centre_id = actor.centre_id
    # The names stay out of what is kept for ever: of them only this digest.
    digest = digest_of(content_of(command))
    earlier = db.session.get(FundRequest, (centre_id, command.id))
    if earlier is not None:
        if earlier.digest != digest:
            raise DifferentContent(id=str(command.id))
        return card(command.id, actor)
    fund = register.require_open(centre_id, command.fund_id)
    _require_links(command, fund.kind, centre_id)
    on = money.day(command.requested_on)
    # Two requests for one person at once: the second sees the first, by name and by sum.
    serialise_on(fund.id)
    recipient_id = recipients.find_or_add(command.recipient, actor)
    rule = register.rule_of(centre_id, fund.id)
    had = had_in_year(centre_id, fund.id, recipient_id, on, actor.centre.fiscal_year_start_month)
    rules.check_request(rule, fund.kind, command.purpose, command.amount_satang, had, on)
    year = buddhist_year(on)
    [number] = next_numbers(centre_id, [(SERIES, year)])
    db.session.execute(
        insert(FundRequest).values(
            centre_id=centre_id,
            id=command.id,
            request_no=f"FR-{year}-{number:05d}",
            fund_id=fund.id,
            recipient_id=recipient_id,
            purpose=command.purpose,
            amount_satang=command.amount_satang,
            repayable=command.purpose == PRODUCE_ADVANCE,
            reason=command.reason.strip(),
            case_id=command.case_id,
            round_id=command.round_id,
            approvals=rule.approvals,
            requested_on=on,
            requested_at=clock.now(),
            requested_by=actor.user_id,
            requested_name=actor.name,
            digest=digest,
        )
    )
    audit.record(
        actor, "fund_request.record", "fund_request", command.id, satang=command.amount_satang
    )
    return card(command.id, actor)


def _require_links(command: AskFund, kind: str, centre_id: int) -> None:
    if (command.purpose == FUNERAL_HELP) != (kind == FUNERAL):
        raise rules.PurposeNotAllowed(field="purpose")
    if command.case_id is not None:
        found = db.session.get(DeathCase, (centre_id, command.case_id))
        if found is None or found.fund_id != command.fund_id:
            raise NotFound(field="case_id", what="death_case")
    if command.round_id is not None:
        match = db.session.get(MatchRound, (centre_id, command.round_id))
        if match is None or match.fund_id != command.fund_id:
            raise NotFound(field="round_id", what="match_round")


def had_in_year(
    centre_id: int, fund_id: UUID, recipient_id: UUID, on: date, start_month: int
) -> int:
    """Return what a recipient was paid or promised by a fund in a day's fiscal year, in satang."""
    span = fiscal_span(fiscal_year(on, start_month), start_month)
    every = recipients.same_person(centre_id, recipient_id)
    query = with_state(select(sum_int(FundRequest.amount_satang)), centre_id).where(
        FundRequest.fund_id == fund_id,
        FundRequest.recipient_id.in_(every),
        FundRequest.requested_on >= span.first,
        FundRequest.requested_on <= span.last,
        STATE.in_((WAITING, APPROVED, PAID)),
    )
    return db.session.scalar(query) or 0


# --- where requests stand ----------------------------------------------------------------------


_SAID = (
    select(
        FundDecision.centre_id,
        FundDecision.request_id,
        func.count(case((FundDecision.kind == "approve", 1))).label("yes"),
        func.count(case((FundDecision.kind == "refuse", 1))).label("no"),
        func.count(case((FundDecision.kind == "withdraw", 1))).label("withdrawn"),
    )
    .group_by(FundDecision.centre_id, FundDecision.request_id)
    .subquery()
)
STATE: Any = case(
    (FundReversal.document_id.is_not(None), RETURNED),
    (FundGrant.id.is_not(None), PAID),
    (_SAID.c.no > 0, REFUSED),
    (_SAID.c.withdrawn > 0, WITHDRAWN),
    (_SAID.c.yes >= FundRequest.approvals, APPROVED),
    else_=WAITING,
)
_COLUMNS = tuple(
    getattr(FundRequest, name)
    for name in RequestCard.__slots__
    if name not in ("state", "approved_by", "grant_id", "recipient")
)


def with_state(query: Any, centre_id: int) -> Any:
    """Join what says where requests stand, for `STATE`, to a query of requests."""
    return (
        query.select_from(FundRequest)
        .outerjoin(
            _SAID,
            (_SAID.c.centre_id == FundRequest.centre_id) & (_SAID.c.request_id == FundRequest.id),
        )
        .outerjoin(
            FundGrant,
            (FundGrant.centre_id == FundRequest.centre_id)
            & (FundGrant.request_id == FundRequest.id),
        )
        .outerjoin(
            FundReversal,
            (FundReversal.centre_id == FundRequest.centre_id)
            & (FundReversal.document_type == "fund_grant")
            & (FundReversal.document_id == FundGrant.id),
        )
        .where(FundRequest.centre_id == centre_id)
    )


def _cards(centre_id: int) -> Any:
    yes = func.coalesce(_SAID.c.yes, 0)
    return with_state(select(*_COLUMNS, STATE, yes, FundGrant.id), centre_id)


def card(request_id: UUID, actor: Actor) -> RequestCard:
    """Return a request for whoever was allowed to ask; raise NotFound."""
    found = with_recipients(
        [
            RequestCard(*row)
            for row in db.session.execute(
                _cards(actor.centre_id).where(FundRequest.id == request_id)
            )
        ],
        actor,
    )
    if not found:
        raise NotFound(what="fund_request")
    return found[0]


def get(request_id: UUID, actor: Actor) -> RequestView:
    """Return a request whole. Raises NotFound, Forbidden."""
    require_reader(actor)
    found = card(request_id, actor)
    held = register.balance(actor.centre_id, found.fund_id)
    return RequestView(found, decisions_of(actor.centre_id, request_id), held)


def decisions_of(centre_id: int, request_id: UUID) -> tuple[Decision, ...]:
    """Return what was said on a request, in order."""
    rows = db.session.execute(
        select(*(getattr(FundDecision, name) for name in Decision.__slots__))
        .where(FundDecision.centre_id == centre_id, FundDecision.request_id == request_id)
        .order_by(FundDecision.decided_at, FundDecision.id)
    )
    return tuple(Decision(*row) for row in rows)


def listing(
    actor: Actor,
    window: Window,
    *,
    state: str | None = None,
    fund_id: UUID | None = None,
    village_id: UUID | None = None,
) -> Page[RequestCard]:
    """Return a page of requests, the latest first. Raises Forbidden."""
    require_reader(actor)
    query = _cards(actor.centre_id)
    if state:
        query = query.where(state == STATE)
    if fund_id is not None:
        query = query.where(FundRequest.fund_id == fund_id)
    if village_id is not None:
        here = select(FundRecipient.id).where(
            FundRecipient.centre_id == actor.centre_id, FundRecipient.village_id == village_id
        )
        query = query.where(FundRequest.recipient_id.in_(here))
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(FundRequest.id < last)
    query = query.order_by(FundRequest.id.desc()).limit(window.limit + 1)
    rows = [RequestCard(*row) for row in db.session.execute(query)]
    page = page_of(rows, window, lambda one: str(one.id))
    return Page(tuple(with_recipients(page.items, actor)), page.next)


def counts(centre_id: int) -> dict[str, int]:
    """Return how many requests stand where."""
    query = with_state(select(STATE, func.count()), centre_id).group_by(STATE)
    return dict(iter(db.session.execute(query)))


def require_reader(actor: Actor) -> None:
    """Let those in who handle requests or read the funds; raise Forbidden for the rest."""
    if not recipients.named(actor):
        access.require(actor, "fund.read")


def with_recipients(found: Sequence[RequestCard], actor: Actor) -> list[RequestCard]:
    """Return requests with their recipients, named as far as the reader may see."""
    who = recipients.cards(
        actor.centre_id,
        {one.recipient_id for one in found},
        with_names=recipients.named(actor),
    )
    return [replace(one, recipient=who.get(one.recipient_id)) for one in found]
