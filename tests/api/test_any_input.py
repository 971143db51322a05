"""Whatever is sent to whatever address, by whomever: a success or a refusal, never a fault.

schemathesis makes requests from the API's own description; more of them with
SUNRUAM_TEST_EXAMPLES=200. They go out as each role, with ids of documents that exist where the
demo has some; who does not hold the right a route needs (tests/routes.csv) gets nothing done by
any of them. (An officer has no token: tokens are a centre's.)
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tests import routes
from tests.routes import SIGN_INS, World
from tests.templates import run_folder

EXAMPLES = int(os.environ.get("SUNRUAM_TEST_EXAMPLES", "5"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with routes.world(run_folder(tmp_path_factory), tmp_path_factory.mktemp("demo")) as made:
        yield made


@pytest.mark.parametrize("who", [who for who in SIGN_INS if who != "officer"])
def test_nothing_that_can_be_sent_is_a_fault_or_goes_past_a_right(world: World, who: str) -> None:
    role, token = SIGN_INS[who], world.tokens[who]
    needs, rules = routes.declared(), routes.routes_of(world.app)
    by_address = {
        (route.method, schema_path(route.rule)): route
        for route in rules
        if route.rule.startswith("/api/")
    }
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)
    sent = []
    for found in schema.get_all_operations():
        operation = found.ok()
        route = by_address[operation.method.upper(), operation.full_path]
        held = role in routes.holders(needs[route])
        sent += answers(operation, world.centre_id, token, held=held)
    assert len(sent) > 100


def answers(operation: Any, centre_id: int, token: str, *, held: bool) -> list[int]:
    """Send an operation whatever its description allows; return the statuses that came back."""
    statuses = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def refused_or_done(case: schemathesis.Case) -> None:
        case.path_parameters["centre_id"] = centre_id
        case.headers["Authorization"] = f"Bearer {token}"
        answer = case.call()
        statuses.append(answer.status_code)
        assert answer.status_code < 500, operation.label
        assert held or answer.status_code >= 400, f"no right to {operation.label}"
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"]

    refused_or_done()
    return statuses


def schema_path(rule: str) -> str:
    """Return a route's address as the API's description writes it."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule)
