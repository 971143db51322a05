"""What every answer tells the browser to refuse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from core.web.headers import HEADERS
from tests.api.conftest import Browser

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=", re.IGNORECASE)


@pytest.mark.parametrize("path", ["/sign-in", "/nothing", "/api/v1/openapi.json", "/problems/"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_static_files_may_be_kept(client: FlaskClient) -> None:
    with client.get("/static/css/base.css") as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] != "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        "/profile",
        "/c/{c}/",
        "/c/{c}/members",
        "/c/{c}/members/new",
        "/c/{c}/producers",
        "/c/{c}/producers/new",
        "/c/{c}/villages",
        "/c/{c}/users",
        "/c/{c}/users/new",
        "/c/{c}/tokens",
        "/c/{c}/settings",
        "/c/{c}/audit",
    ],
)
def test_every_page_opens_in_both_languages_without_inline_scripts_or_styles(
    browser_of: Callable[..., Browser], path: str
) -> None:
    browser = browser_of("manager")
    for language in ("th", "en"):
        page = browser.get(path, query_string={"lang": language}, follow_redirects=True)
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        assert f'<html lang="{language}">' in text
        assert not INLINE.search(text)
