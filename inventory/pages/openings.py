"""The old books as pages: bring files in, choose accounts, look at both totals, take.

What must stay true: what can't be taken says where and what to do; taking twice posts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.dates import format_date
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.sheets import Table
from core.tables_in import BYTES_MAX
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.limits import takes_files
from core.web.lists import listed, sought, window
from core.web.sheets import csv_response
from core.web.words import translated
from core.xlsx import CONTENT_TYPE, xlsx_bytes
from inventory.pages.blueprint import blueprint
from inventory.rules.opening_matching import AccountMatch, account_key
from inventory.rules.opening_samples import SAMPLES
from inventory.rules.opening_tables import FORMS
from inventory.schemas.openings import BringInForm, ChoicesForm
from inventory.services.openings import imports, taking
from inventory.services.openings.imports import BringIn, BroughtFile, ImportDoc
from members.services import access

PROBLEMS_MAX = 200
"""So many problems are listed; the rest is counted."""
CHOICES_MAX = 300
FILES = (*FORMS, "workbook")


@blueprint.get("/openings")
def openings(centre_id: int) -> str:
    """Show what was brought of the old books, newest first."""
    actor = current_actor(centre_id)
    page = imports.listing(actor, window(), sought())

    return render_template(
        "openings/list.html",
        forms=FORMS,
        **listed(page, "inventory.openings", centre_id=centre_id),
    )


@blueprint.route("/openings/new", methods=["GET", "POST"])
@takes_files(BYTES_MAX)
def opening_new(centre_id: int) -> ResponseReturnValue:
    """Bring files of the old books in."""
    actor = current_actor(centre_id)
    access.require(actor, "opening.post")
    if request.method != "POST":
        given = {
            "id": str(uuid7()),
            "opening_on": format_date(clock.today(), show.language(), "form"),
        }
        return _new_page(Form(given=given))
    form = read_form(BringInForm, keep=FILES)
    if form.ok:
        try:
            command = BringIn(form.data["id"], form.data["opening_on"], tuple(_files()))
            card = in_transaction(imports.bring_in, command, actor)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            return _opened(centre_id, card.id)
    return _new_page(form)


@blueprint.get("/openings/<uuid:import_id>")
def opening_import(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Show an import: totals in beside totals out, and what is still to solve."""
    return _import_page(import_id, Form(), current_actor(centre_id))


