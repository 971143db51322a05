"""Ask the worker to credit many members, or to draw everybody's statement.

What must stay true: the right is asked for here and again when the worker acts; asking changes
nothing but the queue, and the same order asked for twice credits nobody twice.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from accounting.models import MemberRunItem
from accounting.rules import member_payments as rules
from accounting.rules.member_payment_tasks import MEMBER_CREDIT, MEMBER_STATEMENTS
from accounting.services.member_payments.bulk import CreditMany
from accounting.services.surplus import allocations, runs
from core import clock, jobs
from core.actor import Actor
from core.db import db
from members.services import access


def ask_credit(command: CreditMany, actor: Actor) -> UUID:
    """Queue an order to credit members; the same order again finds the first job.

    Raises NotFromThatPlace, TooManyJobs, Forbidden.
    """
    access.require(actor, "member_payment.record")
    if command.way not in rules.CREDITS:
        raise rules.NotFromThatPlace(field="way")
    known = jobs.last_asked(actor.centre_id, MEMBER_CREDIT, "order_id", str(command.id))
    if known is not None:
        return known.id
    params = {
        "order_id": str(command.id),
        "way": command.way,
        "subject": clock.today().isoformat(),
        "locale": actor.locale,
    }
    return jobs.request(actor, MEMBER_CREDIT, params)


def ask_statements(allocation_id: UUID, actor: Actor) -> UUID:
    """Queue the drawing of every member's statement of an allocation; asked again while it is
    being drawn, it is the same job. Raises NotFound, TooManyJobs, Forbidden.
    """
    access.require(actor, "member_payment.read")
    card = allocations.card(allocation_id, actor)
    run = runs.card(allocation_id, actor)
    known = jobs.last_asked(actor.centre_id, MEMBER_STATEMENTS, "allocation_id", str(allocation_id))
    if known is not None and not known.finished:
        return known.id
    count = db.session.scalar(
        select(func.count()).where(
            MemberRunItem.centre_id == actor.centre_id, MemberRunItem.run_id == run.id
        )
    )
    params = {
        "allocation_id": str(allocation_id),
        "count": str(count),
        "subject": card.allocation_no,
        "locale": actor.locale,
    }
    return jobs.request(actor, MEMBER_STATEMENTS, params)
