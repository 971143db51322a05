"""Money carried between the safe and the bank, or from one bank account to another.

What must stay true: it is posted like any entry and counts as on its way until a line of a
statement answers it; the safe never gives more than it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import chart, ledger
from accounting.services.bank import accounts, files
from accounting.services.chart import AccountCard
from accounting.services.ledger import EntryCard
from core import clock
from core.actor import Actor
from core.errors import N_, DifferentContent, DomainError, NotFound
from members.services import access

SOURCE = "bank_deposit"


class SamePlace(DomainError):
    """Money carried to where it was."""

    code, status, title = "bank-same-place", 422, N_("The money is there already")
    detail = N_("Choose two different places.")


class SafeShort(DomainError):
    """The safe holds less than is taken out."""

    code, status, title = "safe-short", 409, N_("The safe holds less than that")
    detail = N_("The books have %(holds_satang)s baht in the safe. Count it first.")


class NotYet(DomainError):
    """A day that hasn't come."""

    code, status, title = "day-not-come", 422, N_("That day has not come yet")
    detail = N_("Write today or an earlier day.")


@dataclass(frozen=True, slots=True)
class MoveMoney:
    """Money carried from one account to another on a day (today unless told)."""

    id: UUID
    from_id: UUID
    to_id: UUID
    amount_satang: int
    day: date | None = None
    memo: str = ""


def places(centre_id: int) -> tuple[AccountCard, ...]:
    """Return the accounts money is carried between: the safe, and every bank account."""
    return (chart.account_for(centre_id, Purpose.CASH_SAFE), *accounts.cards(centre_id))


def move(command: MoveMoney, actor: Actor) -> EntryCard:
    """Post it; the same id again returns its entry, with other content it is refused.

    Raises SamePlace, SafeShort, NotYet, DifferentContent, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "bank.change")
    centre_id = actor.centre_id
    files.one_at_a_time(centre_id)
    known = {card.id: card for card in places(centre_id)}
    if command.from_id not in known or command.to_id not in known:
        raise NotFound(what="account")
    if command.from_id == command.to_id:
        raise SamePlace(field="to_id")
    day = command.day or clock.today()
    earlier = ledger.entry_of(centre_id, SOURCE, command.id)
    if earlier:
        _require_same(earlier[0], command, known, actor)
        return earlier[0]
    if day > clock.today():
        raise NotYet(field="day")
    _require_held(known[command.from_id], command.amount_satang, centre_id)
    posted = ledger.post(
        NewEntry(
            kind=SOURCE,
            source_type=SOURCE,
            source_id=command.id,
            business_date=day,
            occurred_at=clock.now(),
            lines=_sides(command, known),
            memo=command.memo,
        ),
        actor,
    )
    card = ledger.find(centre_id, posted.id)
    assert card is not None
    return card


def _require_held(account: AccountCard, amount: int, centre_id: int) -> None:
    if account.purpose == Purpose.CASH_SAFE:
        holds = ledger.balance(centre_id, Purpose.CASH_SAFE)
        if holds < amount:
            raise SafeShort(holds_satang=holds, field="amount")


def _sides(command: MoveMoney, known: dict[UUID, AccountCard]) -> tuple[NewLine, NewLine]:
    amount = command.amount_satang
    return (
        _line(known[command.to_id], debit=amount),
        _line(known[command.from_id], credit=amount),
    )


def _line(account: AccountCard, debit: int = 0, credit: int = 0) -> NewLine:
    if account.purpose:
        return NewLine(Purpose(account.purpose), debit=debit, credit=credit)
    return NewLine(account_id=account.id, debit=debit, credit=credit)


def _require_same(
    earlier: EntryCard, command: MoveMoney, known: dict[UUID, AccountCard], actor: Actor
) -> None:
    same_lines = tuple(ledger.lines_of(actor.centre_id, earlier.id)) == _sides(command, known)
    differs = {
        "amount": not same_lines,
        "day": command.day not in (None, earlier.business_date),
        "memo": earlier.memo != command.memo,
    }
    if any(differs.values()):
        raise DifferentContent(differs=sorted(name for name in differs if differs[name]))
