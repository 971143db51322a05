"""Moving in as pages: choose a table, bring a file, look at its lines, take them, take tables away.

What must stay true: nothing is entered before the reader pressed "take"; every line that was not
taken says why, in the reader's language, and can be had back as a file.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, jobs
from core.actor import Actor
from core.dates import format_date
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.sheets import Table
from core.table_forms import Column, missing
from core.tables_in import BYTES_MAX
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.limits import takes_files
from core.web.lists import listed, sought, window
from core.web.sheets import csv_response, xlsx_response
from core.web.words import translated
from members.models import VERDICTS
from members.pages.blueprint import CENTRE, blueprint
from members.rules.roles import allowed
from members.schemas.moving_in import BringTableForm, TakeTableForm
from members.services.access import require
from members.services.moving_in import checking, files, imports, reading, tables, taking
from members.services.moving_in.reading import LineCard, TableCard
from members.services.moving_in.tables import TableKind

MOVING = CENTRE + "/moving-in"
FORMATS = ("csv", "xlsx")


@blueprint.get(MOVING)
def moving_in(centre_id: int) -> str:
    """Show the tables one can move in with, and what was brought, newest first."""
    actor = current_actor(centre_id)
    kind = request.args.get("kind", "")
    page = reading.listing(actor, window(), sought(own=("kind",)), kind)
    mine = [one for one in tables.TABLES if allowed(actor.roles, one.permission)]
    return render_template(
        "moving_in/index.html",
        kinds=mine,
        titles={one.form.name: one.form.title for one in mine},
        kind=kind,
        **listed(page, "members.moving_in", centre_id=centre_id),
    )


@blueprint.route(MOVING + "/<kind>/new", methods=["GET", "POST"])
@takes_files(BYTES_MAX)
def moving_in_new(centre_id: int, kind: str) -> ResponseReturnValue:
    """Bring a file of one table, to be looked over."""
    actor = current_actor(centre_id)
    table = tables.of(kind)
    require(actor, table.permission)
    if request.method != "POST":
        today = format_date(clock.today(), show.language(), "form")
        return _new_page(table, Form(given={"id": str(uuid7()), "opening_on": today}))
    form = read_form(BringTableForm, keep=("file",))
    if form.ok:
        try:
            card = _brought(table, form, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _opened(centre_id, card.id)
    return _new_page(table, form)


def _brought(table: TableKind, form: Form, actor: Actor) -> TableCard:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise imports.NoFile(field="file")
    parsed = checking.parse(table, sent.read(), sent.filename)
    name = table.form.name
    # Read and judged before the transaction: nobody at a till waits for that.
    looked = imports.look_over(name, form.data["id"], parsed, form.data.get("opening_on"), actor)
    return in_transaction(imports.bring, looked, actor)


@blueprint.get(MOVING + "/imports/<uuid:import_id>")
def moving_in_import(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Show an import: its counts, its lines page by page, and what can be done with it."""
    return _import_page(import_id, Form(), current_actor(centre_id))


