"""Every route of a centre, found from the URL map: closed to strangers, absent to other centres."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.actor import Centre
from tests.api.conftest import Browser
from tests.api.test_csrf import sample_of

ID = "01890000-0000-7000-8000-000000000000"


def centre_routes(app: Flask, centre_id: int) -> Iterator[tuple[str, str]]:
    """Yield (method, path) of every route inside a centre."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "centre_id" not in rule.arguments:
            continue
        values: dict[str, object] = {
            name: sample_of(rule._converters[name]) for name in rule.arguments
        }
        path = adapter.build(rule.endpoint, values | {"centre_id": centre_id})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, path


def test_no_route_of_a_centre_is_open_to_strangers(app: Flask, client: FlaskClient) -> None:
    routes = list(centre_routes(app, 1))
    assert len(routes) > 40
    for method, path in routes:
        answer = client.open(path, method=method, json={})
        assert answer.status_code == (401 if path.startswith("/api/") else 303), (method, path)


@pytest.mark.parametrize("role", ["manager", "auditor"])
def test_every_route_of_another_centre_is_not_there(
    app: Flask,
    browser_of: Callable[..., Browser],
    centre: Centre,
    other_centre: Centre,
    role: str,
) -> None:
    browser = browser_of(role)
    nowhere = other_centre.id + 900
    for (method, path), (_, missing) in zip(
        centre_routes(app, other_centre.id), centre_routes(app, nowhere), strict=True
    ):
        answers = [
            browser.client.open(
                address, method=method, json={}, headers={"X-CSRF-Token": browser.csrf}
            )
            for address in (path, missing)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (method, path)
        bodies = [
            answer.get_data(as_text=True).replace(address, "X")
            for answer, address in zip(answers, (path, missing), strict=True)
        ]
        assert bodies[0] == bodies[1], (method, path)