@blueprint.post("/openings/<uuid:import_id>/choices")
def opening_choices(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Say which of our accounts those of the old books are."""
    actor = current_actor(centre_id)
    access.require(actor, "opening.post")
    fields = {name: name for name in request.form if name.startswith("account-")}
    form = read_form(ChoicesForm, keep=tuple(fields))
    if form.ok:
        try:
            doc = imports.get(import_id, actor)
            chosen = {
                account_key(match.line): request.form[field]
                for match in doc.matches.accounts
                if (field := f"account-{match.line.number}") in fields
            }
            in_transaction(imports.choose, import_id, chosen, form.data["opening_on"], actor)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            return _opened(centre_id, import_id)
    return _import_page(import_id, form, actor)


@blueprint.post("/openings/<uuid:import_id>/files")
@takes_files(BYTES_MAX)
def opening_files(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Put corrected files in the place of those brought before."""
    actor = current_actor(centre_id)
    access.require(actor, "opening.post")
    return _done(
        centre_id,
        import_id,
        lambda: in_transaction(imports.replace_files, import_id, tuple(_files()), actor),
        actor,
    )


@blueprint.post("/openings/<uuid:import_id>/take")
def opening_take(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Take an import: the one press that posts."""
    actor = current_actor(centre_id)
    access.require(actor, "opening.post")
    return _done(
        centre_id,
        import_id,
        lambda: in_transaction(taking.take, import_id, actor),
        actor,
        _("The old books were taken over."),
    )


@blueprint.post("/openings/<uuid:import_id>/drop")
def opening_drop(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    """Put an import aside."""
    actor = current_actor(centre_id)
    access.require(actor, "opening.post")
    return _done(
        centre_id,
        import_id,
        lambda: in_transaction(imports.drop, import_id, actor),
        actor,
        _("The import was dropped. Nothing was posted."),
    )


@blueprint.get("/openings/sample/<table>.csv")
def opening_sample(centre_id: int, table: str) -> ResponseReturnValue:
    """Return a sample file of one table."""
    access.require(current_actor(centre_id), "opening.post")
    if table not in FORMS:
        raise NotFound
    sample = _sample(table)
    return csv_response(table, sample.headings, sample.rows)


@blueprint.get("/openings/sample.xlsx")
def opening_sample_book(centre_id: int) -> ResponseReturnValue:
    """Return a sample workbook with a sheet for each table."""
    access.require(current_actor(centre_id), "opening.post")
    response = make_response(xlsx_bytes([_sample(table) for table in FORMS]))
    response.headers["Content-Type"] = CONTENT_TYPE
    response.headers["Content-Disposition"] = 'attachment; filename="opening.xlsx"'
    return response


# --- parts -----------------------------------------------------------------------------------


def _sample(table: str) -> Table:
    thai = show.language() == "th"
    form = FORMS[table]
    return Table(
        table,
        [column.headings[0 if thai else 1] for column in form.columns],
        SAMPLES[table],
    )


def _files() -> Iterator[BroughtFile]:
    for name in FILES:
        sent = request.files.get(name)
        if sent is not None and sent.filename:
            yield BroughtFile(sent.filename, sent.read(), "" if name == "workbook" else name)


def _refuse(form: Form, refusal: DomainError) -> None:
    """Show a refusal; the table it names is a word of ours, in the reader's language too."""
    if "table" in refusal.facts:
        refusal.facts["table"] = translated(refusal.facts["table"])
    form.refuse(refusal)


def _done(
    centre_id: int, import_id: UUID, work: object, actor: Actor, words: str = ""
) -> ResponseReturnValue:
    """Do one thing to an import and show it again, or why it was refused."""
    assert callable(work)
    form = Form()
    try:
        work()
    except NotFound:
        raise
    except DomainError as refusal:
        _refuse(form, refusal)
        return _import_page(import_id, form, actor)
    if words:
        flash(words, "success")
    return _opened(centre_id, import_id)


def _opened(centre_id: int, import_id: UUID) -> ResponseReturnValue:
    where = url_for("inventory.opening_import", centre_id=centre_id, import_id=import_id)
    return redirect(where, 303)


def _new_page(form: Form) -> ResponseReturnValue:
    page = render_template(
        "openings/new.html", form=form, errors=form.errors, given=form.given, forms=FORMS
    )
    return page, form.status


def _import_page(import_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    doc = imports.get(import_id, actor)
    found = doc.reconciliation
    taken = doc.taking
    page = render_template(
        "openings/import.html",
        doc=doc,
        found=found,
        form=form,
        errors=form.errors,
        opening_on=form.given.get("opening_on")
        or format_date(doc.card.opening_on, show.language(), "form"),
        forms=FORMS,
        problems=[
            (FORMS[one.table].title, one.line, translated(one.words, _shown(one.facts)))
            for one in found.problems[:PROBLEMS_MAX]
        ],
        accounts=_to_choose(doc)[:CHOICES_MAX],
        options=[(one.key, f"{one.code} {_name(one)}") for one in doc.chart if one.active],
        entry=ledger.find(actor.centre_id, taken.entry_id)
        if taken is not None and taken.entry_id
        else None,
    )
    return page, form.status


def _shown(facts: object) -> dict[str, object]:
    """Return a problem's facts, with the name of a column in the reader's language."""
    assert isinstance(facts, dict)
    return {name: translated(value) if name == "column" else value for name, value in facts.items()}


def _to_choose(doc: ImportDoc) -> list[AccountMatch]:
    """Return the accounts to choose: those nobody knows or someone chose; all when asked."""
    every = "accounts" in request.args
    return [match for match in doc.matches.accounts if every or match.how in {"", "choice"}]


def _name(account: object) -> str:
    name: str = getattr(account, "name_en" if show.language() == "en" else "name_th")
    return name
