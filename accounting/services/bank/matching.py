"""Saying which bank lines are which lines of the books, and taking it back.

What must stay true: both sides of a match are equal, account by account; a transfer taken at the
counter becomes money in the bank by an entry on the bank line's day; what is undone frees both
sides and leaves its trace. Whoever matches waits for whoever is matching: a line is matched once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.models import BankMatch, BankMatchItem, BankMatchLine
from accounting.rules.bank_matching import Key
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import activities, book_settings, chart, ledger, periods
from accounting.services.bank import accounts, files, open_items
from accounting.services.bank.open_items import OpenItem, OpenLine
from accounting.services.chart import AccountCard
from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid7
from members.services import access

SOURCE, UNDONE = "bank_match", "bank_match_undone"
ENTRY_TYPES = ("income", "expense", "asset", "liability")


class MatchDiffers(DifferentContent):
    """The match's id came again with other content; the first one stands."""

    code, title = "bank-match-differs", N_("This match was already made with other content")


class LineMatched(DomainError):
    """A line of the statement or of the books stands in another match."""

    code, status, title = "bank-line-matched", 409, N_("This was matched already")
    detail = N_("Someone matched one of these lines before. Look at the list again.")


class NotEqual(DomainError):
    """Both sides of a match differ."""

    code, status, title = "bank-not-equal", 409, N_("The two sides are not equal")
    detail = N_(
        "The bank says %(lines_satang)s baht, what was chosen comes to %(items_satang)s baht. "
        "Choose other lines, or post the difference from a line of its own."
    )


class NothingToMatch(DomainError):
    """A match needs something on either side."""

    code, status, title = "bank-nothing-chosen", 422, N_("Nothing was chosen")
    detail = N_("Choose at least one line of the books.")


class NotForThis(DomainError):
    """The other account can't be posted to from a bank line."""

    code, status, title = "bank-not-for-this", 422, N_("This account can't be used here")
    detail = N_("Choose an account in use for income, costs or debts that has no list behind it.")


class ActivityNotForThis(DomainError):
    """No such activity in this centre, or it is out of use."""

    code, status = "bank-activity-not-for-this", 422
    title = N_("This activity can't be used here")
    detail = N_("Choose an activity from the list; those out of use take nothing new.")


class AboveLimit(DomainError):
    """The amount needs a second person, so a voucher."""

    code, status, title = "bank-above-limit", 409, N_("This amount needs a second person")
    detail = N_("Record it as a voucher, and match it here when it is approved.")


class NotUndone(DomainError):
    """What undoing left behind is not undone in its turn."""

    code, status, title = "bank-not-undone", 409, N_("This match can't be undone")
    detail = N_("It only says that an entry and its reversal cancel out.")


@dataclass(frozen=True, slots=True)
class MatchMoney:
    """Say that lines of a statement are lines of the books; without lines, that these cancel out.

    `day` is when a transfer counts as money in the bank: the bank's own day unless told.
    """

    id: UUID
    account_id: UUID
    line_ids: tuple[UUID, ...]
    items: tuple[Key, ...]
    how: str = "person"
    day: date | None = None


@dataclass(frozen=True, slots=True)
class EnterLine:
    """Post a bank line that has no document (a fee, interest) against an account."""

    id: UUID
    line_id: UUID
    account_id: UUID
    memo: str = ""
    activity_id: UUID | None = None
    day: date | None = None


# --- making ----------------------------------------------------------------------------------


