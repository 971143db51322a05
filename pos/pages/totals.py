"""The centre in sums alone, for the network's officer."""

from __future__ import annotations

from flask import render_template

from core.web.auth import current_actor
from pos.pages.blueprint import blueprint
from pos.services import totals


@blueprint.get("/totals")
def totals_page(centre_id: int) -> str:
    """Show what the centre holds, owes and took; nobody's name."""
    return render_template("pos/totals.html", totals=totals.of(current_actor(centre_id)))
