"""What nobody fetched: how long it has been due, and after years by rule, to the legal reserve.

What must stay true: two people send it there, on a list that is still true when the second one
approves; one entry takes it off each member; the list as a whole can be taken back with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import (
    SurplusAllocation,
    UnclaimedLine,
    UnclaimedOutcome,
    UnclaimedRule,
    UnclaimedTaking,
)
from accounting.rules import unclaimed as rules
from accounting.rules.entry import NewEntry, flipped
from accounting.rules.member_payments import PaidItem, reserve_lines
from accounting.services import ledger
from accounting.services.meetings import resolutions
from accounting.services.member_payments import due, paying
from accounting.services.member_payments.due import DueItem
from accounting.services.member_payments.unclaimed_lists import Taking, get, listing, of_centre
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.errors import N_, DifferentContent, DomainError
from core.numbering import buddhist_year, next_numbers
from members.services import access

__all__ = [
    "BackNeedsReason",
    "ListChanged",
    "ListDecided",
    "NothingUnclaimed",
    "RuleDayTaken",
    "SamePersonTakes",
    "Taking",
    "approve",
    "get",
    "listing",
    "prepare",
    "reverse",
    "ripe",
    "set_rule",
    "withdraw",
    "years_on",
]

SOURCE, BACK = "unclaimed_taking", "unclaimed_back"
MOVE_BACK = "unclaimed_reversal"


class NothingUnclaimed(DomainError):
    """Nothing has been due as long as the rule says."""

    code, status, title = "nothing-unclaimed", 409, N_("Nothing is old enough to go to reserve")
    detail = N_("Only what has been due longer than the rule's years is listed.")


class ListChanged(DomainError):
    """Something on the list was paid, or waits at the bank, since it was made."""

    code, status, title = "unclaimed-changed", 409, N_("The list is no longer true")
    detail = N_("%(count)s of its amounts were paid meanwhile. Withdraw it and make a new one.")


class ListDecided(DomainError):
    """The list was approved or withdrawn before."""

    code, status, title = "unclaimed-decided", 409, N_("This list was decided")
    detail = N_("Open it to see what came of it.")


class SamePersonTakes(DomainError):
    """Whoever made the list can't approve it."""

    code, status, title = "unclaimed-same-person", 409, N_("Another person must approve this")
    detail = N_("You prepared it. Ask a colleague.")


class BackNeedsReason(DomainError):
    """A list is taken back for a reason."""

    code, status, title = "unclaimed-reason", 422, N_("The reason is missing")
    detail = N_("Write in a few words why it comes back.")


class RuleDayTaken(DomainError):
    """Another rule begins on that day."""

    code, status, title = "unclaimed-rule-taken", 409, N_("Another rule begins on this day")
    detail = N_("Choose another day; earlier rules stay as they were.")


# --- the rule --------------------------------------------------------------------------------


def years_on(centre_id: int, day: date) -> int:
    """Return after how many years the centre's rule of a day sends amounts to reserve."""
    years = db.session.scalar(
        select(UnclaimedRule.years)
        .where(UnclaimedRule.centre_id == centre_id, UnclaimedRule.valid_from <= day)
        .order_by(UnclaimedRule.valid_from.desc())
        .limit(1)
    )
    return rules.YEARS if years is None else years


