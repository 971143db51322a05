"""Vouchers as pages: the list, one voucher with its papers, and what is decided on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from flask import (
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.schemas.vouchers import RefuseForm, VersionForm
from accounting.services import activities, attachments, chart, funds, journal, parties
from accounting.services.attachments import AddPaper
from accounting.services.vouchers import drafting, posting, reading
from core import clock
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.text import normalise
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.limits import takes_files
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf

FRAME_BYTES = 64 * 1024
"""What a form adds around the file it sends."""


@blueprint.get("/vouchers")
def vouchers(centre_id: int) -> ResponseReturnValue:
    """Show vouchers, latest first."""
    actor = current_actor(centre_id)
    page = reading.listing(actor, window(), sought(_states()))

    return render_template(
        "vouchers/list.html",
        **listed(page, "accounting.vouchers", centre_id=centre_id),
    )


def _states() -> list[tuple[str, str]]:
    return [
        (reading.DRAFT, _("Draft")),
        (reading.WAITING, _("Waits for a second person")),
        (reading.POSTED, _("Posted to the books")),
        (reading.REFUSED, _("Refused")),
    ]


@blueprint.get("/vouchers/<uuid:voucher_id>")
def voucher(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Show a voucher."""
    return voucher_page(voucher_id, Form(), current_actor(centre_id))


def voucher_page(voucher_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    """Return a voucher's page, with what was refused on it."""
    view = reading.get(voucher_id, actor)
    page = render_template(
        "vouchers/voucher.html",
        view=view,
        card=view.card,
        mine=view.card.prepared_by == actor.user_id,
        papers=attachments.of(actor.centre_id, voucher_id=voucher_id),
        paper_id=uuid7(),
        template_id=uuid7(),
        correction_id=uuid7(),
        today=typed(clock.today()),
        form=form,
        errors=form.errors,
        **_lines(view, actor),
    )
    return page, form.status


def _lines(view: reading.VoucherView, actor: Actor) -> dict[str, object]:
    """Return a voucher's lines and the names of what they point at."""
    centre_id = actor.centre_id
    if view.content is None:
        reverses = view.card.reverses_id
        assert reverses is not None
        return {"entry_lines": journal.lines_of(centre_id, [reverses])[reverses]}
    lines = view.content.lines
    return {
        "lines": lines,
        "accounts": {card.id: card for card in chart.listing(centre_id)},
        "parties": parties.of_lines(centre_id, lines),
        "funds": {card.id: card for card in funds.listing(centre_id, of_members=False)},
        "activities": {card.id: card for card in activities.listing(centre_id)},
    }


# --- deciding --------------------------------------------------------------------------------


@blueprint.post("/vouchers/<uuid:voucher_id>/post")
def voucher_post(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Post a draft."""
    return _do(voucher_id, posting.post, current_actor(centre_id), _("The voucher is posted."))


@blueprint.post("/vouchers/<uuid:voucher_id>/ask")
def voucher_ask(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Ask a second person to approve a draft."""
    done = _("A second person is asked to approve it.")
    return _do(voucher_id, posting.ask, current_actor(centre_id), done)


@blueprint.post("/vouchers/<uuid:voucher_id>/withdraw")
def voucher_withdraw(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Make a waiting voucher a draft again."""
    done = _("It is a draft again.")
    return _do(voucher_id, posting.withdraw, current_actor(centre_id), done)


@blueprint.post("/vouchers/<uuid:voucher_id>/approve")
def voucher_approve(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Approve what somebody else prepared, and post it."""
    actor = current_actor(centre_id)
    form = read_form(VersionForm)
    version = form.data.get("version", 0)

    def approve(identity: UUID, who: Actor) -> object:
        return posting.approve(identity, version, who)

    return _do(voucher_id, approve, actor, _("Approved and posted."))


@blueprint.post("/vouchers/<uuid:voucher_id>/refuse")
def voucher_refuse(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Refuse what somebody else prepared, with the reason."""
    actor = current_actor(centre_id)
    form = read_form(RefuseForm)
    reason = form.data.get("reason", "")

    def refuse(identity: UUID, who: Actor) -> object:
        return posting.refuse(identity, reason, who)

    return _do(voucher_id, refuse, actor, _("The voucher is refused and kept."))


@blueprint.post("/vouchers/<uuid:voucher_id>/discard")
def voucher_discard(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    actor = current_actor(centre_id)
    try:
        in_transaction(drafting.discard, voucher_id, actor)
    except DomainError as refusal:
        return _refused(voucher_id, refusal, actor)
    flash(_("The draft is thrown away."), "success")
    return redirect(url_for("accounting.vouchers", centre_id=centre_id), 303)


def _do(
    voucher_id: UUID, work: Callable[[UUID, Actor], object], actor: Actor, done: str
) -> ResponseReturnValue:
    try:
        in_transaction(work, voucher_id, actor)
    except DomainError as refusal:
        return _refused(voucher_id, refusal, actor)
    flash(done, "success")
    where = url_for("accounting.voucher", centre_id=actor.centre_id, voucher_id=voucher_id)
    return redirect(where, 303)


def _refused(voucher_id: UUID, refusal: DomainError, actor: Actor) -> ResponseReturnValue:
    if refusal.status in (403, 404):
        raise refusal
    form = Form(given=request.form.to_dict(), names=frozenset({"reason", "paper"}))
    form.refuse(refusal)
    return voucher_page(voucher_id, form, actor)


# --- papers ----------------------------------------------------------------------------------


@blueprint.post("/vouchers/<uuid:voucher_id>/papers")
@takes_files(attachments.BYTES_MAX + FRAME_BYTES)
def voucher_paper_add(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Keep a picture or PDF with a voucher."""
    actor = current_actor(centre_id)
    sent = request.files.get("paper")
    data = sent.stream.read(attachments.BYTES_MAX + 1) if sent else b""
    command = AddPaper(
        uuid_or_none(request.form.get("paper_id")) or uuid7(),
        data,
        normalise(Path(sent.filename or "").name if sent else ""),
        voucher_id=voucher_id,
    )

    def add(_identity: UUID, who: Actor) -> object:
        return attachments.add(command, _var(), who)

    return _do(voucher_id, add, actor, _("The paper is kept."))


@blueprint.get("/papers/<uuid:paper_id>")
def paper(centre_id: int, paper_id: UUID) -> Response:
    """Return a paper's bytes, in a frame that can run nothing."""
    card, data = attachments.fetch(paper_id, _var(), current_actor(centre_id))
    response = make_response(data)
    response.content_type = card.media_type
    response.headers["Content-Disposition"] = f'inline; filename="{card.file_name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _var() -> Path:
    var: Path = current_app.config["SUNRUAM"].var
    return var


# --- on paper --------------------------------------------------------------------------------


@blueprint.get("/vouchers/<uuid:voucher_id>/voucher.pdf")
def voucher_paper(centre_id: int, voucher_id: UUID) -> Response:
    """Return a voucher as PDF; with ?seller=1 what a seller who gives no receipt signs."""
    actor = current_actor(centre_id)
    view = reading.get(voucher_id, actor)
    with force_locale("th"):
        html = current_app.jinja_env.get_template("documents/voucher.html").render(
            centre=actor.centre,
            locale="th",
            number=view.card.number or _("Draft"),
            view=view,
            card=view.card,
            seller=bool(request.args.get("seller")) and view.card.kind == "pay",
            amount_words=baht_text(view.card.total_satang),
            **_lines(view, actor),
        )
    response = make_response(render_pdf(html))
    response.content_type = "application/pdf"
    name = view.card.number or "draft"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
