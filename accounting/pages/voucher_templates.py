"""Taking entries back, and templates with their schedules, as pages."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.pages.vouchers import voucher_page
from accounting.schemas.vouchers import TakeBackForm, TemplateForm
from accounting.services import ledger
from accounting.services.vouchers import accruals, correcting, templates
from accounting.services.vouchers.correcting import CorrectAtDocument, TakeBack
from accounting.services.vouchers.templates import SaveTemplate
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.web.auth import current_actor
from core.web.forms import read_form
from members.services import access


@blueprint.post("/journal/<uuid:entry_id>/take-back")
def entry_take_back(centre_id: int, entry_id: UUID) -> ResponseReturnValue:
    """Draft the reversal of an entry written by hand, and with `anew` the draft in its stead."""
    actor = current_actor(centre_id)
    access.require(actor, "voucher.record")
    entry = ledger.find(centre_id, entry_id)
    if entry is None:
        raise NotFound(what="journal_entry")
    if not correcting.by_hand(entry):
        raise CorrectAtDocument
    form = read_form(TakeBackForm, keep=("anew",))
    if form.ok:
        command = TakeBack(entry_id=entry_id, **form.data)
        try:
            where = _taken_back(command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(where, 303)
    return voucher_page(entry.source_id, form, actor)


def _taken_back(command: TakeBack, actor: Actor) -> str:
    if "anew" not in request.form:
        reversal = in_transaction(correcting.reverse, command, actor)
        flash(_("The reversal is drafted. It counts when it is posted."), "success")
        return url_for("accounting.voucher", centre_id=actor.centre_id, voucher_id=reversal.id)
    made = in_transaction(correcting.correct, command, actor)
    flash(_("Two drafts are made: the reversal, and this new entry. Post both."), "success")
    assert made.draft is not None
    return url_for("accounting.voucher_edit", centre_id=actor.centre_id, voucher_id=made.draft.id)


# --- templates -------------------------------------------------------------------------------


@blueprint.get("/voucher-templates")
def voucher_templates(centre_id: int) -> ResponseReturnValue:
    """Show the templates, and what is due."""
    actor = current_actor(centre_id)
    found = templates.listing(actor)
    today = clock.today()
    return render_template(
        "vouchers/templates.html",
        rows=found,
        due=[one for one in found if one.next_due is not None and one.next_due <= today],
        accruals=accruals.due(centre_id, today),
    )


@blueprint.post("/vouchers/<uuid:voucher_id>/template")
def voucher_template_new(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Keep a voucher as a template, with a schedule when it recurs."""
    actor = current_actor(centre_id)
    access.require(actor, "voucher.record")
    form = read_form(TemplateForm)
    if form.ok:
        command = SaveTemplate(voucher_id=voucher_id, **form.data)
        try:
            in_transaction(templates.save, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The template is kept."), "success")
            return redirect(url_for("accounting.voucher_templates", centre_id=centre_id), 303)
    return voucher_page(voucher_id, form, actor)


@blueprint.post("/voucher-templates/<uuid:template_id>/retire")
def voucher_template_retire(centre_id: int, template_id: UUID) -> ResponseReturnValue:
    """Put a template out of use."""
    in_transaction(templates.retire, template_id, current_actor(centre_id))
    flash(_("The template is no longer in use."), "success")
    return redirect(url_for("accounting.voucher_templates", centre_id=centre_id), 303)


@blueprint.post("/voucher-templates/make-due")
def voucher_templates_due(centre_id: int) -> ResponseReturnValue:
    """Make the drafts that are due, and take back the accruals that are."""
    actor = current_actor(centre_id)
    made, back = in_transaction(_due, actor)
    done = _("%(made)s drafts made, %(back)s accruals taken back.", made=made, back=back)
    flash(done, "success")
    return redirect(url_for("accounting.vouchers", centre_id=centre_id, state="draft"), 303)


def _due(actor: Actor) -> tuple[int, int]:
    return templates.make_due(actor), accruals.take_back_due(actor)
