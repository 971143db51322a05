"""Shifts and the drawer's cash over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from core.db import in_transaction
from core.web.auth import current_actor
from members.services import access
from pos.api.blueprint import blueprint
from pos.schemas.shifts import (
    CashMovementIn,
    CashMovementOut,
    CloseShiftIn,
    ShiftIn,
    ShiftOut,
    ShiftsOut,
    WindowQuery,
)
from pos.services import shift
from pos.services.shift import CloseShift, MoveCash, MovementDoc, OpenShift, ShiftDoc


@blueprint.put("/shifts/<uuid:shift_id>")
@blueprint.arguments(ShiftIn)
@blueprint.response(200, ShiftOut)
def put_shift(command: OpenShift, centre_id: int, shift_id: UUID) -> ShiftDoc:
    """Open a shift with a counted float."""
    actor = current_actor(centre_id)
    return in_transaction(shift.open_shift, replace(command, id=shift_id), actor)


@blueprint.get("/shifts/<uuid:shift_id>")
@blueprint.response(200, ShiftOut)
def get_shift(centre_id: int, shift_id: UUID) -> ShiftDoc:
    """Return a shift; what was expected is told only once it is closed."""
    actor = current_actor(centre_id)
    access.require(actor, "shift.read")
    return shift.get(centre_id, shift_id)


@blueprint.get("/shifts")
@blueprint.arguments(WindowQuery, location="query")
@blueprint.response(200, ShiftsOut)
def get_shifts(query: dict[str, Any], centre_id: int) -> dict[str, Any]:
    """Return shifts, newest first."""
    found = shift.listing(current_actor(centre_id), **query)
    more = len(found) == query["limit"]
    return {"shifts": found, "next": str(found[-1].id) if more else None}


@blueprint.post("/shifts/<uuid:shift_id>/close")
@blueprint.arguments(CloseShiftIn)
@blueprint.response(200, ShiftOut)
def post_close(command: CloseShift, centre_id: int, shift_id: UUID) -> ShiftDoc:
    """Close a shift with the blind count by denomination; over or short is posted."""
    actor = current_actor(centre_id)
    return in_transaction(shift.close_shift, replace(command, id=shift_id), actor)


@blueprint.put("/cash_movements/<uuid:movement_id>")
@blueprint.arguments(CashMovementIn)
@blueprint.response(200, CashMovementOut)
def put_cash_movement(command: MoveCash, centre_id: int, movement_id: UUID) -> MovementDoc:
    """Put cash into the drawer or take it out, with a reason."""
    actor = current_actor(centre_id)
    return in_transaction(shift.move_cash, replace(command, id=movement_id), actor)
