"""Take what was brought of the old books: people, goods and one entry, in one transaction.

What must stay true: it is taken only when all that was given comes out, to the satang, and once;
what producers were owed can be paid afterwards like anything else, what they owe is an advance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.periods import PeriodClosed, period_of
from accounting.services import ledger, opening, periods
from accounting.services.shares import crediting
from accounting.services.shares.crediting import ShareCredit
from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import digest_of
from core.errors import N_, DomainError
from core.ids import uuid7
from core.numbering import buddhist_year, next_block
from inventory.models import Advance, OpeningDue, OpeningImport, OpeningTaking
from inventory.rules.opening_balance import PRODUCERS_OWED, OutLine
from inventory.rules.opening_matching import Person, PersonMatch
from inventory.services.openings import goods, imports
from inventory.services.openings.imports import SOURCE, ImportDoc, NotOpen
from members.services import access, bringing
from members.services.bringing import Brought

DUE_OF = {"consignment": "consignment", "outright": "outright", "advances": "advance"}
"""Column of the producers' table → kind of what is due."""


class NotReconciled(DomainError):
    """What was given does not all come out, or a line is still a problem."""

    code, status, title = "not-reconciled", 409, N_("This import can't be taken yet")
    detail = N_("Totals in and totals out differ, or a line has a problem. The page says where.")


class NothingToTake(DomainError):
    """There is no line in any table."""

    code, status, title = "nothing-to-take", 409, N_("There is nothing in these tables")


@dataclass(frozen=True, slots=True)
class Whose:
    """A person of a register, found or just entered."""

    id: UUID
    member_id: UUID | None


Finder = Callable[[Person], Whose]


def take(import_id: UUID, actor: Actor) -> OpeningTaking:
    """Take an import; taking it again changes nothing and gives the same answer.

    Raises NotReconciled, NothingToTake, NotOpen, OpeningInFuture, OpeningAfterClose, PeriodClosed,
    NotFound, Forbidden, and what taking goods in under the terms of the day can raise.
    """
    access.require(actor, "opening.post")
    imports.serialise_on_centre(actor.centre_id)
    earlier = imports.taking_of(actor.centre_id, import_id)
    if earlier is not None:
        return earlier
    found = imports.existing_open(actor.centre_id, import_id)
    opening.require_may_be_on(actor.centre_id, found.opening_on, "opening_on")
    doc = imports.doc_of(found)
    if not doc.reconciliation.can_be_taken:
        raise NotReconciled
    if not any(read.lines for read in doc.reads.values()):
        raise NothingToTake
    producers, members, entered = _people(doc, found, actor)
    lots = goods.lay_down(doc.matches.stock, lambda person: producers(person).id, found, actor)
    lines = [_new_line(line, producers, members, lots) for line in doc.reconciliation.lines]
    _keep_month_open(found)
    entry_id = _post(found, lines, actor) if lines else None
    db.session.execute(
        insert(OpeningTaking).values(
            centre_id=actor.centre_id,
            import_id=import_id,
            entry_id=entry_id,
            business_date=found.opening_on,
            total_satang=doc.reconciliation.debit,
            people=entered,
            lots=len(lots),
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
        )
    )
    _leave_due(doc.matches.producers, producers, found, actor)
    _enter_shares(lines, found, actor)
    imports.mark_taken(found)
    taken = imports.taking_of(actor.centre_id, import_id)
    assert taken is not None
    return taken


def _people(doc: ImportDoc, found: OpeningImport, actor: Actor) -> tuple[Finder, Finder, int]:
    """Enter who is new; return how to find each producer and member, and how many are new."""

    def new(matches: Iterable[PersonMatch]) -> list[PersonMatch]:
        return [match for match in matches if match.person.id is None]

    delivering, joined = new(doc.matches.producers), new(doc.matches.members)
    producer_ids = bringing.enter_producers(_brought(delivering), found.opening_on, actor)
    member_ids = bringing.enter_members(_brought(joined), found.opening_on, actor)
    return (
        _finder(delivering, producer_ids),
        _finder(joined, member_ids),
        len(producer_ids) + len(member_ids),
    )


