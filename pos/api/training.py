"""A practice shift over HTTP: what the till would send, played from its beginning, kept nowhere.

What must stay true: every step runs in one rehearsal that is taken back; the answer is that of the
last step; a path that is not in the table can't be practised.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import marshmallow as ma

from core import clock
from core.actor import Actor
from core.db import in_rehearsal
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.schemas import ListField, NestedField, OneOf, Schema, TextField, UuidField
from pos.api.blueprint import blueprint
from pos.schemas.counter import HeldSaleIn, HeldSaleOut
from pos.schemas.people import OverrideOut, PractisedOverrideIn
from pos.schemas.sales import ReceiptOut, RefundIn, RefundOut, SaleIn
from pos.schemas.shifts import CashMovementIn, CashMovementOut, CloseShiftIn, ShiftIn, ShiftOut
from pos.services import held, receipts, refund, sale, shift, training
from pos.services.held import HoldSale
from pos.services.overrides import GrantOverride
from pos.services.training import NotPractised, TrainingMoved

STEPS_MAX = 120


class StepIn(Schema):
    """One call as the till would have made it."""

    method = OneOf(("GET", "PUT", "POST", "DELETE"), required=True)
    path = TextField(200, required=True)
    body = ma.fields.Dict(keys=ma.fields.String(), load_default=dict)


class TrainingIn(Schema):
    """A practice shift from its beginning, the call to be answered last."""

    till_id = UuidField(required=True)
    steps = ListField(NestedField(StepIn), fewest=1, most=STEPS_MAX, required=True)


class TrainingOut(Schema):
    """The last call's answer."""

    data = ma.fields.Raw()


@blueprint.post("/training")
@blueprint.arguments(TrainingIn)
@blueprint.response(200, TrainingOut)
def post_training(body: dict[str, Any], centre_id: int) -> dict[str, Any]:
    """Play a practice shift and return the answer to its last call; nothing is stored."""
    actor = current_actor(centre_id)
    return {"data": in_rehearsal(_play, body["till_id"], body["steps"], actor)}


def _play(till_id: UUID, steps: list[dict[str, Any]], actor: Actor) -> Any:
    practice_till = training.begin(till_id, actor)
    for step in steps[:-1]:
        try:
            _do(step, practice_till, actor)
        except DomainError as refusal:
            raise TrainingMoved from refusal
    return _do(steps[-1], practice_till, actor)


def _do(step: dict[str, Any], till_id: UUID, actor: Actor) -> Any:
    for method, pattern, act in _TABLE:
        found = pattern.fullmatch(step["path"])
        if found and step["method"] == method:
            body = dict(step["body"])
            if "occurred_at" in body:
                body["occurred_at"] = clock.now().isoformat()
            if "till_id" in body or act is _held:
                body["till_id"] = str(till_id)
            return act(body, *found.groups(), actor)
    raise NotPractised


# --- one function a call: the same schema and service as for real -----------------------------


def _sell(body: dict[str, Any], sale_id: str, actor: Actor) -> Any:
    command = replace(SaleIn().load(body), id=UUID(sale_id))
    return ReceiptOut().dump(sale.record(command, actor)[0])


def _receipt(_body: dict[str, Any], sale_id: str, actor: Actor) -> Any:
    return ReceiptOut().dump(receipts.get(UUID(sale_id), actor))


def _find(_body: dict[str, Any], receipt_no: str, actor: Actor) -> Any:
    found = receipts.find(receipt_no, actor)
    return {"sales": [ReceiptOut().dump(receipts.get(found.id, actor))], "next": None}


def _print(_body: dict[str, Any], sale_id: str, actor: Actor) -> Any:
    return {"copy_no": receipts.count_print(UUID(sale_id), actor)}


def _give_back(body: dict[str, Any], refund_id: str, actor: Actor) -> Any:
    command = replace(RefundIn().load(body), id=UUID(refund_id))
    return RefundOut().dump(refund.record(command, actor)[0])


def _open(body: dict[str, Any], shift_id: str, actor: Actor) -> Any:
    command = replace(ShiftIn().load(body), id=UUID(shift_id))
    return ShiftOut().dump(shift.open_shift(command, actor))


def _shift(_body: dict[str, Any], shift_id: str, actor: Actor) -> Any:
    return ShiftOut().dump(shift.get(actor.centre_id, UUID(shift_id)))


def _close(body: dict[str, Any], shift_id: str, actor: Actor) -> Any:
    command = replace(CloseShiftIn().load(body), id=UUID(shift_id))
    return ShiftOut().dump(shift.close_shift(command, actor))


def _move(body: dict[str, Any], movement_id: str, actor: Actor) -> Any:
    command = replace(CashMovementIn().load(body), id=UUID(movement_id))
    return CashMovementOut().dump(shift.move_cash(command, actor))


def _hold(body: dict[str, Any], held_id: str, actor: Actor) -> Any:
    command = HoldSale(id=UUID(held_id), **HeldSaleIn().load(body))
    return HeldSaleOut().dump(held.keep(command, actor))


def _recall(_body: dict[str, Any], held_id: str, actor: Actor) -> Any:
    return HeldSaleOut().dump(held.recall(UUID(held_id), actor))


def _held(body: dict[str, Any], actor: Actor) -> Any:
    return HeldSaleOut(many=True).dump(held.listing(actor, UUID(body["till_id"])))


def _say_yes(body: dict[str, Any], override_id: str, actor: Actor) -> Any:
    data = PractisedOverrideIn().load(body)
    command = GrantOverride(
        id=UUID(override_id),
        kind=data["kind"],
        document_id=data["document_id"],
        till_id=data["till_id"],
        reason=data["reason"],
        asked_satang=data["asked_satang"],
    )
    return OverrideOut().dump(training.say_yes(command, actor))


_ID = r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
_TABLE: tuple[tuple[str, re.Pattern[str], Callable[..., Any]], ...] = tuple(
    (method, re.compile(pattern), act)
    for method, pattern, act in (
        ("PUT", f"/shifts/{_ID}", _open),
        ("GET", f"/shifts/{_ID}", _shift),
        ("POST", f"/shifts/{_ID}/close", _close),
        ("PUT", f"/cash_movements/{_ID}", _move),
        ("PUT", f"/sales/{_ID}", _sell),
        ("GET", f"/sales/{_ID}", _receipt),
        ("GET", r"/sales\?receipt_no=([^&]{1,60})", _find),
        ("POST", f"/sales/{_ID}/prints", _print),
        ("PUT", f"/refunds/{_ID}", _give_back),
        ("PUT", f"/held_sales/{_ID}", _hold),
        ("DELETE", f"/held_sales/{_ID}", _recall),
        ("GET", r"/held_sales(?:\?.*)?", _held),
        ("PUT", f"/overrides/{_ID}", _say_yes),
    )
)
