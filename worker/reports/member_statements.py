"""Members' statements of an allocation on paper: a PDF for each member, together one ZIP.

What must stay true: one statement is laid out at a time and kept when it is drawn, so neither
memory nor the time of a turn grows with the members; drawn again it is the same page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from accounting.pages.member_statement import statement_html
from accounting.services.surplus import explaining, runs
from core.actor import Actor
from core.jobs import Begun, Part
from core.web.pdf import render_pdf

LOOKED_UP = 50


def name(params: Mapping[str, Any], actor: Actor) -> str:
    """Return what the finished file is called, without its ending; raise NotFound."""
    allocation = runs.allocation(actor.centre_id, UUID(params["allocation_id"]))
    return f"{allocation.allocation_no}_statements"


def parts(params: Mapping[str, Any], actor: Actor, begun: Begun) -> Iterator[Part]:
    """Draw the statements behind those already kept, by member number; raise NotFound."""
    allocation_id = UUID(params["allocation_id"])
    run_id = runs.card(allocation_id, actor).id
    after_no, place = begun.mark, begun.parts
    while some := runs.items(actor.centre_id, run_id, after_no, LOOKED_UP):
        for item in some:
            found = explaining.explain(allocation_id, item.member_id, actor, documents=False)
            content = render_pdf(statement_html(found, actor))
            place += 1
            yield Part(file_name(place, item.member_no), content, 1, item.member_no)
        after_no = some[-1].member_no


def file_name(place: int, member_no: str) -> str:
    """Return what a statement is called in the ZIP: no two alike, wherever it is unpacked.

    Its place comes first, for ก1 and ข1, or a/1 and A-1, would else be one file.
    """
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in member_no)
    return f"{place:05d}_{plain}.pdf"
