"""The bank's pages: accounts with their reconciliation, what is open, matching line by line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounting.pages.blueprint import blueprint
from accounting.rules.chart import Purpose
from accounting.schemas.bank import EnterForm, MatchForm
from accounting.services import activities, chart
from accounting.services.bank import accounts, history, matching, open_items, proposing
from accounting.services.bank.matching import ENTRY_TYPES, EnterLine, MatchMoney
from accounting.services.bank.open_items import OpenItem
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from members.services import access

OPEN_SHOWN = 200


@blueprint.get("/bank")
def bank(centre_id: int) -> str:
    """Show every bank account: book, statement, and what is open between them."""
    rows, awaited = accounts.listing(current_actor(centre_id))
    return render_template("accounting/bank.html", rows=rows, awaited=awaited)


@blueprint.get("/bank/<uuid:account_id>")
def bank_account(centre_id: int, account_id: UUID) -> str:
    """Show one account: its reconciliation, and the lines to match, oldest first."""
    actor = current_actor(centre_id)
    access.require(actor, "bank.read")
    account = accounts.card(actor.centre_id, account_id)
    page = proposing.page(account_id, window(), actor, sought())
    here: dict[str, Any] = {"centre_id": centre_id, "account_id": account_id}
    return render_template(
        "accounting/bank_account.html",
        account=account,
        found=accounts.reconciliation(centre_id, account, clock.today()),
        **listed(page, "accounting.bank_account", **here),
        new_id=lambda: str(uuid7()),
        certain=proposing.certain_count(account_id, actor),
    )


@blueprint.post("/bank/<uuid:account_id>/certain")
def bank_certain(centre_id: int, account_id: UUID) -> ResponseReturnValue:
    """Match all that is certain at one press."""
    actor = current_actor(centre_id)
    done = in_transaction(proposing.match_certain, account_id, actor)
    flash(ngettext("%(num)d line was matched.", "%(num)d lines were matched.", done), "success")
    where = url_for("accounting.bank_account", centre_id=centre_id, account_id=account_id)
    return redirect(where, 303)


# --- one line --------------------------------------------------------------------------------


@blueprint.route("/bank/lines/<uuid:line_id>", methods=["GET", "POST"])
def bank_line(centre_id: int, line_id: UUID) -> ResponseReturnValue:
    """Show a bank line with all it may be; match it with what was chosen."""
    actor = current_actor(centre_id)
    if request.method == "GET":
        if matched := history.match_of(line_id, actor):
            return redirect(_match_url(centre_id, matched), 303)
        return _line_page(line_id, Form(), actor)
    access.require(actor, "bank.change")
    form = read_form(MatchForm)
    if form.ok:
        data = form.data
        account_id = proposing.account_of(line_id, actor)
        command = MatchMoney(
            data["id"],
            account_id,
            tuple(dict.fromkeys((line_id, *data["lines"]))),
            data["items"],
            day=clock.today() if data["today"] else None,
        )
        try:
            in_transaction(matching.match, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _matched(centre_id, account_id)
    return _line_page(line_id, form, actor)


@blueprint.post("/bank/lines/<uuid:line_id>/entry")
def bank_entry(centre_id: int, line_id: UUID) -> ResponseReturnValue:
    """Post a bank line without a document against an account."""
    actor = current_actor(centre_id)
    access.require(actor, "bank.change")
    form = read_form(EnterForm)
    if form.ok:
        data = form.data
        account_id = proposing.account_of(line_id, actor)
        command = EnterLine(
            data["id"],
            line_id,
            data["account_id"],
            data["memo"],
            data["activity_id"],
            clock.today() if data["today"] else None,
        )
        try:
            in_transaction(matching.enter, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _matched(centre_id, account_id)
    return _line_page(line_id, form, actor)


def _line_page(line_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    view = proposing.one(line_id, actor)
    likely = {proposal.item.key for proposal in view.proposals}
    chosen = set(form.given.get("items", ()))
    if not form.given and len(view.proposals) == 1:
        chosen = {view.proposals[0].item.written}
    page = render_template(
        "accounting/bank_line.html",
        view=view,
        items=sorted(view.items, key=lambda item: (item.key not in likely, item.day)),
        likely=likely,
        chosen=chosen,
        form=form,
        errors=form.errors,
        given=form.given,
        match_id=form.given.get("id") or str(uuid7()),
        accounts=_entry_accounts(actor.centre_id),
        activities=activities.listing(actor.centre_id),
        awaiting_id=chart.account_for(actor.centre_id, Purpose.TRANSFERS_AWAITING).id,
    )
    return page, form.status


def _entry_accounts(centre_id: int) -> list[chart.AccountCard]:
    found = [
        card
        for card in chart.listing(centre_id)
        if card.active and card.type in ENTRY_TYPES and not (card.money or card.control_key)
    ]
    return sorted(found, key=lambda card: (ENTRY_TYPES.index(card.type), card.code))


def _matched(centre_id: int, account_id: UUID) -> ResponseReturnValue:
    flash(_("Matched."), "success")
    where = url_for("accounting.bank_account", centre_id=centre_id, account_id=account_id)
    return redirect(where, 303)


def _match_url(centre_id: int, match_id: UUID) -> str:
    return url_for("accounting.bank_match", centre_id=centre_id, match_id=match_id)


# --- what the books have and the bank hasn't --------------------------------------------------


@blueprint.route("/bank/<uuid:account_id>/open", methods=["GET", "POST"])
def bank_open(centre_id: int, account_id: UUID) -> ResponseReturnValue:
    """Show what is on its way and transfers awaited; let what cancels out be matched."""
    actor = current_actor(centre_id)
    access.require(actor, "bank.change" if request.method == "POST" else "bank.read")
    account = accounts.card(centre_id, account_id)
    form = Form()
    if request.method == "POST":
        form = read_form(MatchForm)
        if form.ok:
            command = MatchMoney(form.data["id"], account_id, (), form.data["items"])
            try:
                in_transaction(matching.match, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Matched."), "success")
                return redirect(request.path, 303)
    waiting = chart.account_for(centre_id, Purpose.TRANSFERS_AWAITING)
    page = render_template(
        "accounting/bank_open.html",
        account=account,
        items=_shown(centre_id, account_id),
        awaited=_shown(centre_id, waiting.id),
        form=form,
        errors=form.errors,
        chosen=set(form.given.get("items", ())),
        match_id=form.given.get("id") or str(uuid7()),
    )
    return page, form.status


def _shown(centre_id: int, account_id: UUID) -> list[OpenItem]:
    return open_items.items(centre_id, [account_id], limit=OPEN_SHOWN)


# --- what was matched ------------------------------------------------------------------------


@blueprint.get("/bank/matches")
def bank_matches(centre_id: int) -> str:
    """Show matches, latest first."""
    page = history.listing(current_actor(centre_id), window(), sought())
    names = {card.id: card for card in accounts.cards(centre_id)}
    return render_template(
        "accounting/bank_matches.html",
        **listed(page, "accounting.bank_matches", centre_id=centre_id),
        names=names,
    )


@blueprint.get("/bank/matches/<uuid:match_id>")
def bank_match(centre_id: int, match_id: UUID) -> str:
    """Show one match with both its sides."""
    view = history.get(match_id, current_actor(centre_id))
    return render_template("accounting/bank_match.html", view=view)


@blueprint.post("/bank/matches/<uuid:match_id>/undo")
def bank_undo(centre_id: int, match_id: UUID) -> ResponseReturnValue:
    """Take a match back."""
    in_transaction(matching.undo, match_id, current_actor(centre_id))
    flash(_("The match was undone; both sides are open again."), "success")
    return redirect(_match_url(centre_id, match_id), 303)
