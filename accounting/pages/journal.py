"""The journal, one entry, and the opening balances, as pages."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked, given_span, typed
from accounting.pages.blueprint import blueprint, way_back
from accounting.rules import sources
from accounting.rules.periods import ALWAYS
from accounting.schemas import JournalArgs, OpeningForm
from accounting.services import journal as books
from accounting.services import opening
from accounting.services.opening import Opening
from core import clock
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.paging import Window
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.words import translated
from members.services import access


@blueprint.get("/journal")
def journal(centre_id: int) -> ResponseReturnValue:
    """Show entries, latest first."""
    actor = current_actor(centre_id)
    form = asked(JournalArgs())
    span, kind = form.data.get("span", ALWAYS), form.data.get("kind")
    window = form.data.get("window", Window())
    found = books.listing(actor, window, span, kind)
    days = {"from": span.first, "to": span.last}
    filters = {name: day.isoformat() for name, day in days.items() if day is not None}

    def address(endpoint: str, after: str | None = None) -> str:
        return url_for(endpoint, centre_id=centre_id, after=after, kind=kind, **filters)

    page = render_template(
        "accounting/journal.html",
        rows=found.items,
        kinds=[(name, translated(words)) for name, words in sources.KINDS.items()],
        kind=kind or "",
        errors=form.errors,
        given=given_span(form, span),
        filtered=bool(filters or kind),
        next_url=address("accounting.journal", found.next) if found.next else None,
        first_url=address("accounting.journal") if window.after else None,
        file_url=address("accounting.journal_file"),
    )
    return page, form.status


@blueprint.get("/journal/<uuid:entry_id>")
def entry(centre_id: int, entry_id: UUID) -> str:
    """Show an entry: its lines, and the document behind it."""
    view = books.get(entry_id, current_actor(centre_id))
    card = view.entry
    return render_template(
        "accounting/entry.html",
        view=view,
        entry=card,
        document_url=sources.address_of(centre_id, card.source_type, card.source_id),
        document_words=translated(sources.DOCUMENTS.get(card.source_type, card.source_type)),
        back_url=way_back(url_for("accounting.journal", centre_id=centre_id)),
    )


@blueprint.route("/opening", methods=["GET", "POST"])
def opening_balances(centre_id: int) -> ResponseReturnValue:
    """Post what the centre had before its first day here."""
    actor = current_actor(centre_id)
    access.require(actor, "opening.post")
    identity = uuid_or_none(request.form.get("id")) or uuid7()
    form = read_form(OpeningForm, keep=("id",)) if request.method == "POST" else Form()
    if request.method == "POST" and form.ok:
        command = Opening(
            form.data["safe"],
            form.data["bank"],
            form.data["business_date"],
            form.data["memo"],
            identity,
        )
        try:
            posted = in_transaction(opening.post, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Posted as %(number)s.", number=posted.number), "success")
            where = url_for("accounting.entry", centre_id=centre_id, entry_id=posted.id)
            return redirect(where, 303)
    page = render_template(
        "accounting/opening.html",
        form=form,
        errors=form.errors,
        given={"business_date": typed(clock.today())} | form.given,
        identity=identity,
    )
    return page, form.status
