"""The payment of an approved request, with its voucher.

What must stay true: a request is paid once, by its approved sum, out of a fund that holds it; a
restricted grant's payment is a cost of the centre and releases as much of the grant into income;
funeral aid is paid out of its own money and touches neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import FundGrant, FundReversal
from accounting.rules import funds as rules
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from accounting.rules.funds import RETURNED
from accounting.services import chart
from accounting.services.funds import asking, contributing, money, register
from accounting.services.funds.asking import APPROVED, RequestCard
from accounting.services.funds.register import FundCard
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from members.services import access

SOURCE, USED = "fund_grant", "fund_grant_used"


class NotApproved(DomainError):
    """Only what the committee approved is paid, and only once."""

    code, status, title = "fund-not-approved", 409, N_("This request can't be paid")
    detail = N_("It is %(state)s. Only an approved request is paid, once.")


class NoCost(DomainError):
    """A restricted grant pays for a cost."""

    code, status, title = "fund-no-cost", 422, N_("Choose the cost the grant pays for")
    detail = N_("An account of costs, such as wages or transport.")


class BeforeAsked(DomainError):
    """Nothing is paid before it was asked."""

    code, status, title = "fund-before-asked", 422, N_("This day is before the request")
    detail = N_("Choose the day of the request or a later one.")


@dataclass(frozen=True, slots=True)
class PayRequest:
    """An approved request paid out; `expense_account_id` for a restricted grant only."""

    id: UUID
    request_id: UUID
    paid_from: str
    expense_account_id: UUID | None = None
    business_date: date | None = None


@dataclass(frozen=True, slots=True)
class GrantCard:
    """A payment as it was made."""

    id: UUID
    grant_no: str
    request_id: UUID
    fund_id: UUID
    amount_satang: int
    paid_from: str
    expense_account_id: UUID | None
    business_date: date
    recorded_at: datetime
    recorded_by: UUID | None
    recorded_name: str
    reversed_reason: str | None = None
    repaid_satang: int = 0


def pay(command: PayRequest, actor: Actor) -> GrantCard:
    """Pay an approved request; the same command again changes nothing.

    Raises NotApproved, FundOverdrawn, FundExpired, NotKeptThere, SafeShort, NoCost, BeforeAsked,
    FutureDate, PeriodClosed, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "fund_grant.pay")
    serialise_on(command.request_id)
    centre_id = actor.centre_id
    content = content_of(command)
    earlier = db.session.get(FundGrant, (centre_id, command.id))
    if earlier is not None:
        if differs := differences(earlier.content, content):
            raise DifferentContent(differs=differs)
        return card(centre_id, command.id)
    request = asking.card(command.request_id, actor)
    if request.state != APPROVED:
        raise NotApproved(state=request.state)
    fund = register.require_open(centre_id, request.fund_id)
    on = money.day(command.business_date)
    if on < request.requested_on:
        raise BeforeAsked(field="business_date")
    rules.require_current(register.rule_of(centre_id, fund.id), request.purpose, on)
    account = money.account_of(fund, command.paid_from)
    register.require_covered(centre_id, fund.id, request.amount_satang, on)
    money.require_there(centre_id, account, request.amount_satang, chart_id(centre_id, account))
    cost = _cost(command, request, fund, centre_id)
    year = buddhist_year(on)
    [number] = next_numbers(centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(FundGrant).values(
            centre_id=centre_id,
            id=command.id,
            grant_no=f"FG-{year}-{number:05d}",
            request_id=request.id,
            fund_id=fund.id,
            amount_satang=request.amount_satang,
            paid_from=command.paid_from,
            expense_account_id=cost,
            business_date=on,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    _post(command.id, request, fund, account, cost, on, actor)
    audit.record(actor, "fund_grant.pay", "fund_grant", command.id, satang=request.amount_satang)
    return card(centre_id, command.id)


def chart_id(centre_id: int, account: Purpose) -> UUID:
    """Return the account's id: what whoever empties a box is held on."""
    return chart.account_for(centre_id, account).id


def _cost(command: PayRequest, request: RequestCard, fund: FundCard, centre_id: int) -> UUID | None:
    if fund.purpose is not Purpose.RESTRICTED_GRANTS or request.purpose == RETURNED:
        if command.expense_account_id is not None:
            raise NoCost(field="expense_account_id")
        return None
    if command.expense_account_id is None:
        raise NoCost(field="expense_account_id")
    account = chart.get(centre_id, command.expense_account_id)
    if account.type != "expense" or account.control_key or not account.active:
        raise NoCost(field="expense_account_id")
    return account.id


def _post(
    grant_id: UUID,
    request: RequestCard,
    fund: FundCard,
    account: Purpose,
    cost: UUID | None,
    on: date,
    actor: Actor,
) -> None:
    satang, source = request.amount_satang, (SOURCE, grant_id)
    out_of_fund = NewLine(Purpose(fund.purpose), debit=satang, fund_id=fund.id)
    paid = NewLine(account, credit=satang)
    memo = request.request_no
    if cost is None:
        money.post(SOURCE, source, on, (out_of_fund, paid), memo, actor)
        return
    # Two entries: what was spent, and what of the grant is thereby earned; so the report of cash
    # sees a cost and nothing else.
    money.post(SOURCE, source, on, (NewLine(account_id=cost, debit=satang), paid), memo, actor)
    earned = NewLine(Purpose.GRANTS_USED, credit=satang)
    money.post(USED, source, on, (out_of_fund, earned), memo, actor)


# --- reading -----------------------------------------------------------------------------------


def get(grant_id: UUID, actor: Actor) -> GrantCard:
    """Return a payment. Raises NotFound, Forbidden."""
    asking.require_reader(actor)
    return card(actor.centre_id, grant_id)


def card(centre_id: int, grant_id: UUID) -> GrantCard:
    """Return a payment; raise NotFound."""
    names = [n for n in GrantCard.__slots__ if n not in ("reversed_reason", "repaid_satang")]
    row = db.session.execute(
        select(*(getattr(FundGrant, name) for name in names), FundReversal.reason)
        .outerjoin(
            FundReversal,
            (FundReversal.centre_id == FundGrant.centre_id)
            & (FundReversal.document_type == SOURCE)
            & (FundReversal.document_id == FundGrant.id),
        )
        .where(FundGrant.centre_id == centre_id, FundGrant.id == grant_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="fund_grant")
    return GrantCard(*row, repaid_satang=contributing.repaid(centre_id, grant_id))