def _brought(matches: Iterable[PersonMatch]) -> list[Brought]:
    return [
        Brought(
            match.line.name,
            match.line.code,
            match.line.text.get("phone", ""),
            match.line.text.get("village", ""),
        )
        for match in matches
    ]


def _finder(new: Sequence[PersonMatch], ids: Sequence[UUID]) -> Finder:
    by_line = {match.line.number: one for match, one in zip(new, ids, strict=True)}

    def find(person: Person) -> Whose:
        if person.id is not None:
            return Whose(person.id, person.member_id)
        assert person.line is not None
        return Whose(by_line[person.line], None)

    return find


def _new_line(line: OutLine, producers: Finder, members: Finder, lots: dict[int, UUID]) -> NewLine:
    account = line.account
    keys: dict[str, Any] = {}
    if line.person is not None and line.table == "producers":
        whose = producers(line.person)
        keys = {"producer_id": whose.id, "member_id": whose.member_id}
    elif line.person is not None:
        keys = {"member_id": members(line.person).id}
    elif line.lot_line is not None:
        keys = {"lot_id": lots[line.lot_line]}
    return NewLine(
        Purpose(account.purpose) if account.purpose else None,
        debit=line.debit,
        credit=line.credit,
        account_id=None if account.purpose else account.id,
        fund_id=account.fund_id,
        memo=line.memo,
        **keys,
    )


def _keep_month_open(found: OpeningImport) -> None:
    """Raise PeriodClosed, or keep the month open until the end, also when no entry goes into it."""
    day = found.opening_on
    # Asked like a posting, which holds the month against its lock but not against other postings.
    if periods.posting_date(found.centre_id, day, may_be_late=True) != day:
        raise PeriodClosed(period_id=period_of(day))


def _post(found: OpeningImport, lines: Sequence[NewLine], actor: Actor) -> UUID:
    posted = ledger.post(
        NewEntry(
            kind=SOURCE,
            source_type=SOURCE,
            source_id=found.id,
            business_date=found.opening_on,
            occurred_at=clock.now(),
            lines=lines,
            memo=found.import_no,
        ),
        actor,
    )
    return posted.id


def _enter_shares(lines: Sequence[NewLine], found: OpeningImport, actor: Actor) -> None:
    """Enter what was posted to share capital in the register of shares."""
    credits_ = [
        ShareCredit(line.member_id, line.credit)
        for line in lines
        if line.purpose is Purpose.SHARE_CAPITAL and line.member_id is not None
    ]
    crediting.credit(
        credits_,
        on=found.opening_on,
        source_type=SOURCE,
        source_id=found.id,
        actor=actor,
        kind="opening",
    )


def _leave_due(
    matches: Iterable[PersonMatch], producers: Finder, found: OpeningImport, actor: Actor
) -> None:
    """Write what producers are owed, to be paid, and what they owe, to be netted."""
    dues: list[dict[str, Any]] = [
        {
            "centre_id": actor.centre_id,
            "id": uuid7(),
            "import_id": found.id,
            "producer_id": producers(match.person).id,
            "kind": DUE_OF[column],
            "amount_satang": match.line.amount(column),
            "business_date": found.opening_on,
        }
        for match in matches
        for column in PRODUCERS_OWED
        if match.line.amount(column)
    ]
    insert_rows(OpeningDue, dues)
    out = [due for due in dues if due["kind"] == "advance"]
    if not out:
        return
    year = buddhist_year(found.opening_on)
    numbers = next_block(actor.centre_id, "advance", year, len(out))
    content = {SOURCE: str(found.id)}
    insert_rows(
        Advance,
        [
            {
                "centre_id": actor.centre_id,
                "id": due["id"],
                "advance_no": f"AV-{year}-{number:05d}",
                "producer_id": due["producer_id"],
                "kind": "money",
                "paid_from": "opening",
                "till_id": None,
                "shift_id": None,
                "amount_satang": due["amount_satang"],
                "note": found.import_no,
                "business_date": found.opening_on,
                "recorded_at": clock.now(),
                "recorded_by": actor.user_id,
                "recorded_name": actor.name,
                "digest": digest_of(content),
                "content": content,
            }
            for number, due in zip(numbers, out, strict=True)
        ],
    )


__all__ = ["NotOpen", "NotReconciled", "NothingToTake", "take"]
