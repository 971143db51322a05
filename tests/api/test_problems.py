"""Refusals: one shape for programs, one page for people, each code explained and translated."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

import pos.services.archive.adopting  # noqa: F401 - used by the command line only
import worker.errands
import worker.reports  # noqa: F401
from accounting.rules.surplus.uses import USE_WORDS, UseTwice
from core.errors import DomainError
from core.web import problems
from core.web.problems import catalogue, catalogue_text
from core.web.words import translated
from tests.api.conftest import Browser, Machine
from tests.openapi import DOCS

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@pytest.fixture
def machine(machine_of: Callable[..., Machine]) -> Machine:
    return machine_of("manager")


def post(machine: Machine, body: bytes, kind: str = "application/json"):
    return machine.client.post(
        f"/api/v1/centres/{machine.centre_id}/villages",
        data=body,
        headers={"Authorization": f"Bearer {machine.token}", "Content-Type": kind},
    )


# --- the shape -------------------------------------------------------------------------------


def test_a_refusal_is_a_problem_document(machine: Machine) -> None:
    answer = machine.send("POST", "/villages", {"nome": "x"})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    body = answer.get_json(force=True)
    assert body["type"] == "/problems/invalid"
    assert body["code"] == "invalid"
    assert body["status"] == 422
    assert body["instance"].endswith("/villages")
    assert {error["pointer"] for error in body["errors"]} == {"#/name", "#/nome"}
    assert all(error["detail"] for error in body["errors"])


def test_the_words_are_in_the_language_asked_for(machine: Machine) -> None:
    thai = machine.send("POST", "/villages", {}).get_json(force=True)
    english = machine.send("POST", "/villages", {}, Accept_Language="en").get_json(force=True)
    assert english["title"] == "Some of what was entered is not right"
    assert thai["title"] != english["title"]
    assert re.search("[ก-๙]", thai["title"])
    assert re.search("[ก-๙]", thai["errors"][0]["detail"])


def test_a_fact_that_is_a_word_is_in_the_readers_language(app: Flask) -> None:
    with app.test_request_context(), force_locale("th"):
        said = translated(UseTwice.detail, {"use_words": USE_WORDS["reserve"]})
    assert "Reserve" not in said and re.search("[ก-๙]", said)


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "\xff\xfe"}',
        b'{"name": ',
        b'{"name": "a", "name": "b"}',
        b'{"name": NaN}',
        b'{"name": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b"",
    ],
)
def test_what_is_no_json_is_malformed(machine: Machine, body: bytes) -> None:
    answer = post(machine, body)
    assert answer.status_code in {400, 422}
    assert answer.get_json(force=True)["code"] in {"malformed", "invalid"}
    if body:
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "name", ["a\u0000b", "\ud800", "a\u0007", " ", "x" * 121, 5, None, True, []]
)
def test_text_that_cannot_be_kept_is_refused_at_its_field(machine: Machine, name: object) -> None:
    answer = machine.send("POST", "/villages", {"name": name})
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][0]["pointer"] == "#/name"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_a_body_that_is_not_declared_json_is_refused(machine: Machine, kind: str) -> None:
    answer = post(machine, b'{"name": "x"}', kind)
    assert answer.status_code == 415
    assert answer.get_json(force=True)["code"] == "unsupported-type"


def test_an_oversize_body_is_refused(machine: Machine) -> None:
    answer = post(machine, b'{"name": "' + b"x" * 1_100_000 + b'"}')
    assert answer.status_code == 413
    assert answer.get_json(force=True)["code"] == "too-large"


def test_an_oversize_form_is_refused(browser_of: Callable[..., Browser]) -> None:
    answer = browser_of("manager").form("/c/{c}/villages", name="x" * 1_100_000)
    assert answer.status_code == 413
    assert "<h1>" in answer.get_data(as_text=True)


def test_a_wrong_method_names_the_right_ones(machine: Machine) -> None:
    answer = machine.send("DELETE", "/villages")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.get_json(force=True)["code"] == "method-not-allowed"


def test_an_unknown_address_is_not_found_for_programs_and_people(
    machine: Machine, client: FlaskClient
) -> None:
    assert machine.send("GET", "/nothing").get_json(force=True)["code"] == "not-found"
    page = client.get("/nothing")
    assert page.status_code == 404
    assert page.content_type.startswith("text/html")


@pytest.mark.parametrize("path", ["/api/v1/centres/1/members?q=%ff", "/c/1/members?q=%00"])
def test_broken_utf_8_in_an_address_is_malformed(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_endless_numbers_in_an_address_are_not_found(client: FlaskClient) -> None:
    assert client.get("/c/" + "9" * 6000 + "/").status_code == 404


def test_broken_utf_8_in_a_form_is_malformed(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("manager")
    body = b"csrf_token=" + browser.csrf.encode() + b"&name=%ff"
    answer = browser.client.post(
        f"/c/{browser.centre_id}/villages",
        data=body,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400


# --- our own faults --------------------------------------------------------------------------


def boom() -> str:
    raise RuntimeError("the secret cause")


def locked() -> str:
    raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("database is locked"))


@pytest.fixture
def faulty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser of an application with a fault behind two of its addresses."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "api-docs.openapi_json", boom)
    monkeypatch.setitem(app.view_functions, "members.sign_in", boom)
    return app.test_client()


def test_a_fault_of_ours_shows_an_incident_number_and_nothing_else(
    faulty: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = faulty.get("/api/v1/openapi.json")
    body = answer.get_json(force=True)
    assert answer.status_code == 500
    assert body["code"] == "our-fault"
    assert "secret" not in answer.get_data(as_text=True)
    assert body["incident_id"] in caplog.text
    page = faulty.get("/sign-in")
    assert page.status_code == 500
    assert "secret" not in page.get_data(as_text=True)


def test_a_busy_database_asks_to_try_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "api-docs.openapi_json", locked)
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.get_json(force=True)["code"] == "busy"


# --- the catalogue ---------------------------------------------------------------------------


def test_every_refusal_has_its_own_code_and_meaning(app: Flask) -> None:
    meanings = catalogue()
    assert len(meanings) > 20
    for meaning in meanings:
        assert KEBAB.fullmatch(meaning.code), meaning.code
        assert 400 <= meaning.status < 600
        assert meaning.title, meaning.code
        assert meaning.meaning, meaning.code


def test_every_refusal_is_in_the_committed_document(app: Flask) -> None:
    committed = (DOCS / "errors.md").read_text(encoding="utf-8")
    assert committed == catalogue_text(), "refusals changed: run `make openapi`"


def test_every_refusal_is_translated(app: Flask) -> None:
    from flask_babel import force_locale, gettext

    with app.test_request_context("/"), force_locale("th"):
        missing = {
            text
            for meaning in catalogue()
            for text in (meaning.title, meaning.detail)
            if text and gettext(text) == text
        }
    assert not missing


def test_every_code_has_its_page_in_both_languages(client: FlaskClient, app: Flask) -> None:
    for meaning in catalogue():
        page = client.get(f"/problems/{meaning.code}?lang=en")
        assert page.status_code == 200
        assert meaning.code in page.get_data(as_text=True)
    assert client.get("/problems/no-such-code").status_code == 404
    assert client.get("/problems/").status_code == 200


def test_facts_in_a_sentence_are_shown_as_people_read_them(app: Flask) -> None:
    class Example(DomainError):
        """Only for this test."""

        title = "%(left_milli)s left at %(price_satang)s baht"

    with app.test_request_context("/?lang=en"):
        words = problems.words(Example(left_milli=1500, price_satang=123450))
    assert words == ("1.5 left at 1,234.50 baht", "")
