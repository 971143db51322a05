"""Errands the worker runs for somebody: it acts, in one transaction, and its file tells what came.

What must stay true: `ERRANDS` has exactly the tasks that act; an errand is called inside the
transaction that also stores its file, and its service does nothing twice. One that pays thousands
does it in turns of a transaction each, before that; a turn names what it did by the order, so that
a job begun anew goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from accounting.rules.member_payment_tasks import MEMBER_CREDIT
from accounting.rules.surplus_tasks import ALLOCATION_POST, ALLOCATION_RUN
from core.actor import Actor
from inventory.rules.settlement_tasks import POST, PREPARE
from members.rules.moving_tasks import TABLE_TAKE
from worker.errands import member_credit, settlement, surplus, table_take
from worker.reports.document import Progress
from worker.reports.document import Report as Errand

__all__ = ["ERRANDS", "TURNS", "Errand"]

Turn = Callable[[Mapping[str, Any], Actor, Progress], bool]
"""Does some of an errand; tells whether there is more."""

ERRANDS: dict[str, Errand] = {
    PREPARE: settlement.prepare,
    POST: settlement.post,
    MEMBER_CREDIT: member_credit.credit,
    ALLOCATION_RUN: surplus.measure,
    ALLOCATION_POST: surplus.post,
    TABLE_TAKE: table_take.take,
}
TURNS: dict[str, Turn] = {MEMBER_CREDIT: member_credit.some, TABLE_TAKE: table_take.some}
