"""Scenarios as forms: drawn up, changed, thrown away, and one of them chosen by a resolution.

What must stay true: nothing typed is lost, whatever is refused; sending a form twice keeps one
scenario and prepares one allocation, because the ids are made with the empty form.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.pages.resolution_choices import resolution_choices
from accounting.pages.surplus import year_or_404
from accounting.rules.surplus.uses import Part, percent_text
from accounting.schemas.surplus import FUND_SLOTS, SECOND, SLOTS, ChooseForm, ScenarioForm, use_of
from accounting.services import funds
from accounting.services.surplus import asking, rule_sets, scenarios, working_out
from accounting.services.surplus.allocations import PrepareAllocation
from accounting.services.surplus.scenarios import SaveScenario, ScenarioCard
from accounting.services.surplus.years import YearSurplus
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.sheets import baht_figure
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access


@blueprint.route("/surplus/<int:year>/scenarios/new", methods=["GET", "POST"])
def surplus_scenario_new(centre_id: int, year: int) -> ResponseReturnValue:
    """Draw up a scenario, from a rule set or from another scenario."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.prepare")
    found = year_or_404(year, actor)
    if request.method == "POST":
        return _saved(found, actor)
    copied = uuid_or_none(request.args.get("copy"))
    if copied is not None:
        given = _given(scenarios.get(copied, actor)) | {"id": str(uuid7()), "version": "0"}
        given["name"] = ""
    else:
        given = _begun(uuid_or_none(request.args.get("rules")), actor)
    return _page(found, Form(given=given), actor)


@blueprint.route("/surplus/scenarios/<uuid:scenario_id>", methods=["GET", "POST"])
def surplus_scenario(centre_id: int, scenario_id: UUID) -> ResponseReturnValue:
    """Change a scenario."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.prepare")
    card = scenarios.get(scenario_id, actor)
    found = year_or_404(card.fiscal_year, actor)
    if request.method == "POST":
        return _saved(found, actor)
    return _page(found, Form(given=_given(card)), actor)


@blueprint.post("/surplus/scenarios/<uuid:scenario_id>/throw-away")
def surplus_scenario_gone(centre_id: int, scenario_id: UUID) -> ResponseReturnValue:
    """Throw a scenario away."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.prepare")
    year = scenarios.get(scenario_id, actor).fiscal_year
    in_transaction(scenarios.throw_away, scenario_id, actor)
    flash(_("The scenario is thrown away."), "success")
    return redirect(url_for("accounting.surplus_year", centre_id=centre_id, year=year), 303)


def _begun(rule_set_id: UUID | None, actor: Actor) -> dict[str, str]:
    """Return an empty form with the parts of a rule set."""
    rules = rule_sets.get(rule_set_id, actor).rules
    return {
        "id": str(uuid7()),
        "version": "0",
        "rule_set": str(rule_set_id or ""),
        "retained_part": percent_text(rules.retained_basis_points * 100),
        **_cells(rules.parts),
    }


def _given(card: ScenarioCard) -> dict[str, str]:
    return {
        "id": str(card.id),
        "version": str(card.version),
        "name": card.name,
        "rule_set": str(card.rule_set_id or ""),
        "expected": str(baht_figure(card.expected_satang)) if card.expected_satang else "",
        "retained_part": percent_text(card.retained_basis_points * 100),
        "note": card.note,
        **_cells(card.parts),
    }


def _cells(parts: tuple[Part, ...]) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in parts:
        slot = part.use if f"percent_{part.use}" not in given else SECOND
        given[f"percent_{slot}"] = percent_text(part.millionths)
        if part.fund_id:
            given[f"fund_{slot}"] = str(part.fund_id)
    return given


def _saved(year: YearSurplus, actor: Actor) -> ResponseReturnValue:
    form = read_form(ScenarioForm)
    if form.ok:
        data = form.data
        parts = tuple(
            Part(use_of(slot), data[f"percent_{slot}"], data.get(f"fund_{slot}"))
            for slot in SLOTS
            if data[f"percent_{slot}"]
        )
        command = SaveScenario(
            id=data["id"],
            fiscal_year=year.fiscal_year,
            name=data["name"],
            parts=parts,
            rule_set_id=data["rule_set"],
            retained_basis_points=data["retained_part"],
            expected_satang=data["expected"],
            note=data["note"],
            version=data["version"],
        )
        try:
            in_transaction(scenarios.save, command, actor)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            flash(_("The scenario is kept. It binds nobody yet."), "success")
            where = url_for(
                "accounting.surplus_year", centre_id=actor.centre_id, year=year.fiscal_year
            )
            return redirect(where, 303)
    return _page(year, form, actor)


def _refuse(form: Form, refusal: DomainError) -> None:
    """Put a refusal about a use beside its percent."""
    field = refusal.facts.get("field")
    if field in SLOTS:
        refusal.facts["field"] = f"percent_{field}"
    form.refuse(refusal)


def _page(year: YearSurplus, form: Form, actor: Actor) -> ResponseReturnValue:
    sets = rule_sets.in_force(actor, clock.today())
    cards = funds.listing(actor.centre_id)
    english = show.language() == "en"
    fits: dict[str, list[tuple[Any, str]]] = {
        slot: [
            (card.id, (english and card.name_en) or card.name_th)
            for card in working_out.fitting(use_of(slot), cards)
        ]
        for slot in FUND_SLOTS
    }
    chosen = uuid_or_none(form.given.get("rule_set"))
    rules = next((one.rules for one in sets if one.id == chosen), sets[-1].rules)
    bounds: dict[str, list[Any]] = {}
    for bound in rules.bounds_on(clock.today()):
        bounds.setdefault(bound.use, []).append(bound)
    page = render_template(
        "surplus/scenario.html",
        year=year,
        form=form,
        errors=form.errors,
        given=form.given,
        slots=[(slot, use_of(slot)) for slot in SLOTS],
        funds=fits,
        sets=sets,
        bounds=bounds,
    )
    return page, form.status


# --- choosing --------------------------------------------------------------------------------


@blueprint.route("/surplus/scenarios/<uuid:scenario_id>/choose", methods=["GET", "POST"])
def surplus_choose(centre_id: int, scenario_id: UUID) -> ResponseReturnValue:
    """Make a scenario the allocation that a resolution chose, and let every member be measured."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.prepare")
    card = scenarios.get(scenario_id, actor)
    form = Form(given={"id": str(uuid7())})
    if request.method == "POST":
        form = read_form(ChooseForm)
        if form.ok:
            command = PrepareAllocation(form.data["id"], scenario_id, form.data["resolution_id"])
            try:
                job_id = in_transaction(asking.choose, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                where = url_for("jobs.job", centre_id=centre_id, job_id=job_id)
                return redirect(where, 303)
    found = year_or_404(card.fiscal_year, actor)
    columns = [one for one in scenarios.compare(found, actor) if one.card.id == scenario_id]
    page = render_template(
        "surplus/choose.html",
        year=found,
        card=card,
        column=columns[0] if columns else None,
        form=form,
        errors=form.errors,
        given=form.given,
        resolutions=resolution_choices(centre_id, found.last_day, clock.today()),
    )
    return page, form.status
