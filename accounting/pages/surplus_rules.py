"""Rule sets as pages: what is in force, each set in full, and a new one written from an old one.

What must stay true: a set is added, never changed, so the form always makes a new one; what the law
asks stands beside each field with its source.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.pages.resolution_choices import resolution_choices
from accounting.rules.surplus import law
from accounting.rules.surplus.defaults import SOURCES
from accounting.rules.surplus.law import TYPE_WORDS, Bound
from accounting.rules.surplus.rule_set import (
    DividendRule,
    Eligibility,
    PatronageRule,
    RuleSet,
)
from accounting.rules.surplus.uses import USES, Part, percent_text
from accounting.schemas.surplus import GROUPS_MAX, RuleSetForm
from accounting.services.meetings import resolutions
from accounting.services.surplus import patronage_sources, rule_sets
from accounting.services.surplus.rule_sets import NewRuleSet, RuleSetCard
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.sheets import baht_figure
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access


@blueprint.get("/surplus/rules")
def surplus_rules(centre_id: int) -> str:
    """Show the rule sets, the latest first, and the one we ship."""
    actor = current_actor(centre_id)
    kind = actor.centre.organisation_type
    return render_template(
        "surplus/rules.html",
        rows=rule_sets.listing(actor),
        in_force={one.id for one in rule_sets.in_force(actor, clock.today())},
        kind=TYPE_WORDS[kind],
        source=SOURCES[kind],
        bounds=law.bounds_of(kind, clock.today()),
        cap=law.cap_of(kind, clock.today()),
    )


@blueprint.get("/surplus/rules/<uuid:rule_set_id>")
def surplus_rule_set(centre_id: int, rule_set_id: UUID) -> str:
    """Show a rule set in full."""
    return _shown(rule_sets.get(rule_set_id, _reader(centre_id)), _reader(centre_id))


@blueprint.get("/surplus/rules/shipped")
def surplus_rules_shipped(centre_id: int) -> str:
    """Show the rule set we ship for the centre's type."""
    return _shown(rule_sets.get(None, _reader(centre_id)), _reader(centre_id))


def _reader(centre_id: int) -> Actor:
    actor = current_actor(centre_id)
    access.require(actor, "surplus.read")
    return actor


def _shown(card: RuleSetCard, actor: Actor) -> str:
    resolution = (
        resolutions.card(actor.centre_id, card.resolution_id) if card.resolution_id else None
    )
    return render_template(
        "surplus/rule_set.html",
        card=card,
        rules=card.rules,
        kind=TYPE_WORDS[card.rules.organisation_type],
        source=SOURCES[card.rules.organisation_type] if card.shipped else "",
        bounds=card.rules.bounds_on(max(card.valid_from, clock.today())),
        resolution=resolution,
    )


