"""Promotions and discount reasons as pages: what is on offer, who bears it, and its end."""

from __future__ import annotations

from typing import Protocol
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
from core.web.lists import listed, sought, window
from inventory.services import catalogue
from inventory.services.catalogue import categories
from members.services import access
from pos.pages.blueprint import blueprint
from pos.schemas.promotions import (
    EndPromotionForm,
    OfferReasonForm,
    PromotionForm,
    ReasonForm,
)
from pos.services import discounts
from pos.services import promotions as offered
from pos.services.promotions import EndPromotion


@blueprint.get("/promotions")
def promotions(centre_id: int) -> str:
    """Show promotions, newest first."""
    actor = current_actor(centre_id)
    page = offered.listing(actor, window(), sought())

    return render_template(
        "pos/promotions.html",
        **listed(page, "pos.promotions", centre_id=centre_id),
    )


@blueprint.route("/promotions/new", methods=["GET", "POST"])
def promotion_new(centre_id: int) -> ResponseReturnValue:
    """Make a promotion, or a member price."""
    actor = current_actor(centre_id)
    access.require(actor, "promotion.change")
    form = read_form(PromotionForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        try:
            made = in_transaction(offered.create, form.data["command"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s will be taken off by itself.", name=made.name_th), "success")
            where = url_for("pos.promotion", centre_id=centre_id, promotion_id=made.id)
            return redirect(where, 303)
    if not form.given:
        # The id is made with the form, so that sending it twice makes one promotion.
        today = show.day(clock.today(), "form")
        form.given = {
            "id": str(uuid7()),
            "kind": "percent",
            "valid_from": today,
            "product_id": request.args.get("product_id", ""),
        }
    page = render_template(
        "pos/promotion_new.html",
        form=form,
        errors=form.errors,
        products=[
            (one.id, f"{_named(one)} · {show.baht(one.price_satang)}/{one.unit}")
            for one in catalogue.shelf(centre_id)
        ],
        categories=categories.choices(centre_id, show.language()),
        reasons=[reason for reason in discounts.listing(actor) if reason.active],
    )
    return page, form.status


@blueprint.route("/promotions/<uuid:promotion_id>", methods=["GET", "POST"])
def promotion(centre_id: int, promotion_id: UUID) -> ResponseReturnValue:
    """Show a promotion; give it a last day, or stop it."""
    actor = current_actor(centre_id)
    if request.method == "POST":
        access.require(actor, "promotion.change")
    found = offered.get(promotion_id, actor)
    form = read_form(EndPromotionForm) if request.method == "POST" else Form()
    if form.given and form.ok and not form.data["stop"] and form.data["valid_until"] is None:
        form.errors["valid_until"], form.status = _("Enter the last day"), 422
    if form.given and form.ok:
        last = None if form.data["stop"] else form.data["valid_until"]
        command = EndPromotion(promotion_id, form.data["version"], last)
        try:
            in_transaction(offered.end, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            where = url_for("pos.promotion", centre_id=centre_id, promotion_id=promotion_id)
            return redirect(where, 303)
    page = render_template("pos/promotion.html", form=form, errors=form.errors, promotion=found)
    return page, form.status


@blueprint.get("/discount_reasons")
def discount_reasons(centre_id: int) -> str:
    """Show why prices may be cut, and who bears each."""
    return render_template(
        "pos/discount_reasons.html", rows=discounts.listing(current_actor(centre_id))
    )


@blueprint.route("/discount_reasons/new", methods=["GET", "POST"])
def discount_reason_new(centre_id: int) -> ResponseReturnValue:
    """Make a discount reason and say who bears it."""
    actor = current_actor(centre_id)
    access.require(actor, "promotion.change")
    form = read_form(ReasonForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        try:
            made = in_transaction(discounts.create, form.data["command"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s was entered.", name=made.name_th), "success")
            return redirect(url_for("pos.discount_reasons", centre_id=centre_id), 303)
    if not form.given:
        form.given = {"id": str(uuid7()), "bearing": "centre"}
    return _reason_page(form, actor)


@blueprint.post("/discount_reasons/<uuid:reason_id>")
def discount_reason(centre_id: int, reason_id: UUID) -> ResponseReturnValue:
    """Offer a reason at the counter, or no longer."""
    actor = current_actor(centre_id)
    access.require(actor, "promotion.change")
    form = read_form(OfferReasonForm)
    if form.ok:
        in_transaction(discounts.set_active, reason_id, form.data["active"], actor)
        flash(_("The change was saved."), "success")
    return redirect(url_for("pos.discount_reasons", centre_id=centre_id), 303)


def _reason_page(form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "pos/discount_reason_new.html",
        form=form,
        errors=form.errors,
        funds=[(fund.id, _named(fund)) for fund in funds.listing(actor.centre_id) if fund.active],
    )
    return page, form.status


class _Named(Protocol):
    @property
    def name_th(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def _named(thing: _Named) -> str:
    return thing.name_en if show.language() == "en" and thing.name_en else thing.name_th
