"""Duties kept apart, as pages: which pairs, the waivers of a small centre, every use of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, window
from core.web.sheets import Cell, Table, csv_response, xlsx_response
from core.web.words import translated
from members.pages.blueprint import CENTRE, blueprint
from members.rules.duties import BY_KEY, LONGEST_DAYS, PAIRS
from members.schemas.work import WaiverEndForm, WaiverForm
from members.services import access, duties
from members.services.duties import RecordWaiver, UseDoc


@blueprint.route(CENTRE + "/duties", methods=["GET", "POST"])
def duty_waivers(centre_id: int) -> ResponseReturnValue:
    """Show the pairs and the waivers; record one."""
    actor = current_actor(centre_id)
    access.require(actor, "duty_waiver.read")
    form = Form()
    if request.method == "POST":
        access.require(actor, "duty_waiver.record")
        form = read_form(WaiverForm)
        if form.ok:
            command = RecordWaiver(**{**form.data, "pairs": tuple(form.data["pairs"])})
            try:
                in_transaction(duties.record, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("The waiver was recorded."), "success")
                return redirect(url_for("members.duty_waivers", centre_id=centre_id), 303)
    return _page(form, actor)


@blueprint.post(CENTRE + "/duties/<uuid:waiver_id>/end")
def duty_waiver_end(centre_id: int, waiver_id: UUID) -> ResponseReturnValue:
    """End a waiver today."""
    actor = current_actor(centre_id)
    access.require(actor, "duty_waiver.record")
    form = read_form(WaiverEndForm)
    if form.ok:
        try:
            in_transaction(duties.end, waiver_id, form.data["reason"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The waiver has ended."), "success")
            return redirect(url_for("members.duty_waivers", centre_id=centre_id), 303)
    form.given = {}
    return _page(form, actor)


def _page(form: Form, actor: Actor) -> ResponseReturnValue:
    today = clock.today()
    if not form.given:
        last = today + timedelta(days=LONGEST_DAYS - 1)
        form.given = {
            "id": str(uuid7()),
            "valid_from": show.day(today, "form"),
            "valid_until": show.day(last, "form"),
        }
    page = render_template(
        "work/duties.html",
        form=form,
        errors=form.errors,
        pairs=PAIRS,
        pair_of=BY_KEY,
        waivers=duties.listing(actor),
        today=today,
        words=translated,
    )
    return page, form.status


@blueprint.get(CENTRE + "/duties/uses")
def duty_uses(centre_id: int) -> str:
    """Show each document in which one person did both."""
    actor = current_actor(centre_id)
    pair = _pair()
    page = duties.uses(actor, window(), pair)
    return render_template(
        "work/duty_uses.html",
        pairs=PAIRS,
        pair_of=BY_KEY,
        pair=pair,
        words=translated,
        documents=document_kinds(),
        **listed(page, "members.duty_uses", centre_id=centre_id, pair=pair or None),
    )


@blueprint.get(CENTRE + "/duties/uses.<any(csv, xlsx):kind>")
def duty_uses_file(centre_id: int, kind: str) -> ResponseReturnValue:
    """Give the list of uses as a file."""
    actor = current_actor(centre_id)
    table = _table(duties.every_use(actor, _pair()))
    if kind == "xlsx":
        return xlsx_response(table.name, [table])
    return csv_response(table.name, table.headings, table.rows)


def document_kinds() -> dict[str, str]:
    """Return what the documents of the list are called."""
    return {
        "settlement_run": _("Settlement"),
        "consignment_terms": _("Terms of consignment"),
        "count_sheet": _("Count"),
        "payout": _("Payout"),
        "payout_batch": _("Bank file"),
        "manager_override": _("Override at the till"),
    }


def _table(uses: Iterable[UseDoc]) -> Table:
    kinds = document_kinds()
    headings: list[Cell] = [
        *(_("When"), _("Who"), _("First duty"), _("Second duty")),
        *(_("Document"), _("Number"), _("Details")),
    ]
    rows: Iterable[list[Cell]] = (
        [
            show.moment(one.used_at),
            one.used_name,
            translated(BY_KEY[one.pair].first),
            translated(BY_KEY[one.pair].second),
            kinds.get(one.document_type, one.document_type),
            one.document_no,
            " · ".join(one.facts),
        ]
        for one in uses
    )
    return Table("duty-waiver-uses", headings, rows)


def _pair() -> str:
    pair = request.args.get("pair", "")
    return pair if pair in BY_KEY else ""