@blueprint.post(MOVING + "/imports/<uuid:import_id>/columns")
def moving_in_columns(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Say by hand which column of the file is which."""
    actor = current_actor(centre_id)
    form = Form()
    card = reading.card(import_id, actor)
    chosen = [(at, request.form.get(f"column-{at}", "")) for at in range(len(card.headings))]
    places = {name: at for at, name in chosen if name}
    try:
        if len(places) != sum(1 for _at, name in chosen if name):
            raise imports.ColumnUnknown
        judged = imports.judged_anew(import_id, places, actor)
        in_transaction(imports.match_columns, import_id, places, judged, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _import_page(import_id, form, actor)
    return _opened(centre_id, import_id)


@blueprint.post(MOVING + "/imports/<uuid:import_id>/take")
def moving_in_take(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Take the good lines: at once when they are few, else by the worker."""
    actor = current_actor(centre_id)
    form = read_form(TakeTableForm)
    if form.ok:
        try:
            change_known = bool(form.data["change_known"])
            card, by_worker = in_transaction(taking.ask, import_id, change_known, actor)
            if by_worker:
                where = url_for("jobs.job", centre_id=centre_id, job_id=card.job_id)
                return redirect(where, 303)
            while in_transaction(taking.turn, import_id, actor):
                pass
            in_transaction(taking.finish, import_id, actor)
        except NotFound:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The good lines were taken."), "success")
            return _opened(centre_id, import_id)
    return _import_page(import_id, form, actor)


@blueprint.post(MOVING + "/imports/<uuid:import_id>/drop")
def moving_in_drop(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Put an import aside; nothing of it is entered."""
    actor = current_actor(centre_id)
    form = Form()
    try:
        in_transaction(imports.drop, import_id, actor)
    except NotFound:
        raise
    except DomainError as refusal:
        form.refuse(refusal)
        return _import_page(import_id, form, actor)
    flash(_("The import was dropped. Nothing was entered."), "success")
    return _opened(centre_id, import_id)


# --- files -----------------------------------------------------------------------------------


@blueprint.get(MOVING + "/imports/<uuid:import_id>/rest.<kind>")
def moving_in_rest(centre_id: int, import_id: UUID, kind: str) -> ResponseReturnValue:
    """Return the lines that were not taken, each with its reason."""
    return _file(files.given_back(import_id, _say, _reader(centre_id)), kind)


@blueprint.get(MOVING + "/imports/<uuid:import_id>/brought.<kind>")
def moving_in_brought(centre_id: int, import_id: UUID, kind: str) -> ResponseReturnValue:
    """Return the lines as they came."""
    return _file(files.as_it_came(import_id, _reader(centre_id)), kind)


@blueprint.get(MOVING + "/<table>/table.<kind>")
def moving_in_table(centre_id: int, table: str, kind: str) -> ResponseReturnValue:
    """Return what is here as a file that can be brought in again."""
    actor = _reader(centre_id)
    made = files.table_of(table, actor)
    if kind in FORMATS:
        in_transaction(files.note_taken_out, table, actor)
    return _file(made, kind)


@blueprint.get(MOVING + "/<table>/sample.<kind>")
def moving_in_sample(centre_id: int, table: str, kind: str) -> ResponseReturnValue:
    """Return an empty table with its headings; of a workbook the second sheet explains it."""
    actor = _reader(centre_id)
    words = (_("Column"), _("How to write it"), _("Example"))
    empty, explained = files.sample_of(table, words, _say, actor)
    if kind == "xlsx":
        return xlsx_response(f"{table}-sample", [empty, explained])
    return _file(Table(f"{table}-sample", empty.headings, ()), kind)


def _file(table: Table, kind: str) -> Response:
    if kind not in FORMATS:
        raise NotFound
    if kind == "csv":
        return csv_response(table.name, table.headings, table.rows)
    return xlsx_response(table.name, [table])


def _reader(centre_id: int) -> Actor:
    return replace(current_actor(centre_id), locale=show.language())


def _say(words: str, facts: dict[str, object]) -> str:
    return translated(words, facts)


# --- parts -----------------------------------------------------------------------------------


def _opened(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    where = url_for("members.moving_in_import", centre_id=centre_id, import_id=import_id)
    return redirect(where, 303)


def _new_page(table: TableKind, form: Form) -> ResponseReturnValue:
    page = render_template(
        "moving_in/new.html",
        table=table,
        form=form,
        errors=form.errors,
        given=form.given,
        columns=_columns(table),
        needed={name for group in table.form.needed for name in group},
    )
    return page, form.status


def _columns(table: TableKind) -> list[tuple[str, str]]:
    return [(one.name, files.heading(one, show.language())) for one in table.form.columns]


def _import_page(import_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    card = reading.card(import_id, actor)
    table = reading.kind_of(card)
    verdict = request.args.get("show", "")
    if verdict not in VERDICTS:
        verdict = ""
    page = reading.lines(import_id, actor, window(), verdict)
    lacking = missing(table.form, set(card.places))
    by_place = {at: name for name, at in card.places.items()}
    job = jobs.get(actor.centre_id, card.job_id) if card.job_id else None
    here = {"centre_id": actor.centre_id, "import_id": import_id}
    html = render_template(
        "moving_in/import.html",
        card=card,
        table=table,
        form=form,
        errors=form.errors,
        verdict=verdict,
        lacking=[" / ".join(_heading(one) for one in group) for group in lacking],
        columns=_columns(table),
        by_place=by_place,
        unread=checking.unread(card.headings, card.places),
        headings=[
            _heading(table.form.column(by_place[at])) if at in by_place else one
            for at, one in enumerate(card.headings)
        ],
        job=job if job is not None and not job.finished else None,
        failed=_failure(job),
        remarks=lambda line: _remarks(line, table),
        **listed(page, "members.moving_in_import", show=verdict or None, **here),
    )
    return html, form.status


def _heading(column: Column) -> str:
    return files.heading(column, show.language())


def _failure(job: jobs.JobCard | None) -> str:
    if job is None or job.state != "failed" or not job.error:
        return ""
    why = jobs.reason_of(job.error)
    facts = why.facts or None
    detail = translated(why.detail, facts) if why.detail else ""
    return " ".join(part for part in (translated(why.title, facts), detail) if part)


def _remarks(line: LineCard, table: TableKind) -> list[tuple[str, str]]:
    """Return what is to be said of a line: kind of remark and the sentence."""
    locale = show.language()
    said = [
        (kind, files.sentence(one, table.form, _say, locale))
        for kind in ("faults", "hints")
        for one in line.told.get(kind, ())
    ]
    said += [
        ("changes", f"{files.heading(table.form.column(name), locale)}: {before or '-'} → {after}")
        for name, (before, after) in line.told.get("changes", {}).items()
    ]
    return said
