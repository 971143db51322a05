"""What hangs on a product, a page each: a unit, a price for several, a licence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.pages.catalogue_words import licence_kinds
from inventory.rules.units import suggestions
from inventory.schemas.catalogue import LicenceForm, TierForm, UnitForm
from inventory.services import catalogue
from inventory.services.catalogue import licences, tiers, units
from inventory.services.catalogue.licences import SaveLicence
from inventory.services.catalogue.tiers import SaveTier
from inventory.services.catalogue.units import SaveUnit
from members.services import access


@blueprint.route("/products/<uuid:product_id>/units/new", methods=["GET", "POST"])
def unit_new(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Enter another unit the product is sold in."""
    return _unit(product_id, None, current_actor(centre_id))


@blueprint.route("/products/<uuid:product_id>/units/<uuid:unit_id>", methods=["GET", "POST"])
def unit(centre_id: int, product_id: UUID, unit_id: UUID) -> ResponseReturnValue:
    """Show a unit of a product; change it."""
    return _unit(product_id, unit_id, current_actor(centre_id))


def _unit(product_id: UUID, unit_id: UUID | None, actor: Actor) -> ResponseReturnValue:
    product = catalogue.get(product_id, actor)
    known = units.get(product_id, unit_id, actor) if unit_id else None
    form = _read(UnitForm, known is None, actor)

    def save() -> Any:
        command = SaveUnit(
            unit_id or form.data["id"] or uuid7(),
            product_id,
            form.data["facts"],
            form.data["version"],
            "page",
        )
        return in_transaction(units.save, command, actor)

    if _saved(form, save):
        return _back(product_id, actor)
    if not form.given:
        form.given = {"id": str(uuid7()), "active": True, **_label_asked()}
        if known is not None:
            form.given = {
                "label": known.label,
                "count": show.quantity(known.count_milli),
                "of_unit_id": known.of_unit_id,
                "price": show.baht(known.price_satang),
                "position": known.position,
                "active": known.active,
                "barcodes": " ".join(known.barcodes),
                "version": known.version,
            }
    there = units.of(product_id, actor)
    taken = {one.label for one in there}
    page = render_template(
        "inventory/unit.html",
        form=form,
        errors=form.errors,
        product=product,
        unit=known,
        others=[(one.id, one.label) for one in there if one.id != unit_id],
        suggested=[one for one in suggestions(product.unit) if one.label not in taken],
    )
    return page, form.status


def _label_asked() -> dict[str, str]:
    """Return what a suggestion that was followed fills in; nonsense fills in nothing."""
    label = request.args.get("label", "")[:20]
    count = request.args.get("count", "")
    known = count.isascii() and count.isdecimal() and len(count) < 12
    return {"label": label, "count": show.quantity(int(count)) if known else ""}


@blueprint.route("/products/<uuid:product_id>/tiers/new", methods=["GET", "POST"])
def tier_new(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Enter a price for several together, or for members."""
    return _tier(product_id, None, current_actor(centre_id))


@blueprint.route("/products/<uuid:product_id>/tiers/<uuid:tier_id>", methods=["GET", "POST"])
def tier(centre_id: int, product_id: UUID, tier_id: UUID) -> ResponseReturnValue:
    """Show a price for several; change or end it."""
    return _tier(product_id, tier_id, current_actor(centre_id))


def _tier(product_id: UUID, tier_id: UUID | None, actor: Actor) -> ResponseReturnValue:
    product = catalogue.get(product_id, actor)
    known = tiers.get(product_id, tier_id, actor) if tier_id else None
    if request.method == "POST" or known is None:
        access.require(actor, "price.change")
    form = _read(TierForm, known is None, actor)

    def save() -> Any:
        command = SaveTier(
            tier_id or form.data["id"] or uuid7(),
            product_id,
            form.data["facts"],
            form.data["version"],
            "page",
        )
        return in_transaction(tiers.save, command, actor)

    if _saved(form, save):
        return _back(product_id, actor)
    if not form.given:
        form.given = {"id": str(uuid7()), "active": True}
        if known is not None:
            form.given = {
                "count": known.count,
                "unit_id": known.unit_id,
                "members_only": known.members_only,
                "price": show.baht(known.price_satang),
                "active": known.active,
                "version": known.version,
            }
    page = render_template(
        "inventory/tier.html",
        form=form,
        errors=form.errors,
        product=product,
        tier=known,
        units=[(one.id, one.label) for one in units.of(product_id, actor) if one.active],
    )
    return page, form.status


@blueprint.route("/products/<uuid:product_id>/licences/new", methods=["GET", "POST"])
def licence_new(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Enter a licence of the product."""
    return _licence(product_id, None, current_actor(centre_id))


@blueprint.route("/products/<uuid:product_id>/licences/<uuid:licence_id>", methods=["GET", "POST"])
def licence(centre_id: int, product_id: UUID, licence_id: UUID) -> ResponseReturnValue:
    """Show a licence; renew, mend or end it."""
    return _licence(product_id, licence_id, current_actor(centre_id))


def _licence(product_id: UUID, licence_id: UUID | None, actor: Actor) -> ResponseReturnValue:
    product = catalogue.get(product_id, actor)
    known = licences.get(licence_id, actor) if licence_id else None
    form = _read(LicenceForm, known is None, actor)

    def save() -> Any:
        command = SaveLicence(
            licence_id or form.data["id"] or uuid7(),
            product_id,
            form.data["facts"],
            form.data["version"],
        )
        return in_transaction(licences.save, command, actor)

    if _saved(form, save):
        return _back(product_id, actor)
    if not form.given:
        form.given = {"id": str(uuid7()), "active": True}
        if known is not None:
            form.given = {
                "kind": known.kind,
                "number": known.number,
                "issued_on": show.day(known.issued_on, "form") if known.issued_on else "",
                "expires_on": show.day(known.expires_on, "form") if known.expires_on else "",
                "note": known.note,
                "active": known.active,
                "version": known.version,
            }
    page = render_template(
        "inventory/licence.html",
        form=form,
        errors=form.errors,
        product=product,
        licence=known,
        kinds=licence_kinds(),
    )
    return page, form.status


def _read(schema: Any, new: bool, actor: Actor) -> Form:
    """Read what was sent; who may not change products doesn't get an empty form to fill in."""
    if new or request.method == "POST":
        access.require(actor, "product.change")
    return read_form(schema) if request.method == "POST" else Form()


def _saved(form: Form, save: Callable[[], Any]) -> bool:
    if not (form.given and form.ok):
        return False
    try:
        save()
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    flash(_("The change was saved."), "success")
    return True


def _back(product_id: UUID, actor: Actor) -> ResponseReturnValue:
    where = url_for("inventory.product", centre_id=actor.centre_id, product_id=product_id)
    return redirect(where, 303)
