"""The pages of the room of people: what is typed is kept, what is refused says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.actor import Actor, Centre
from core.db import db, in_transaction
from members.models import Member, Person, Producer
from members.services import centres, producers, users
from members.services.producers import NewProducer
from tests.api.conftest import Browser
from tests.conftest import PASSWORD


@pytest.fixture
def manager(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("manager")


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def followed(browser: Browser, answer: Any) -> str:
    assert answer.status_code == 303, text(answer)
    return text(browser.client.get(answer.headers["Location"]))


# --- home ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "seen", "hidden"),
    [
        ("manager", "/c/{c}/users", None),
        ("cashier", "/c/{c}/members", "/c/{c}/users"),
        ("stock_keeper", "/c/{c}/producers", "/c/{c}/settings"),
        ("auditor", "/c/{c}/audit", "/c/{c}/tokens"),
    ],
)
def test_home_shows_the_work_one_may_do(
    browser_of: Callable[..., Browser], role: str, seen: str, hidden: str | None
) -> None:
    browser = browser_of(role)
    home = text(browser.get("/c/{c}/"))
    assert f'href="{browser._full(seen)}"' in home
    if hidden:
        assert f'href="{browser._full(hidden)}"' not in home


def test_every_tile_of_a_manager_opens(manager: Browser) -> None:
    home = text(manager.get("/c/{c}/"))
    tiles = set(re.findall(r'<a class="card" href="(/c/[^"]+)"', home))
    assert len(tiles) >= 6
    for address in tiles:
        assert manager.client.get(address, follow_redirects=True).status_code == 200, address


def test_someone_of_two_centres_chooses(
    browser_of: Callable[..., Browser], other_centre: Centre
) -> None:
    from core.actor import system_actor
    from members.services import grants

    user_id = users.find("cashier")
    assert user_id
    in_transaction(grants.give, user_id, "cashier", system_actor(other_centre))
    browser = browser_of("cashier")
    page = text(browser.client.get("/"))
    assert f"/c/{other_centre.id}/" in page
    assert f"/c/{browser.centre_id}/" in page


def test_the_language_is_kept_by_the_browser(manager: Browser) -> None:
    assert '<html lang="th">' in text(manager.get("/c/{c}/"))
    assert '<html lang="en">' in text(manager.get("/c/{c}/?lang=en"))
    assert '<html lang="en">' in text(manager.get("/c/{c}/"))
    assert '<html lang="en">' in text(manager.get("/c/{c}/?lang=xx"))


# --- registers -------------------------------------------------------------------------------


def test_a_member_is_entered_with_thai_digits_and_a_buddhist_day(manager: Browser) -> None:
    answer = manager.form(
        "/c/{c}/members/new",
        first_name="สมใจ",
        last_name="ดีงาม",
        phone="๐๘๑ ๒๓๔ ๕๖๗๘",
        joined_on="๙ ต.ค. ๒๕๖๘",
        village_id="",
        version="0",
    )
    page = followed(manager, answer)
    assert "สมใจ ดีงาม" in page
    person = db.session.execute(select(Person)).scalar_one()
    row = db.session.execute(select(Member)).scalar_one()
    assert (person.phone, row.joined_on.isoformat()) == ("081 234 5678", "2025-10-09")


def test_a_refused_member_keeps_every_entry(manager: Browser) -> None:
    answer = manager.form("/c/{c}/members/new", first_name="", nickname="น้อย", joined_on="เมื่อวาน")
    page = text(answer)
    assert answer.status_code == 422
    assert 'value="น้อย"' in page
    assert 'value="เมื่อวาน"' in page
    assert page.count('aria-invalid="true"') == 2


def test_a_member_is_changed_and_a_late_change_keeps_its_entries(manager: Browser) -> None:
    followed(manager, manager.form("/c/{c}/members/new", first_name="ก"))
    member_id = db.session.execute(select(Member.id)).scalar_one()
    path = "/c/{c}/members/" + str(member_id)
    followed(manager, manager.form(path, first_name="ข", version="1"))
    late = manager.form(path, first_name="ค", version="1")
    assert late.status_code == 412
    assert 'value="ค"' in text(late)


def test_a_cashier_reads_a_member_but_can_not_save(
    manager: Browser, browser_of: Callable[..., Browser]
) -> None:
    followed(manager, manager.form("/c/{c}/members/new", first_name="ก"))
    member_id = db.session.execute(select(Member.id)).scalar_one()
    db.session.rollback()
    cashier = browser_of("cashier")
    path = "/c/{c}/members/" + str(member_id)
    page = cashier.get(path)
    assert page.status_code == 200
    assert 'class="button primary" type="submit"' not in text(page)
    assert cashier.form(path, first_name="ข", version="1").status_code == 403
    assert cashier.get("/c/{c}/members/new").status_code == 403


def test_a_producer_is_entered_by_percent_and_member_number(manager: Browser) -> None:
    followed(manager, manager.form("/c/{c}/members/new", first_name="มี", member_no="M1"))
    answer = manager.form(
        "/c/{c}/producers/new",
        name="ตามี",
        kind="person",
        split_basis_points="๗๗.๕",
        member_no="M1",
        version="0",
    )
    assert "ตามี" in followed(manager, answer)
    row = db.session.execute(select(Producer)).scalar_one()
    assert row.split_basis_points == 7750
    assert row.member_id is not None
    page = text(manager.get(f"/c/{{c}}/producers/{row.id}"))
    assert 'value="77.5"' in page
    assert 'value="M1"' in page


def test_an_unknown_member_number_is_refused_beside_its_field(manager: Browser) -> None:
    answer = manager.form(
        "/c/{c}/producers/new", name="ตามี", kind="person", split_basis_points="80", member_no="M9"
    )
    assert answer.status_code == 404
    assert 'id="member_no-error"' in text(answer)


# --- people ----------------------------------------------------------------------------------


def test_a_user_is_let_in_and_signs_in(
    manager: Browser, browser_of: Callable[..., Browser]
) -> None:
    answer = manager.form(
        "/c/{c}/users/new",
        username="somsri",
        display_name="คุณสมศรี",
        password=PASSWORD,
        roles=["cashier", "stock_keeper"],
        locale="th",
        version="0",
    )
    assert "คุณสมศรี" in followed(manager, answer)
    assert browser_of("somsri").get("/c/{c}/").status_code == 200


def test_a_refused_user_keeps_every_entry_but_the_password(manager: Browser) -> None:
    answer = manager.form(
        "/c/{c}/users/new",
        username="somsri",
        display_name="คุณสมศรี",
        password="12345678",
        roles=["cashier"],
    )
    page = text(answer)
    assert answer.status_code == 422
    assert 'id="password-error"' in page
    assert 'value="somsri"' in page
    assert "12345678" not in page
    assert re.search(r'value="cashier" checked', page)


def test_the_producer_role_needs_its_producer(manager: Browser, centre: Centre) -> None:
    fields = {
        "username": "mee",
        "display_name": "ตามี",
        "password": PASSWORD,
        "roles": ["producer"],
    }
    assert manager.form("/c/{c}/users/new", **fields).status_code == 422
    actor = Actor(centre=centre, roles=frozenset({"system"}))
    in_transaction(producers.create, NewProducer(name="ตามี", producer_no="P1"), actor)
    followed(manager, manager.form("/c/{c}/users/new", **fields, producer_no="P1"))
    card = next(one for one in users.listing(actor) if one.username == "mee")
    assert card.producer_id is not None
    assert 'value="P1"' in text(manager.get(f"/c/{{c}}/users/{card.id}"))


def test_a_user_is_kept_out(manager: Browser, browser_of: Callable[..., Browser]) -> None:
    cashier = browser_of("cashier")
    user_id = users.find("cashier")
    db.session.rollback()
    answer = manager.form(
        f"/c/{{c}}/users/{user_id}", display_name="คุณcashier", roles=["cashier"], version="1"
    )
    followed(manager, answer)
    assert cashier.get("/me").status_code == 401


def test_a_manager_sets_a_password_and_ends_a_session(
    manager: Browser, browser_of: Callable[..., Browser]
) -> None:
    cashier = browser_of("cashier")
    user_id = users.find("cashier")
    db.session.rollback()
    page = text(manager.get(f"/c/{{c}}/users/{user_id}"))
    ends = re.findall(r'action="(/c/[^"]+/sessions/[0-9a-f]+/end)"', page)
    assert len(ends) == 1
    followed(manager, manager.form(ends[0]))
    assert cashier.get("/me").status_code == 401
    refused = manager.form(f"/c/{{c}}/users/{user_id}/password", password="short")
    assert refused.status_code == 422
    followed(manager, manager.form(f"/c/{{c}}/users/{user_id}/password", password="ทุ่งนาเขียวขจี"))
    assert cashier.sign_in("cashier", "ทุ่งนาเขียวขจี").status_code == 303


def test_an_auditor_sees_users_and_changes_none(browser_of: Callable[..., Browser]) -> None:
    auditor = browser_of("auditor")
    user_id = users.find("cashier")
    db.session.rollback()
    assert auditor.get("/c/{c}/users").status_code == 200
    page = text(auditor.get(f"/c/{{c}}/users/{user_id}"))
    assert "/sessions/" not in page
    assert "/password" not in page
    for path, fields in (
        (f"/c/{{c}}/users/{user_id}", {"display_name": "x", "roles": ["manager"], "version": "1"}),
        (f"/c/{{c}}/users/{user_id}/password", {"password": "ทุ่งนาเขียวขจี"}),
        ("/c/{c}/users/new", {}),
    ):
        assert auditor.form(path, **fields).status_code == 403


def test_a_token_is_shown_once_on_its_page(manager: Browser) -> None:
    page = text(manager.form("/c/{c}/tokens", name="scale", days="๓๐"))
    token = re.search(r"<code>([\w-]{40,})</code>", page)
    assert token
    assert token[1] not in text(manager.get("/c/{c}/tokens"))
    end = re.search(r'action="(/c/[^"]+/end)"', page)
    assert end
    followed(manager, manager.form(end[1]))


# --- one's own page --------------------------------------------------------------------------


def test_one_changes_the_own_password(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("cashier")
    new = "ทุ่งนาเขียวขจี"
    path = "/profile/password"
    differ = browser.form(path, present_password=PASSWORD, password=new, password_again=new + "x")
    assert differ.status_code == 422
    assert 'id="password_again-error"' in text(differ)
    wrong = browser.form(path, present_password="x", password=new, password_again=new)
    assert wrong.status_code == 403
    assert 'id="present_password-error"' in text(wrong)
    followed(
        browser, browser.form(path, present_password=PASSWORD, password=new, password_again=new)
    )
    assert Browser(browser.client, browser.centre_id).client.get("/profile").status_code == 200


def test_one_chooses_the_own_language(browser_of: Callable[..., Browser]) -> None:
    browser = browser_of("cashier")
    assert '<html lang="en">' in followed(browser, browser.form("/profile/language", locale="en"))
    browser.form("/sign-out")
    browser.client.delete_cookie("sunruam_lang")
    browser.sign_in("cashier")
    assert '<html lang="en">' in text(browser.get("/c/{c}/"))


# --- settings --------------------------------------------------------------------------------

ALL_SETTINGS = {
    "name_th": "ศูนย์ใหม่",
    "name_en": "New centre",
    "oversell_policy": "block",
    "cash_rounding_satang": "25",
    "fiscal_year_start_month": "4",
    "promptpay_kind": "",
}


def test_settings_are_saved(manager: Browser, centre: Centre) -> None:
    answer = manager.form(
        "/c/{c}/settings", version="1", **ALL_SETTINGS, tax_id="1-2345-67890-12-1", address="ก\nข"
    )
    followed(manager, answer)
    saved = centres.get(centre.id)
    assert saved is not None
    assert (saved.tax_id, saved.cash_rounding_satang, saved.address) == (
        "1234567890121",
        25,
        "ก\nข",
    )


def test_a_late_change_of_settings_keeps_its_entries_and_shows_the_others(
    manager: Browser,
) -> None:
    followed(manager, manager.form("/c/{c}/settings", version="1", **ALL_SETTINGS))
    late = manager.form("/c/{c}/settings", version="1", **{**ALL_SETTINGS, "name_th": "ชื่อของฉัน"})
    page = text(late)
    assert late.status_code == 412
    assert 'value="ชื่อของฉัน"' in page
    assert "ศูนย์ใหม่" in page
    again = manager.form("/c/{c}/settings", version="2", **{**ALL_SETTINGS, "name_th": "ชื่อของฉัน"})
    assert "ชื่อของฉัน" in followed(manager, again)


def test_a_vat_setting_is_added(manager: Browser) -> None:
    fields = {"vat_mode": "registered", "consignment_basis": "commission"}
    refused = manager.form("/c/{c}/settings/tax", valid_from="1 ม.ค. 2560", **fields)
    assert refused.status_code == 409
    assert 'id="valid_from-error"' in text(refused)
    page = followed(manager, manager.form("/c/{c}/settings/tax", valid_from="1/1/2643", **fields))
    assert "1 ม.ค. 2643" in page


def test_what_was_typed_never_becomes_markup(manager: Browser) -> None:
    nasty = '"><script>alert(1)</script>'
    followed(manager, manager.form("/c/{c}/members/new", first_name=nasty, nickname=nasty))
    for page in ("/c/{c}/members", "/c/{c}/audit", "/c/{c}/members?q=" + nasty):
        assert "<script>alert" not in text(manager.get(page))
