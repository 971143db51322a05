"""All books of some months on paper: one PDF, or a ZIP of PDFs when they are long.

What must stay true: never more than one book, or a piece of a long one, is laid out at a time when
there is much to print; finished ones wait in a file, so a busy month takes no more memory.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import force_locale, gettext

from accounting.pages.book_files import paper
from accounting.rules.books import Book
from accounting.rules.stretches import stretch_of
from accounting.services import books
from accounting.services.books.lines_of import BookTooLong
from core.actor import Actor
from core.jobs import JobFile
from core.web.pdf import render_bundle_pdf, render_pdf
from worker.reports.document import Progress

ONE_PDF_ROWS = 1_200
PIECE_ROWS = 1_000
SPOOLED_BYTES = 8 * 1024 * 1024
_MOMENT = (1980, 1, 1, 0, 0, 0)


def build(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Make every book the reader may open, then draw them."""
    stretch = stretch_of(params["of"], int(params["month"]), actor.centre.fiscal_year_start_month)
    kinds = books.kinds(actor)
    progress(0, 2 * len(kinds))
    made, left_out = [], []
    for done, kind in enumerate(kinds, 1):
        try:
            made.append(books.make(kind.key, stretch, actor))
        except BookTooLong:
            left_out.append(kind.key)
        progress(done, 2 * len(kinds))
    name = f"books-{params['month']}" + ("-year" if params["of"] == "year" else "")
    if not left_out and sum(len(book.rows) for book in made) <= ONE_PDF_ROWS:
        content = render_bundle_pdf(paper(book, actor.centre) for book in made)
        return JobFile(f"{name}.pdf", "application/pdf", content)
    return JobFile(f"{name}.zip", "application/zip", _zipped(made, left_out, actor, progress))


def _zipped(made: list[Book], left_out: list[str], actor: Actor, progress: Progress) -> bytes:
    with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as spool:
        # A PDF is packed inside already.
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as archive:
            for place, book in enumerate(made, 1):
                for name, piece in pieces(place, book):
                    content = render_pdf(paper(piece, actor.centre))
                    archive.writestr(zipfile.ZipInfo(name, _MOMENT), content)
                progress(len(made) + place, 2 * len(made))
            if left_out:
                with force_locale(actor.locale):
                    told = gettext("Too long to print for these days: print it month by month.")
                text = f"{told}\r\n{', '.join(left_out)}\r\n"
                archive.writestr(zipfile.ZipInfo("left-out.txt", _MOMENT), text.encode("utf-8-sig"))
        spool.seek(0)
        return spool.read()


def pieces(place: int, book: Book) -> Iterator[tuple[str, Book]]:
    """Yield a book, or the pieces of a long one, by the name of its file."""
    if len(book.rows) <= PIECE_ROWS:
        yield f"{place:02d}-{book.key}.pdf", book
        return
    for number, start in enumerate(range(0, len(book.rows), PIECE_ROWS), 1):
        rows = book.rows[start : start + PIECE_ROWS]
        yield f"{place:02d}-{book.key}-{number:02d}.pdf", replace(book, rows=rows)
