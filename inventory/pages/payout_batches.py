"""Files for the bank to producers as pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from accounting.pages import bank_batches
from accounting.pages.bank_batches import Desk
from core.actor import Actor
from inventory.pages.blueprint import blueprint
from inventory.services import payout_batches, payouts
from members.services import payment_details

DESK = Desk(payout_batches.DEBT, "payouts", "inventory.batch", downloads="payout.read")


@blueprint.get("/payout-batches")
def batch_list(centre_id: int) -> str:
    """Show bank files, newest first."""
    return bank_batches.listing(DESK, centre_id)


@blueprint.route("/payout-batches/new", methods=["GET", "POST"])
def batch_new(centre_id: int) -> ResponseReturnValue:
    """Make a file for the bank."""
    return bank_batches.new(DESK, centre_id, _offered)


def _offered(actor: Actor) -> dict[str, Any]:
    dues = [due for due in payouts.dues(actor) if due.payable_satang > 0]
    details = payment_details.of(actor.centre_id, [due.producer.id for due in dues])
    return {"payees": dues, "details": details}


@blueprint.get("/payout-batches/<uuid:batch_id>")
def batch(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Show a bank file and what became of its lines."""
    return bank_batches.one(DESK, centre_id, batch_id)


@blueprint.get("/payout-batches/<uuid:batch_id>/file.csv")
def batch_file(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Return the file as it was frozen when it was made."""
    return bank_batches.file(DESK, centre_id, batch_id)


@blueprint.post("/payout-batches/<uuid:batch_id>/answer")
def batch_answer(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer to one line."""
    return bank_batches.answer(DESK, centre_id, batch_id)


@blueprint.post("/payout-batches/<uuid:batch_id>/answers")
def batch_answers(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer from its file."""
    return bank_batches.answers(DESK, centre_id, batch_id)