def match(command: MatchMoney, actor: Actor) -> UUID:
    """Match; the same command again changes nothing.

    Raises MatchDiffers, LineMatched, NotEqual, NothingToMatch, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "bank.change")
    files.one_at_a_time(actor.centre_id)
    if _earlier(command.id, content_of(command), actor):
        return command.id
    account = accounts.card(actor.centre_id, command.account_id)
    lines = _lines(command.line_ids, account, actor)
    items = _items(command.items, account, actor)
    own = sum(item.amount_satang for item in items if item.account_id == account.id)
    awaited = sum(item.amount_satang for item in items) - own
    said = sum(line.amount_satang for line in lines)
    if own + awaited != said or (not lines and (own or awaited)):
        raise NotEqual(lines_satang=said, items_satang=own + awaited)
    keys = [item.key for item in items]
    entry_id = None
    if awaited:
        entry_id = _transfer(command, account, awaited, lines, actor)
        keys += [(entry_id, 1), (entry_id, 2)]
    kind = "contra" if not lines else "transfer" if entry_id else "direct"
    _write(
        command.id, account.id, kind, command.how, said, entry_id, command.line_ids, keys,
        content_of(command), actor,
    )  # fmt: skip
    return command.id


def enter(command: EnterLine, actor: Actor) -> UUID:
    """Post a bank line against an account and match it at once.

    Raises MatchDiffers, LineMatched, NotForThis, ActivityNotForThis, AboveLimit, PeriodClosed,
    NotFound, Forbidden.
    """
    access.require(actor, "bank.change")
    files.one_at_a_time(actor.centre_id)
    if _earlier(command.id, content_of(command), actor):
        return command.id
    found = open_items.lines_by_id(actor.centre_id, [command.line_id])
    if not found:
        raise NotFound(what="bank_line")
    account = accounts.card(actor.centre_id, found[0].account_id)
    [line] = _lines((command.line_id,), account, actor)
    other = chart.get(actor.centre_id, command.account_id)
    if other.money or other.control_key or not other.active or other.type not in ENTRY_TYPES:
        raise NotForThis(field="account_id")
    _require_activity(command.activity_id, actor)
    limit = book_settings.of(actor.centre_id).approval_limit_satang
    if abs(line.amount_satang) > limit:
        raise AboveLimit(limit_satang=limit)
    sides = _two_sides(account, other, line.amount_satang, command.activity_id)
    memo = command.memo or f"{line.reference} {line.description}".strip()
    entry_id = _post("bank_entry", command.id, command.day or line.day, sides, memo, actor)
    _write(
        command.id, account.id, "entry", "person", line.amount_satang, entry_id, (line.id,),
        [(entry_id, 1)], content_of(command), actor,
    )  # fmt: skip
    return command.id


def _require_activity(activity_id: UUID | None, actor: Actor) -> None:
    in_use = {one.id for one in activities.listing(actor.centre_id) if one.active}
    if activity_id and activity_id not in in_use:
        raise ActivityNotForThis(field="activity_id")


def _earlier(match_id: UUID, content: dict[str, Any], actor: Actor) -> bool:
    there = db.session.scalar(
        select(BankMatch.content).where(
            BankMatch.centre_id == actor.centre_id, BankMatch.id == match_id
        )
    )
    if there is not None and (differs := differences(there, content)):
        raise MatchDiffers(differs=differs)
    return there is not None


def _lines(line_ids: Sequence[UUID], account: AccountCard, actor: Actor) -> list[OpenLine]:
    found = open_items.lines_by_id(actor.centre_id, line_ids)
    if len(found) != len(set(line_ids)) or any(one.account_id != account.id for one in found):
        raise NotFound(what="bank_line")
    if open_items.matched_lines(actor.centre_id, line_ids):
        raise LineMatched
    return found


def _items(keys: Sequence[Key], account: AccountCard, actor: Actor) -> list[OpenItem]:
    if not keys:
        raise NothingToMatch
    allowed = {account.id, chart.account_for(actor.centre_id, Purpose.TRANSFERS_AWAITING).id}
    found = open_items.items_by_key(actor.centre_id, keys)
    if len(found) != len(set(keys)) or any(one.account_id not in allowed for one in found):
        raise NotFound(what="journal_line")
    if open_items.matched_items(actor.centre_id, keys):
        raise LineMatched
    return found


def _transfer(
    command: MatchMoney,
    account: AccountCard,
    awaited: int,
    lines: Sequence[OpenLine],
    actor: Actor,
) -> UUID:
    """Post what was awaited as money in the bank, on the day the bank says."""
    day = command.day or max(line.day for line in lines)
    waiting = chart.account_for(actor.centre_id, Purpose.TRANSFERS_AWAITING)
    memo = " ".join(line.reference for line in lines[:5] if line.reference)
    return _post(SOURCE, command.id, day, _two_sides(account, waiting, awaited, None), memo, actor)


def _two_sides(
    account: AccountCard, other: AccountCard, amount: int, activity_id: UUID | None
) -> tuple[NewLine, NewLine]:
    """Return the bank's line first; what comes in is debited there."""
    came, went = max(amount, 0), max(-amount, 0)
    return (
        NewLine(debit=came, credit=went, **_named(account)),
        NewLine(debit=went, credit=came, activity_id=activity_id, **_named(other)),
    )


