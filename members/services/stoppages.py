"""When producers were in no good standing, for rooms that count what they delivered.

What must stay true: the answer follows from the facts that stand now; what was brought on the very
day of a stop was brought before it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from members.models import StandingFact
from members.rules.standing import ENDED, SUSPENDED
from members.services.access import AnySelect


def of_producers(centre_id: int) -> AnySelect:
    """Select producer, since and until: from the day after the one until the day before the other
    they delivered in no good standing (no `until`: to this day). For rooms that count deliveries.
    """
    back = aliased(StandingFact)
    later = or_(
        back.on_date > StandingFact.on_date,
        # On one day a suspension comes before its end, and a joining before leaving.
        and_(
            back.on_date == StandingFact.on_date,
            back.kind == "reinstated",
            StandingFact.kind == SUSPENDED,
        ),
    )
    until = (
        select(func.min(back.on_date))
        .where(
            back.centre_id == StandingFact.centre_id,
            back.producer_id == StandingFact.producer_id,
            back.withdrawn_at.is_(None),
            back.kind.not_in(ENDED),
            later,
        )
        .scalar_subquery()
    )
    return select(
        StandingFact.producer_id, StandingFact.on_date.label("since"), until.label("until")
    ).where(
        StandingFact.centre_id == centre_id,
        StandingFact.producer_id.is_not(None),
        StandingFact.withdrawn_at.is_(None),
        StandingFact.kind.in_(ENDED),
    )


def changes_since(centre_id: int, moment: datetime) -> AnySelect:
    """Select producer and day of what was recorded or withdrawn since a moment, of those who were
    ever stopped: from that day on their deliveries may count, or not count, other than before.
    """
    stop = aliased(StandingFact)
    ever_stopped = exists().where(
        stop.centre_id == StandingFact.centre_id,
        stop.producer_id == StandingFact.producer_id,
        stop.kind.in_(ENDED),
    )
    return select(StandingFact.producer_id, StandingFact.on_date).where(
        StandingFact.centre_id == centre_id,
        StandingFact.producer_id.is_not(None),
        or_(StandingFact.recorded_at > moment, StandingFact.withdrawn_at > moment),
        ever_stopped,
    )
