"""What the paper of a meeting tells: the month before, and what is held and owed on its last day.

What must stay true: every figure is one that a page of the books shows too, as of the same day;
nobody's name is on it but those who look after a resolution, and the centre's officers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from accounting.rules import meetings as rules
from accounting.rules.chart import Purpose
from accounting.rules.closing import State
from accounting.rules.periods import first_day, last_day, previous_period
from accounting.services import balances, chart, financial_statements, funds, late, ledger
from accounting.services.chart import AccountCard
from accounting.services.closing import checklist, signing
from accounting.services.closing.signing import CloseCard
from accounting.services.financial_statements import Month
from accounting.services.funds import FundCard
from accounting.services.late import Amendment
from accounting.services.meetings import meetings, resolutions
from accounting.services.meetings.meetings import MeetingCard, Point
from accounting.services.meetings.resolutions import ResolutionCard
from core.actor import Actor, system_actor
from core.db import db, sum_int
from inventory.services import aged_payables
from inventory.services.aged_payables import Ages
from members.services import access
from pos.models import Refund, RefundLine, Sale, SaleLine
from pos.rules.welfare.measures import Report, report_of
from pos.services.welfare import gathering
from pos.services.welfare.gathering import Days

MONTHS = 12
TOP = 8


@dataclass(frozen=True, slots=True)
class Takings:
    """What was sold in a month, refunds taken off; money in satang."""

    sales: int
    taken_satang: int
    to_producers_satang: int


@dataclass(frozen=True, slots=True)
class Seller:
    """A product among those that brought most."""

    name_th: str
    name_en: str
    satang: int


@dataclass(frozen=True, slots=True)
class MeetingPack:
    """Everything the paper shows, of the month `period_id` and its last day."""

    meeting: MeetingCard
    agenda: tuple[Point, ...]
    period_id: int
    last: date
    close: CloseCard | None
    amended: Amendment
    stopping: tuple[str, ...]
    takings: Takings
    before: Takings
    sellers: tuple[Seller, ...]
    months: tuple[Month, ...]
    money: tuple[tuple[AccountCard, int], ...]
    goods_satang: int
    owed: Ages
    funds: tuple[tuple[FundCard, int], ...]
    open_resolutions: tuple[ResolutionCard, ...]
    welfare: Report


def gather(meeting_id: UUID, actor: Actor) -> MeetingPack:
    """Gather the paper of a meeting. Raises Forbidden, NotFound."""
    access.require(actor, "meeting.read")
    centre_id = actor.centre_id
    meeting = meetings.card(centre_id, meeting_id)
    period_id = rules.month_before(meeting.held_on)
    last = last_day(period_id)
    close = signing.in_force(centre_id, period_id)
    sums = balances.until(centre_id, last)
    goods = chart.account_for(centre_id, Purpose.INVENTORY).id
    return MeetingPack(
        meeting=meeting,
        agenda=meetings.points(centre_id, meeting_id),
        period_id=period_id,
        last=last,
        close=close,
        amended=late.amendment(centre_id, period_id) if close else Amendment(0, 0),
        stopping=() if close else _stopping(period_id, centre_id),
        takings=_takings(centre_id, period_id),
        before=_takings(centre_id, previous_period(period_id)),
        sellers=_sellers(centre_id, period_id),
        months=financial_statements.over_months(centre_id, period_id, MONTHS),
        money=tuple(
            (card, sums[card.id][0] - sums[card.id][1])
            for card in chart.listing(centre_id)
            if card.money and card.id in sums
        ),
        goods_satang=sums.get(goods, (0, 0))[0] - sums.get(goods, (0, 0))[1],
        owed=aged_payables.owed(centre_id, last),
        funds=_funds(centre_id, last),
        open_resolutions=tuple(resolutions.listing(centre_id, open_only=True)),
        welfare=_welfare(actor, first_day(period_id), last),
    )


def _funds(centre_id: int, last: date) -> tuple[tuple[FundCard, int], ...]:
    held: dict[UUID, int] = {}
    for purpose in funds.KEPT_IN:
        held |= ledger.sub_ledger(centre_id, purpose, "fund", until=last)
    every = funds.listing(centre_id, of_members=False)
    return tuple((fund, -held.get(fund.id, 0)) for fund in every)


def _welfare(actor: Actor, first: date, last: date) -> Report:
    """Measure the month; everybody at the meeting may see the sums, whatever else they may."""
    found = gathering.gather(system_actor(actor.centre), Days(first, last))
    return report_of(found.facts, found.aims)


def _stopping(period_id: int, centre_id: int) -> tuple[str, ...]:
    """Return the titles of the steps that keep an open month from being closed."""
    found = checklist.worked_out(period_id, centre_id)
    return tuple(one.step.title for one in found.steps if one.state is State.STOPS)


def _takings(centre_id: int, period_id: int) -> Takings:
    days = (first_day(period_id), last_day(period_id))
    sold, taken, reached = db.session.execute(
        select(func.count(), sum_int(Sale.due_satang), sum_int(Sale.producer_satang)).where(
            Sale.centre_id == centre_id, Sale.business_date.between(*days)
        )
    ).one()
    given, returned = db.session.execute(
        select(sum_int(Refund.paid_satang), sum_int(Refund.producer_satang)).where(
            Refund.centre_id == centre_id, Refund.business_date.between(*days)
        )
    ).one()
    return Takings(sold, (taken or 0) - (given or 0), (reached or 0) - (returned or 0))


def _sellers(centre_id: int, period_id: int) -> tuple[Seller, ...]:
    days = (first_day(period_id), last_day(period_id))
    sold = db.session.execute(
        select(
            SaleLine.product_id,
            func.max(SaleLine.name_th),
            func.max(SaleLine.name_en),
            sum_int(SaleLine.net_satang),
        )
        .join(Sale, (Sale.centre_id == SaleLine.centre_id) & (Sale.id == SaleLine.sale_id))
        .where(Sale.centre_id == centre_id, Sale.business_date.between(*days))
        .group_by(SaleLine.product_id)
    )
    back = db.session.execute(
        select(SaleLine.product_id, sum_int(RefundLine.net_satang))
        .join(
            RefundLine,
            (RefundLine.centre_id == SaleLine.centre_id)
            & (RefundLine.sale_id == SaleLine.sale_id)
            & (RefundLine.line_no == SaleLine.line_no),
        )
        .join(
            Refund,
            (Refund.centre_id == RefundLine.centre_id) & (Refund.id == RefundLine.refund_id),
        )
        .where(Refund.centre_id == centre_id, Refund.business_date.between(*days))
        .group_by(SaleLine.product_id)
    )
    returned: dict[UUID, int] = dict(iter(back))
    rows = [
        (net - returned.get(product_id, 0), name_th, name_en)
        for product_id, name_th, name_en, net in sold
    ]
    best = sorted(rows, key=lambda row: (-row[0], row[1]))[:TOP]
    return tuple(Seller(name_th, name_en, net) for net, name_th, name_en in best if net > 0)
