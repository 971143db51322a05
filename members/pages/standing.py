"""What happened to a membership or a producer, as pages: record it, withdraw what was wrong.

A fact of the wrong day is withdrawn and recorded anew on the right one, in one step.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.pages.blueprint import CENTRE, blueprint
from members.pages.register import member_page, producer_page
from members.schemas.persons import FactForm, WithdrawForm
from members.services import access, members, producers, standing
from members.services.standing import CorrectFact, RecordFact
from members.services.standing_facts import FactCard

MEMBER_FACTS = CENTRE + "/members/<uuid:member_id>/facts"
PRODUCER_FACTS = CENTRE + "/producers/<uuid:producer_id>/facts"


# --- members ---------------------------------------------------------------------------------


@blueprint.post(MEMBER_FACTS)
def member_fact(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Record what happened to a membership on a day."""
    actor = current_actor(centre_id)
    access.require(actor, "member.change")
    known = members.get(member_id, actor)
    form = read_form(FactForm)
    if form.ok and _recorded(form, RecordFact(member_id=member_id, **form.data), actor):
        return redirect(_member_url(centre_id, member_id), 303)
    return member_page(form, actor, known)


@blueprint.post(MEMBER_FACTS + "/<uuid:fact_id>/withdraw")
def member_fact_withdraw(centre_id: int, member_id: UUID, fact_id: UUID) -> ResponseReturnValue:
    """Withdraw a fact that was wrong, with the reason; or put it on another day."""
    actor = current_actor(centre_id)
    access.require(actor, "member.change")
    known = members.get(member_id, actor)
    _require_among(fact_id, standing.timeline(member_id, actor))
    form = read_form(WithdrawForm)
    if form.ok and _mended(form, fact_id, actor):
        return redirect(_member_url(centre_id, member_id), 303)
    return member_page(_shown(form), actor, known)


def _member_url(centre_id: int, member_id: UUID) -> str:
    return url_for("members.member", centre_id=centre_id, member_id=member_id)


# --- producers -------------------------------------------------------------------------------


@blueprint.post(PRODUCER_FACTS)
def producer_fact(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Record what happened to a producer on a day."""
    actor = current_actor(centre_id)
    access.require(actor, "producer.change")
    known = producers.get(centre_id, producer_id)
    form = read_form(FactForm)
    if form.ok and _recorded(form, RecordFact(producer_id=producer_id, **form.data), actor):
        return redirect(_producer_url(centre_id, producer_id), 303)
    return producer_page(form, actor, known)


@blueprint.post(PRODUCER_FACTS + "/<uuid:fact_id>/withdraw")
def producer_fact_withdraw(centre_id: int, producer_id: UUID, fact_id: UUID) -> ResponseReturnValue:
    """Withdraw a fact that was wrong, with the reason; or put it on another day."""
    actor = current_actor(centre_id)
    access.require(actor, "producer.change")
    known = producers.get(centre_id, producer_id)
    _require_among(fact_id, standing.producer_timeline(producer_id, actor))
    form = read_form(WithdrawForm)
    if form.ok and _mended(form, fact_id, actor):
        return redirect(_producer_url(centre_id, producer_id), 303)
    return producer_page(_shown(form), actor, known)


def _producer_url(centre_id: int, producer_id: UUID) -> str:
    return url_for("members.producer", centre_id=centre_id, producer_id=producer_id)


# --- both ------------------------------------------------------------------------------------


def _recorded(form: Form, command: RecordFact, actor: Actor) -> bool:
    try:
        in_transaction(standing.record, command, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    flash(_("The change was saved."), "success")
    return True


def _mended(form: Form, fact_id: UUID, actor: Actor) -> bool:
    reason, day = form.data["reason"], form.data["on_date"]
    try:
        if day is None:
            in_transaction(standing.withdraw, fact_id, reason, actor)
        else:
            anew = form.data["fact_id"] or uuid7()
            command = CorrectFact(wrong_id=fact_id, fact_id=anew, on_date=day, reason=reason)
            in_transaction(standing.correct, command, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    flash(_("It was withdrawn and stays to be read."), "success")
    return True


def _require_among(fact_id: UUID, facts: list[FactCard]) -> None:
    """A fact of somebody else is not there."""
    if all(fact.id != fact_id for fact in facts):
        raise NotFound


def _shown(form: Form) -> Form:
    """What was typed to withdraw one fact is not what the form for a new one shows."""
    return Form(errors=form.errors, refusal=form.refusal, status=form.status)
