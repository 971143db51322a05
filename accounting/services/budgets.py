"""The budget of a fiscal year: by account and activity, with what came of it beside it.

What must stay true: a line's latest version counts and the earlier ones stay; the actual figures
are those of the income statement, accounts without a budget too, so both come to the same result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from accounting.models import NO_ACTIVITY, BudgetLine
from accounting.rules.budgets import MONTHS, NOTHING, Compared, check, compare
from accounting.rules.periods import fiscal_span, fiscal_year, period_of
from accounting.rules.stretches import months_between
from accounting.services import activities, balances, chart
from accounting.services.activities import ActivityCard
from accounting.services.chart import AccountCard
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError
from core.ids import uuid7
from members.services import access

YEARS = range(2400, 2801)
_COLUMNS = tuple(f"month_{number}" for number in range(1, MONTHS + 1))


class BudgetMoved(DomainError):
    """Someone else changed this line meanwhile."""

    code, status, title = "budget-moved", 409, N_("Someone changed this line of the budget")
    detail = N_("Look at it again, then make your change.")


class NoBudgetAccount(DomainError):
    """The account is neither income nor a cost."""

    code, status, title = "no-budget-account", 422, N_("This account has no budget")
    detail = N_("Choose an account of income or of costs.")


class NoSuchYear(DomainError):
    """The year is no Buddhist one the books could have."""

    code, status, title = "no-such-year", 422, N_("There is no such fiscal year")
    detail = N_("Write the year of the Buddhist era in which it ends, for example 2570.")


@dataclass(frozen=True, slots=True)
class SaveBudget:
    """A line as it shall be; `version` is the one the person saw, 0 for a new line."""

    fiscal_year: int
    account_id: UUID
    activity_id: UUID | None
    months: tuple[int, ...]
    version: int = 0


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A line of the budget with what came of it, by the months of the year."""

    account: AccountCard
    activity: ActivityCard | None
    version: int
    months: tuple[int, ...]
    actual: tuple[int, ...]

    def compared(self, count: int = MONTHS) -> Compared:
        """Return plan and actual of the first months of the year."""
        return compare(self.account.type, sum(self.months[:count]), sum(self.actual[:count]))


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """All lines of a year; `past` is how many of its months have begun."""

    fiscal_year: int
    periods: tuple[int, ...]
    past: int
    rows: tuple[BudgetRow, ...]

    def total(self, kind: str, count: int = MONTHS) -> Compared:
        """Return income or costs (`expense`) together."""
        of_kind = [row.compared(count) for row in self.rows if row.account.type == kind]
        plan, actual = sum(one.plan for one in of_kind), sum(one.actual for one in of_kind)
        return compare(kind, plan, actual)

    def result(self, count: int = MONTHS) -> Compared:
        """Return income less costs."""
        income, costs = self.total("income", count), self.total("expense", count)
        return compare("income", income.plan - costs.plan, income.actual - costs.actual)

    def result_of_month(self, place: int) -> tuple[int, int]:
        """Return planned and actual result of one month, 0 to 11."""
        plan = actual = 0
        for row in self.rows:
            sign = 1 if row.account.type == "income" else -1
            plan += sign * row.months[place]
            actual += sign * row.actual[place]
        return plan, actual


def current_year(actor: Actor) -> int:
    """Return today's fiscal year."""
    return fiscal_year(clock.today(), actor.centre.fiscal_year_start_month)


def of_year(year: int, actor: Actor) -> BudgetYear:
    """Return a year's budget beside what came of it. Raises Forbidden, NoSuchYear."""
    access.require(actor, "budget.read")
    periods = periods_of(year, actor)
    cards = {card.id: card for card in chart.listing(actor.centre_id)}
    known = {card.id: card for card in activities.listing(actor.centre_id)}
    lines = _latest(actor.centre_id, year)
    actual = _actual(actor.centre_id, periods, cards)
    keys = {key for key, (_version, months) in lines.items() if any(months)} | set(actual)
    rows = [
        BudgetRow(
            cards[account_id],
            known.get(activity_id),
            lines.get((account_id, activity_id), (0, NOTHING))[0],
            lines.get((account_id, activity_id), (0, NOTHING))[1],
            actual.get((account_id, activity_id), NOTHING),
        )
        for account_id, activity_id in keys
    ]
    rows.sort(key=lambda row: (row.account.code, row.activity.code if row.activity else ""))
    this_month = period_of(clock.today())
    past = sum(1 for period in periods if period <= this_month)
    return BudgetYear(year, periods, past, tuple(rows))


def line(year: int, account_id: UUID, activity_id: UUID | None, actor: Actor) -> BudgetRow:
    """Return one line to change, an empty one when there is none yet.

    Raises Forbidden, NoSuchYear, NotFound, NoBudgetAccount.
    """
    access.require(actor, "budget.read")
    periods = periods_of(year, actor)
    account, activity = _found(account_id, activity_id, actor)
    key = (account_id, activity_id or NO_ACTIVITY)
    version, months = _latest(actor.centre_id, year).get(key, (0, NOTHING))
    actual = _actual(actor.centre_id, periods, {account_id: account}).get(key, NOTHING)
    return BudgetRow(account, activity, version, months, actual)


