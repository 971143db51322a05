"""Members' statements of an allocation on paper, as one ZIP of PDFs.

What must stay true: never more than a bundle of statements is laid out at a time, and finished
bundles wait in a file, so the memory it takes does not grow with the members; begun again after a
worker died it makes the same file.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from accounting.pages.member_statement import statement_html
from accounting.services.surplus import explaining, runs
from accounting.services.surplus.runs import ItemCard
from core.actor import Actor
from core.jobs import JobFile
from core.web.pdf import render_bundle_pdf
from worker.reports.document import Progress

BUNDLE = 20
SPOOLED_BYTES = 8 * 1024 * 1024
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""A ZIP's own times would make it another file each time."""


def build(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Draw a part of an allocation's statements, a bundle at a time; raise NotFound."""
    allocation_id, count = UUID(params["allocation_id"]), int(params["count"])
    name = runs.allocation(actor.centre_id, allocation_id).allocation_no
    run_id = runs.card(allocation_id, actor).id
    after = f"_{_plain(params['after_no'])}" if params["after_no"] else ""
    progress(0, count)
    done = 0
    with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as spool:
        # A PDF is packed inside already.
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as archive:
            for some in _bundles(run_id, params["after_no"], count, actor):
                numbers = f"{_plain(some[0].member_no)}_{_plain(some[-1].member_no)}"
                within = zipfile.ZipInfo(f"{numbers}.pdf", _MOMENT)
                archive.writestr(within, _pdf(allocation_id, some, actor))
                done += len(some)
                progress(done, count)
        spool.seek(0)
        return JobFile(f"{name}_statements{after}.zip", "application/zip", spool.read())


def _bundles(run_id: UUID, after_no: str, count: int, actor: Actor) -> Iterator[list[ItemCard]]:
    while count > 0:
        some = runs.items(actor.centre_id, run_id, after_no, min(count, BUNDLE))
        if not some:
            return
        yield some
        after_no = some[-1].member_no
        count -= len(some)


def _pdf(allocation_id: UUID, some: list[ItemCard], actor: Actor) -> bytes:
    return render_bundle_pdf(
        statement_html(
            explaining.explain(allocation_id, item.member_id, actor, documents=False), actor
        )
        for item in some
    )


def _plain(number: str) -> str:
    """Return a member's number as it may stand in a file's name."""
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in number)
