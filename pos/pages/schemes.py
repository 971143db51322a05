"""Schemes of the state as pages: the register, claims, and their money when it comes.

What must stay true: nothing typed is lost when a form is refused; a form sent twice counts once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError

from accounting.services import ledger
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.paging import Window
from core.sheets import Cell
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.schemas import BahtField
from core.web.sheets import baht_figure, csv_response
from members.services import access
from pos.pages.blueprint import blueprint
from pos.schemas.schemes import SchemeForm, SettleForm
from pos.services import scheme_claims, scheme_settling, schemes
from pos.services.scheme_settling import SettleItem, SettleScheme
from pos.services.schemes import SaveScheme

BEARERS = ("", "centre", "member")
CLAIMS_SHOWN = 200
"""So many claims are on one form, each with its fields; those after them on the next."""
_SAID = ("chosen", "accepted", "rejected", "bearer", "reason")


@blueprint.route("/schemes", methods=["GET", "POST"])
def schemes_page(centre_id: int) -> ResponseReturnValue:
    """Show the schemes with what each owes; add or change one."""
    actor = current_actor(centre_id)
    access.require(actor, "scheme.read")
    if request.method != "POST":
        return _overview(Form(), actor)
    access.require(actor, "scheme.change")
    form = read_form(SchemeForm)
    if form.ok:
        try:
            command = SaveScheme(**SchemeForm().read(form.data))
            saved = in_transaction(schemes.save, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The scheme %(name)s is kept.", name=saved.name_th), "success")
            return redirect(url_for("pos.schemes_page", centre_id=centre_id), 303)
    return _overview(form, actor)


def _overview(form: Form, actor: Actor) -> ResponseReturnValue:
    if not form.given:
        form.given = {"id": str(uuid7()), "version": 0, "active": True}
    page = render_template(
        "schemes/overview.html",
        rows=schemes.listing(actor.centre_id),
        open_claims=scheme_claims.open_by_scheme(actor.centre_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status


@blueprint.route("/schemes/<uuid:scheme_id>", methods=["GET", "POST"])
def scheme_page(centre_id: int, scheme_id: UUID) -> ResponseReturnValue:
    """Show a scheme's claims, and enter its money."""
    actor = current_actor(centre_id)
    if request.method != "POST":
        return _scheme_page(scheme_id, Form(), actor)
    access.require(actor, "scheme.settle")
    names = tuple(name for name in request.form if name.partition("_")[0] in _SAID)
    form = read_form(SettleForm, keep=names)
    typed = {name: request.form[name][:200] for name in names}
    items = _items(typed, form)
    if form.ok:
        try:
            command = SettleScheme(scheme_id=scheme_id, items=items, **form.data)
            done = in_transaction(scheme_settling.settle, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Entered under %(number)s.", number=done.settlement_no), "success")
            where = url_for("pos.scheme_settlement", centre_id=centre_id, settlement_id=done.id)
            return redirect(where, 303)
    return _scheme_page(scheme_id, form, actor, typed)


def _items(typed: dict[str, str], form: Form) -> tuple[SettleItem, ...]:
    """Return what was said of the claims that are ticked; an unreadable amount is an error.

    They are read from the form, not from what is open now: a form sent twice says the same twice.
    """
    field = BahtField()
    found = []
    for name, ticked in typed.items():
        part, _line, told = name.partition("_")
        sale_id = uuid_or_none(told)
        if part != "chosen" or not ticked or sale_id is None:
            continue
        said = {part: typed.get(f"{part}_{sale_id}", "").strip() for part in _SAID}
        sums = []
        for part in ("accepted", "rejected"):
            text, sign = said[part] or "0", 1
            if text.startswith("-"):
                text, sign = text[1:], -1
            try:
                sums.append(sign * int(field.deserialize(text)))
            except ValidationError:
                form.errors["claims"] = _("Write the amounts in baht, for example 120.50.")
                form.status = 422
                sums.append(0)
        bearer = said["bearer"] if said["bearer"] in BEARERS else ""
        found.append(SettleItem(sale_id, sums[0], sums[1], bearer, said["reason"]))
    return tuple(found)


def _scheme_page(
    scheme_id: UUID, form: Form, actor: Actor, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    after = request.args.get("claims_after") or None
    claims, total = scheme_claims.page(scheme_id, actor, Window(after, CLAIMS_SHOWN))
    scheme = schemes.card(actor.centre_id, scheme_id)
    if not form.given:
        form.given = {"id": str(uuid7())}
    if typed is None:
        typed = {f"accepted_{one.sale_id}": show.baht(one.open_satang) for one in claims.items}
    page = render_template(
        "schemes/scheme.html",
        **listed(
            scheme_settling.listing(actor, scheme_id, window(), sought()),
            "pos.scheme_page",
            centre_id=actor.centre_id,
            scheme_id=scheme_id,
        ),
        scheme=scheme,
        claims=claims.items,
        claims_next=claims.next,
        claims_first=after is None,
        total=total,
        typed=typed,
        form=form,
        errors=form.errors,
    )
    return page, form.status


@blueprint.get("/schemes/<uuid:scheme_id>.csv")
def scheme_file(centre_id: int, scheme_id: UUID) -> Response:
    """Return a scheme's open claims as a file, to hand in."""
    actor = current_actor(centre_id)
    claims = scheme_claims.listing(scheme_id, actor)
    headings: list[Cell] = [
        *(_("Receipt"), _("Day"), _("Number on the scheme's slip")),
        *(_("Paid by the scheme"), _("Still open")),
    ]
    rows: list[list[Cell]] = [
        [
            one.receipt_no,
            one.business_date,
            one.reference,
            baht_figure(one.claimed_satang),
            baht_figure(one.open_satang),
        ]
        for one in claims
    ]
    return csv_response(f"claims-{schemes.card(centre_id, scheme_id).code}", headings, rows)


@blueprint.get("/schemes/settlements/<uuid:settlement_id>")
def scheme_settlement(centre_id: int, settlement_id: UUID) -> str:
    """Show a payment of a scheme, sale by sale, with its entry."""
    actor = current_actor(centre_id)
    document, items = scheme_settling.get(settlement_id, actor)
    values: dict[str, Any] = {
        "doc": document,
        "items": items,
        "scheme": schemes.card(centre_id, document.scheme_id),
        "entries": ledger.entry_of(centre_id, scheme_settling.SOURCE, settlement_id),
    }
    return render_template("schemes/settlement.html", **values)
