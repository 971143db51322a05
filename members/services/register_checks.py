"""Do the registers say what the dated facts say? Read-only, for `sunruam verify`.

What must stay true: what a row sums up is worked out anew from the facts, and a check that fails
names the first row at fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.db import db
from core.findings import Finding
from members.models import Member, Producer, StandingFact
from members.rules import standing as rules
from members.rules.standing import Happening


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield whether everybody's facts fit together, and the rows say what they yield."""
    of_members = _facts(centre_id, StandingFact.member_id)
    of_producers = _facts(centre_id, StandingFact.producer_id)
    for what, facts in (("member", of_members), ("producer", of_producers)):
        wrong = [one for one, some in facts.items() if rules.first_idle(some) is not None]
        yield _finding(f"facts of {what}s fit together", centre_id, len(facts), wrong, what)
    rows = db.session.execute(
        select(Member.id, Member.joined_on, Member.resigned_on).where(Member.centre_id == centre_id)
    )
    days = {one: (joined_on, resigned_on) for one, joined_on, resigned_on in rows}
    wrong = [one for one, said in days.items() if said != _days(of_members.get(one, []))]
    yield _finding("members joined and left as facts say", centre_id, len(days), wrong, "member")
    told = db.session.execute(
        select(Producer.id, Producer.active).where(Producer.centre_id == centre_id)
    )
    ticks = {one: active for one, active in told}
    wrong = [
        one for one, tick in ticks.items() if tick != rules.delivers(of_producers.get(one, []))
    ]
    yield _finding("producers deliver as facts say", centre_id, len(ticks), wrong, "producer")


def _facts(centre_id: int, owner: Any) -> Mapping[UUID, list[Happening]]:
    rows = db.session.execute(
        select(owner, StandingFact.kind, StandingFact.on_date)
        .where(
            StandingFact.centre_id == centre_id,
            owner.is_not(None),
            StandingFact.withdrawn_at.is_(None),
        )
        .order_by(owner)
    )
    return {
        one: [Happening(kind, day) for _, kind, day in some]
        for one, some in groupby(rows, lambda row: row[0])
    }


def _days(facts: list[Happening]) -> Any:
    found = rules.summary(facts)
    return (found.joined_on, found.ended_on) if found else None


def _finding(check: str, centre_id: int, all_of_them: int, wrong: list[UUID], what: str) -> Finding:
    first = min(wrong, key=str) if wrong else ""
    return Finding(
        check,
        centre_id,
        not wrong,
        expected=all_of_them,
        actual=all_of_them - len(wrong),
        document_type=what if wrong else "",
        document_id=first,
    )
