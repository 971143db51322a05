"""Statements of a settlement run on paper: one PDF, or a ZIP of PDFs when there are many.

What must stay true: never more than a bundle of statements is laid out at a time, and finished
bundles wait in a file, so the memory it takes does not grow with the run.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import IO, Any
from uuid import UUID

from core.actor import Actor
from core.jobs import JobFile
from core.web.pdf import render_bundle_pdf
from inventory.pages.settlement_paper import statement_html
from inventory.services.settlement import statements
from inventory.services.settlement.statements import Statement
from worker.reports.document import Progress

BUNDLE = 10
SPOOLED_BYTES = 8 * 1024 * 1024
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""A ZIP's own times would make it another file each time."""


def build(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Draw a part of a run's statements, a bundle at a time; raise NotFound."""
    run_id, count = UUID(params["run_id"]), int(params["count"])
    run_no = statements.run(run_id, actor).run_no
    progress(0, count)
    bundles = _bundles(run_id, params["after_no"], count, actor)
    first = next(bundles, [])
    if len(first) == count:
        return JobFile(f"{run_no}.pdf", "application/pdf", _pdf(first, actor))
    name = f"{run_no}_{first[0].card.settlement_no}.zip"
    with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as spool:
        _zip(spool, chain([first], bundles), actor, lambda done: progress(done, count))
        spool.seek(0)
        return JobFile(name, "application/zip", spool.read())


def _bundles(run_id: UUID, after_no: str, count: int, actor: Actor) -> Iterator[list[Statement]]:
    while count:
        some = statements.whole(actor.centre_id, run_id, after_no, min(count, BUNDLE))
        yield some
        after_no = some[-1].card.settlement_no
        count -= len(some)


def _zip(
    spool: IO[bytes],
    bundles: Iterable[list[Statement]],
    actor: Actor,
    tell: Callable[[int], None],
) -> None:
    done = 0
    # A PDF is packed inside already.
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as archive:
        for some in bundles:
            name = f"{some[0].card.settlement_no}_{some[-1].card.settlement_no}.pdf"
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), _pdf(some, actor))
            done += len(some)
            tell(done)


def _pdf(some: list[Statement], actor: Actor) -> bytes:
    return render_bundle_pdf(statement_html(one, actor.centre) for one in some)
