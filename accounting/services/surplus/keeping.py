"""The share register and its caps, as what a resolution keeps as shares is judged by them.

What must stay true: the rules are those of the day of the meeting, from which the shares count; the
register is everything entered so far, whatever its day, as everywhere shares are judged.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from accounting.models import MemberRunItem
from accounting.rules.surplus.keeping import ShareBook, above
from accounting.services.shares import register
from accounting.services.shares import rules as share_rules
from accounting.services.surplus.runs import AllocationFacts
from core import clock
from core.actor import Actor
from core.db import db
from members.services import standing


def book_for(asked: AllocationFacts, actor: Actor) -> ShareBook | None:
    """Return what is judged by before anything is kept; None where nothing is kept."""
    if not asked.retained_basis_points:
        return None
    states = standing.on(actor.centre_id, clock.today())
    return ShareBook(
        held=register.balances(actor.centre_id),
        members=frozenset(one for one, at in states.items() if at.is_member),
        rules=share_rules.on(actor, asked.resolved_on),
    )


def unfit(asked: AllocationFacts, run_id: UUID, actor: Actor) -> list[UUID]:
    """Return those who can no longer be given the shares a run keeps for them, by number.

    Somebody else's shares were given back since, so that the part is passed; the rules were
    changed; or who was to have them is no longer a member.
    """
    book = book_for(asked, actor)
    if book is None:
        return []
    rows = db.session.execute(
        select(MemberRunItem.member_id, MemberRunItem.retained_satang)
        .where(
            MemberRunItem.centre_id == actor.centre_id,
            MemberRunItem.run_id == run_id,
            MemberRunItem.retained_satang > 0,
        )
        .order_by(MemberRunItem.member_no, MemberRunItem.member_id)
    )
    kept: dict[UUID, int] = {member_id: satang for member_id, satang in rows}
    high = set(above(book.rules, book.held, kept))
    return [one for one in kept if one in high or one not in book.members]
