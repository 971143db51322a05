"""Unsold goods as pages: what needs a decision, lots held for grading, the categories' rules."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.rules.unsold import STAGES
from inventory.schemas.unsold import STEP_ROWS, RuleForm, rule_of
from inventory.services import goods_rules, holds, unsold
from inventory.services.catalogue import categories
from inventory.services.goods_rules import RuleCard
from members.services import access


@blueprint.get("/unsold")
def unsold_goods(centre_id: int) -> str:
    """Show the lots that need a decision, the gravest first, or those of one stage."""
    actor = current_actor(centre_id)
    rows = unsold.listing(actor)
    stage = request.args.get("stage", "")
    shown = [row for row in rows if row.standing.stage == stage] if stage in STAGES else rows
    return render_template(
        "unsold/index.html",
        rows=shown,
        counts=unsold.counts(rows),
        stage=stage if stage in STAGES else "",
        total=len(rows),
        held=holds.listing(actor),
    )


@blueprint.get("/unsold/rules")
def goods_rules_page(centre_id: int) -> str:
    """Show the rule of every category."""
    actor = current_actor(centre_id)
    rows = goods_rules.listing(actor)
    return render_template("unsold/rules.html", rows=rows, names=_category_names(centre_id))


@blueprint.route("/unsold/rules/edit", methods=["GET", "POST"])
def goods_rule_edit(centre_id: int) -> ResponseReturnValue:
    """Change the rule of one category; `?category=` names it."""
    actor = current_actor(centre_id)
    access.require(actor, "settings.change")
    form = read_form(RuleForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        try:
            in_transaction(goods_rules.save, rule_of(form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The rule was changed."), "success")
            return redirect(url_for("inventory.goods_rules_page", centre_id=centre_id), 303)
    if not form.given:
        wanted = request.args.get("category", "")
        cards = {card.category: card for card in goods_rules.listing(actor)}
        form.given = _given(cards.get(wanted) or cards[""])
    page = render_template(
        "unsold/rule.html",
        form=form,
        errors=form.errors,
        step_rows=STEP_ROWS,
        names=_category_names(centre_id),
    )
    return page, form.status


def _category_names(centre_id: int) -> dict[str, str]:
    """Return what people call each category, by its key."""
    place = 1 if show.language() == "en" else 0
    return {key: both[place] for key, both in categories.names(centre_id).items()}


def _given(card: RuleCard) -> dict[str, str]:
    """Return a rule as its form shows it."""
    rule = card.rule
    given = {
        "category": card.category,
        "version": str(card.version or ""),
        "centre_bears_days": "" if rule.centre_bears_days is None else str(rule.centre_bears_days),
        "consignment_days": str(rule.consignment_days),
        "near_expiry_days": str(rule.near_expiry_days),
        "weight_loss": _percent(rule.weight_loss_basis_points),
    }
    for number, step in enumerate(rule.markdown_steps, start=1):
        after = step.after_days is not None
        given[f"when_{number}"] = "after_days" if after else "days_before_expiry"
        given[f"days_{number}"] = str(step.after_days if after else step.days_before_expiry)
        given[f"percent_{number}"] = _percent(step.percent_basis_points)
    return given


def _percent(basis_points: int) -> str:
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")
