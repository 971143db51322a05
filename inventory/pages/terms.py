"""Consignment terms as pages: what is agreed now, every version, a proposal, its decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import funds
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.pages.choices import producer_choices
from inventory.rules.terms import parts_of
from inventory.schemas.terms import STEPS, TermsForm
from inventory.services import catalogue, consignment_terms
from inventory.services.catalogue import categories
from inventory.services.consignment_terms import DecideTerms, ProposeTerms
from members.services import access


@blueprint.get("/terms")
def terms_list(centre_id: int) -> str:
    """Show the terms in force, to come and proposed; with `?all=1` every version."""
    actor = current_actor(centre_id)
    every = bool(request.args.get("all"))
    today = clock.business_date(clock.now())
    found = consignment_terms.listing(actor)
    rows = [
        doc
        for doc in found
        if every
        or doc.state == "proposed"
        or (doc.state == "approved" and (doc.ends_on is None or doc.ends_on >= today))
    ]
    return render_template("inventory/terms_list.html", rows=rows, every=every, today=today)


@blueprint.route("/terms/new", methods=["GET", "POST"])
def terms_new(centre_id: int) -> ResponseReturnValue:
    """Propose terms."""
    actor = current_actor(centre_id)
    access.require(actor, "terms.propose")
    form = read_form(TermsForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        try:
            document = in_transaction(consignment_terms.propose, ProposeTerms(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Proposed under %(number)s.", number=document.terms_no), "success")
            where = url_for("inventory.terms_page", centre_id=centre_id, terms_id=document.id)
            return redirect(where, 303)
    if not form.given:
        form.given = _empty()
    page = render_template(
        "inventory/terms_new.html",
        form=form,
        errors=form.errors,
        steps=range(1, STEPS + 1),
        **_choices(actor),
    )
    return page, form.status


@blueprint.get("/terms/<uuid:terms_id>")
def terms_page(centre_id: int, terms_id: UUID) -> ResponseReturnValue:
    """Show one version, what it makes of the price, and the other versions of its scope."""
    return _page(terms_id, Form(), current_actor(centre_id))


@blueprint.post("/terms/<uuid:terms_id>/approve")
def terms_approve(centre_id: int, terms_id: UUID) -> ResponseReturnValue:
    """Approve proposed terms."""
    return _decide(DecideTerms(terms_id, "approved"), current_actor(centre_id))


@blueprint.post("/terms/<uuid:terms_id>/withdraw")
def terms_withdraw(centre_id: int, terms_id: UUID) -> ResponseReturnValue:
    """Withdraw proposed terms."""
    return _decide(DecideTerms(terms_id, "withdrawn"), current_actor(centre_id))


def _decide(command: DecideTerms, actor: Actor) -> ResponseReturnValue:
    form = Form()
    try:
        found = in_transaction(consignment_terms.decide, command, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(command.terms_id, form, actor)
    done = {
        "approved": _("%(number)s is approved.", number=found.terms_no),
        "withdrawn": _("%(number)s is withdrawn.", number=found.terms_no),
    }
    flash(done[command.kind], "success")
    where = url_for("inventory.terms_page", centre_id=actor.centre_id, terms_id=found.id)
    return redirect(where, 303)


def _page(terms_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    found = consignment_terms.get(terms_id, actor)
    page = render_template(
        "inventory/terms.html",
        doc=found,
        parts=parts_of(found.terms, found.product.price_satang) if found.product else None,
        history=consignment_terms.history(found.scope, actor),
        today=clock.business_date(clock.now()),
        form=form,
    )
    return page, form.status


def _empty() -> dict[str, Any]:
    """Return an empty form, or one for the producer or product the reader came from.

    The id is made with the form, so that sending it twice proposes once.
    """
    return {
        "id": str(uuid7()),
        "producer_id": request.args.get("producer_id", ""),
        "product_id": request.args.get("product_id", ""),
        "valid_from": show.day(clock.business_date(clock.now()), "form"),
        "split": "80",
        "tier_by": "price",
    }


def _choices(actor: Actor) -> dict[str, Any]:
    english = show.language() == "en"
    return {
        "producers": [
            (one.id, f"{one.name} ({one.producer_no})") for one in producer_choices(actor)
        ],
        "products": [
            (one.id, one.name_en if english and one.name_en else one.name_th)
            for one in catalogue.shelf(actor.centre_id)
        ],
        "categories": categories.choices(actor.centre_id, show.language()),
        "funds": [
            (one.id, one.name_en if english and one.name_en else one.name_th)
            for one in funds.listing(actor.centre_id)
            if one.active
        ],
    }
