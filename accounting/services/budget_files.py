"""A budget as a table to fill in elsewhere, and the filled-in table read back.

What must stay true: the file that is given out is the one that is read; a line that can't be read
is named by its number and nothing of the file is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounting.rules.budgets import MONTHS, spread
from accounting.services import activities, budgets, chart
from accounting.services.budgets import BudgetYear, SaveBudget
from accounting.services.chart import AccountCard
from core import figures_in, tables_in
from core.actor import Actor
from core.errors import N_, DomainError
from core.sheets import Cell, baht_figure
from core.tables_in import Row
from members.services import access

FIRST_MONTH = 3
"""Before the months stand account, name and activity; after them the year."""


class BudgetFileWrong(DomainError):
    """A line of the file can't be taken; `line` is its number, `found` what stands there."""

    code, status, title = "budget-file-wrong", 422, N_("The budget was not taken")
    detail = N_("Line %(line)s: %(found)s. Put it right and bring the file again.")


class AccountNotKnown(BudgetFileWrong):
    """No account of income or costs has this code."""

    code = "budget-account-not-known"
    detail = N_("Line %(line)s: %(found)s is no account of income or costs.")


class ActivityNotKnown(BudgetFileWrong):
    """No activity has this code."""

    code = "budget-activity-not-known"
    detail = N_("Line %(line)s: %(found)s is no activity of the centre.")


class AmountNotKnown(BudgetFileWrong):
    """What stands in a month is no amount."""

    code = "budget-amount-not-known"
    detail = N_("Line %(line)s: %(found)s is no amount in baht.")


class LineTwice(BudgetFileWrong):
    """The same account and activity stand on two lines."""

    code = "budget-line-twice"
    detail = N_("Line %(line)s: %(found)s stands in the file twice.")


def rows(budget: BudgetYear, english: bool = False) -> list[list[Cell]]:
    """Return the lines of the file: account, name, activity, twelve months, the year."""
    found: list[list[Cell]] = []
    for row in budget.rows:
        name = row.account.name_en if english and row.account.name_en else row.account.name_th
        activity = row.activity.code if row.activity else ""
        months = [baht_figure(amount) for amount in row.months]
        total = baht_figure(sum(row.months))
        found.append([row.account.code, name, activity, *months, total])
    return found


def bring(year: int, data: bytes, name: str, actor: Actor) -> int:
    """Take a filled-in file; return how many lines changed.

    Raises Forbidden, NotATable, BudgetFileWrong, NoSuchYear, BudgetOutOfRange.
    """
    access.require(actor, "budget.change")
    sheet = tables_in.headed(tables_in.sheets_of(data, name)[0])
    accounts = {card.code: card for card in chart.listing(actor.centre_id)}
    known = {card.code: card.id for card in activities.listing(actor.centre_id)}
    lines: dict[tuple[UUID, UUID | None], SaveBudget] = {}
    for row in sheet.rows:
        code, activity_code = _cell(row, 0), _cell(row, 2)
        account = _account(accounts, code, row.line)
        if activity_code and activity_code not in known:
            raise ActivityNotKnown(line=row.line, found=activity_code)
        key = (account.id, known[activity_code] if activity_code else None)
        if key in lines:
            raise LineTwice(line=row.line, found=f"{code} {activity_code}".strip())
        lines[key] = SaveBudget(year, *key, _months(row))
    return budgets.save_all(year, lines.values(), actor)


def _account(accounts: dict[str, AccountCard], code: str, line: int) -> AccountCard:
    found = accounts.get(code)
    if found is None or found.type not in {"income", "expense"}:
        raise AccountNotKnown(line=line, found=code or "–")
    return found


def _months(row: Row) -> tuple[int, ...]:
    """Return the twelve months; when there is nothing in them, the year spread over them."""
    places = range(FIRST_MONTH, FIRST_MONTH + MONTHS)
    months = tuple(_amount(_cell(row, place), row.line) for place in places)
    if any(months):
        return months
    return spread(_amount(_cell(row, FIRST_MONTH + MONTHS), row.line))


def _amount(text: str, line: int) -> int:
    try:
        return figures_in.satang_or_zero(text)
    except figures_in.NotAFigure:
        raise AmountNotKnown(line=line, found=text[:40]) from None


def _cell(row: Row, place: int) -> str:
    cells: Sequence[str] = row.cells
    text = cells[place].strip() if place < len(cells) else ""
    # Our own files mark text that begins like a formula.
    return text.removeprefix("'")
