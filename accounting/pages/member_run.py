"""The members' run as pages: everybody's part before the approval, and why one gets what.

What must stay true: a page shows what was frozen and works nothing out anew; every amount opens
what it is made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from accounting.pages.blueprint import blueprint
from accounting.pages.member_statement import (
    back_words,
    held_back_words,
    part_words,
    rate_of_pool,
    standing_words,
    statement_html,
    why_words,
)
from accounting.rules import sources
from accounting.rules.surplus.taking_part import WHYS
from accounting.services.surplus import explaining, runs
from accounting.services.surplus.patronage_sources import Counted
from core.text import normalise
from core.web import plots, show
from core.web.auth import current_actor
from core.web.pdf import render_pdf
from core.web.plots import Bar
from members.services import members

ROWS, FOUND_MAX, LATE_SHOWN, DOCUMENTS_SHOWN = 50, 50, 50, 50
STEPS_BAHT = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Where one column of the picture ends and the next begins."""


@blueprint.get("/surplus/allocations/<uuid:allocation_id>/members")
def member_run(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Show everybody's part, by member number."""
    actor = current_actor(centre_id)
    run = runs.card(allocation_id, actor)
    q = normalise(request.args.get("q", ""))[:100]
    why = request.args.get("why", "")
    why = why if why in WHYS else ""
    after = request.args.get("after", "")[:20]
    if q:
        found = members.search(centre_id, q, FOUND_MAX)
        rows = runs.items_of(centre_id, run.id, [card.id for card in found])
    else:
        rows = runs.items(centre_id, run.id, after, ROWS + 1, why or None)
    shown = rows if q else rows[:ROWS]
    held_back = run.content.get("keeping", {}).get("held_back", [])[:LATE_SHOWN]

    def address(**query: Any) -> str:
        return url_for(
            "accounting.member_run", centre_id=centre_id, allocation_id=allocation_id, **query
        )

    return render_template(
        "surplus_run/run.html",
        allocation=runs.allocation(centre_id, allocation_id),
        run=run,
        rows=shown,
        names=members.names(centre_id, [row.member_id for row in shown]),
        q=q,
        why=why,
        rates=rate_of_pool(run),
        held_back=held_back,
        held_back_names=_names_of(centre_id, held_back),
        held_back_words=held_back_words(run.content.get("keeping", {}).get("part")),
        late=[_dated(one) for one in run.content["late"][:LATE_SHOWN]],
        late_names=_names_of(centre_id, run.content["late"][:LATE_SHOWN]),
        part_words=part_words(),
        why_words=why_words(),
        address_of=lambda kind, identity: sources.address_of(centre_id, kind, identity),
        plot=_spread(runs.totals(centre_id, run.id)),
        address=address,
        next_url=address(after=shown[-1].member_no, why=why or None)
        if len(rows) > len(shown)
        else None,
        first_url=address(why=why or None) if after else None,
    )


@blueprint.get("/surplus/allocations/<uuid:allocation_id>/members/<uuid:member_id>")
def member_part(centre_id: int, allocation_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Explain one member's part."""
    actor = current_actor(centre_id)
    found = explaining.explain(allocation_id, member_id, actor)

    def page(kind: str, every: Sequence[Counted]) -> tuple[Sequence[Counted], str | None]:
        start = request.args.get(kind, 0, int)
        start = start if 0 <= start < len(every) else 0
        if len(every) <= start + DOCUMENTS_SHOWN:
            return every[start:], None
        query: dict[str, Any] = {kind: start + DOCUMENTS_SHOWN, "_anchor": kind}
        following = url_for(
            "accounting.member_part",
            centre_id=centre_id,
            allocation_id=allocation_id,
            member_id=member_id,
            **query,
        )
        return every[start : start + DOCUMENTS_SHOWN], following

    return render_template(
        "surplus_run/member.html",
        found=found,
        item=found.item,
        allocation=found.allocation,
        rates=rate_of_pool(found.run),
        part_words=part_words(),
        why_words=why_words(),
        back_words=back_words(found),
        standing_words=standing_words(),
        purchases=page("purchases", found.purchase_documents),
        deliveries=page("deliveries", found.delivery_documents),
        address_of=lambda kind, identity: sources.address_of(centre_id, kind, identity),
    )


@blueprint.get("/surplus/allocations/<uuid:allocation_id>/members/<uuid:member_id>/statement.pdf")
def member_part_paper(centre_id: int, allocation_id: UUID, member_id: UUID) -> Response:
    """Return one member's statement on A4, in Thai."""
    actor = current_actor(centre_id)
    found = explaining.explain(allocation_id, member_id, actor, documents=False)
    response = make_response(render_pdf(statement_html(found, actor)))
    response.content_type = "application/pdf"
    number = "".join(sign for sign in found.item.member_no if sign.isascii() and sign.isalnum())
    name = f"{found.allocation.allocation_no}-{number}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _dated(late: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(late[name]) for name in ("on", "recorded_on")}
    return {**late, **days}


def _names_of(centre_id: int, late: Sequence[dict[str, str]]) -> dict[str, str]:
    wanted = {UUID(one["member_id"]) for one in late if one["member_id"]}
    return {str(key): card.name for key, card in members.names(centre_id, wanted).items()}


def _spread(totals: Sequence[int]) -> Markup | None:
    """Return how many members get how much; None when nobody gets anything."""
    if not totals:
        return None
    ends = [baht * 100 for baht in STEPS_BAHT]
    counts = [0] * (len(ends) + 1)
    for satang in totals:
        counts[sum(1 for end in ends if satang >= end)] += 1
    last = max(place for place, count in enumerate(counts) if count)
    labels = [f"< {show.number(STEPS_BAHT[0])}"]
    labels += [f"{show.number(baht)} –" for baht in STEPS_BAHT]
    bars = [
        Bar(label, count, show.number(count))
        for label, count in list(zip(labels, counts, strict=True))[: last + 1]
    ]
    title = _("How many members get how many baht")
    return plots.fitting(lambda width: plots.rows(bars, title=title, label_width=110, width=width))
