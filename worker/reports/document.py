"""Draw a report's document: template to HTML to PDF, in the language of whoever asked.

What must stay true: drawing needs no request, so nothing of a reader's session gets into a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale

from core import clock
from core.actor import Actor
from core.jobs import Begun, JobFile, Part
from core.sheets import Table, csv_lines
from core.web.pdf import render_pdf

Progress = Callable[[int, int], None]
"""Called with the steps done and the steps there are."""

Report = Callable[[Mapping[str, Any], Actor, Progress], JobFile]


@dataclass(frozen=True, slots=True)
class Batch:
    """A report of many PDFs; its params' `count` says how many things are drawn in all.

    `name` is the finished file's, without an ending. `parts` draws what comes behind those already
    kept, one at a time, and may be left in the middle: a turn ends, a worker dies.
    """

    name: Callable[[Mapping[str, Any], Actor], str]
    parts: Callable[[Mapping[str, Any], Actor, Begun], Iterator[Part]]


def draw(template: str, actor: Actor, facts: Callable[[], Mapping[str, Any]]) -> bytes:
    """Return the PDF of a template; `facts` is called inside the reader's language."""
    with force_locale(actor.locale):
        html = current_app.jinja_env.get_template(template).render(
            centre=actor.centre, locale=actor.locale, made_at=clock.now(), **facts()
        )
    return render_pdf(html)


def csv_file(table: Table) -> JobFile:
    """Return a table as a CSV file."""
    content = "".join(csv_lines(table.headings, table.rows)).encode()
    return JobFile(f"{table.name}.csv", "text/csv; charset=utf-8", content)
