"""Taking a bank's statement in: the file kept, its columns remembered, its lines taken once.

What must stay true: a file is taken whole or not at all, never twice; statements of an account
follow each other without a gap, so that its lines always add up to the bank's own balance.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from accounting.models import BankLine, BankMatchLine, BankStatement
from accounting.rules import bank_files as rules
from accounting.rules.bank_files import Columns, FileLine, FileRead
from accounting.services.bank import files, open_items
from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7, uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access


class NothingNew(DomainError):
    """Every line of the file came with an earlier one."""

    code, status, title = "bank-nothing-new", 409, N_("Every line of this file is already here")
    detail = N_("Choose the file of the days after %(day)s.")


class StatementGap(DomainError):
    """The file doesn't begin with the balance the last one ended with."""

    code, status, title = "bank-statement-gap", 409, N_("A statement is missing in between")
    detail = N_(
        "The last line here leaves %(ends_satang)s baht on %(day)s, but this file begins with "
        "%(begins_satang)s baht. Take the statement of the days between first."
    )


class OpeningNeeded(DomainError):
    """The first statement of an account has no balances, and nobody wrote the first."""

    code, status, title = (
        "bank-opening-needed",
        422,
        N_("The balance before the first line is needed"),
    )
    detail = N_("This file has no balances. Write what the account held before its first line.")


class StatementMatched(DomainError):
    """A statement whose lines are matched, or that is not the last one, is not withdrawn."""

    code, status, title = "bank-statement-matched", 409, N_("This statement can't be withdrawn")
    detail = N_("Undo the matches of its lines first, and withdraw later statements before it.")


@dataclass(frozen=True, slots=True)
class TakeStatement:
    """Take a file with these columns; the balances are what a person read on the paper."""

    file_id: UUID
    columns: Columns
    opening_satang: int | None = None
    closing_satang: int | None = None


@dataclass(frozen=True, slots=True)
class StatementCard:
    """A statement that was taken."""

    id: UUID
    account_id: UUID
    file_id: UUID
    first_day: date
    last_day: date
    opening_satang: int
    closing_satang: int
    line_count: int
    known_count: int
    imported_at: datetime
    imported_name: str
    live: bool | None


_CARD = tuple(getattr(BankStatement, name) for name in StatementCard.__dataclass_fields__)


def needs_opening(centre_id: int, account_id: UUID) -> bool:
    """Tell whether the account has no statement yet, so that its first balance must be known."""
    return _last_line(centre_id, account_id) is None


def preview(command: TakeStatement, actor: Actor) -> FileRead:
    """Read a file as it would be taken, changing nothing. Raises what `take` raises."""
    return _new_of(command, files.file(command.file_id, actor), actor)[0]


def take(command: TakeStatement, actor: Actor) -> StatementCard:
    """Take a statement's new lines and remember its columns.

    Raises Forbidden, NotFound, BadStatement, BadColumns, StatementTaken, NothingNew, StatementGap,
    OpeningNeeded.
    """
    access.require(actor, "bank.change")
    centre_id = actor.centre_id
    files.one_at_a_time(centre_id)
    card = files.file(command.file_id, actor)
    files.require_new(centre_id, card.account_id, card.digest)
    read, new, opening = _new_of(command, card, actor)
    statement_id = uuid7()
    days = [line.day for line in read.lines]
    db.session.execute(
        insert(BankStatement).values(
            centre_id=centre_id,
            id=statement_id,
            account_id=card.account_id,
            file_id=card.id,
            digest=card.digest,
            first_day=min(days),
            last_day=max(days),
            opening_satang=opening,
            closing_satang=new[-1].balance_satang,
            line_count=len(new),
            known_count=len(read.lines) - len(new),
            mapping=asdict(command.columns),
            imported_at=clock.now(),
            imported_by=actor.user_id,
            imported_name=actor.name,
            live=True,
        )
    )
    insert_rows(BankLine, _line_rows(centre_id, card.account_id, statement_id, new, opening))
    files.remember(centre_id, card.account_id, command.columns)
    return statement(statement_id, actor)


def _new_of(
    command: TakeStatement, card: files.FileCard, actor: Actor
) -> tuple[FileRead, tuple[FileLine, ...], int]:
    """Read the file; return it, its new lines with balances, and the balance before them."""
    centre_id = actor.centre_id
    read = rules.read(
        rules.rows_of(card.content),
        command.columns,
        clock.today(),
        command.opening_satang,
        command.closing_satang,
    )
    last = _last_line(centre_id, card.account_id)
    if last is None:
        if read.opening_satang is None:
            raise OpeningNeeded(field="opening")
        return read, rules.with_balances(read.lines, read.opening_satang), read.opening_satang
    new = rules.unknown(read.lines, _known(centre_id, card.account_id, read))
    if not new:
        raise NothingNew(day=last.day)
    begins = last.balance_satang
    if new[0].balance_satang is not None:
        begins = new[0].balance_satang - new[0].amount_satang
    elif len(new) == len(read.lines) and command.opening_satang is not None:
        begins = command.opening_satang
    if begins != last.balance_satang:
        raise StatementGap(ends_satang=last.balance_satang, begins_satang=begins, day=last.day)
    carried = rules.with_balances(new, begins)
    if any(
        a.balance_satang not in (None, b.balance_satang) for a, b in zip(new, carried, strict=True)
    ):
        raise StatementGap(ends_satang=last.balance_satang, begins_satang=begins, day=last.day)
    return read, carried, begins


