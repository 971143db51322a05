"""Statements of a settlement run on paper: one PDF, or a ZIP of PDFs when there are many.

What must stay true: never more than a bundle of statements is laid out at a time, and each bundle
is kept when it is drawn, so neither memory nor the time of a turn grows with the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from core.actor import Actor
from core.jobs import Begun, Part
from core.web.pdf import render_bundle_pdf
from inventory.pages.settlement_paper import statement_html
from inventory.services.settlement import statements

BUNDLE = 10


def name(params: Mapping[str, Any], actor: Actor) -> str:
    """Return what the finished file is called, without its ending; raise NotFound."""
    return statements.run(UUID(params["run_id"]), actor).run_no


def parts(params: Mapping[str, Any], actor: Actor, begun: Begun) -> Iterator[Part]:
    """Draw the bundles behind those already kept, by number; raise NotFound."""
    run_id, after_no = UUID(params["run_id"]), begun.mark
    while some := statements.whole(actor.centre_id, run_id, after_no, BUNDLE):
        content = render_bundle_pdf(statement_html(one, actor.centre) for one in some)
        numbers = f"{some[0].card.settlement_no}_{some[-1].card.settlement_no}"
        after_no = some[-1].card.settlement_no
        yield Part(f"{numbers}.pdf", content, len(some), after_no)
