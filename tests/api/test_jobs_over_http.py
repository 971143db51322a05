"""Reports over HTTP, by API and by page: asked for, followed, fetched; and every refusal."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask

from core import bell, jobs
from core.actor import Centre
from core.bell import Bell
from core.db import db, in_transaction
from core.ids import uuid7
from core.jobs import JobFile
from tests.api.conftest import Browser, Machine
from tests.shop import shop_in

PAPER = JobFile("shift-ST1.pdf", "application/pdf", b"%PDF-1.7 \xe0\xb8\x81")

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shift_id(centre: Centre) -> UUID:
    """A closed shift without sales."""
    shop = shop_in(centre)
    shop.open()
    return shop.close((100_000, 1)).id


def ask_for(shift_id: UUID) -> dict[str, object]:
    return {"name": "shift_summary", "params": {"shift_id": str(shift_id)}}


def make(centre: Centre, job_id: str) -> None:
    """Do what the worker does, with a paper of our own."""
    job = in_transaction(jobs.claim, centre.id, UUID(job_id))
    assert job is not None
    in_transaction(jobs.finish, job, PAPER)
    db.session.rollback()


def test_a_report_is_asked_for_followed_and_fetched(
    browser_of: BrowserOf, centre: Centre, shift_id: UUID
) -> None:
    browser = browser_of("cashier")
    asked = browser.send("POST", "/jobs", json=ask_for(shift_id))
    assert asked.status_code == 202
    assert asked.json is not None
    job_id = asked.json["id"]
    assert asked.headers["Location"].endswith(f"/jobs/{job_id}")
    assert asked.json["state"] == "queued"
    assert asked.json["params"]["subject"].startswith("ST1-")
    assert browser.get(f"/jobs/{job_id}/file").status_code == 404

    make(centre, job_id)
    done = browser.get(f"/jobs/{job_id}").json
    assert done is not None
    assert (done["state"], done["file_name"]) == ("done", PAPER.name)
    file = browser.get(done["file_url"])
    assert file.data == PAPER.content
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == f"attachment; filename={PAPER.name}"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    listed = browser.get("/jobs").json
    assert listed is not None
    assert [job["id"] for job in listed["jobs"]] == [job_id]


def test_a_machine_asks_with_a_token(machine_of: Callable[..., Machine], shift_id: UUID) -> None:
    assert machine_of("manager").send("POST", "/jobs", json=ask_for(shift_id)).status_code == 202


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/name"),
        ({"name": "shift_summary"}, "#/params/shift_id"),
        ({"name": "shift_summary", "params": {"shift_id": "1"}}, "#/params/shift_id"),
        ({"name": "shift_summary", "params": []}, "#/params"),
        ({"name": "payroll", "params": {}}, "#/name"),
        ({"name": "shift_summary", "params": {"shift_id": str(uuid7()), "x": 1}}, "#/params/x"),
        ({"name": "shift_summary", "params": {}, "locale": "th"}, "#/locale"),
    ],
)
def test_what_is_not_a_report_is_refused_by_name(
    browser_of: BrowserOf, body: dict[str, object], pointer: str
) -> None:
    refused = browser_of("cashier").send("POST", "/jobs", json=body)
    assert refused.status_code == 422
    assert refused.json is not None
    assert pointer in [error["pointer"] for error in refused.json["errors"]]


def test_a_shift_that_is_not_there_is_404_and_an_open_one_409(
    browser_of: BrowserOf, centre: Centre
) -> None:
    browser = browser_of("cashier")
    assert browser.send("POST", "/jobs", json=ask_for(uuid7())).status_code == 404
    still_open = shop_in(centre).open()
    refused = browser.send("POST", "/jobs", json=ask_for(still_open.id))
    assert refused.status_code == 409
    assert refused.json is not None
    assert refused.json["code"] == "shift-still-open"


def test_another_centres_shift_and_jobs_are_not_there(
    browser_of: BrowserOf, centre: Centre, other_centre: Centre, shift_id: UUID
) -> None:
    asked = browser_of("manager").send("POST", "/jobs", json=ask_for(shift_id)).json
    assert asked is not None
    make(centre, asked["id"])
    stranger = browser_of("oth_manager", other_centre.id)
    assert stranger.send("POST", "/jobs", json=ask_for(shift_id)).status_code == 404
    assert stranger.get(f"/jobs/{asked['id']}").status_code == 404
    assert stranger.get(f"/jobs/{asked['id']}/file").status_code == 404
    assert stranger.get(f"/c/{other_centre.id}/jobs/{asked['id']}").status_code == 404
    assert stranger.get(f"/c/{centre.id}/jobs").status_code == 404


def test_the_right_to_ask_and_the_right_to_look(browser_of: BrowserOf, shift_id: UUID) -> None:
    asked = browser_of("accountant").send("POST", "/jobs", json=ask_for(shift_id))
    assert asked.status_code == 202
    assert asked.json is not None
    auditor = browser_of("auditor")
    assert auditor.get(f"/jobs/{asked.json['id']}").status_code == 200
    assert auditor.send("POST", "/jobs", json=ask_for(shift_id)).status_code == 403
    assert "<select" not in auditor.get("/c/{c}/jobs").get_data(as_text=True)
    keeper = browser_of("stock_keeper")
    assert keeper.get("/jobs").status_code == 403
    assert keeper.get(f"/jobs/{asked.json['id']}").status_code == 403
    assert keeper.get(f"/jobs/{asked.json['id']}/file").status_code == 403
    assert keeper.get("/c/{c}/jobs").status_code == 403


def test_nobody_is_sent_away(app: Flask, centre: Centre, shift_id: UUID) -> None:
    nobody = Browser(app.test_client(), centre.id)
    assert nobody.get("/jobs").status_code == 401
    assert nobody.send("POST", "/jobs", json=ask_for(shift_id)).status_code == 401
    assert nobody.get("/c/{c}/jobs").status_code == 303


def test_the_page_offers_closed_shifts_and_follows_the_job(
    browser_of: BrowserOf, centre: Centre, shift_id: UUID
) -> None:
    browser = browser_of("cashier")
    assert str(shift_id) in browser.get("/c/{c}/jobs").get_data(as_text=True)
    sent = browser.form("/c/{c}/jobs", name="shift_summary", shift_id=str(shift_id))
    assert sent.status_code == 303
    page = browser.get(sent.location).get_data(as_text=True)
    assert "<progress" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    make(centre, sent.location.rpartition("/")[2])
    page = browser.get(sent.location).get_data(as_text=True)
    assert "<progress" not in page
    assert "http-equiv" not in page
    assert "/file" in page


def test_a_failed_job_says_why_in_the_readers_language_and_is_asked_again(
    browser_of: BrowserOf, centre: Centre, shift_id: UUID
) -> None:
    browser = browser_of("cashier")
    sent = browser.form("/c/{c}/jobs", name="shift_summary", shift_id=str(shift_id))
    job = in_transaction(jobs.claim, centre.id, UUID(sent.location.rpartition("/")[2]))
    assert job is not None
    in_transaction(jobs.fail, job, jobs.WENT_WRONG)
    db.session.rollback()
    page = browser.get(f"{sent.location}?lang=en").get_data(as_text=True)
    assert jobs.WENT_WRONG in page
    assert f'name="shift_id" value="{shift_id}"' in page
    assert 'name="subject"' not in page


def test_a_form_for_no_report_is_refused(browser_of: BrowserOf) -> None:
    browser = browser_of("cashier")
    assert browser.form("/c/{c}/jobs", name="payroll").status_code == 404
    assert browser.form("/c/{c}/jobs", name="shift_summary", shift_id="๑").status_code == 422


def test_a_strange_page_key_is_404(browser_of: BrowserOf) -> None:
    assert browser_of("cashier").get("/jobs?after=x").status_code == 404


@pytest.fixture
def silent_broker() -> Iterator[str]:
    """A Redis that takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_reports_are_asked_for_while_the_broker_is_silent(
    app: Flask, browser_of: BrowserOf, shift_id: UUID, silent_broker: str
) -> None:
    ringer = app.extensions[bell.EXTENSION] = Bell(silent_broker)
    browser = browser_of("cashier")
    answers = [browser.send("POST", "/jobs", json=ask_for(shift_id)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [202] * 5
    assert not ringer.flush(0)
