"""Everybody's statement of an allocation: asked for here, drawn by the worker."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from accounting.pages.blueprint import blueprint
from accounting.services.member_payments import asking
from core.db import in_transaction
from core.web.auth import current_actor


@blueprint.post("/member-payments/statements/<uuid:allocation_id>")
def member_statements(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Ask the worker for every member's statement on paper."""
    actor = current_actor(centre_id)
    job_id = in_transaction(asking.ask_statements, allocation_id, actor)
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)