def save(command: SaveBudget, actor: Actor) -> int:
    """Set a line's twelve months and return its version; the same again changes nothing.

    Raises Forbidden, NoSuchYear, NotFound, NoBudgetAccount, BudgetOutOfRange, BudgetMoved.
    """
    access.require(actor, "budget.change")
    periods_of(command.fiscal_year, actor)
    check(command.months)
    _found(command.account_id, command.activity_id, actor)
    key = (command.account_id, command.activity_id or NO_ACTIVITY)
    version, months = _latest(actor.centre_id, command.fiscal_year).get(key, (0, NOTHING))
    if months == command.months:
        return version
    if version != command.version:
        raise BudgetMoved
    _write(actor, command.fiscal_year, [(key, version + 1, command.months)])
    return version + 1


def save_all(year: int, lines: Iterable[SaveBudget], actor: Actor) -> int:
    """Set many lines, all or none, whatever their versions; return how many were other before.

    Raises what `save` raises but BudgetMoved.
    """
    access.require(actor, "budget.change")
    periods_of(year, actor)
    there = _latest(actor.centre_id, year)
    cards = {card.id: card for card in chart.listing(actor.centre_id)}
    news = []
    for one in lines:
        check(one.months)
        if cards[one.account_id].type not in {"income", "expense"}:
            raise NoBudgetAccount
        key = (one.account_id, one.activity_id or NO_ACTIVITY)
        version, months = there.get(key, (0, NOTHING))
        if months != one.months:
            news.append((key, version + 1, one.months))
    _write(actor, year, news)
    return len(news)


def accounts(actor: Actor) -> tuple[AccountCard, ...]:
    """Return the accounts that may have a budget. Raises Forbidden."""
    access.require(actor, "budget.read")
    cards = chart.listing(actor.centre_id)
    return tuple(card for card in cards if card.type in {"income", "expense"} and card.active)


def periods_of(year: int, actor: Actor) -> tuple[int, ...]:
    """Return the twelve months of a fiscal year. Raises NoSuchYear."""
    if year not in YEARS:
        raise NoSuchYear(field="year")
    span = fiscal_span(year, actor.centre.fiscal_year_start_month)
    assert span.first is not None and span.last is not None
    return months_between(period_of(span.first), period_of(span.last))


def _found(
    account_id: UUID, activity_id: UUID | None, actor: Actor
) -> tuple[AccountCard, ActivityCard | None]:
    account = chart.get(actor.centre_id, account_id)
    if account.type not in {"income", "expense"}:
        raise NoBudgetAccount(field="account")
    return account, activities.card(actor.centre_id, activity_id) if activity_id else None


def _latest(centre_id: int, year: int) -> dict[tuple[UUID, UUID], tuple[int, tuple[int, ...]]]:
    """Return version and months of the latest version of each line."""
    newest = func.row_number().over(
        partition_by=(BudgetLine.account_id, BudgetLine.activity_id),
        order_by=BudgetLine.version.desc(),
    )
    amounts = [getattr(BudgetLine, name) for name in _COLUMNS]
    ranked = (
        select(
            *(BudgetLine.account_id, BudgetLine.activity_id, BudgetLine.version),
            *amounts,
            newest.label("place"),
        )
        .where(BudgetLine.centre_id == centre_id, BudgetLine.fiscal_year == year)
        .subquery()
    )
    found = {}
    for row in db.session.execute(select(ranked).where(ranked.c.place == 1)):
        account_id, activity_id, version, *months = row[:-1]
        found[account_id, activity_id] = (version, tuple(months))
    return found


def _actual(
    centre_id: int, periods: Sequence[int], cards: dict[UUID, AccountCard]
) -> dict[tuple[UUID, UUID], tuple[int, ...]]:
    """Return what came of it by (account, activity), the way the accounts stand."""
    found: dict[tuple[UUID, UUID], list[int]] = {}
    sums = balances.by_month(centre_id, periods[0], periods[-1], closing=False)
    places = {period: place for place, period in enumerate(periods)}
    for (period_id, account_id, activity_id), (debit, credit) in sums.items():
        card = cards.get(account_id)
        if card is None or card.type not in {"income", "expense"}:
            continue
        amounts = found.setdefault((account_id, activity_id or NO_ACTIVITY), [0] * MONTHS)
        amounts[places[period_id]] += debit - credit if card.rises_by_debit else credit - debit
    return {key: tuple(amounts) for key, amounts in found.items()}


def _write(
    actor: Actor, year: int, lines: Sequence[tuple[tuple[UUID, UUID], int, tuple[int, ...]]]
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "centre_id": actor.centre_id,
            "id": uuid7(),
            "fiscal_year": year,
            "account_id": account_id,
            "activity_id": activity_id,
            "version": version,
            "made_at": clock.now(),
            "made_by": actor.user_id,
            **dict(zip(_COLUMNS, months, strict=True)),
        }
        for (account_id, activity_id), version, months in lines
    ]
    if rows:
        db.session.execute(insert(BudgetLine), rows)
