"""No other site acts in a reader's name: every unsafe route, without its mark, is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import Browser, Machine, csrf_of
from tests.conftest import PASSWORD

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
SAMPLE = "01890000-0000-7000-8000-000000000000"


def sample_of(converter: Any) -> object:
    """Return something a part of an address may be."""
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return min(converter.items)
    return SAMPLE if kind == "UUIDConverter" else 1


def unsafe_routes(app: Flask, centre_id: int) -> list[tuple[str, str]]:
    """Return (method, path) of every route that could change something."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {
            name: centre_id if name == "centre_id" else sample_of(rule._converters[name])
            for name in rule.arguments
        }
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values, method=None)
        found += [(method, path) for method in UNSAFE if method in (rule.methods or ())]
    return found


def test_every_unsafe_route_refuses_a_session_without_its_mark(
    app: Flask, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("manager")
    routes = unsafe_routes(app, browser.centre_id)
    assert len(routes) > 20
    for method, path in routes:
        answer = browser.client.open(path, method=method, json={})
        assert answer.status_code == 403, (method, path, answer.status_code)


def test_every_unsafe_route_refuses_a_stranger(app: Flask, client: FlaskClient) -> None:
    for method, path in unsafe_routes(app, 1):
        answer = client.open(path, method=method, json={})
        expected = {401} if path.startswith("/api/") else {303, 403}
        assert answer.status_code in expected, (method, path, answer.status_code)
        if answer.status_code == 303:
            assert answer.headers["Location"].startswith("/sign-in"), (method, path)


@pytest.mark.parametrize("mark", ["", "0" * 64, "ก" * 64])
def test_a_wrong_mark_is_refused(browser_of: Callable[..., Browser], mark: str) -> None:
    browser = browser_of("manager")
    answer = browser.form("/c/{c}/villages", name="บ้านใหม่", csrf_token=mark)
    assert answer.status_code == 403


def test_the_mark_of_another_session_is_refused(browser_of: Callable[..., Browser]) -> None:
    mine, theirs = browser_of("manager"), browser_of("cashier")
    mine.csrf = theirs.csrf
    answer = mine.send("POST", "/villages", {"name": "บ้านใหม่"})
    assert answer.status_code == 403
    assert answer.json["code"] == "csrf-failed"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
def test_a_request_from_another_origin_is_refused_even_with_the_mark(
    browser_of: Callable[..., Browser], origin: str
) -> None:
    answer = browser_of("manager").send("POST", "/villages", {"name": "บ้านใหม่"}, Origin=origin)
    assert answer.status_code == 403


def test_our_own_origin_is_welcome(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("manager")
    answer = browser.send("POST", "/villages", {"name": "บ้านใหม่"}, Origin="http://localhost")
    assert answer.status_code == 201


def test_a_machine_needs_no_mark(machine_of: Callable[..., Machine]) -> None:
    answer = machine_of("manager").send("POST", "/villages", {"name": "บ้านใหม่"})
    assert answer.status_code == 201


def test_a_bad_bearer_header_beside_a_good_session_does_not_slip_past(
    browser_of: Callable[..., Browser],
) -> None:
    browser = browser_of("manager")
    answer = browser.client.post(
        f"/api/v1/centres/{browser.centre_id}/villages",
        json={"name": "บ้านใหม่"},
        headers={"Authorization": "Bearer nonsense"},
    )
    assert answer.status_code == 401


def test_the_sign_in_form_is_bound_to_the_visitor(client: FlaskClient, app: Flask) -> None:
    mark = csrf_of(client.get("/sign-in"))
    other = app.test_client()
    fields = {"csrf_token": mark, "username": "cashier", "password": PASSWORD}
    assert other.post("/sign-in", data=fields).status_code == 403
    assert client.post("/sign-in", data=fields).status_code == 303


def test_a_form_kept_open_past_the_session_goes_to_sign_in(
    browser_of: Callable[..., Browser],
) -> None:
    browser = browser_of("manager")
    browser.client.delete_cookie("sunruam_session")
    answer = browser.form("/c/{c}/villages", name="บ้านใหม่")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
