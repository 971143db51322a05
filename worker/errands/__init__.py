"""Errands the worker runs for somebody: it acts, in one transaction, and its file tells what came.

What must stay true: `ERRANDS` has exactly the tasks that act; an errand is called inside the
transaction that also stores its file, and its service does nothing twice.
"""

from __future__ import annotations

from accounting.rules.member_payment_tasks import MEMBER_CREDIT
from accounting.rules.surplus_tasks import ALLOCATION_POST, ALLOCATION_RUN
from inventory.rules.settlement_tasks import POST, PREPARE
from worker.errands import member_credit, settlement, surplus
from worker.reports.document import Report as Errand

__all__ = ["ERRANDS", "Errand"]

ERRANDS: dict[str, Errand] = {
    PREPARE: settlement.prepare,
    POST: settlement.post,
    MEMBER_CREDIT: member_credit.credit,
    ALLOCATION_RUN: surplus.measure,
    ALLOCATION_POST: surplus.post,
}
