"""The till: one page, its life in static/counter/app.js."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request

from core.web.auth import current_actor
from members.services import access
from pos.pages.blueprint import blueprint
from pos.services import shift, tills


@blueprint.get("/counter")
def counter(centre_id: int) -> str:
    """Show the till (`?till=`; the first one when left out)."""
    actor = current_actor(centre_id)
    access.require(actor, "sale.record")
    known = tills.listing(centre_id)
    wanted = request.args.get("till", "")
    till = next((one for one in known if str(one.id) == wanted or one.code == wanted), known[0])
    till_id: UUID = till.id
    return render_template(
        "counter/index.html",
        till=till,
        tills=known,
        training=request.args.get("training") == "1",
        shift=shift.current_on(centre_id, till_id),
        api_base=f"/api/v1/centres/{centre_id}",
    )
