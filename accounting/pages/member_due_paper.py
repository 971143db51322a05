"""Everybody's statement of an allocation: asked for here, drawn by the worker."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.services.member_payments import asking
from core.db import in_transaction
from core.web.auth import current_actor


@blueprint.post("/member-payments/statements/<uuid:allocation_id>")
def member_statements(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Ask the worker for every member's statement on paper."""
    actor = current_actor(centre_id)
    asked = in_transaction(asking.ask_statements, allocation_id, actor)
    if len(asked) == 1:
        return redirect(url_for("jobs.job", centre_id=centre_id, job_id=asked[0]), 303)
    flash(_("The statements are being made, %(count)s files.", count=len(asked)), "success")
    return redirect(url_for("jobs.index", centre_id=centre_id), 303)