def _known(centre_id: int, account_id: UUID, read: FileRead) -> list[FileLine]:
    days = [line.day for line in read.lines]
    within = open_items.line_days(min(days), max(days))
    return [
        FileLine(
            0,
            line.day,
            line.at,
            line.amount_satang,
            line.balance_satang if read.lines[0].balance_satang is not None else None,
            line.reference,
            line.description,
        )
        for line in open_items.taken_lines(centre_id, account_id, within)
        if line.kind == "line"
    ]


def _line_rows(
    centre_id: int,
    account_id: UUID,
    statement_id: UUID,
    lines: tuple[FileLine, ...],
    opening: int,
) -> list[dict[str, Any]]:
    place = _positions(centre_id, account_id)
    first = _last_line(centre_id, account_id) is None
    start = replace(lines[0], row=0, at="", amount_satang=opening, balance_satang=opening)
    start = replace(start, reference="", description="")
    taken = [start, *lines] if first and opening else list(lines)
    return [
        {
            "centre_id": centre_id,
            "id": uuid7(),
            "account_id": account_id,
            "position": place + number,
            "statement_id": statement_id,
            "row_no": line.row,
            "kind": "opening" if line is start else "line",
            "day": line.day,
            "at": line.at,
            "amount_satang": line.amount_satang,
            "balance_satang": line.balance_satang,
            "reference": line.reference,
            "description": line.description,
        }
        for number, line in enumerate(taken, start=1)
    ]


def _positions(centre_id: int, account_id: UUID) -> int:
    return (
        db.session.scalar(
            select(func.max(BankLine.position)).where(
                BankLine.centre_id == centre_id, BankLine.account_id == account_id
            )
        )
        or 0
    )


def _last_line(centre_id: int, account_id: UUID) -> open_items.OpenLine | None:
    found = open_items.taken_lines(centre_id, account_id, last=True)
    return found[0] if found else None


# --- what was taken --------------------------------------------------------------------------


def listing(
    account_id: UUID, window: Window, actor: Actor, sought: Sought = NOTHING
) -> Page[StatementCard]:
    """Return the statements of an account, latest first. Raises Forbidden."""
    access.require(actor, "bank.read")
    query = select(*_CARD).where(
        BankStatement.centre_id == actor.centre_id,
        BankStatement.account_id == account_id,
        *matching(sought, day=BankStatement.last_day, text=(BankStatement.imported_name,)),
    )
    if after := uuid_or_none(window.after or ""):
        query = query.where(BankStatement.id < after)
    query = query.order_by(BankStatement.id.desc()).limit(window.limit + 1)
    rows = [StatementCard(*row) for row in db.session.execute(query)]
    return page_of(rows, window, lambda row: str(row.id))


def statement(statement_id: UUID, actor: Actor) -> StatementCard:
    """Return one statement. Raises Forbidden, NotFound."""
    access.require(actor, "bank.read")
    row = db.session.execute(
        select(*_CARD).where(
            BankStatement.centre_id == actor.centre_id, BankStatement.id == statement_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="bank_statement")
    return StatementCard(*row)


def withdraw(statement_id: UUID, actor: Actor) -> StatementCard:
    """Take back a statement that was read wrongly; only the last one, with nothing matched.

    Raises Forbidden, NotFound, StatementMatched.
    """
    access.require(actor, "bank.change")
    centre_id = actor.centre_id
    files.one_at_a_time(centre_id)
    card = statement(statement_id, actor)
    if card.live is None:
        return card
    later = db.session.scalar(
        select(func.count()).where(
            BankStatement.centre_id == centre_id,
            BankStatement.account_id == card.account_id,
            BankStatement.live.is_not(None),
            BankStatement.id > card.id,
        )
    )
    lines = select(BankLine.id).where(
        BankLine.centre_id == centre_id, BankLine.statement_id == statement_id
    )
    matched = db.session.scalar(
        select(func.count()).where(
            BankMatchLine.centre_id == centre_id,
            BankMatchLine.live.is_not(None),
            BankMatchLine.line_id.in_(lines),
        )
    )
    if later or matched:
        raise StatementMatched
    db.session.execute(
        update(BankStatement)
        .where(BankStatement.centre_id == centre_id, BankStatement.id == statement_id)
        .values(live=None, withdrawn_at=clock.now(), withdrawn_by=actor.user_id)
        .execution_options(synchronize_session=False)
    )
    return statement(statement_id, actor)
