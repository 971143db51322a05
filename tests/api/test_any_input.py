"""Whatever is sent to whatever address, the answer is a success or a refusal, never a fault.

schemathesis makes requests from the API's own description; more of them with
SUNRUAM_TEST_EXAMPLES=200.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings

from tests.api.conftest import Machine

EXAMPLES = int(os.environ.get("SUNRUAM_TEST_EXAMPLES", "8"))


def test_nothing_that_can_be_sent_is_a_fault_of_ours(
    app: Flask, machine_of: Callable[..., Machine]
) -> None:
    machine = machine_of("manager")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    sent = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def refused_or_done(case: schemathesis.Case) -> None:
            case.path_parameters["centre_id"] = machine.centre_id
            case.headers["Authorization"] = f"Bearer {machine.token}"
            answer = case.call()
            sent.append(answer.status_code)
            assert answer.status_code < 500
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == ["application/problem+json"]

        refused_or_done()
    assert len(sent) > 100
