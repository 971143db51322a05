"""Work at a batch: goods put in, what came out, and goods packed anew in one go."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import cash_drawers
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.pages.choices import producer_choices
from inventory.pages.places import place_options
from inventory.pages.production import product_names
from inventory.pages.rows import Rows
from inventory.pages.transfers import read_cells
from inventory.rules.production import grams_of_unit
from inventory.schemas.production import (
    BroughtLineForm,
    CameOutLineForm,
    FinishForm,
    PutInForm,
    PutInLineForm,
    PutInLotForm,
    RepackForm,
)
from inventory.services import catalogue, locations
from inventory.services.production import bringing, finishing, reading, repacking
from inventory.services.production.bringing import Brought
from inventory.services.production.finishing import FinishBatch, OutputLine
from inventory.services.production.issuing import IssueGoods, IssueLine
from inventory.services.production.reading import BatchDoc
from inventory.services.production.repacking import Repack
from inventory.services.transfers import choosing, sending
from inventory.services.transfers.choosing import LyingLot
from members.services import access

GOODS = Rows("in", PutInLineForm, "quantity")
BROUGHT = Rows("brought", BroughtLineForm, "quantity")
LOTS_SHOWN = 12
CAME_OUT = Rows("out", CameOutLineForm, "quantity", usual=("role",))


@blueprint.route("/production/<uuid:batch_id>/goods", methods=["GET", "POST"])
def batch_goods(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Put goods into a batch: by product, by lot, or brought right now."""
    actor = current_actor(centre_id)
    access.require(actor, "production.record")
    batch = reading.get(batch_id, actor)
    lots = _lots_of(batch, actor)
    if request.method != "POST" or "more" in request.form:
        return _goods_page(batch, _unread(batch), lots, actor)
    cells = {f"lot_{lot.lot_no}": lot for lot in lots}
    weights = {name: f"{name}_weight" for name in cells}
    form = read_form(PutInForm, keep=(*GOODS.names(), *BROUGHT.names(), *cells, *weights.values()))
    rows = GOODS.read(form)
    lines = [
        IssueLine(row["quantity"], product_id=row["product"], unit_grams=row["weight"])
        for row in rows
    ]
    entered = []
    for name, lot in cells.items():
        form.given[name] = request.form.get(name, "").strip()
        if form.given[name]:
            entered.append(name)
            read = read_cells(PutInLotForm(), {"quantity": name, "weight": weights[name]}, form, {})
            if read is not None:
                lines.append(
                    IssueLine(read["quantity"], lot_id=lot.lot_id, unit_grams=read["weight"])
                )
    brought = tuple(
        Brought(row["producer"], row["product"], row["quantity"], row["weight"])
        for row in (BROUGHT.read(form) if batch.kind == "joint" else ())
    )
    if form.ok and not lines and not brought:
        form.status = 422
        form.errors["in_1_quantity"] = _("Enter at least one line")
    if form.ok:
        command = IssueGoods(form.data["id"], batch_id, tuple(lines), form.data["location_id"])
        try:
            in_transaction(bringing.put_in, command, brought, actor)
        except DomainError as refusal:
            _refuse_goods(form, refusal, entered)
        else:
            flash(_("Put into the batch."), "success")
            return _to_batch(centre_id, batch_id)
    return _goods_page(batch, form, lots, actor)


