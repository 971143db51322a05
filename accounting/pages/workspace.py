"""The accountant's desk as one page."""

from __future__ import annotations

from flask import render_template

from accounting.pages.blueprint import blueprint
from accounting.pages.closing import document_address
from accounting.rules.periods import first_day
from accounting.services import workspace as desk
from core import clock
from core.web.auth import current_actor


@blueprint.get("/desk")
def workspace(centre_id: int) -> str:
    """Show what needs a person, the month to close, and the money there is."""
    found = desk.of(current_actor(centre_id))
    return render_template(
        "closing/workspace.html",
        found=found,
        first=first_day(found.turn),
        today=clock.today(),
        locked_first=first_day(found.last_locked.period_id) if found.last_locked else None,
        document_address=lambda one: document_address(centre_id, one),
    )
