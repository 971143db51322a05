"""The jobs of paying members: crediting many at once, everybody's statement on paper. Data only.

What must stay true: `worker.errands.ERRANDS` does exactly those that act, `worker.reports.REPORTS`
draws the rest; a test compares the names.
"""

from __future__ import annotations

from core.errors import N_
from core.reports import TaskKind

MEMBER_CREDIT, MEMBER_STATEMENTS = "member_credit", "member_statements"


def _task(name: str, title: str, *, acts: bool = False) -> TaskKind:
    return TaskKind(
        name=name,
        title=title,
        permission="member_payment.read",
        address="/c/{c}/member-payments",
        address_words=N_("Dividends and refunds to pay"),
        home="/c/{c}/member-payments",
        home_words=N_("Dividends and refunds to pay"),
        acts=acts,
    )


TASKS: dict[str, TaskKind] = {
    task.name: task
    for task in (
        _task(MEMBER_CREDIT, N_("Credit members who chose so"), acts=True),
        _task(MEMBER_STATEMENTS, N_("Statements of members' dividends and refunds")),
    )
}
