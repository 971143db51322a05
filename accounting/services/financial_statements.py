"""The three statements of a centre, columns beside each other, from the maintained sums.

What must stay true: a column says exactly which days (and which activity) it is about, so that each
figure opens the very lines it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import case, select

from accounting.models import NO_ACTIVITY, JournalLine
from accounting.rules import stretches
from accounting.rules.chart import Purpose
from accounting.rules.periods import fiscal_span, fiscal_year
from accounting.rules.statements import (
    AccountFacts,
    BalanceColumn,
    FlowColumn,
    Nets,
    Statement,
    balance_sheet,
    cash_flow,
    income_statement,
    money_of,
)
from accounting.rules.stretches import Stretch
from accounting.services import activities, balances, chart
from accounting.services.activities import ActivityCard
from accounting.services.chart import AccountCard
from core.actor import Actor
from core.db import db, sum_int
from members.services import access

DAY = timedelta(days=1)
BESIDES = ("both", "before", "year_before", "parts", "activity", "none")
"""What stands beside the statement's own column; by activity only for an income statement."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Which statement, of which months, with what beside it."""

    kind: str
    stretch: Stretch
    beside: str = "both"


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is about: months and, when parted, an activity (`NO_ACTIVITY`: lines of none).

    `role` is own, before, year_before, part or activity.
    """

    role: str
    stretch: Stretch
    activity_id: UUID | None = None
    activity: ActivityCard | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement with its columns, and the accounts its rows name."""

    ask: Ask
    columns: tuple[Column, ...]
    statement: Statement
    accounts: Mapping[UUID, AccountCard]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a plot: what came in, what it cost, and how things stood at its end."""

    period_id: int
    income: int
    costs: int
    assets: int
    debts: int
    money: int
    money_change: int


def show(ask: Ask, actor: Actor) -> Shown:
    """Return a statement. Raises Forbidden."""
    access.require(actor, "statement.read")
    return of_centre(ask, actor.centre_id, actor.centre.fiscal_year_start_month)


def of_centre(ask: Ask, centre_id: int, start_month: int) -> Shown:
    """Return a statement of a centre, for whoever may already read it (the close pack)."""
    cards = chart.listing(centre_id)
    facts = facts_of(cards)
    columns = tuple(_columns(ask, centre_id))
    if ask.kind == "income":
        statement = income_statement(facts, _moved(centre_id, columns))
    elif ask.kind == "balance":
        statement = balance_sheet(
            facts, _standings(centre_id, [column.stretch.last for column in columns], start_month)
        )
    else:
        statement = cash_flow(facts, [_flow(centre_id, facts, column) for column in columns])
    return Shown(ask, columns, statement, {card.id: card for card in cards})


def facts_of(cards: Iterable[AccountCard]) -> tuple[AccountFacts, ...]:
    """Return what the rules must know of the chart."""
    return tuple(AccountFacts(one.id, one.code, one.type, one.purpose, one.money) for one in cards)


def nets_until(centre_id: int, day: date) -> dict[UUID, int]:
    """Return debits less credits of each account, up to and including a day."""
    sums = balances.until(centre_id, day)
    return {account_id: debit - credit for account_id, (debit, credit) in sums.items()}


def nets_between(
    centre_id: int, first: date, last: date, closing: bool = True
) -> dict[tuple[UUID, UUID | None], int]:
    """Return what each account moved, debits less credits, by (account, activity)."""
    sums = balances.between(centre_id, first, last, closing)
    return {key: debit - credit for key, (debit, credit) in sums.items()}


def over_months(centre_id: int, last_period: int, count: int) -> tuple[Month, ...]:
    """Return the months up to one, for a plot: one statement for all of them and one before."""
    first = stretches.shifted(last_period, 1 - count)
    months = stretches.months_between(first, last_period)
    facts = facts_of(chart.listing(centre_id))
    standing = nets_until(centre_id, Stretch("month", first, first).first - DAY)
    with_closing = _by_period(centre_id, first, last_period, True)
    without = _by_period(centre_id, first, last_period, False)
    found = []
    for month in months:
        moved = without.get(month, {})
        for account_id, net in with_closing.get(month, {}).items():
            standing[account_id] = standing.get(account_id, 0) + net
        found.append(
            Month(
                month,
                income=_sum(facts, moved, "income"),
                costs=_sum(facts, moved, "expense"),
                assets=_sum(facts, standing, "asset"),
                debts=_sum(facts, standing, "liability"),
                money=money_of(facts, standing),
                money_change=money_of(facts, moved),
            )
        )
    return tuple(found)


def producers_owe(centre_id: int, *days: date) -> dict[date, int]:
    """Return, for each day, the sum of what producers owe within the account of what we owe them.

    One pass over the account's lines, however many days.
    """
    line = JournalLine.__table__.c
    until = [
        sum_int(case((line.posting_date <= day, line.debit - line.credit), else_=0)) for day in days
    ]
    by_producer = db.session.execute(
        select(line.producer_id, *until)
        .where(
            line.centre_id == centre_id,
            line.account_id == chart.account_for(centre_id, Purpose.CONSIGNMENT_PAYABLE).id,
        )
        .group_by(line.producer_id)
    ).all()
    return {
        day: sum(max(row[place], 0) for row in by_producer) for place, day in enumerate(days, 1)
    }


def _columns(ask: Ask, centre_id: int) -> Iterable[Column]:
    own = Column("own", ask.stretch)
    if ask.beside == "activity" and ask.kind == "income":
        for card in activities.listing(centre_id):
            yield Column("activity", ask.stretch, card.id, card)
        yield Column("activity", ask.stretch, NO_ACTIVITY)
    if ask.beside == "parts":
        yield from (Column("part", one) for one in stretches.parts(ask.stretch))
    yield own
    if ask.beside in {"both", "before"}:
        yield Column("before", stretches.before(ask.stretch))
    if ask.beside in {"both", "year_before"}:
        yield Column("year_before", stretches.year_before(ask.stretch))


def _moved(centre_id: int, columns: Sequence[Column]) -> list[Nets]:
    """Return what moved in each column's days, years' closes left out; each span read once."""
    read: dict[Stretch, dict[tuple[UUID, UUID | None], int]] = {}
    found: list[Nets] = []
    for column in columns:
        span = column.stretch
        if span not in read:
            read[span] = nets_between(centre_id, span.first, span.last, closing=False)
        nets: dict[UUID, int] = {}
        for (account_id, activity_id), net in read[span].items():
            if column.activity_id in {None, activity_id or NO_ACTIVITY}:
                nets[account_id] = nets.get(account_id, 0) + net
        found.append(nets)
    return found


def _standings(centre_id: int, days: Sequence[date], start_month: int) -> list[BalanceColumn]:
    owe = producers_owe(centre_id, *days)
    found = []
    for day in days:
        began = fiscal_span(fiscal_year(day, start_month), start_month).first
        assert began is not None
        year: dict[UUID, int] = {}
        for (account_id, _activity), net in nets_between(centre_id, began, day).items():
            year[account_id] = year.get(account_id, 0) + net
        found.append(BalanceColumn(nets_until(centre_id, day), year, owe[day]))
    return found


def _flow(centre_id: int, facts: Sequence[AccountFacts], column: Column) -> FlowColumn:
    (moved,) = _moved(centre_id, [column])
    return FlowColumn(moved, money_of(facts, nets_until(centre_id, column.stretch.first - DAY)))


def _by_period(centre_id: int, first: int, last: int, closing: bool) -> dict[int, dict[UUID, int]]:
    found: dict[int, dict[UUID, int]] = {}
    sums = balances.by_month(centre_id, first, last, closing)
    for (period_id, account_id, _activity), (debit, credit) in sums.items():
        nets = found.setdefault(period_id, {})
        nets[account_id] = nets.get(account_id, 0) + debit - credit
    return found


def _sum(facts: Iterable[AccountFacts], nets: Nets, kind: str) -> int:
    return sum(one.sign * nets.get(one.id, 0) for one in facts if one.type == kind)


# --- the forecast ------------------------------------------------------------------------------

DUE = (
    Purpose.PAYABLE_OUTRIGHT,
    Purpose.CONSIGNMENT_PAYABLE,
    Purpose.UNCLAIMED_PAYOUTS,
    Purpose.DIVIDENDS_PAYABLE,
    Purpose.PATRONAGE_PAYABLE,
)
"""What must be paid out to producers and members."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The money there is, what is due out of it, and what would be left."""

    on: date
    money: int
    due: tuple[tuple[AccountCard, int], ...]

    @property
    def left(self) -> int:
        return self.money - sum(amount for _card, amount in self.due)


def forecast(centre_id: int, on: date) -> Forecast:
    """Return what money is left once everything due to producers and members is paid.

    What a producer owes us lowers no one else's pay: it is no money until it comes.
    """
    cards = chart.listing(centre_id)
    nets = nets_until(centre_id, on)
    due = []
    for card in cards:
        if card.purpose in DUE:
            amount = -nets.get(card.id, 0)
            if card.purpose == Purpose.CONSIGNMENT_PAYABLE:
                amount += producers_owe(centre_id, on)[on]
            if amount:
                due.append((card, amount))
    return Forecast(on, money_of(facts_of(cards), nets), tuple(due))
