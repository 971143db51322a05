"""Readers of the API tests: browsers that sign in through the door, and machines with tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.actor import Centre
from core.db import in_transaction
from members.services import tokens
from members.services.tokens import NewToken
from tests.conftest import PASSWORD, actor_of

TOKEN_FIELD = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')


def csrf_of(page: TestResponse) -> str:
    """Return the CSRF token a page's form carries."""
    found = TOKEN_FIELD.search(page.get_data(as_text=True))
    assert found, "the page has no form"
    return found[1]


class Browser:
    """A person at a browser: keeps cookies, fills in the CSRF token."""

    def __init__(self, client: FlaskClient, centre_id: int) -> None:
        self.client = client
        self.centre_id = centre_id
        self.csrf = ""

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        """Send the sign-in form as its page offers it."""
        token = csrf_of(self.client.get("/sign-in"))
        response = self.client.post(
            "/sign-in", data={"csrf_token": token, "username": username, "password": password}
        )
        if response.status_code == 303:
            self.csrf = csrf_of(self.client.get("/profile"))
        return response

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page or a resource; `{c}` in the path is the centre."""
        return self.client.get(self._full(path), **options)

    def form(self, path: str, **fields: Any) -> TestResponse:
        """Send a form."""
        data = {"csrf_token": self.csrf, **fields}
        return self.client.post(self._full(path), data=data)

    def send(self, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        """Send JSON with the session's cookie and its CSRF header."""
        given = {"X-CSRF-Token": self.csrf}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if json is None else {"json": json}
        return self.client.open(self._full(path), method=method, headers=given, **body)

    def _full(self, path: str) -> str:
        path = path.replace("{c}", str(self.centre_id))
        api = f"/api/v1/centres/{self.centre_id}"
        return api + path if not path.startswith(("/c/", "/api/", "/sign", "/profile")) else path


class Machine(Browser):
    """A program of the centre: a bearer token, no cookies."""

    def __init__(self, client: FlaskClient, centre_id: int, token: str) -> None:
        super().__init__(client, centre_id)
        self.token = token

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def send(self, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        return super().send(method, path, json, Authorization=f"Bearer {self.token}", **headers)


@pytest.fixture
def browser_of(app: Flask, centre: Centre) -> Callable[..., Browser]:
    """Return a browser in which a member of the staff has signed in."""

    def signed_in(username: str, centre_id: int | None = None) -> Browser:
        browser = Browser(app.test_client(), centre_id or centre.id)
        response = browser.sign_in(username)
        assert response.status_code == 303, response.get_data(as_text=True)
        return browser

    return signed_in


@pytest.fixture
def machine_of(app: Flask, centre: Centre) -> Callable[..., Machine]:
    """Return a program that acts for a member of the staff."""

    def with_token(role: str) -> Machine:
        actor = actor_of(centre, role)
        new = NewToken(f"test {role}", days=1, user_id=actor.user_id)
        card = in_transaction(tokens.create, new, actor_of(centre, "manager"))
        assert card.token
        return Machine(app.test_client(), centre.id, card.token)

    return with_token
