"""Purses as pages: who holds how much, one member's movements, money in and out with its slip.

What must stay true: nothing typed is lost when a form is refused; a form sent twice counts once.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.pages.credit_papers import pdf
from accounting.rules.chart import Purpose
from accounting.schemas.credit import PurseForm
from accounting.services import cash_drawers, ledger
from accounting.services.purse import moving, reading
from accounting.services.purse.moving import MovePurse
from core import clock
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from members.services import access, members, standing

SEARCH_MAX = 80


@blueprint.get("/purses")
def purses(centre_id: int) -> str:
    """Show what each purse holds; find a member to put money in."""
    actor = current_actor(centre_id)
    wanted = sought()
    page = reading.listing(actor, window(), wanted)
    return render_template(
        "purses/overview.html",
        **listed(page, "accounting.purses", centre_id=centre_id),
        text=wanted.text,
        found=members.search(centre_id, wanted.text),
        total=reading.total(actor),
    )


@blueprint.get("/purses/slips")
def purse_slips(centre_id: int) -> str:
    """Show the slips, newest first."""
    actor = current_actor(centre_id)
    page = moving.listing(actor, window(), sought())
    return render_template(
        "purses/slips.html", **listed(page, "accounting.purse_slips", centre_id=centre_id)
    )


@blueprint.route("/purses/members/<uuid:member_id>", methods=["GET", "POST"])
def purse_member(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Show a member's purse; put money in or hand it out."""
    actor = current_actor(centre_id)
    if request.method != "POST":
        return _member_page(member_id, Form(), actor)
    form = read_form(PurseForm)
    if form.data.get("kind") == "withdrawal":
        access.require(actor, "purse.withdraw")
    else:
        access.require(actor, "purse.top_up")
    if form.ok:
        try:
            slip = in_transaction(moving.move, MovePurse(member_id=member_id, **form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Done under %(number)s.", number=slip.movement_no), "success")
            where = url_for("accounting.purse_slip", centre_id=centre_id, movement_id=slip.id)
            return redirect(where, 303)
    return _member_page(member_id, form, actor)


def _member_page(member_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    held = reading.balance(member_id, actor)
    names = members.names(actor.centre_id, [member_id])
    if not names:
        raise NotFound(what="member")
    if not form.given:
        form.given = {"id": str(uuid7()), "kind": "top_up", "place": "till"}
    known = standing.of(member_id, actor.centre_id, clock.today())
    page = render_template(
        "purses/member.html",
        member=names[member_id],
        held=held,
        state=known.state if known else "",
        moves=reading.movements(actor.centre_id, Purpose.MEMBER_PURSE, member_id),
        shifts=cash_drawers.choices(actor.centre_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status


@blueprint.get("/purses/slips/<uuid:movement_id>")
def purse_slip(centre_id: int, movement_id: UUID) -> str:
    """Show a slip with its entry."""
    actor = current_actor(centre_id)
    return render_template(
        "purses/slip.html",
        slip=moving.get(movement_id, actor),
        entries=ledger.entry_of(centre_id, moving.SOURCE, movement_id),
    )


@blueprint.get("/purses/slips/<uuid:movement_id>.pdf")
def purse_slip_pdf(centre_id: int, movement_id: UUID) -> ResponseReturnValue:
    """Return the slip to print and sign."""
    actor = current_actor(centre_id)
    slip = moving.get(movement_id, actor)
    words = baht_text(slip.amount_satang)
    name, number = slip.movement_no, slip.movement_no
    return pdf(
        "documents/purse_slip.html", name, actor, slip=slip, number=number, amount_words=words
    )
