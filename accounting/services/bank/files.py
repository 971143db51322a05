"""Files of the bank as they were sent, and which column of an account's files is what.

What must stay true: a file is kept byte by byte and never changes; the same file is kept once.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.models import BankFile, BankMapping, BankStatement
from accounting.rules import bank_files as rules
from accounting.rules.bank_files import Columns
from accounting.rules.chart import Purpose
from accounting.services import chart
from accounting.services.bank import accounts
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from members.services import access


class StatementTaken(DomainError):
    """The very same file was taken before."""

    code, status, title = "bank-statement-taken", 409, N_("This statement was already taken")
    detail = N_("It was taken on %(day)s. Choose the file of the days after it.")


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file that was sent."""

    id: UUID
    account_id: UUID
    name: str
    content: bytes
    digest: str


def upload(account_id: UUID, name: str, raw: bytes, actor: Actor) -> UUID:
    """Keep a file and return its id; the same file again is the same.

    Raises Forbidden, NotFound, BadStatement, NotATable, StatementTaken.
    """
    access.require(actor, "bank.change")
    centre_id = actor.centre_id
    account = accounts.card(centre_id, account_id)
    rules.rows_of(raw)
    one_at_a_time(centre_id)
    digest = hashlib.sha256(raw).hexdigest()
    require_new(centre_id, account_id, digest)
    there = db.session.scalar(
        select(BankFile.id).where(
            BankFile.centre_id == centre_id,
            BankFile.account_id == account_id,
            BankFile.digest == digest,
        )
    )
    if there is not None:
        return there
    file_id = uuid7()
    db.session.execute(
        insert(BankFile).values(
            centre_id=centre_id,
            id=file_id,
            account_id=account.id,
            name=name[:120],
            content=raw,
            digest=digest,
            uploaded_at=clock.now(),
            uploaded_by=actor.user_id,
        )
    )
    return file_id


def file(file_id: UUID, actor: Actor) -> FileCard:
    """Return a file. Raises Forbidden, NotFound."""
    access.require(actor, "bank.read")
    row = db.session.execute(
        select(
            BankFile.id, BankFile.account_id, BankFile.name, BankFile.content, BankFile.digest
        ).where(BankFile.centre_id == actor.centre_id, BankFile.id == file_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="bank_file")
    return FileCard(*row)


def columns_for(card: FileCard, actor: Actor) -> Columns:
    """Return the columns remembered for the account, or a guess from the file's headings."""
    content = db.session.scalar(
        select(BankMapping.content).where(
            BankMapping.centre_id == actor.centre_id, BankMapping.account_id == card.account_id
        )
    )
    return Columns(**content) if content else rules.guess(rules.rows_of(card.content))


def remember(centre_id: int, account_id: UUID, columns: Columns) -> None:
    """Keep the columns for the next file of the account."""
    where = (BankMapping.centre_id == centre_id, BankMapping.account_id == account_id)
    content = asdict(columns)
    changed = db.session.execute(
        update(BankMapping)
        .where(*where)
        .values(content=content, version=BankMapping.version + 1)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        db.session.execute(
            insert(BankMapping).values(
                centre_id=centre_id, account_id=account_id, content=content, version=1
            )
        )


def one_at_a_time(centre_id: int) -> None:
    """Whoever changes something at the bank waits for whoever is before: two would see half."""
    serialise_on(chart.account_for(centre_id, Purpose.TRANSFERS_AWAITING).id)


def require_new(centre_id: int, account_id: UUID, digest: str) -> None:
    """Raise StatementTaken when the very same file counts already."""
    taken = db.session.scalar(
        select(BankStatement.imported_at).where(
            BankStatement.centre_id == centre_id,
            BankStatement.account_id == account_id,
            BankStatement.digest == digest,
            BankStatement.live.is_not(None),
        )
    )
    if taken is not None:
        raise StatementTaken(day=clock.business_date(taken))