@blueprint.route("/production/<uuid:batch_id>/finish", methods=["GET", "POST"])
def batch_finish(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Finish a batch: say what came out."""
    actor = current_actor(centre_id)
    access.require(actor, "production.record")
    batch = reading.get(batch_id, actor)
    if request.method != "POST" or "more" in request.form:
        given = {
            name: request.form.getlist(name)
            if name in {"home", "cash"}
            else request.form.get(name, "")
            for name in FinishForm().fields
        }
        return _finish_page(batch, Form(given=given), actor)
    form = read_form(FinishForm, keep=CAME_OUT.names())
    outputs = tuple(
        OutputLine(
            role=row["role"],
            quantity_milli=row["quantity"],
            product_id=row["product"] if row["role"] != "waste" else None,
            unit_grams=row["weight"],
            unit_value_satang=row["value"],
            kept_milli=row["kept"],
            expires_on=row["expires"],
        )
        for row in CAME_OUT.read(form)
    )
    if form.ok:
        data = form.data
        command = FinishBatch(
            batch_id=batch_id,
            outputs=outputs,
            fee_rate_satang=data["fee_rate"],
            taken_home=tuple(data["home"]),
            paid_cash=tuple(data["cash"]),
            shift_id=data["shift_id"] if data["cash"] else None,
            over_reason=data["over_reason"],
        )
        try:
            in_transaction(finishing.finish, command, actor)
        except DomainError as refusal:
            if not CAME_OUT.refuse(form, refusal):
                form.refuse(refusal)
        else:
            flash(_("The batch is finished; what came out lies here."), "success")
            return _to_batch(centre_id, batch_id)
    return _finish_page(batch, form, actor)


@blueprint.route("/repack", methods=["GET", "POST"])
def repack_goods(centre_id: int) -> ResponseReturnValue:
    """Pack goods anew: sacks into bags."""
    actor = current_actor(centre_id)
    access.require(actor, "production.record")
    if request.method != "POST":
        given = {
            "id": str(uuid7()),
            "location_id": str(locations.shop(centre_id).id),
            "loss_rule": "spread",
            "product_id": request.args.get("product_id", ""),
            "lot_id": request.args.get("lot_id", ""),
        }
        return _repack_page(Form(given=given), actor)
    form = read_form(RepackForm)
    if form.ok:
        try:
            batch_id = in_transaction(repacking.repack, _repack(form), actor)
        except DomainError as refusal:
            _refuse_repack(form, refusal)
        else:
            flash(_("Packed anew."), "success")
            return _to_batch(centre_id, batch_id)
    return _repack_page(form, actor)


# --- goods -----------------------------------------------------------------------------------


def _unread(batch: BatchDoc) -> Form:
    given: dict[str, str] = {name: request.form.get(name, "") for name in PutInForm().fields}
    given["id"] = given["id"] or str(uuid7())
    given["location_id"] = given["location_id"] or request.args.get(
        "location_id", str(batch.location_id)
    )
    given |= {name: text for name, text in request.form.items() if name.startswith("lot_")}
    return Form(given=given)


def _lots_of(batch: BatchDoc, actor: Actor) -> list[LyingLot]:
    """Return the lots that can be named: of a joint batch all that lie there, else those sought."""
    text = request.args.get("q", "").strip()
    if batch.kind != "joint" and not text:
        return []
    wanted = request.values.get("location_id") or str(batch.location_id)
    place = next(
        (one.id for one in sending.places(actor.centre_id) if str(one.id) == wanted),
        batch.location_id,
    )
    access.require(actor, "transfer.read")
    return choosing.lying_at(actor, place, text)


def _shown(batch: BatchDoc, form: Form, lots: list[LyingLot]) -> list[LyingLot]:
    """Return the lots to show: those sought, else those with a figure and the few to expect.

    A phone shows no hundred lots: of many none, until one is searched for.
    """
    if request.args.get("q", "").strip():
        return lots
    planned = {line.product_id for line in batch.planned if line.side == "in"}
    theirs = [
        lot.lot_id
        for lot in lots
        if lot.ownership == "consigned" and (not planned or lot.product_id in planned)
    ]
    few = theirs if len(theirs) <= LOTS_SHOWN else []
    return [lot for lot in lots if lot.lot_id in few or form.given.get(f"lot_{lot.lot_no}")]


def _refuse_goods(form: Form, refusal: DomainError, lots: list[str]) -> None:
    """Show a refusal beside its line: those by product come first, then lots, then what came."""
    before = len(GOODS.filled())
    if GOODS.refuse(form, refusal) or BROUGHT.refuse(form, refusal, before + len(lots)):
        return
    form.refuse(refusal)
    line_no = refusal.facts.get("line_no")
    if isinstance(line_no, int) and before < line_no <= before + len(lots) and form.refusal:
        form.errors[lots[line_no - before - 1]], form.refusal = form.refusal, ""


def _goods_page(
    batch: BatchDoc, form: Form, lots: list[LyingLot], actor: Actor
) -> ResponseReturnValue:
    lots = _shown(batch, form, lots)
    rows = GOODS.typed()
    if request.method == "GET" and not batch.put_in:
        rows = _planned(batch, "in", rows)
    page = render_template(
        "production/goods.html",
        batch=batch,
        form=form,
        errors=form.errors,
        rows=rows,
        brought=BROUGHT.typed() if batch.kind == "joint" else [],
        lots=lots,
        weightless={lot.lot_no for lot in lots if not grams_of_unit(lot.unit)},
        q=request.args.get("q", ""),
        products=catalogue.shelf(actor.centre_id),
        producers=producer_choices(actor) if batch.kind == "joint" else [],
        places=place_options(sending.places(actor.centre_id)),
    )
    return page, form.status


def _planned(batch: BatchDoc, side: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of a new form as the recipe has them, empty ones behind."""
    planned = [
        {
            "product": str(line.product_id or ""),
            "quantity": _decimal(line.quantity_milli),
            "weight": _decimal(line.unit_grams) if line.unit_grams else "",
            "role": line.role,
            "value": _baht(line.unit_value_satang) if line.unit_value_satang else "",
        }
        for line in batch.planned
        if line.side == side and line.role != "waste"
    ]
    empty = dict.fromkeys(rows[0], "") if rows else {}
    filled = [{**empty, **{cell: row[cell] for cell in empty if cell in row}} for row in planned]
    return [*filled, *rows[len(filled) :]] if len(filled) < len(rows) else filled


# --- what came out ---------------------------------------------------------------------------


def _finish_page(batch: BatchDoc, form: Form, actor: Actor) -> ResponseReturnValue:
    rows = CAME_OUT.typed()
    if request.method == "GET":
        rows = _planned(batch, "out", rows)
        for row in rows:
            if batch.kind != "own" or row["role"] == "main":
                row["quantity"] = ""
    people = {
        one.producer_id: one.producer_name
        for one in batch.put_in
        if one.ownership == "consigned" and batch.kind == "joint"
    }
    page = render_template(
        "production/finish.html",
        batch=batch,
        form=form,
        errors=form.errors,
        rows=rows,
        products=catalogue.shelf(actor.centre_id),
        names=product_names(actor),
        people=sorted(people.items(), key=lambda one: one[1]),
        shifts=cash_drawers.choices(actor.centre_id),
    )
    return page, form.status


# --- packing anew ----------------------------------------------------------------------------


def _repack(form: Form) -> Repack:
    data = form.data
    materials: tuple[IssueLine, ...] = ()
    if data["material_id"] and data["material_quantity"]:
        materials = (
            IssueLine(data["material_quantity"], product_id=data["material_id"], unit_grams=0),
        )
    return Repack(
        id=data["id"],
        location_id=data["location_id"],
        product_id=data["product_id"],
        lot_id=data["lot_id"],
        quantity_milli=data["quantity"],
        unit_grams=data["weight"],
        to_product_id=data["to_product_id"],
        to_quantity_milli=data["to_quantity"],
        to_unit_grams=data["to_weight"],
        materials=materials,
        loss_rule=data["loss_rule"],
        expires_on=data["expires"],
        note=data["note"],
        name=_("Packing anew"),
        over_reason=data["over_reason"],
    )


def _refuse_repack(form: Form, refusal: DomainError) -> None:
    """Show a refusal of what went in beside its quantity: line 1 the goods, line 2 the bags."""
    form.refuse(refusal)
    field = {1: "quantity", 2: "material_quantity"}.get(refusal.facts.get("line_no") or 0)
    if field and form.refusal:
        form.errors[field], form.refusal = form.refusal, ""


def _repack_page(form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "production/repack.html",
        form=form,
        errors=form.errors,
        products=catalogue.shelf(actor.centre_id),
        places=place_options(sending.places(actor.centre_id)),
    )
    return page, form.status


def _to_batch(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("inventory.batch_page", centre_id=centre_id, batch_id=batch_id), 303)


def _decimal(milli: int) -> str:
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")


def _baht(satang: int) -> str:
    return f"{satang // 100}.{satang % 100:02d}"
