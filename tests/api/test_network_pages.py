"""The network's pages: an officer invites, a manager answers, a stranger founds on a code."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import centres, grants, invitations, networks, users
from members.services.invitations import Invite
from tests.api.conftest import Browser, csrf_of
from tests.conftest import PASSWORD

CODE = re.compile(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>")
Signed = Callable[..., Browser]


@pytest.fixture
def officer(app: Flask, centre: Centre, browser_of: Signed) -> Browser:
    """Somebody who is the network's officer and nothing else."""
    user_id = users.find("cashier")
    assert user_id is not None
    in_transaction(grants.take, user_id, "cashier", system_actor(centre))
    in_transaction(grants.make_officer, user_id, centre.network_id)
    return browser_of("cashier")


@pytest.fixture
def asked(browser_of: Signed, other_centre: Centre) -> Browser:
    """The manager of the centre next door."""
    return browser_of("oth_manager", other_centre.id)


def invite(officer: Browser, **fields: str) -> str:
    page = officer.form(
        "/c/{c}/network/centres", **{"id": str(uuid7()), "kind": "join", "days": "30", **fields}
    )
    assert page.status_code == 200, page.get_data(as_text=True)
    found = CODE.search(page.get_data(as_text=True))
    assert found
    return found[1]


def test_an_officer_invites_and_the_manager_accepts(
    officer: Browser, asked: Browser, centre: Centre, other_centre: Centre
) -> None:
    invite(officer, for_code="OTH", note="เชิญร่วมงาน")
    desk = officer.get("/c/{c}/network/centres").get_data(as_text=True)
    assert "OTH" in desk
    assert not CODE.search(desk)
    page = asked.get("/c/{c}/network").get_data(as_text=True)
    [invitation_id] = re.findall(r'name="invitation_id" value="([^"]+)"', page)
    read = asked.form("/c/{c}/network", invitation_id=invitation_id).get_data(as_text=True)
    assert "เชิญร่วมงาน" in read
    done = asked.form("/c/{c}/network/accept", invitation_id=invitation_id)
    assert done.status_code == 303
    moved = centres.get(other_centre.id)
    assert moved is not None
    assert moved.network_id == centre.network_id
    assert "ศูนย์อื่น" in officer.get("/c/{c}/network/centres").get_data(as_text=True)
    again = asked.form("/c/{c}/network/accept", invitation_id=invitation_id)
    assert again.status_code == 409


def test_a_code_opens_the_invitation_and_can_be_declined(
    officer: Browser, asked: Browser, other_centre: Centre
) -> None:
    code = invite(officer)
    read = asked.form("/c/{c}/network", code=code.lower())
    assert read.status_code == 200
    assert asked.form("/c/{c}/network/decline", code=code).status_code == 303
    assert asked.form("/c/{c}/network/accept", code=code).status_code == 409
    assert len(networks.history(other_centre.id)) == 1


def test_a_wrong_code_is_refused_beside_its_field(asked: Browser) -> None:
    for typed in ("AAAA-AAAA-AAAA-AAAA", ""):
        page = asked.form("/c/{c}/network", code=typed)
        assert page.status_code == 404
        assert 'id="code-error"' in page.get_data(as_text=True)


def test_an_invitation_is_taken_back(officer: Browser, asked: Browser) -> None:
    code = invite(officer)
    desk = officer.get("/c/{c}/network/centres").get_data(as_text=True)
    [address] = re.findall(r'action="(/c/\d+/network/invitations/[^"]+/withdraw)"', desk)
    assert officer.form(address).status_code == 303
    assert asked.form("/c/{c}/network/accept", code=code).status_code == 409


def test_a_bad_invitation_is_refused_with_everything_typed(officer: Browser) -> None:
    page = officer.form(
        "/c/{c}/network/centres", id=str(uuid7()), kind="join", days="999", note="เก็บไว้"
    )
    assert page.status_code == 422
    assert "เก็บไว้" in page.get_data(as_text=True)
    future = f"{clock.today().year + 1}-01-01"
    page = officer.form("/c/{c}/network/centres", id=str(uuid7()), kind="join", joins_on=future)
    assert page.status_code == 422


def test_a_stranger_with_the_code_founds_a_centre_and_signs_in(
    app: Flask, officer: Browser, centre: Centre
) -> None:
    code = invite(officer, kind="found", name_th="กลุ่มใหม่")
    stranger = Browser(app.test_client(), 0)
    form = {
        "csrf_token": csrf_of(stranger.client.get("/found")),
        "code": code,
        "name_th": "กลุ่มใหม่",
        "centre_code": "new1",
        "username": "new_manager",
        "password": PASSWORD,
    }
    wrong = stranger.client.post("/found", data={**form, "code": "AAAA-AAAA"})
    assert wrong.status_code == 404
    assert PASSWORD not in wrong.get_data(as_text=True)
    weak = stranger.client.post("/found", data={**form, "password": "x"})
    assert weak.status_code == 422
    assert stranger.client.post("/found", data=form).status_code == 303
    assert stranger.client.post("/found", data=form).status_code == 409
    [founded] = [one for one in centres.listing(centre.network_id) if one.code == "NEW1"]
    assert stranger.sign_in("new_manager").status_code == 303
    assert stranger.client.get(f"/c/{founded.id}/").status_code == 200
    assert stranger.client.get(f"/c/{centre.id}/").status_code == 404


def test_founding_needs_the_mark_of_its_own_form(app: Flask, officer: Browser) -> None:
    stranger = app.test_client()
    assert stranger.post("/found", data={"code": "AAAA"}).status_code == 403


def test_staff_neither_invite_nor_answer(
    browser_of: Signed, manager: Actor, officer: Browser
) -> None:
    for username, path in (
        ("manager", "/c/{c}/network/centres"),
        ("auditor", "/c/{c}/network/centres"),
        ("auditor", "/c/{c}/network"),
    ):
        assert browser_of(username).get(path).status_code == 403
    assert officer.get("/c/{c}/network").status_code == 403
    assert officer.form("/c/{c}/network/accept", code="AAAA").status_code == 403
    with_right = Actor(manager.centre, None, "o", frozenset({"network_officer"}))
    made = in_transaction(invitations.invite, Invite(id=uuid7(), kind="join"), with_right)
    path = f"/c/{{c}}/network/invitations/{made.invitation.id}/withdraw"
    assert browser_of("manager").form(path).status_code == 403