@blueprint.route("/surplus/rules/new", methods=["GET", "POST"])
def surplus_rules_new(centre_id: int) -> ResponseReturnValue:
    """Write a rule set, beginning with another or with the one we ship."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus_rule.change")
    if request.method == "GET":
        begun = rule_sets.get(uuid_or_none(request.args.get("from")), actor)
        return _page(Form(given=_given(begun, actor)), actor)
    form = read_form(RuleSetForm)
    if form.ok:
        command = _command(form.data, actor)
        try:
            in_transaction(rule_sets.record, command, actor)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            flash(_("The rule set is kept and counts from its day on."), "success")
            where = url_for(
                "accounting.surplus_rule_set", centre_id=centre_id, rule_set_id=command.id
            )
            return redirect(where, 303)
    return _page(form, actor)


def _refuse(form: Form, refusal: DomainError) -> None:
    field = refusal.facts.get("field")
    if field in USES:
        refusal.facts["field"] = f"percent_{field}"
    elif field == "cap_basis_points":
        refusal.facts["field"] = "cap"
    form.refuse(refusal)


def _command(data: dict[str, Any], actor: Actor) -> NewRuleSet:
    bought, brought = {}, {}
    for number in range(GROUPS_MAX):
        group = data[f"group_{number}"]
        if group and data[f"bought_{number}"] is not None:
            bought[group] = data[f"bought_{number}"]
        if group and data[f"brought_{number}"] is not None:
            brought[group] = data[f"brought_{number}"]
    rules = RuleSet(
        organisation_type=actor.centre.organisation_type,
        parts=tuple(Part(use, data[f"percent_{use}"]) for use in USES if data[f"percent_{use}"]),
        bounds=tuple(
            Bound(use, data[f"minimum_{use}"], data[f"maximum_{use}"])
            for use in USES
            if data[f"minimum_{use}"] is not None or data[f"maximum_{use}"] is not None
        ),
        dividend=DividendRule(
            data["basis"], data["cap"], data["min_standing_days"], data["cut_goes_to"]
        ),
        patronage=PatronageRule(data["purchase_share"], bought, brought, data["default_weight"]),
        eligibility=Eligibility(data["min_shares"], data["exclude_defaulters"]),
        retained_basis_points=data["retained_part"],
        unclaimed_years=data["unclaimed_years"],
    )
    return NewRuleSet(
        data["id"], data["name"], data["valid_from"], rules, data["resolution_id"], data["note"]
    )


def _given(card: RuleSetCard, actor: Actor) -> dict[str, str]:
    """Return the form that begins with a rule set."""
    rules = card.rules
    given = {
        "id": str(uuid7()),
        "name": card.name,
        "valid_from": typed(clock.today()),
        "basis": rules.dividend.basis,
        "cap": _percent(rules.dividend.cap_basis_points),
        "min_standing_days": str(rules.dividend.min_standing_days or ""),
        "cut_goes_to": rules.dividend.cut_goes_to,
        "purchase_share": _percent(rules.patronage.purchase_share_basis_points),
        "default_weight": _percent(rules.patronage.default_weight),
        "min_shares": str(baht_figure(rules.eligibility.min_shares_satang))
        if rules.eligibility.min_shares_satang
        else "",
        "exclude_defaulters": "1" if rules.eligibility.exclude_defaulters else "",
        "retained_part": _percent(rules.retained_basis_points),
        "unclaimed_years": str(rules.unclaimed_years),
    }
    for part in rules.parts:
        given[f"percent_{part.use}"] = percent_text(part.millionths)
    for bound in rules.bounds:
        for name, value in (("minimum", bound.minimum), ("maximum", bound.maximum)):
            if value is not None:
                given[f"{name}_{bound.use}"] = percent_text(value)
    groups = {
        one
        for source in patronage_sources.every()
        for one in source.groups(actor.centre_id).values()
    }
    named = {*groups, *rules.patronage.purchase_weights, *rules.patronage.delivery_weights} - {""}
    for number, group in enumerate(sorted(named)[:GROUPS_MAX]):
        given[f"group_{number}"] = group
        given[f"bought_{number}"] = _percent(rules.patronage.purchase_weights.get(group))
        given[f"brought_{number}"] = _percent(rules.patronage.delivery_weights.get(group))
    return given


def _percent(basis_points: int | None) -> str:
    return "" if basis_points is None else percent_text(basis_points * 100)


def _page(form: Form, actor: Actor) -> ResponseReturnValue:
    kind = actor.centre.organisation_type
    asked = {bound.use: bound for bound in law.bounds_of(kind, clock.today())}
    page = render_template(
        "surplus/rule_set_form.html",
        form=form,
        errors=form.errors,
        given=form.given,
        uses=USES,
        asked=asked,
        cap=law.cap_of(kind, clock.today()),
        kind=TYPE_WORDS[kind],
        groups=[n for n in range(GROUPS_MAX) if form.given.get(f"group_{n}")],
        resolutions=resolution_choices(actor.centre_id),
    )
    return page, form.status
