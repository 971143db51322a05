"""Every route × method × role: opened by those who hold its right, shut for everybody else.

The list is tests/routes.csv (see tests/routes.py), the addresses are those of the application, the
ids are those of documents that exist. A route that is not declared fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unittest import mock

import pytest
from weasyprint import HTML

from core.db import Base
from core.web import pdf
from members.rules.roles import PERMISSIONS
from tests import routes
from tests.routes import SIGN_INS, World
from tests.templates import run_folder

SHUT = {403, 404, 422}
"""Somebody without the right is refused; what comes malformed may be refused before."""
PARAMETER = re.compile(r"<uuid:(\w+?)_id>")
ASKED_INSIDE = {
    "discount.give",
    "override.give",
    "production.override",
    "purse.withdraw",
}
"""Rights a use-case asks for on the way, beside the one its route needs."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with routes.world(run_folder(tmp_path_factory), tmp_path_factory.mktemp("demo")) as made:
        yield made


def test_every_route_is_declared_and_nothing_else_is(world: World) -> None:
    found, said = set(routes.routes_of(world.app)), routes.declared()
    missing = sorted(found - set(said))
    assert not missing, f"say in tests/routes.csv (make routes) what these need: {missing}"
    assert not sorted(set(said) - found), "tests/routes.csv names routes that are gone"
    assert not [route for route, need in said.items() if need == "?"]
    for need in said.values():
        assert need in {"person", "public"} or routes.holders(need) is not None


def test_every_parameter_has_its_table() -> None:
    """So that roles are tried with ids of documents that exist."""
    named = {name for route in routes.declared() for name in PARAMETER.findall(route.rule)}
    tables = {routes.TABLES.get(name, name) for name in named - routes.ELSEWHERE}
    assert sorted(tables - Base.metadata.tables.keys()) == []
    assert sorted(routes.ELSEWHERE - named) == []


def test_outside_of_centres_nothing_asks_for_a_role(world: World) -> None:
    for route, need in routes.declared().items():
        if not routes.is_of_a_centre(route):
            assert need in {"public", "person"}, route
        else:
            assert need != "public", route


def test_every_right_opens_something() -> None:
    named = " ".join(routes.declared().values()).replace("&", " ").replace("|", " ").split()
    assert sorted(set(PERMISSIONS) - set(named) - ASKED_INSIDE) == []


@pytest.mark.parametrize("who", SIGN_INS)
def test_a_role_opens_what_its_rights_open_and_nothing_else(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_laid_out", lambda *_given: HTML(string="–").render())
    role, wrong = SIGN_INS[who], []
    found = routes.routes_of(world.app)
    for route, need in routes.declared().items():
        if not routes.is_of_a_centre(route) or route not in found:
            continue
        status = world.ask(who, route, found[route]).status_code
        held = role in routes.holders(need)
        if role in routes.makers(need):
            held = status != 403  # as it is whose document; see `own` in tests/routes.py
        if status >= 500 or (status == 403 if held else status not in SHUT):
            wrong.append((route.method, route.rule, need, "held" if held else "not held", status))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", ["manager", "cashier"])
def test_ids_that_name_nothing_break_nothing(world: World, who: str) -> None:
    """As a stranger's hand or an old tab would send them."""
    found, broken = routes.routes_of(world.app), []
    with mock.patch.object(world, "rows", {}):
        for route in routes.declared():
            if routes.is_of_a_centre(route) and "_id>" in route.rule.replace("centre_id>", ""):
                status = world.ask(who, route, found[route]).status_code
                if status >= 500 or (route.method == "GET" and status not in {403, 404}):
                    broken.append((route.method, route.rule, status))
    assert not broken, "\n".join(map(str, broken))


@pytest.mark.parametrize("who", SIGN_INS)
def test_no_route_opens_in_another_centre(world: World, who: str) -> None:
    found, open_ = routes.routes_of(world.app), []
    for route in routes.declared():
        if routes.is_of_a_centre(route) and route in found:
            status = world.ask(who, route, found[route], world.foreign_id).status_code
            if status != 404:
                open_.append((route.method, route.rule, status))
    assert not open_, "\n".join(map(str, open_))
