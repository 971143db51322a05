"""Rounds of matching as pages: the giver's announcement, and each village's part as a row.

What must stay true: no page works out a total from a number of villages or of recipients.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages import fund_words
from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.rules.funds import MATCHING
from accounting.schemas.funds import MatchForm, RoundForm
from accounting.services.funds import rounds
from accounting.services.funds.rounds import MatchVillage, OpenRound
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access


@blueprint.get("/match-rounds")
def match_rounds(centre_id: int) -> str:
    """Show the rounds, the latest first."""
    actor = current_actor(centre_id)
    return render_template(
        "funds/rounds.html", rows=rounds.listing(actor), **fund_words.context(centre_id)
    )


@blueprint.route("/match-rounds/new", methods=["GET", "POST"])
def match_round_new(centre_id: int) -> ResponseReturnValue:
    """Write a round down."""
    actor = current_actor(centre_id)
    access.require(actor, "fund.contribute")
    today = typed(clock.today())
    form = Form(
        given={
            "id": str(uuid7()),
            "source": "network",
            "rule_type": "fixed",
            "happened_precision": "day",
            "fund_id": request.args.get("fund", ""),
            "counts_from": today,
            "counts_to": today,
            "happened_on": today,
        }
    )
    if request.method == "POST":
        form = read_form(RoundForm)
        if form.ok:
            try:
                made = in_transaction(rounds.open_round, OpenRound(**form.data), actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Recorded under %(number)s.", number=made.round_no), "success")
                where = url_for("accounting.match_round", centre_id=centre_id, round_id=made.id)
                return redirect(where, 303)
    words = fund_words.context(centre_id)
    page = render_template(
        "funds/round_new.html",
        form=form,
        errors=form.errors,
        fund_options=fund_words.fund_options(centre_id, funeral=False),
        sources=[(one, words["givers"][one]) for one in MATCHING],
        **words,
    )
    return page, form.status


@blueprint.get("/match-rounds/<uuid:round_id>")
def match_round(centre_id: int, round_id: UUID) -> ResponseReturnValue:
    """Show a round, the villages' parts and the number of recipients, each by itself."""
    form = Form(
        given={"id": str(uuid7()), "paid_to": "bank", "business_date": typed(clock.today())}
    )
    return _page(round_id, form, current_actor(centre_id))


@blueprint.post("/match-rounds/<uuid:round_id>/match")
def match_round_village(centre_id: int, round_id: UUID) -> ResponseReturnValue:
    """Receive a village's part."""
    actor = current_actor(centre_id)
    access.require(actor, "fund.contribute")
    form = read_form(MatchForm)
    if form.ok:
        try:
            command = MatchVillage(round_id=round_id, **form.data)
            made = in_transaction(rounds.match_village, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Recorded under %(number)s.", number=made.contribution_no), "success")
            where = url_for("accounting.match_round", centre_id=centre_id, round_id=round_id)
            return redirect(where, 303)
    return _page(round_id, form, actor)


def _page(round_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    found = rounds.get(round_id, actor)
    had = {one.village_id for one in found.contributions if one.reversed_reason is None}
    words = fund_words.context(actor.centre_id)
    page = render_template(
        "funds/round.html",
        round=found,
        form=form,
        errors=form.errors,
        kept=list(fund_words.places(words["funds"][found.fund_id]).items()),
        village_options=[
            one for one in fund_words.village_options(actor.centre_id) if UUID(one[0]) not in had
        ],
        **words,
    )
    return page, form.status
