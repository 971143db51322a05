"""How the centre settles with producers, as a page.

What must stay true: two people who change it at once each learn of it, and the second one keeps
every entry.
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor
from core.db import in_transaction
from core.errors import ChangedMeanwhile, DomainError
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.schemas.settlement import PolicyForm
from inventory.services.settlement import policies
from inventory.services.settlement.policies import Policy
from members.services import access


@blueprint.route("/settings/settlement", methods=["GET", "POST"])
def settlement_policy(centre_id: int) -> ResponseReturnValue:
    """Show the policy in force; change it."""
    actor = current_actor(centre_id)
    access.require(actor, "settlement.read")
    if request.method == "POST":
        access.require(actor, "settings.change")
    now = policies.get(centre_id)
    form = read_form(PolicyForm) if request.method == "POST" else Form(given=_typed(now))
    theirs: dict[str, Any] = {}
    if request.method == "POST" and form.ok:
        try:
            in_transaction(policies.save, _policy(form), actor)
        except ChangedMeanwhile as refusal:
            form.refuse(refusal)
            theirs = _differences(form, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The settings were saved."), "success")
            return redirect(url_for("inventory.settlement_policy", centre_id=centre_id), 303)
    page = render_template(
        "settlement/policy.html", form=form, errors=form.errors, theirs=theirs, now=now
    )
    return page, form.status


def _policy(form: Form) -> Policy:
    data = form.data
    return Policy(
        hold_back_days=data["hold_back_days"],
        minimum_payout_satang=data["minimum_payout"],
        recovery_cap_basis_points=data["recovery_cap"],
        advance_cap_basis_points=data["advance_cap"],
        payout_day=data["payout_day"],
        version=data["version"],
    )


def _typed(policy: Policy) -> dict[str, Any]:
    """Return a policy as it is typed into the form."""
    return {
        "version": policy.version,
        "hold_back_days": policy.hold_back_days,
        "minimum_payout": show.baht(policy.minimum_payout_satang),
        "recovery_cap": show.percent(policy.recovery_cap_basis_points),
        "advance_cap": show.percent(policy.advance_cap_basis_points),
        "payout_day": policy.payout_day,
    }


def _differences(form: Form, actor: Actor) -> dict[str, Any]:
    """What the other person saved, where it differs; sending again then overrules it knowingly."""
    now, sent = _typed(policies.get(actor.centre_id)), _typed(_policy(form))
    form.given["version"] = now["version"]
    return {name: now[name] for name in now if name != "version" and now[name] != sent[name]}
