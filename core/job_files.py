"""What a job made, opened to be sent: one file, or its many PDFs as one ZIP.

What must stay true: a batch of any size takes no more memory than a few of its parts, for the ZIP
grows in a file; the same parts give the same bytes.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from sqlalchemy import select

from core import jobs
from core.db import db
from core.models import JobPart

PARTS_AT_A_TIME = 20
SPOOLED_BYTES = 8 * 1024 * 1024
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""A ZIP's own times would make it another file each time."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to be sent; whoever sends it closes the stream."""

    name: str
    type: str
    stream: IO[bytes]
    size: int


def opened(centre_id: int, job_id: UUID) -> Opened | None:
    """Return what a finished job made; None when there is no such job or no file yet."""
    whole = jobs.file(centre_id, job_id)
    if whole is not None:
        return Opened(whole.name, whole.type, io.BytesIO(whole.content), len(whole.content))
    card = jobs.get(centre_id, job_id)
    if card is None or card.state != "done":
        return None
    assert card.file_name
    assert card.file_type
    spool = tempfile.SpooledTemporaryFile(SPOOLED_BYTES)  # noqa: SIM115 -- closed by whoever sends it
    # A PDF is packed inside already.
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _parts(centre_id, job_id):
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content)
    size = spool.tell()
    spool.seek(0)
    return Opened(card.file_name, card.file_type, spool, size)


def _parts(centre_id: int, job_id: UUID) -> Iterator[tuple[str, bytes]]:
    position = -1
    while True:
        some = db.session.execute(
            select(JobPart.position, JobPart.name, JobPart.content)
            .where(
                JobPart.centre_id == centre_id,
                JobPart.job_id == job_id,
                JobPart.position > position,
            )
            .order_by(JobPart.position)
            .limit(PARTS_AT_A_TIME)
        ).all()
        if not some:
            return
        for row in some:
            yield row.name, row.content
        position = some[-1].position
