"""The form in which a round is counted: on a tablet at the shelf, or typed from the paper.

What must stay true: it shows neither what is expected nor what was counted before; nothing typed
is lost when something is refused.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.problems import flattened
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.pages.counts import next_round
from inventory.rules.counting import ROUNDS_MAX
from inventory.schemas.counts import FigureForm, RoundForm
from inventory.services.counts import documents, sheets
from inventory.services.counts.documents import SheetDoc
from inventory.services.counts.review import CountLine
from inventory.services.counts.sheets import CountedLot, RecordCount
from members.services import access


@blueprint.route("/counts/<uuid:sheet_id>/enter", methods=["GET", "POST"])
def count_enter(centre_id: int, sheet_id: UUID) -> ResponseReturnValue:
    """Enter what was counted in a round; what is left empty stays for later."""
    actor = current_actor(centre_id)
    access.require(actor, "count.record")
    sheet = documents.get(sheet_id, actor)
    if sheet.outcome is not None:
        return redirect(_sheet_address(centre_id, sheet_id), 303)
    if request.method != "POST":
        return _page(sheet, Form(given={"round_no": str(_round(sheet))}), actor)
    names = {_cell(line): line for line in sheet.lines}
    form = read_form(RoundForm, keep=tuple(names))
    figures = _figures(names, form)
    _add_extra(form, figures, centre_id)
    if form.ok and not figures:
        form.status = 422
        form.errors["form"] = _("Enter at least one figure")
    if form.ok:
        counted_at = _moment(form.data, sheet)
        command = RecordCount(sheet_id, form.data["round_no"], counted_at, tuple(figures))
        try:
            in_transaction(sheets.record, command, actor)
        except DomainError as refusal:
            _refuse(form, refusal, figures, sheet)
        else:
            flash(_("%(count)s lots counted.", count=len(figures)), "success")
            return redirect(_after(centre_id, sheet_id, actor), 303)
    return _page(sheet, form, actor)


def _round(sheet: SheetDoc) -> int:
    asked = request.args.get("round", "")
    if asked.isascii() and asked.isdigit() and 1 <= int(asked) <= ROUNDS_MAX:
        return int(asked)
    return min(next_round(sheet), ROUNDS_MAX)


def _cell(line: CountLine) -> str:
    return f"count_{line.lot_no}"


def _figures(names: dict[str, CountLine], form: Form) -> list[CountedLot]:
    """Read the lots that have a figure; what is wrong goes beside its lot."""
    figures = []
    for name, line in names.items():
        typed = request.form.get(name, "").strip()
        form.given[name] = typed
        if not typed:
            continue
        try:
            figure = FigureForm().load({"count": typed})
        except ValidationError as error:
            form.status = 422
            for _path, message in flattened(error.messages):
                form.errors.setdefault(name, translated(message))
            continue
        figures.append(CountedLot(line.lot_id, figure["count"]))
    return figures


def _add_extra(form: Form, figures: list[CountedLot], centre_id: int) -> None:
    """Add a lot that lies there though the sheet does not name it."""
    typed = form.data.get("extra_lot", "")
    if not form.ok or not typed:
        return
    lot_id = sheets.lot_of_number(centre_id, typed)
    if lot_id is None:
        form.status = 422
        form.errors["extra_lot"] = _("There is no lot with this number")
    elif form.data["extra_count"] is None:
        form.status = 422
        form.errors["extra_count"] = _("Enter how much was counted")
    else:
        figures.append(CountedLot(lot_id, form.data["extra_count"]))


def _moment(data: dict[str, Any], sheet: SheetDoc) -> datetime:
    """Return when it was counted: the minute typed, or now; a minute has sixty seconds."""
    now = clock.now()
    typed = data["counted_time"].replace(".", ":")
    day: date = data["counted_on"] or clock.business_date(now)
    if not typed:
        if day == clock.business_date(now):
            return now
        typed = "23:59"
    hours, minutes = (int(part) for part in typed.split(":"))
    moment = datetime.combine(day, time(hours, minutes), clock.BANGKOK)
    if moment < sheet.printed_at < moment + timedelta(minutes=1):
        return sheet.printed_at
    return moment


def _refuse(form: Form, refusal: DomainError, figures: list[CountedLot], sheet: SheetDoc) -> None:
    """Show a refusal of a lot beside it, any other above the form."""
    line_no = refusal.facts.get("line_no")
    names = {line.lot_id: _cell(line) for line in sheet.lines}
    form.refuse(refusal)
    if isinstance(line_no, int) and 0 < line_no <= len(figures):
        name = names.get(figures[line_no - 1].lot_id, "extra_count")
        form.errors[name] = form.refusal


def _after(centre_id: int, sheet_id: UUID, actor: Actor) -> str:
    """Go on counting while something is left of the round, else back to the sheet."""
    sheet = documents.get(sheet_id, actor)
    if sheet.uncounted:
        return url_for("inventory.count_enter", centre_id=centre_id, sheet_id=sheet_id)
    return _sheet_address(centre_id, sheet_id)


def _sheet_address(centre_id: int, sheet_id: UUID) -> str:
    return url_for("inventory.count_page", centre_id=centre_id, sheet_id=sheet_id)


def _page(sheet: SheetDoc, form: Form, actor: Actor) -> ResponseReturnValue:
    round_no = str(form.given.get("round_no", "1"))
    lines = sheet.uncounted if round_no == "1" else documents.to_recount(sheet, actor)
    if "all" in request.args or not lines:
        lines = list(sheet.lines)
    page = render_template(
        "counts/enter.html",
        sheet=sheet,
        lines=lines,
        cell=_cell,
        form=form,
        errors=form.errors,
    )
    return page, form.status
