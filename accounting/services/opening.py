"""What a centre had before its first day here: money in the safe and the bank.

What must stay true: the opening stands against the surplus brought forward and is posted like any
entry, so it can be reversed but never changed. No opening, of money or of the old books, is of a
day to come, or comes once a month is closed: one person alone posts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine, merge
from accounting.services import ledger
from accounting.services.closing import checklist
from accounting.services.ledger import EntryCard
from core import clock
from core.actor import Actor
from core.errors import N_, DifferentContent, DomainError
from core.ids import uuid7
from members.services import access

SOURCE = "opening"


class NothingToOpenWith(DomainError):
    """An opening with no money in it says nothing."""

    code, status, title = "nothing-to-open-with", 422, N_("There is no amount to post")
    detail = N_("Write what was in the safe or the bank.")


class OpeningInFuture(DomainError):
    """The opening day has not come yet."""

    code, status, title = "opening-in-future", 422, N_("The opening day is in the future")
    detail = N_("Choose today or a day before it.")


class OpeningAfterClose(DomainError):
    """A month of the books is closed, so the days before the first one are long past."""

    code, status, title = (
        "opening-after-close",
        409,
        N_("A month is closed already, so openings are over"),
    )
    detail = N_("Write a journal voucher, which a second person approves.")


@dataclass(frozen=True, slots=True)
class Opening:
    """The money counted on a day (today, unless told), by where it lay."""

    safe_satang: int = 0
    bank_satang: int = 0
    business_date: date | None = None
    memo: str = ""
    id: UUID | None = None


def post(command: Opening, actor: Actor) -> EntryCard:
    """Post an opening; the same id again returns its entry, with other content it is refused.

    Raises Forbidden, NothingToOpenWith, DifferentContent, OpeningInFuture, OpeningAfterClose,
    PeriodClosed.
    """
    return post_once(command, actor)[0]


def post_once(command: Opening, actor: Actor) -> tuple[EntryCard, bool]:
    """Post an opening; return its entry, and whether it is new."""
    access.require(actor, "opening.post")
    identity = command.id or uuid7()
    lines = _lines(command)
    if not lines:
        raise NothingToOpenWith
    earlier = ledger.entry_of(actor.centre_id, SOURCE, identity)
    if earlier:
        _require_same(earlier[0], command, actor)
        return earlier[0], False
    moment = clock.now()
    day = command.business_date or clock.business_date(moment)
    require_may_be_on(actor.centre_id, day, "business_date")
    posted = ledger.post(
        NewEntry(
            kind=SOURCE,
            source_type=SOURCE,
            source_id=identity,
            business_date=day,
            occurred_at=moment,
            lines=lines,
            memo=command.memo,
        ),
        actor,
    )
    card = ledger.find(actor.centre_id, posted.id)
    assert card is not None
    return card, True


def require_may_be_on(centre_id: int, day: date, field: str) -> None:
    """Raise OpeningInFuture (naming `field`) or OpeningAfterClose when no opening may be on a day.

    Opening the closed months again lets openings in again.
    """
    if day > clock.today():
        raise OpeningInFuture(field=field)
    if "closed" in checklist.states(centre_id).values():
        raise OpeningAfterClose


def _lines(command: Opening) -> tuple[NewLine, ...]:
    return merge(
        (
            NewLine(Purpose.CASH_SAFE, debit=command.safe_satang),
            NewLine(Purpose.BANK, debit=command.bank_satang),
            NewLine(Purpose.BROUGHT_FORWARD, credit=command.safe_satang + command.bank_satang),
        )
    )


def _require_same(earlier: EntryCard, command: Opening, actor: Actor) -> None:
    posted = {
        line.purpose: line.debit - line.credit
        for line in ledger.lines_of(actor.centre_id, earlier.id)
    }
    differs = {
        "safe_satang": posted.get(Purpose.CASH_SAFE, 0) != command.safe_satang,
        "bank_satang": posted.get(Purpose.BANK, 0) != command.bank_satang,
        "business_date": command.business_date not in (None, earlier.business_date),
        "memo": earlier.memo != command.memo,
    }
    if any(differs.values()):
        raise DifferentContent(differs=sorted(name for name in differs if differs[name]))
