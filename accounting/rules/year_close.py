"""Closing a year: income and costs go to the year's surplus, last year's rest is brought forward.

Pure; money in satang. Design: income and costs → 3320, then allocation by resolution; what the
meeting left in 3320 when the next year closes is a surplus of earlier years (3310).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine

KIND, UNDONE, SOURCE = "year_close", "year_close_undone", "year_close"
RESULT_TYPES = ("income", "expense")


def lines(
    moved: Mapping[tuple[UUID, UUID | None], int],
    result_accounts: Iterable[UUID],
    surplus_before: int,
) -> tuple[NewLine, ...]:
    """Return the lines that close a year; none when nothing moved.

    `moved` is debits less credits of the year by (account, activity), of all accounts;
    `surplus_before` what stands on 3320 from earlier years (debits less credits). Each result
    account is emptied activity by activity; the net goes to 3320.
    """
    wanted = set(result_accounts)
    closing = [
        NewLine(
            account_id=account,
            activity_id=activity,
            debit=max(-net, 0),
            credit=max(net, 0),
        )
        for (account, activity), net in sorted(moved.items(), key=_order)
        if account in wanted and net
    ]
    result = sum(line.debit - line.credit for line in closing)  # a surplus is positive
    if surplus_before:
        closing += [
            _line(Purpose.SURPLUS_OF_YEAR, -surplus_before),
            _line(Purpose.BROUGHT_FORWARD, surplus_before),
        ]
    if result:
        closing.append(_line(Purpose.SURPLUS_OF_YEAR, -result))
    return tuple(closing)


def left_of_before(before: int, debited: int, credited: int) -> int:
    """Return what is left of earlier years' surplus (or loss) at a year's end, debits less credits.

    `before` stood there when the year began; what was debited in the year was allocated out of a
    surplus (what was credited made up for a loss). What came on the other way is this year's own,
    such as the surplus of old books opened in it.
    """
    if before < 0:
        return min(before + debited, 0)
    return max(before - credited, 0)


def _line(purpose: Purpose, net: int) -> NewLine:
    """Return a line that moves an account by `net` (debits less credits)."""
    return NewLine(purpose, debit=max(net, 0), credit=max(-net, 0))


def _order(item: tuple[tuple[UUID, UUID | None], int]) -> tuple[str, str]:
    (account, activity), _net = item
    return account.hex, activity.hex if activity else ""
