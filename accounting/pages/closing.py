"""The month's close as pages: the months, one month's checklist, signatures, opening again.

What must stay true: every button here asks a service that checks right, order and figures itself;
what it refuses stands on the page beside what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.rules import closing, sources
from accounting.rules.attention import Document
from accounting.rules.periods import first_day, last_day
from accounting.schemas.closing import PrepareForm, ReasonForm, ReopenForm
from accounting.services import chart, late
from accounting.services.closing import checklist, pack, reopening, signing
from accounting.services.closing.reopening import AskReopening
from accounting.services.closing.signing import CloseCard, PrepareClose
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access

MONTHS_SHOWN = 24


@blueprint.get("/close")
def closes(centre_id: int) -> str:
    """Show the months, latest first, and whose turn it is."""
    actor = current_actor(centre_id)
    access.require(actor, "close.read")
    known = checklist.states(centre_id)
    turn = closing.next_to_close(known)
    months = sorted({*known, *([turn] if turn else [])}, reverse=True)[:MONTHS_SHOWN]
    rows = [
        {
            "period_id": period_id,
            "first": first_day(period_id),
            "state": known.get(period_id, "open"),
            "close": signing.in_force(centre_id, period_id),
            "amended": late.amendment(centre_id, period_id),
        }
        for period_id in months
    ]
    return render_template("closing/months.html", rows=rows, turn=turn)


@blueprint.get("/close/<int:period_id>")
def close_month(centre_id: int, period_id: int) -> ResponseReturnValue:
    """Show one month: its checklist, tie-outs, late documents, signatures and log."""
    return _month_page(period_id, current_actor(centre_id), Form())


@blueprint.post("/close/<int:period_id>/prepare")
def close_prepare(centre_id: int, period_id: int) -> ResponseReturnValue:
    """Sign as the preparer."""
    form = read_form(PrepareForm)

    def act(actor: Actor) -> None:
        in_transaction(signing.prepare, PrepareClose(form.data["id"], period_id), actor)
        flash(_("Signed. Now a second person looks at it and signs."), "success")

    return _act(period_id, centre_id, form, act)


@blueprint.post("/closes/<uuid:close_id>/sign")
def close_sign(centre_id: int, close_id: UUID) -> ResponseReturnValue:
    """Sign second: the month is locked."""
    actor = current_actor(centre_id)
    card = signing.get(close_id, actor)

    def act(actor: Actor) -> None:
        in_transaction(signing.sign, close_id, actor)
        flash(_("The month is locked. Its figures stay as they are."), "success")

    return _act(card.period_id, centre_id, Form(), act)


@blueprint.get("/closes/<uuid:close_id>")
def close(centre_id: int, close_id: UUID) -> ResponseReturnValue:
    """Lead to the month of a close (an entry that closed a year names its close)."""
    card = signing.get(close_id, current_actor(centre_id))
    where = url_for("accounting.close_month", centre_id=centre_id, period_id=card.period_id)
    return redirect(where, 303)


@blueprint.post("/close/<int:period_id>/waive/<step>")
def close_waive(centre_id: int, period_id: int, step: str) -> ResponseReturnValue:
    """Let a step pass, for a reason."""
    form = read_form(ReasonForm)

    def act(actor: Actor) -> None:
        in_transaction(checklist.waive, period_id, step, form.data["reason"], actor)
        flash(_("Written down with your name."), "success")

    return _act(period_id, centre_id, form, act)


@blueprint.post("/close/<int:period_id>/reopen")
def close_reopen(centre_id: int, period_id: int) -> ResponseReturnValue:
    """Ask that a locked month be opened."""
    form = read_form(ReopenForm)

    def act(actor: Actor) -> None:
        command = AskReopening(form.data["id"], period_id, form.data["reason"])
        in_transaction(reopening.ask, command, actor)
        flash(_("Asked. The month opens when a second person agrees."), "success")

    return _act(period_id, centre_id, form, act)


@blueprint.post("/close/<int:period_id>/reopenings/<uuid:reopening_id>/agree")
def close_reopen_agree(centre_id: int, period_id: int, reopening_id: UUID) -> ResponseReturnValue:
    """Agree that a locked month be opened."""

    def act(actor: Actor) -> None:
        in_transaction(reopening.agree, reopening_id, actor)
        flash(_("The month is open again."), "success")

    return _act(period_id, centre_id, Form(), act)


@blueprint.post("/close/<int:period_id>/pack")
def close_pack(centre_id: int, period_id: int) -> ResponseReturnValue:
    """Ask the worker for the paper of a locked month."""
    _require_month(period_id)
    job_id = in_transaction(pack.request, period_id, current_actor(centre_id))
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)


# --- parts -----------------------------------------------------------------------------------


def document_address(centre_id: int, document: Document) -> str | None:
    """Return the page of a document that a tie-out or a matter names."""
    return sources.address_of(centre_id, document.type, document.id)


def _act(
    period_id: int, centre_id: int, form: Form, act: Callable[[Actor], None]
) -> ResponseReturnValue:
    actor = current_actor(centre_id)
    _require_month(period_id)
    if form.ok:
        try:
            act(actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            where = url_for("accounting.close_month", centre_id=centre_id, period_id=period_id)
            return redirect(where, 303)
    return _month_page(period_id, actor, form)


def _require_month(period_id: int) -> None:
    if not 1 <= period_id % 100 <= 12 or not 1900 <= period_id // 100 <= 2200:
        raise NotFound(what="accounting_period")


def _month_page(period_id: int, actor: Actor, form: Form) -> ResponseReturnValue:
    _require_month(period_id)
    found = checklist.of(period_id, actor)
    locked = signing.in_force(actor.centre_id, period_id)
    if locked is not None:
        found = checklist.as_signed(locked.content, found)
    page = render_template(
        "closing/month.html", form=form, errors=form.errors, **_facts(found, locked, actor)
    )
    return page, form.status


def _facts(found: checklist.Checklist, locked: CloseCard | None, actor: Actor) -> dict[str, Any]:
    period_id, centre_id = found.period_id, actor.centre_id
    closes_ = signing.of_period(centre_id, period_id)
    waiting = [card for card in closes_ if card.signed_at is None][-1:]
    known = checklist.states(centre_id)
    return {
        "found": found,
        "first": first_day(period_id),
        "last": last_day(period_id),
        "accounts": {card.code: card for card in chart.listing(centre_id)},
        "over": clock.today() > last_day(period_id),
        "turn": closing.next_to_close(known),
        "closes": closes_,
        "locked": locked,
        "paper": pack.made_or_asked(centre_id, locked.id) if locked else None,
        "waiting": waiting[0] if waiting and found.state == "open" else None,
        "moved": bool(waiting)
        and locked is None
        and waiting[0].digest != checklist.digest(checklist.content_of(found, actor.centre)),
        "own": bool(waiting) and waiting[0].prepared_by == actor.user_id,
        "reopenings": reopening.of_period(centre_id, period_id),
        "amended": late.amendment(centre_id, period_id),
        "late_entries": late.documents(centre_id, period_id),
        "identity": request.form.get("id") or uuid7(),
        "person_id": actor.user_id,
        "document_address": lambda one: document_address(centre_id, one),
    }
