"""A network in sums, as pages and files for its officers. Nobody's name, no document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from accounting.pages.asking import asked
from accounting.pages.months import month_choices
from accounting.rules.periods import period_of
from core import clock
from core.actor import Actor
from core.errors import DomainError, NotFound
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.sheets import csv_response, xlsx_response
from members.services import access
from pos.pages import rollup_tables
from pos.pages.blueprint import blueprint
from pos.pages.rollup_tables import VIEWS
from pos.schemas.rollups import MonthsArgs
from pos.services.rollups import scope as scopes
from pos.services.rollups.scope import Scope


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: months and their centres; the form says what was wrong."""

    actor: Actor
    form: Form
    scope: Scope
    first: int
    last: int

    @property
    def query(self) -> dict[str, Any]:
        return {"first": str(self.first), "last": str(self.last)}


@blueprint.get("/rollups")
def rollups(centre_id: int) -> ResponseReturnValue:
    """Show the income statement first: what the network did this year."""
    return rollup(centre_id, VIEWS[0])


@blueprint.get("/rollups/<view>")
def rollup(centre_id: int, view: str) -> ResponseReturnValue:
    """Show one roll-up."""
    actor = current_actor(centre_id)
    found = _asked(actor)
    _require_view(view)
    return _page(found, rollup_tables.sheet(view, found.scope))


@blueprint.get("/rollups/account")
def rollup_account(centre_id: int) -> ResponseReturnValue:
    """Show one account of the books, centre by centre."""
    found = _asked(current_actor(centre_id))
    key = found.form.data.get("account", "")
    return _page(found, rollup_tables.account(found.scope, key), account=key)


@blueprint.get("/rollups/<view>.csv")
def rollup_csv(centre_id: int, view: str) -> ResponseReturnValue:
    """Send one roll-up as a table."""
    found = _asked(current_actor(centre_id), strictly=True)
    _require_view(view)
    table = rollup_tables.table_of(rollup_tables.sheet(view, found.scope))
    return csv_response(f"network-{view}-{found.first}-{found.last}", table.headings, table.rows)


@blueprint.get("/rollups.xlsx")
def rollup_xlsx(centre_id: int) -> ResponseReturnValue:
    """Send every roll-up as one workbook."""
    found = _asked(current_actor(centre_id), strictly=True)
    tables = [rollup_tables.table_of(rollup_tables.sheet(view, found.scope)) for view in VIEWS]
    return xlsx_response(f"network-{found.first}-{found.last}", tables)


def _asked(actor: Actor, *, strictly: bool = False) -> Asked:
    """Return the months asked for; a page shows the year so far when they can't be used."""
    access.require(actor, "network.read")
    form = asked(MonthsArgs())
    now = period_of(clock.today())
    last = form.data.get("last") or now
    first = form.data.get("first") or last // 100 * 100 + 1
    try:
        return Asked(actor, form, scopes.of(actor, first, last), first, last)
    except DomainError as refusal:
        if strictly:
            raise
        form.refuse(refusal)
        first = now // 100 * 100 + 1
        return Asked(actor, form, scopes.of(actor, first, now), first, now)


def _require_view(view: str) -> None:
    if view not in VIEWS:
        raise NotFound


def _page(found: Asked, made: rollup_tables.Sheet, account: str = "") -> ResponseReturnValue:
    of_centre: dict[str, Any] = {"centre_id": found.actor.centre_id}
    page = render_template(
        "rollups/rollup.html",
        made=made,
        scope=found.scope,
        form=found.form,
        errors=found.form.errors,
        titles=rollup_tables.titles(),
        query=found.query,
        account=account,
        centres={one: rollup_tables.name_of(of) for one, of in found.scope.centres.items()},
        firsts=month_choices(found.first),
        lasts=month_choices(found.last),
        csv_url=None
        if account or made.view == "account"
        else url_for("pos.rollup_csv", **of_centre, view=made.view, **found.query),
        xlsx_url=url_for("pos.rollup_xlsx", **of_centre, **found.query),
    )
    return page, found.form.status
