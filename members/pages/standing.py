"""What happened to a membership, as pages: record it on its day, withdraw what was wrong."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import read_form
from members.pages.blueprint import CENTRE, blueprint
from members.pages.register import member_page
from members.schemas.persons import FactForm, WithdrawForm
from members.services import access, members, standing
from members.services.standing import RecordFact

FACTS = CENTRE + "/members/<uuid:member_id>/facts"


@blueprint.post(FACTS)
def member_fact(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Record what happened to a membership on a day."""
    actor = current_actor(centre_id)
    access.require(actor, "member.change")
    known = members.get(member_id, actor)
    form = read_form(FactForm)
    if form.ok:
        try:
            in_transaction(standing.record, RecordFact(member_id=member_id, **form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            return redirect(_member_url(centre_id, member_id), 303)
    return member_page(form, actor, known)


@blueprint.post(FACTS + "/<uuid:fact_id>/withdraw")
def member_fact_withdraw(centre_id: int, member_id: UUID, fact_id: UUID) -> ResponseReturnValue:
    """Withdraw a fact that was wrong, with the reason."""
    actor = current_actor(centre_id)
    access.require(actor, "member.change")
    known = members.get(member_id, actor)
    form = read_form(WithdrawForm)
    if form.ok:
        try:
            in_transaction(standing.withdraw, fact_id, form.data["reason"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("It was withdrawn and stays to be read."), "success")
            return redirect(_member_url(centre_id, member_id), 303)
    return member_page(form, actor, known)


def _member_url(centre_id: int, member_id: UUID) -> str:
    return url_for("members.member", centre_id=centre_id, member_id=member_id)