def set_rule(
    rule_id: UUID, valid_from: date, years: int, resolution_id: UUID, actor: Actor
) -> None:
    """Set the rule from a day on by resolution; again changes nothing.

    Raises RuleDayTaken, DifferentContent, NoSuchResolution, Forbidden.
    """
    access.require(actor, "surplus_rule.change")
    serialise_on(rule_id)
    known = db.session.get(UnclaimedRule, (actor.centre_id, rule_id))
    if known is not None:
        if (known.valid_from, known.years, known.resolution_id) != (
            valid_from,
            years,
            resolution_id,
        ):
            raise DifferentContent(id=str(rule_id))
        return
    resolutions.require_held(actor.centre_id, resolution_id)
    taken = select(UnclaimedRule.id).where(
        UnclaimedRule.centre_id == actor.centre_id, UnclaimedRule.valid_from == valid_from
    )
    if db.session.execute(taken).first():
        raise RuleDayTaken(field="valid_from")
    db.session.execute(
        insert(UnclaimedRule).values(
            centre_id=actor.centre_id,
            id=rule_id,
            valid_from=valid_from,
            years=years,
            resolution_id=resolution_id,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(actor, "unclaimed_rule.set", "unclaimed_rule", rule_id, years=years)


def _years_of(centre_id: int, items: list[DueItem]) -> Mapping[UUID, int]:
    """Return each allocation's years: its own when the meeting gave them, else the rule's."""
    ids = {item.allocation_id for item in items}
    rows = db.session.execute(
        select(SurplusAllocation.id, SurplusAllocation.rules).where(
            SurplusAllocation.centre_id == centre_id, SurplusAllocation.id.in_(ids)
        )
    )
    usual = years_on(centre_id, clock.today())
    return {one: rules.years_of(content, usual) for one, content in rows}


# --- what is old enough ----------------------------------------------------------------------


def ripe(actor: Actor) -> list[DueItem]:
    """Return what has been due longer than the rule's years; raise Forbidden."""
    access.require(actor, "member_payment.read")
    return _ripe(actor.centre_id)


def _ripe(centre_id: int) -> list[DueItem]:
    items = due.items(centre_id)
    years = _years_of(centre_id, items)
    at_bank = due.waiting(centre_id)
    today = clock.today()
    return [
        item
        for item in items
        if rules.is_unclaimed(item.due_since, years[item.allocation_id], today)
        and item.member_id not in at_bank
    ]


# --- deciding --------------------------------------------------------------------------------


def prepare(taking_id: UUID, actor: Actor) -> Taking:
    """List what is old enough to go to reserve; the same id again returns the list.

    Raises NothingUnclaimed, SamePersonTakes (nobody's list), Forbidden.
    """
    access.require(actor, "member_payment.record")
    serialise_on(taking_id)
    if db.session.get(UnclaimedTaking, (actor.centre_id, taking_id)) is not None:
        return of_centre(actor.centre_id, taking_id)
    if actor.user_id is None:
        raise SamePersonTakes
    items = _ripe(actor.centre_id)
    if not items:
        raise NothingUnclaimed
    now = clock.now()
    day = clock.business_date(now)
    year = buddhist_year(day)
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(UnclaimedTaking).values(
            centre_id=actor.centre_id,
            id=taking_id,
            taking_no=f"UC-{year}-{number:05d}",
            prepared_on=day,
            dividend_satang=sum(item.dividend_satang for item in items),
            patronage_satang=sum(item.patronage_satang for item in items),
            prepared_by=actor.user_id,
            prepared_name=actor.name,
            prepared_at=now,
        )
    )
    rows = [
        {
            "centre_id": actor.centre_id,
            "taking_id": taking_id,
            "run_id": item.run_id,
            "member_id": item.member_id,
            "due_since": item.due_since,
            "dividend_satang": item.dividend_satang,
            "patronage_satang": item.patronage_satang,
        }
        for item in items
    ]
    insert_rows(UnclaimedLine, rows)
    return of_centre(actor.centre_id, taking_id)


def approve(taking_id: UUID, actor: Actor) -> Taking:
    """Approve a list as the second person and post it; again changes nothing.

    Raises ListDecided, SamePersonTakes, ListChanged, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "surplus.approve")
    serialise_on(taking_id)
    taking = of_centre(actor.centre_id, taking_id)
    if taking.outcome == "approved":
        return taking
    if taking.outcome:
        raise ListDecided
    if actor.user_id is None or actor.user_id == taking.prepared_by:
        raise SamePersonTakes
    items = _items(taking)
    paying.hold(actor.centre_id, {item.run_id for item in items})
    still, at_bank = due.unpaid(actor.centre_id), due.waiting(actor.centre_id)
    changed = sum(
        still.get(item.key) != (item.dividend_satang, item.patronage_satang)
        or item.member_id in at_bank
        for item in items
    )
    if changed:
        raise ListChanged(count=changed)
    now = clock.now()
    _decide(taking, "approved", "", now, actor)
    paying.insert_moves(actor.centre_id, SOURCE, taking.id, items, clock.business_date(now))
    _post(taking, SOURCE, now, actor)
    return of_centre(actor.centre_id, taking_id)


def withdraw(taking_id: UUID, actor: Actor) -> Taking:
    """Withdraw a list that waits; again changes nothing. Raises ListDecided, NotFound."""
    access.require(actor, "member_payment.record")
    serialise_on(taking_id)
    taking = of_centre(actor.centre_id, taking_id)
    if taking.outcome == "withdrawn":
        return taking
    if taking.outcome:
        raise ListDecided
    _decide(taking, "withdrawn", "", clock.now(), actor)
    return of_centre(actor.centre_id, taking_id)


def reverse(taking_id: UUID, reason: str, actor: Actor) -> Taking:
    """Take a list back out of reserve as a whole: its amounts are due again.

    Raises ListDecided, BackNeedsReason, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "surplus.approve")
    serialise_on(taking_id)
    taking = of_centre(actor.centre_id, taking_id)
    if taking.outcome == "reversed":
        return taking
    if taking.outcome != "approved":
        raise ListDecided
    if not reason.strip():
        raise BackNeedsReason(field="reason")
    items = _items(taking)
    paying.hold(actor.centre_id, {item.run_id for item in items})
    now = clock.now()
    _decide(taking, "reversed", reason.strip(), now, actor)
    back = [item.given_back() for item in items]
    paying.insert_moves(actor.centre_id, MOVE_BACK, taking.id, back, clock.business_date(now))
    _post(taking, BACK, now, actor)
    return of_centre(actor.centre_id, taking_id)


def _items(taking: Taking) -> list[PaidItem]:
    return [
        PaidItem(line.run_id, line.member.id, line.dividend_satang, line.patronage_satang)
        for line in taking.lines
    ]


def _decide(taking: Taking, kind: str, reason: str, now: datetime, actor: Actor) -> None:
    db.session.execute(
        insert(UnclaimedOutcome).values(
            centre_id=actor.centre_id,
            taking_id=taking.id,
            kind=kind,
            reason=reason,
            business_date=clock.business_date(now),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            recorded_at=now,
        )
    )
    audit.record(actor, f"unclaimed.{kind}", SOURCE, taking.id, number=taking.taking_no)


def _post(taking: Taking, kind: str, now: datetime, actor: Actor) -> None:
    lines = reserve_lines(_items(taking))
    ledger.post(
        NewEntry(
            kind=kind,
            source_type=SOURCE,
            source_id=taking.id,
            business_date=clock.business_date(now),
            occurred_at=now,
            lines=flipped(lines) if kind == BACK else lines,
            memo=taking.taking_no,
        ),
        actor,
    )
