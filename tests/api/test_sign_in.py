"""The door: who gets in, how often one may try, and what ends a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.actor import Centre
from core.config import Settings
from core.db import db
from core.models import AuditEvent
from members.models import SignInAttempt, UserSession
from pos import create_app
from tests.api.conftest import Browser, csrf_of
from tests.conftest import PASSWORD


def test_a_cashier_signs_in_and_lands_in_the_one_centre(
    client: FlaskClient, centre: Centre
) -> None:
    browser = Browser(client, centre.id)
    assert browser.sign_in("cashier").headers["Location"] == "/"
    assert client.get("/").headers["Location"] == f"/c/{centre.id}/"
    assert client.get(f"/c/{centre.id}/").status_code == 200


def test_the_name_may_be_typed_with_capitals_and_spaces(
    client: FlaskClient, centre: Centre
) -> None:
    assert Browser(client, centre.id).sign_in(" Cashier ").status_code == 303


def test_a_wrong_password_and_an_unknown_name_look_the_same(client: FlaskClient) -> None:
    browser = Browser(client, 1)
    wrong, unknown = (
        browser.sign_in("cashier", "nonsense-1"),
        browser.sign_in("nobody", "nonsense-1"),
    )
    assert wrong.status_code == unknown.status_code == 403
    texts = [
        page.get_data(as_text=True).replace("cashier", "X").replace("nobody", "X")
        for page in (wrong, unknown)
    ]
    assert texts[0] == texts[1]


def test_the_password_is_never_given_back(client: FlaskClient) -> None:
    page = Browser(client, 1).sign_in("cashier", "nonsense-1").get_data(as_text=True)
    assert "nonsense-1" not in page
    assert 'value="cashier"' in page


def test_the_eleventh_try_in_a_quarter_of_an_hour_is_not_even_looked_at(
    client: FlaskClient, centre: Centre
) -> None:
    browser = Browser(client, centre.id)
    assert [browser.sign_in("cashier", "wrong-wrong").status_code for _ in range(10)] == [403] * 10
    refused = browser.sign_in("cashier")
    assert refused.status_code == 429
    assert db.session.execute(select(func.count()).select_from(SignInAttempt)).scalar_one() == 10
    db.session.rollback()
    later = clock.now() + timedelta(minutes=16)
    with clock.travel(lambda: later):
        assert browser.sign_in("cashier").status_code == 303


def test_right_tries_do_not_count_against_anybody(client: FlaskClient, centre: Centre) -> None:
    browser = Browser(client, centre.id)
    for _ in range(12):
        assert browser.sign_in("cashier").status_code == 303
        browser.form("/sign-out")


def test_an_address_may_try_fifty_times_whatever_the_names(client: FlaskClient) -> None:
    browser = Browser(client, 1)
    answers = [browser.sign_in(f"name{n}", "wrong-wrong").status_code for n in range(51)]
    assert answers == [403] * 50 + [429]


def test_signing_in_again_ends_the_session_before(client: FlaskClient, centre: Centre) -> None:
    browser = Browser(client, centre.id)
    browser.sign_in("cashier")
    first = client.get_cookie("sunruam_session")
    assert first is not None
    browser.client.delete_cookie("sunruam_visitor")
    token = browser.csrf
    answer = client.post(
        "/sign-in", data={"csrf_token": token, "username": "manager", "password": PASSWORD}
    )
    assert answer.status_code == 303
    second = client.get_cookie("sunruam_session")
    assert second is not None
    assert second.value != first.value
    client.set_cookie("sunruam_session", first.value)
    assert client.get(f"/c/{centre.id}/").headers["Location"].startswith("/sign-in")


def test_the_database_never_holds_the_session_token(client: FlaskClient, centre: Centre) -> None:
    Browser(client, centre.id).sign_in("cashier")
    cookie = client.get_cookie("sunruam_session")
    assert cookie is not None
    hashes = db.session.execute(select(UserSession.token_hash)).scalars().all()
    assert cookie.value not in hashes
    assert len(hashes) == 1


def test_signing_out_ends_the_session_in_the_database_too(
    browser_of: Callable[..., Browser], centre: Centre
) -> None:
    browser = browser_of("cashier")
    cookie = browser.client.get_cookie("sunruam_session")
    assert cookie is not None
    assert browser.form("/sign-out").status_code == 303
    browser.client.set_cookie("sunruam_session", cookie.value)
    assert browser.get("/me").status_code == 401


@pytest.mark.parametrize("passed", [timedelta(hours=12, seconds=1), timedelta(minutes=241)])
def test_a_session_ends_by_itself_after_its_hours_or_when_idle(
    browser_of: Callable[..., Browser], passed: timedelta
) -> None:
    browser = browser_of("cashier")
    later = clock.now() + passed
    with clock.travel(lambda: later):
        answer = browser.send("PUT", "/me/locale", {"locale": "en"})
        assert answer.status_code == 401
        assert answer.json["code"] == "sign-in-required"
        page = browser.get("/c/{c}/members?q=a")
        assert page.status_code == 303
        assert page.headers["Location"] == "/sign-in?next=%2Fc%2F1%2Fmembers%3Fq%3Da"


def test_a_session_in_use_does_not_go_idle(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("cashier")
    start = clock.now()
    for minutes in (200, 400, 600):
        moment = start + timedelta(minutes=minutes)
        with clock.travel(lambda moment=moment: moment):
            assert browser.get("/me").status_code == 200


def test_a_fresh_session_is_not_written_on_every_request(
    browser_of: Callable[..., Browser],
) -> None:
    browser = browser_of("cashier")
    before = db.session.execute(select(UserSession.last_seen_at)).scalar_one()
    db.session.rollback()
    browser.get("/me")
    assert db.session.execute(select(UserSession.last_seen_at)).scalar_one() == before


def test_sign_in_goes_on_only_to_our_own_pages(client: FlaskClient) -> None:
    for bad in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
    ):
        token = csrf_of(client.get("/sign-in", query_string={"next": bad}))
        answer = client.post(
            "/sign-in",
            data={"csrf_token": token, "username": "cashier", "password": PASSWORD, "next": bad},
        )
        assert answer.headers["Location"] == "/"
        client.delete_cookie("sunruam_session")
    token = csrf_of(client.get("/sign-in?next=/profile"))
    answer = client.post(
        "/sign-in",
        data={"csrf_token": token, "username": "cashier", "password": PASSWORD, "next": "/profile"},
    )
    assert answer.headers["Location"] == "/profile"


def test_a_sign_in_is_in_the_trail_of_the_centre(client: FlaskClient, centre: Centre) -> None:
    Browser(client, centre.id).sign_in("cashier")
    actions = db.session.execute(
        select(AuditEvent.action).where(AuditEvent.centre_id == centre.id)
    ).scalars()
    assert "session.opened" in set(actions)


def test_the_session_cookie_is_out_of_reach_of_scripts(client: FlaskClient, centre: Centre) -> None:
    answer = Browser(client, centre.id).sign_in("cashier")
    cookie = next(
        value for value in answer.headers.getlist("Set-Cookie") if "sunruam_session=" in value
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(settings: Settings) -> None:
    app: Flask = create_app(replace(settings, cookie_secure=True))
    with app.app_context():
        client = app.test_client()
        page = client.get("/sign-in", base_url="https://centre.example")
        assert page.headers["Strict-Transport-Security"]
        answer = client.post(
            "/sign-in",
            data={"csrf_token": csrf_of(page), "username": "cashier", "password": PASSWORD},
            base_url="https://centre.example",
        )
        cookies = answer.headers.getlist("Set-Cookie")
        assert any(c.startswith("__Host-sunruam_session=") and "Secure" in c for c in cookies)
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "10.1.2.3")])
def test_tries_are_counted_by_the_address_our_own_proxy_names(
    settings: Settings, proxies: int, counted: str
) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies))
    with app.app_context():
        client = app.test_client()
        token = csrf_of(client.get("/sign-in"))
        client.post(
            "/sign-in",
            data={"csrf_token": token, "username": "cashier", "password": "wrong-wrong"},
            headers={"X-Forwarded-For": "6.6.6.6, 10.1.2.3"},
        )
        assert db.session.execute(select(SignInAttempt.address)).scalar_one() == counted
        db.session.remove()
        db.engine.dispose()
