"""What is to be paid for purchases, by the day it is due; and a supplier's statement.

What must stay true: what is open of each document, less the credits not yet used, adds up to what
is owed on 2110: `verify` sets both beside each other. Consigned goods are no purchases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought
from inventory.rules.buying import week_of
from inventory.rules.payouts import DueLine
from inventory.services import payables, producer_documents
from inventory.services.buying import suppliers
from inventory.services.buying.suppliers import SupplierDoc
from members.services import access, producers
from members.services.producers import ProducerCard

EDGES = (0, 30, 60)
"""The last day, in days past due, of each part of the ageing but the last."""
WEEKS = 8


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """What is open of one document; a credit counts below zero. `days` past due, below 0 before."""

    producer: ProducerCard
    line: DueLine
    days: int

    @property
    def open_satang(self) -> int:
        return self.line.sign * self.line.left_satang


@dataclass(frozen=True, slots=True)
class Ageing:
    """What is open by how long it has been due, and the credits that can be taken off."""

    not_due_satang: int = 0
    to_30_satang: int = 0
    to_60_satang: int = 0
    older_satang: int = 0
    credit_satang: int = 0

    @property
    def total_satang(self) -> int:
        """What is owed in all, credits taken off: the account 2110."""
        owed = self.not_due_satang + self.to_30_satang + self.to_60_satang + self.older_satang
        return owed - self.credit_satang


@dataclass(frozen=True, slots=True)
class Week:
    """What falls due in a week; the first also holds all that is overdue."""

    monday: date
    satang: int
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class DueList:
    """A page of open documents, the longest due first, and what all of them come to."""

    page: Page[OpenDocument]
    ageing: Ageing
    weeks: tuple[Week, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What one supplier is owed now, and how it came to be."""

    supplier: SupplierDoc
    open: tuple[OpenDocument, ...]
    ageing: Ageing
    rows: Page[producer_documents.AccountRow]
    balance_satang: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents a list shows: of a name or number that holds `text`; only those past due."""

    text: str = ""
    past: bool = False

    def shows(self, one: OpenDocument) -> bool:
        """Tell whether a document is among them."""
        if self.past and (one.days <= 0 or one.line.sign < 0):
            return False
        words = (one.producer.name, one.producer.producer_no, one.line.number)
        return any(self.text.casefold() in word.casefold() for word in words)


def listing(actor: Actor, window: Window, wanted: Wanted | None = None) -> DueList:
    """Return what is to be paid for purchases, the longest due first; raises Forbidden."""
    found = everybody(actor, wanted)
    page = page_of(_behind(found, window), window, _place)
    return DueList(page, ageing(found), weeks(found, clock.today()), len(found))


def everybody(actor: Actor, wanted: Wanted | None = None) -> list[OpenDocument]:
    """Return all that is wanted, for a file; raises Forbidden."""
    access.require(actor, "payout.read")
    shown = wanted or Wanted()
    return [one for one in everything(actor.centre_id) if shown.shows(one)]


def statement(
    producer_id: UUID, actor: Actor, window: Window, sought: Sought = NOTHING
) -> Statement:
    """Return a supplier's open documents and every document behind them; raises Forbidden."""
    access.require(actor, "payout.read")
    supplier = suppliers.of(actor.centre_id, producer_id)
    found = everything(actor.centre_id, producer_id)
    wanted = producer_documents.Wanted(since=sought.first, until=sought.last)
    rows = producer_documents.rows(actor, window, wanted, producer_id)
    balance = -ledger.balance(actor.centre_id, Purpose.PAYABLE_OUTRIGHT, producer_id=producer_id)
    return Statement(supplier, tuple(found), ageing(found), rows, balance)


def everything(centre_id: int, producer_id: UUID | None = None) -> list[OpenDocument]:
    """Return every open purchase and unused credit, the longest due first."""
    whose = None if producer_id is None else [producer_id]
    dues = payables.purchases(centre_id, whose)
    cards = producers.names(centre_id, set(dues))
    today = clock.today()
    found = [
        OpenDocument(cards[one], line, (today - line.due).days)
        for one, lines in dues.items()
        for line in lines
    ]
    return sorted(found, key=_order)


def ageing(found: Iterable[OpenDocument]) -> Ageing:
    """Add open documents up by how long they have been due."""
    parts = [0, 0, 0, 0]
    credit = 0
    for one in found:
        if one.line.sign < 0:
            credit += one.line.left_satang
        else:
            parts[sum(one.days > edge for edge in EDGES)] += one.line.left_satang
    return Ageing(parts[0], parts[1], parts[2], parts[3], credit)


def weeks(found: Iterable[OpenDocument], today: date) -> tuple[Week, ...]:
    """Return what falls due in each of the coming weeks; what is overdue stands before them."""
    first = week_of(today)
    sums = dict.fromkeys((first + timedelta(weeks=n) for n in range(WEEKS)), 0)
    overdue = 0
    for one in found:
        if one.line.sign < 0:
            continue
        if one.days > 0:
            overdue += one.line.left_satang
        elif (monday := week_of(one.line.due)) in sums:
            sums[monday] += one.line.left_satang
    coming = tuple(Week(monday, satang) for monday, satang in sums.items())
    return (Week(first, overdue, overdue=True), *coming) if overdue else coming


def _order(one: OpenDocument) -> tuple[date, str, str]:
    return one.line.due, one.line.number, str(one.line.document_id)


def _place(one: OpenDocument) -> str:
    return f"{one.line.due.isoformat()}_{one.line.number}_{one.line.document_id}"


def _behind(found: list[OpenDocument], window: Window) -> list[OpenDocument]:
    """Return what comes after the last page; a place that isn't ours begins anew."""
    day, _, rest = (window.after or "").partition("_")
    number, _, document = rest.rpartition("_")
    try:
        place = (date.fromisoformat(day), number, str(uuid_or_none(document)))
    except ValueError:
        return found[: window.limit + 1]
    return [one for one in found if _order(one) > place][: window.limit + 1]
