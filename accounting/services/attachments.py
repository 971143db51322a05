"""The papers behind vouchers and entries: the bill, the receipt, the transfer slip.

What must stay true: what is kept is a picture or PDF by its own bytes; a paper once added stays,
and stays the same, for its row names it by its SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import Attachment
from accounting.services import ledger
from accounting.services.vouchers import reading
from core import audit, clock, papers
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DifferentContent, DomainError, NotFound
from members.services import access

BYTES_MAX = 5 * 1024 * 1024
PAPERS_MAX = 20
NAME_MAX = 120


class PaperTooLarge(DomainError):
    """The file passes the limit."""

    code, status, title = "paper-too-large", 413, N_("This file is too large")
    detail = N_("Take a smaller picture: at most 5 MB.")


class NoPaper(DomainError):
    """The file is no picture and no PDF, whatever it is called."""

    code, status, title = "not-a-paper", 422, N_("This file is no picture and no PDF")
    detail = N_("Choose a JPEG, PNG or WebP picture, or a PDF.")


class TooManyPapers(DomainError):
    """One voucher has so many papers already."""

    code, status, title = "too-many-papers", 409, N_("There are too many papers here")
    detail = N_("Put several pages into one PDF.")


class PaperLost(DomainError):
    """The file of a paper is gone or damaged."""

    code, status, title = "paper-lost", 404, N_("The file of this paper is missing or damaged")
    detail = N_("Bring it back from the backup of the attachments folder.")


@dataclass(frozen=True, slots=True)
class AddPaper:
    """A paper as it was sent, for a voucher or for an entry."""

    id: UUID
    data: bytes
    name: str = ""
    voucher_id: UUID | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A paper in a list."""

    id: UUID
    voucher_id: UUID | None
    entry_id: UUID | None
    sha256: str
    media_type: str
    size_bytes: int
    name: str
    added_at: datetime
    added_name: str

    @property
    def file_name(self) -> str:
        """A plain name to save it under."""
        return f"{self.sha256[:12]}.{papers.SUFFIXES[self.media_type]}"


_COLUMNS = tuple(getattr(Attachment, name) for name in PaperCard.__dataclass_fields__)


def add(command: AddPaper, var: Path, actor: Actor) -> PaperCard:
    """Keep a paper; the same id or the same bytes again change nothing.

    Raises PaperTooLarge, NoPaper, TooManyPapers, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "voucher.record")
    owner_id = _require_owner(command, actor)
    if len(command.data) > BYTES_MAX:
        raise PaperTooLarge(field="paper")
    media_type = papers.media_type_of(command.data)
    if media_type is None:
        raise NoPaper(field="paper")
    serialise_on(owner_id)
    sha256 = papers.digest(command.data)
    there = of(actor.centre_id, voucher_id=command.voucher_id, entry_id=command.entry_id)
    for known in there:
        if known.sha256 == sha256:
            return known
        if known.id == command.id:
            raise DifferentContent(id=str(command.id))
    if len(there) >= PAPERS_MAX:
        raise TooManyPapers
    # Before the row: a file nobody names does no harm, a row without its file would.
    papers.keep(var, command.data)
    db.session.execute(
        insert(Attachment).values(
            centre_id=actor.centre_id,
            id=command.id,
            voucher_id=command.voucher_id,
            entry_id=command.entry_id,
            sha256=sha256,
            media_type=media_type,
            size_bytes=len(command.data),
            name=command.name[:NAME_MAX],
            added_at=clock.now(),
            added_by=actor.user_id,
            added_name=actor.name,
        )
    )
    audit.record(actor, "attachment.add", "attachment", command.id, sha256=sha256)
    return _one(actor.centre_id, command.id)


def _require_owner(command: AddPaper, actor: Actor) -> UUID:
    if command.voucher_id is not None:
        return reading.row_of(actor.centre_id, command.voucher_id).id
    assert command.entry_id is not None, "a paper belongs to a voucher or an entry"
    if ledger.find(actor.centre_id, command.entry_id) is None:
        raise NotFound(what="journal_entry")
    return command.entry_id


def of(
    centre_id: int, *, voucher_id: UUID | None = None, entry_id: UUID | None = None
) -> list[PaperCard]:
    """Return the papers of a voucher or an entry, in the order added."""
    query = select(*_COLUMNS).where(Attachment.centre_id == centre_id)
    if voucher_id is not None:
        query = query.where(Attachment.voucher_id == voucher_id)
    else:
        query = query.where(Attachment.entry_id == entry_id)
    return [_card(row) for row in db.session.execute(query.order_by(Attachment.id))]


def hashes(centre_id: int) -> frozenset[str]:
    """Return the SHA-256 of every paper the centre's books name."""
    found = select(Attachment.sha256).where(Attachment.centre_id == centre_id).distinct()
    return frozenset(db.session.scalars(found))


def fetch(paper_id: UUID, var: Path, actor: Actor) -> tuple[PaperCard, bytes]:
    """Return a paper with its bytes. Raises NotFound, PaperLost, Forbidden."""
    access.require(actor, "voucher.read")
    card = _one(actor.centre_id, paper_id)
    data = papers.read(var, card.sha256)
    if data is None:
        raise PaperLost
    return card, data


def _one(centre_id: int, paper_id: UUID) -> PaperCard:
    row = db.session.execute(
        select(*_COLUMNS).where(Attachment.centre_id == centre_id, Attachment.id == paper_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="attachment")
    return _card(row)


def _card(row: Any) -> PaperCard:
    return PaperCard(*row)
