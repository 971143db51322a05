"""Out of the house: the books as files for other programs, and the whole centre as one."""

from __future__ import annotations

import tempfile
import zipfile

from flask import Response, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from accounting.services import export as books
from accounting.services import plain_text, sealing
from core import clock
from core.db import in_transaction
from core.errors import NotFound
from core.sheets import csv_lines
from core.web.auth import current_actor
from core.xlsx import CONTENT_TYPE, xlsx_bytes
from members.services import access
from pos.pages.blueprint import blueprint
from pos.services.archive import asking

SUFFIXES = {"beancount": "beancount", "hledger": "journal"}
SPOOLED_BYTES = 8 * 1024 * 1024
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""A ZIP's own times would make it another file each time."""


@blueprint.get("/out-of-the-house")
def away(centre_id: int) -> str:
    """Show what can be taken along, and the last seal, to be held against the one on paper."""
    access.require(current_actor(centre_id), "export.read")
    head = sealing.head(centre_id)
    return render_template("pos/away.html", seal=head.hash if head else None)


@blueprint.get("/out-of-the-house/<form>")
def away_file(centre_id: int, form: str) -> Response:
    """Return the books in one of the forms: beancount, hledger, csv (zipped) or xlsx."""
    actor = current_actor(centre_id)
    access.require(actor, "export.read")
    name = f"books-{actor.centre.code}-{clock.today().isoformat()}"
    if form in SUFFIXES:
        pieces = stream_with_context(plain_text.write(form, actor))
        return _attached(
            Response(pieces, content_type="text/plain; charset=utf-8"), f"{name}.{SUFFIXES[form]}"
        )
    if form == "xlsx":
        content = xlsx_bytes(books.tables(actor))
        return _attached(Response(content, content_type=CONTENT_TYPE), f"{name}.xlsx")
    if form != "csv":
        raise NotFound(what="file")
    with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as spool:
        with zipfile.ZipFile(spool, "w") as archive:
            for table in books.tables(actor):
                info = zipfile.ZipInfo(f"{table.name}.csv", _MOMENT)
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(info, "w") as member:
                    for line in csv_lines(table.headings, table.rows):
                        member.write(line.encode())
        spool.seek(0)
        return _attached(Response(spool.read(), content_type="application/zip"), f"{name}-csv.zip")


@blueprint.post("/out-of-the-house/archive")
def away_archive(centre_id: int) -> ResponseReturnValue:
    """Ask for the whole centre in one file, then go where it is followed."""
    job_id = in_transaction(asking.request, current_actor(centre_id))
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)


def _attached(response: Response, name: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
