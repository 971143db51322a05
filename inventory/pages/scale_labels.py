"""How the labels of the centre's scales are read: the prefixes, and a code tried out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.problems import words
from core.web.sheets import Table, csv_response, xlsx_response
from inventory.pages.blueprint import blueprint
from inventory.pages.catalogue_words import scale_kinds
from inventory.schemas.catalogue import PrefixForm
from inventory.services import catalogue
from inventory.services.catalogue import scales, units
from inventory.services.catalogue.scales import SavePrefix
from members.services import access

COLUMNS = ("prefix", "kind", "item_digits", "value_digits", "decimals", "active")


@blueprint.route("/scale-labels", methods=["GET", "POST"])
def scale_labels(centre_id: int) -> ResponseReturnValue:
    """Show the prefixes; enter or change one; try a code out."""
    actor = current_actor(centre_id)
    rows = scales.listing(actor)
    kind = request.args.get("format")
    if request.method == "GET" and kind in ("csv", "xlsx"):
        cells = [[str(getattr(one, name)) for name in COLUMNS] for one in rows]
        if kind == "csv":
            return csv_response("scale-labels", COLUMNS, cells)
        return xlsx_response("scale-labels", [Table("scale-labels", COLUMNS, cells)])
    if request.method == "POST":
        access.require(actor, "settings.change")
    form = read_form(PrefixForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        command = SavePrefix(form.data["prefix"], form.data["facts"], form.data["version"])
        try:
            in_transaction(scales.save, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            return redirect(url_for("inventory.scale_labels", centre_id=centre_id), 303)
    known = next((one for one in rows if one.prefix == request.args.get("prefix")), None)
    if not form.given:
        form.given = {"kind": "weight", "item_digits": 5, "value_digits": 5, "decimals": 3}
        form.given["active"] = True
        if known is not None:
            form.given = {name: getattr(known, name) for name in (*COLUMNS, "version")}
    page = render_template(
        "inventory/scale_labels.html",
        form=form,
        errors=form.errors,
        rows=rows,
        known=known,
        kinds=scale_kinds(),
        kind_names=dict(scale_kinds()),
        tried=_tried(actor),
    )
    return page, form.status


def _tried(actor: Actor) -> dict[str, str] | None:
    """Return what a code that was tried means, or why it means nothing."""
    code = request.args.get("code", "").strip()[:40]
    if not code:
        return None
    try:
        found = scales.scanned(code, actor)
    except DomainError as refusal:
        return {"code": code, "refusal": " ".join(part for part in words(refusal) if part)}
    product = catalogue.get(found.product_id, actor)
    unit = product.unit
    if found.unit_id is not None:
        unit = units.get(found.product_id, found.unit_id, actor).label
    said = f"{product.name_th} · {show.quantity(found.quantity_milli)} {unit}"
    if found.label_satang is not None:
        said += f" · {show.baht(found.label_satang)}"
    return {"code": code, "said": said}
