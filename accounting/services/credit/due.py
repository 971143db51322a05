"""Who owes what, and for how long: the list to work through, and what a member is told.

What must stay true: a member's sum is the ledger's; bills by age and what is owed beyond bills add
up to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from accounting.models import CreditAccount
from accounting.rules.chart import Purpose
from accounting.services import ledger
from accounting.services.credit import bills
from accounting.services.credit.bills import Bill
from core import clock
from core.actor import Actor
from core.db import db
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, holds
from members.services import access, members
from members.services.members import MemberCard


@dataclass(frozen=True, slots=True)
class Debtor:
    """A member with what is owed, by age; `older_satang` came before there were bills."""

    member: MemberCard
    state: str
    limit_satang: int
    owed_satang: int
    older_satang: int
    ages: dict[str, int]
    oldest_due: date | None
    bills: tuple[Bill, ...]

    @property
    def overdue_satang(self) -> int:
        """What of the bills is past its day."""
        return sum(satang for age, satang in self.ages.items() if age != "not_due")


def everybody(actor: Actor, *, only_overdue: bool = False) -> list[Debtor]:
    """Return members with an account or a debt, by number. Raises Forbidden."""
    access.require(actor, "credit.read")
    centre_id, today = actor.centre_id, clock.today()
    owed = ledger.sub_ledger(centre_id, Purpose.MEMBER_RECEIVABLE, "member")
    terms = {
        row.member_id: row
        for row in db.session.execute(
            select(CreditAccount.member_id, CreditAccount.state, CreditAccount.limit_satang).where(
                CreditAccount.centre_id == centre_id
            )
        )
    }
    by_member: dict[UUID, list[Bill]] = {}
    for bill in bills.listing(centre_id, numbered=False):
        by_member.setdefault(bill.member_id, []).append(bill)
    people = members.names(centre_id, {*owed, *terms})
    found = []
    for one, card in people.items():
        mine = by_member.get(one, [])
        known = terms.get(one)
        if (known is None or known.state == "closed") and not owed.get(one):
            continue
        found.append(
            Debtor(
                card,
                known.state if known else "",
                known.limit_satang if known else 0,
                owed.get(one, 0),
                owed.get(one, 0) - sum(bill.open_satang for bill in mine),
                bills.by_age(mine, today),
                min((bill.due_on for bill in mine), default=None),
                tuple(mine),
            )
        )
    if only_overdue:
        found = [one for one in found if one.overdue_satang]
    return sorted(found, key=lambda one: one.member.member_no)


def listing(rows: list[Debtor], window: Window, sought: Sought = NOTHING) -> Page[Debtor]:
    """Return a page of debtors; with words, of those whose number or name holds them."""
    rows = [
        one
        for one in rows
        if holds(sought, one.member.member_no, one.member.name, one.member.nickname)
    ]
    if window.after:
        rows = [one for one in rows if one.member.member_no > window.after]
    return page_of(rows[: window.limit + 1], window, lambda one: one.member.member_no)


def ages(rows: list[Debtor]) -> dict[str, int]:
    """Return what all of them owe by age, what is beyond bills under the oldest."""
    sums = bills.by_age([bill for one in rows for bill in one.bills], clock.today())
    sums["older"] += sum(one.older_satang for one in rows)
    return sums
