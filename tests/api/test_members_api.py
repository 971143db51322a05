"""The API of the room of people: every route's happy way and its refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.actor import Centre, system_actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from tests.api.conftest import Browser, Machine
from tests.conftest import PASSWORD, actor_of

NEW_PASSWORD = "ทุ่งนาเขียวขจี"


@pytest.fixture
def manager(machine_of: Callable[..., Machine]) -> Machine:
    return machine_of("manager")


def code(answer: TestResponse) -> str:
    return str(answer.get_json(force=True)["code"])


# --- registers -------------------------------------------------------------------------------


def test_a_member_is_entered_found_read_and_changed(manager: Machine) -> None:
    path = f"/members/{uuid7()}"
    made = manager.send("PUT", path, {"first_name": "สมใจ", "phone": "๐๘๑-๒๓๔-๕๖๗๘"})
    assert made.status_code == 200
    assert made.headers["ETag"] == '"v1"'
    assert made.json["phone"] == "081-234-5678"
    found = manager.send("GET", "/members?q=สมใจ")
    assert [card["id"] for card in found.json] == [made.json["id"]]
    assert set(found.json[0]) == {"id", "member_no", "name", "nickname", "village"}
    read = manager.send("GET", path)
    assert read.json == made.json
    assert read.headers["ETag"] == '"v1"'
    changed = manager.send("PUT", path, {"first_name": "สมหมาย"}, If_Match='"v1"')
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"v2"'
    assert changed.json["member_no"] == made.json["member_no"]


def test_a_change_on_an_old_look_is_refused(manager: Machine) -> None:
    path = f"/members/{uuid7()}"
    manager.send("PUT", path, {"first_name": "ก"})
    for tag in ('"v9"', "nonsense", "*"):
        refused = manager.send("PUT", path, {"first_name": "ข"}, If_Match=tag)
        assert (refused.status_code, code(refused)) == (412, "changed-meanwhile")


def test_the_same_entry_twice_is_harmless_and_another_under_its_id_is_refused(
    manager: Machine,
) -> None:
    path = f"/members/{uuid7()}"
    first = manager.send("PUT", path, {"first_name": "ก"})
    assert manager.send("PUT", path, {"first_name": "ก"}).json == first.json
    refused = manager.send("PUT", path, {"first_name": "ข"})
    assert (refused.status_code, code(refused)) == (409, "content-differs")
    assert refused.get_json(force=True)["differs"] == ["first_name"]


def test_the_register_is_read_in_pages(manager: Machine) -> None:
    for name in ("ค", "ก", "ข"):
        manager.send("PUT", f"/members/{uuid7()}", {"first_name": name})
    first = manager.send("GET", "/member_register?limit=2").json
    assert [card["name"] for card in first["items"]] == ["ก", "ข"]
    second = manager.send("GET", f"/member_register?limit=2&after={first['next']}").json
    assert [card["name"] for card in second["items"]] == ["ค"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/first_name"),
        ({"first_name": "ก", "joined_on": "31/02/2568"}, "#/joined_on"),
        ({"first_name": "ก", "phone": "call me"}, "#/phone"),
        ({"first_name": "ก", "village_id": "1"}, "#/village_id"),
        ({"first_name": "ก" * 81}, "#/first_name"),
        ({"first_name": "ก", "salary": 1}, "#/salary"),
    ],
)
def test_a_wrong_member_is_refused_at_the_field(
    manager: Machine, body: dict[str, Any], pointer: str
) -> None:
    refused = manager.send("PUT", f"/members/{uuid7()}", body)
    assert refused.status_code == 422
    assert refused.get_json(force=True)["errors"][0]["pointer"] == pointer


def test_a_producer_is_entered_listed_and_changed(manager: Machine) -> None:
    path = f"/producers/{uuid7()}"
    made = manager.send("PUT", path, {"name": "ตามี", "split_basis_points": "๗๕๐๐"})
    assert made.status_code == 200
    assert made.json["split_basis_points"] == 7500
    assert manager.send("GET", "/producers?q=มี").json["items"] == [made.json]
    changed = manager.send("PUT", path, {"name": "ยายมา", "active": False}, If_Match='"v1"')
    assert changed.json["active"] is False
    assert manager.send("GET", path).headers["ETag"] == '"v2"'


def test_a_village_is_added_and_listed(manager: Machine) -> None:
    assert manager.send("POST", "/villages", {"name": "บ้านใหม่", "moo": "๔"}).status_code == 201
    assert [one["name"] for one in manager.send("GET", "/villages").json] == ["บ้านใหม่"]
    assert code(manager.send("POST", "/villages", {"name": "บ้านใหม่"})) == "village-known"


# --- people ----------------------------------------------------------------------------------


def test_a_user_is_added_changed_and_given_a_password(manager: Machine) -> None:
    body = {
        "username": "somsri",
        "display_name": "คุณสมศรี",
        "password": PASSWORD,
        "roles": ["cashier"],
    }
    made = manager.send("POST", "/users", body)
    assert made.status_code == 201
    assert "password" not in made.json
    assert code(manager.send("POST", "/users", body)) == "username-taken"
    path = f"/users/{made.json['id']}"
    missing = manager.send("PUT", path, {"display_name": "x", "roles": ["auditor"]})
    assert (missing.status_code, code(missing)) == (428, "version-required")
    changed = manager.send(
        "PUT", path, {"display_name": "x", "roles": ["auditor"]}, If_Match=made.headers["ETag"]
    )
    assert changed.json["roles"] == ["auditor"]
    assert manager.send("PUT", path + "/password", {"password": NEW_PASSWORD}).status_code == 204
    weak = manager.send("PUT", path + "/password", {"password": "12345678"})
    assert (weak.status_code, code(weak)) == (422, "weak-password")
    assert made.json["id"] in {user["id"] for user in manager.send("GET", "/users").json}
    assert manager.send("GET", path).json["display_name"] == "x"


def test_a_manager_sees_and_ends_the_session_of_a_user(
    manager: Machine, browser_of: Callable[..., Browser], centre: Centre
) -> None:
    cashier = browser_of("cashier")
    path = f"/users/{actor_of(centre, 'cashier').user_id}/sessions"
    session = manager.send("GET", path).json[0]
    assert manager.send("DELETE", f"{path}/{session['id']}").status_code == 204
    assert cashier.get("/me").status_code == 401
    assert manager.send("DELETE", f"{path}/{session['id']}").status_code == 404


def test_people_read_and_end_their_own_sessions(browser_of: Callable[..., Browser]) -> None:
    here, there = browser_of("cashier"), browser_of("cashier")
    sessions = here.get("/me/sessions").json
    assert [one["is_current"] for one in sessions].count(True) == 1
    other = next(one for one in sessions if not one["is_current"])
    assert here.send("DELETE", f"/me/sessions/{other['id']}").status_code == 204
    assert there.get("/me").status_code == 401
    assert here.get("/me").status_code == 200


def test_people_change_their_own_password_and_language(
    browser_of: Callable[..., Browser],
) -> None:
    here, there = browser_of("cashier"), browser_of("cashier")
    body = {"present_password": "nonsense", "password": NEW_PASSWORD}
    assert code(here.send("PUT", "/me/password", body)) == "wrong-password"
    body["present_password"] = PASSWORD
    assert here.send("PUT", "/me/password", body).status_code == 204
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 401
    assert here.send("PUT", "/me/locale", {"locale": "en"}).status_code == 204
    assert here.get("/me").json["locale"] == "en"
    assert here.send("PUT", "/me/locale", {"locale": "xx"}).status_code == 422


def test_a_reader_learns_the_own_rights(browser_of: Callable[..., Browser]) -> None:
    me = browser_of("auditor").get("/me").json
    assert me["roles"] == ["auditor"]
    writes = {right for right in me["permissions"] if not right.endswith(".read")}
    assert writes == {"close.sign"}  # the elected auditor signs a month second


def test_a_token_is_shown_once_and_ends(manager: Machine) -> None:
    made = manager.send("POST", "/tokens", {"name": "scale", "days": 1})
    assert made.status_code == 201
    assert len(made.json["token"]) > 30
    listed = manager.send("GET", "/tokens").json
    assert all("token" not in one for one in listed)
    other = Machine(manager.client, manager.centre_id, made.json["token"])
    assert other.send("GET", "/me").status_code == 200
    assert manager.send("DELETE", f"/tokens/{made.json['id']}").json["revoked_at"]
    assert other.send("GET", "/me").status_code == 401


@pytest.mark.parametrize("days", [0, 367, "many"])
def test_a_token_never_lasts_for_ever(manager: Machine, days: object) -> None:
    assert manager.send("POST", "/tokens", {"name": "x", "days": days}).status_code == 422


# --- the centre ------------------------------------------------------------------------------


def test_settings_are_read_and_changed_on_a_present_look(manager: Machine) -> None:
    read = manager.send("GET", "/settings")
    body = {"name_th": "ศูนย์ใหม่", "name_en": "New centre", "cash_rounding_satang": 25}
    assert manager.send("PUT", "/settings", body).status_code == 428
    changed = manager.send("PUT", "/settings", body, If_Match=read.headers["ETag"])
    assert changed.json["cash_rounding_satang"] == 25
    again = manager.send("PUT", "/settings", body, If_Match=read.headers["ETag"])
    assert (again.status_code, code(again)) == (412, "changed-meanwhile")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cash_rounding_satang", 10),
        ("fiscal_year_start_month", 13),
        ("oversell_policy", "hope"),
        ("tax_id", "123"),
        ("promptpay_kind", "card"),
    ],
)
def test_a_wrong_setting_is_refused(manager: Machine, field: str, value: object) -> None:
    body = {"name_th": "ก", "name_en": "a", field: value}
    assert manager.send("PUT", "/settings", body, If_Match='"v1"').status_code == 422


def test_a_tax_setting_begins_today_or_later(manager: Machine) -> None:
    past = manager.send(
        "POST", "/tax_settings", {"valid_from": "2020-01-01", "vat_mode": "registered"}
    )
    assert (past.status_code, code(past)) == (409, "tax-day-passed")
    made = manager.send(
        "POST", "/tax_settings", {"valid_from": "1 ม.ค. 2700", "vat_mode": "registered"}
    )
    assert made.status_code == 201
    assert made.json["tax_settings"][0]["valid_from"] == "2157-01-01"


def test_the_trail_is_read_in_pages(manager: Machine) -> None:
    for name in ("ก", "ข", "ค"):
        manager.send("POST", "/villages", {"name": name})
    first = manager.send("GET", "/audit_events?limit=2&subject_type=village").json
    assert [one["facts"]["name"] for one in first["items"]] == ["ค", "ข"]
    rest = manager.send(
        "GET", f"/audit_events?limit=2&subject_type=village&after={first['next']}"
    ).json
    assert [one["facts"]["name"] for one in rest["items"]] == ["ก"]


# --- rights and centres ----------------------------------------------------------------------

CLOSED = [
    ("cashier", "GET", "/users"),
    ("cashier", "POST", "/tokens"),
    ("cashier", "GET", "/settings"),
    ("cashier", "GET", "/audit_events"),
    ("cashier", "GET", "/producers"),
    ("stock_keeper", "GET", "/audit_events"),
    ("auditor", "GET", "/tokens"),
    ("accountant", "GET", "/users"),
]


@pytest.mark.parametrize(("role", "method", "path"), CLOSED)
def test_a_role_without_the_right_is_refused(
    machine_of: Callable[..., Machine], role: str, method: str, path: str
) -> None:
    body = {"name": "x"} if method == "POST" else None
    refused = machine_of(role).send(method, path, body)
    assert (refused.status_code, code(refused)) == (403, "forbidden")
    assert refused.get_json(force=True)["permission"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/members/{id}", {"first_name": "ก"}),
        ("/producers/{id}", {"name": "ก"}),
        ("/settings", {"name_th": "ก", "name_en": "a"}),
    ],
)
def test_an_auditor_changes_nothing(
    machine_of: Callable[..., Machine], path: str, body: dict[str, str]
) -> None:
    refused = machine_of("auditor").send(
        "PUT", path.replace("{id}", str(uuid7())), body, If_Match='"v1"'
    )
    assert refused.status_code == 403


def test_a_record_of_another_centre_answers_like_none(
    manager: Machine, other_centre: Centre
) -> None:
    theirs = in_transaction(members.create, NewMember(first_name="ก"), system_actor(other_centre))
    foreign = manager.send("GET", f"/members/{theirs.id}")
    nobody = manager.send("GET", f"/members/{uuid7()}")
    assert foreign.status_code == nobody.status_code == 404
    left, right = foreign.get_json(force=True), nobody.get_json(force=True)
    left.pop("instance"), right.pop("instance")
    assert left == right


def test_without_signing_in_nothing_is_shown(manager: Machine) -> None:
    manager.token = "nonsense"
    refused = manager.send("GET", "/members?q=a")
    assert (refused.status_code, code(refused)) == (401, "sign-in-required")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