def _named(account: AccountCard) -> dict[str, Any]:
    if account.purpose:
        return {"purpose": Purpose(account.purpose)}
    return {"account_id": account.id}


def _post(
    kind: str, match_id: UUID, day: date, sides: Sequence[NewLine], memo: str, actor: Actor
) -> UUID:
    return ledger.post(
        NewEntry(
            kind=kind,
            source_type=SOURCE,
            source_id=match_id,
            business_date=day,
            occurred_at=clock.now(),
            lines=sides,
            memo=memo,
        ),
        actor,
    ).id


def _write(
    match_id: UUID,
    account_id: UUID,
    kind: str,
    how: str,
    amount: int,
    entry_id: UUID | None,
    line_ids: Sequence[UUID],
    keys: Sequence[Key],
    content: dict[str, Any],
    actor: Actor,
) -> None:
    """Write lines and items, then the header: its insert is what makes the match count."""
    same = {"centre_id": actor.centre_id, "match_id": match_id, "live": True}
    insert_rows(BankMatchLine, [{**same, "line_id": one} for one in line_ids])
    insert_rows(
        BankMatchItem, [{**same, "entry_id": entry, "line_no": line_no} for entry, line_no in keys]
    )
    db.session.execute(
        insert(BankMatch).values(
            centre_id=actor.centre_id,
            id=match_id,
            account_id=account_id,
            kind=kind,
            how=how,
            amount_satang=amount,
            entry_id=entry_id,
            matched_at=clock.now(),
            matched_by=actor.user_id,
            matched_name=actor.name,
            digest=digest_of(content),
            content=content,
            live=True,
        )
    )


# --- taking back -----------------------------------------------------------------------------


def undo(match_id: UUID, actor: Actor) -> None:
    """Take a match back; what it posted is reversed, and both sides are open again.

    A second time changes nothing. Raises NotUndone, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "bank.change")
    files.one_at_a_time(actor.centre_id)
    centre_id = actor.centre_id
    row = db.session.execute(
        select(BankMatch).where(BankMatch.centre_id == centre_id, BankMatch.id == match_id)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound(what="bank_match")
    if row.live is None:
        return
    if row.how == "undo":
        raise NotUndone
    account_id, kind, entry_id = row.account_id, row.kind, row.entry_id
    reversal_id = _reverse(match_id, entry_id, actor) if entry_id else None
    db.session.execute(
        update(BankMatch)
        .where(BankMatch.centre_id == centre_id, BankMatch.id == match_id)
        .values(live=None, undone_at=clock.now(), undone_by=actor.user_id, undone_name=actor.name)
        .execution_options(synchronize_session=False)
    )
    for part in (BankMatchLine, BankMatchItem):
        db.session.execute(
            update(part)
            .where(part.centre_id == centre_id, part.match_id == match_id)
            .values(live=None)
            .execution_options(synchronize_session=False)
        )
    if entry_id and reversal_id:
        # The entry and its reversal cancel out: neither waits for a bank line any more.
        sides = (1, 2) if kind == "transfer" else (1,)
        keys = [(one, line_no) for one in (entry_id, reversal_id) for line_no in sides]
        content = {"undoes": str(match_id)}
        _write(uuid7(), account_id, "contra", "undo", 0, None, (), keys, content, actor)


def _reverse(match_id: UUID, entry_id: UUID, actor: Actor) -> UUID:
    posted = ledger.find(actor.centre_id, entry_id)
    assert posted is not None
    day = posted.posting_date
    if not periods.is_open(actor.centre_id, day):
        day = clock.today()
    return ledger.reverse(
        entry_id, actor, day, source_type=SOURCE, source_id=match_id, kind=UNDONE
    ).id
