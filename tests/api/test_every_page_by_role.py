"""Every page of a centre, asked for by staff who hold little: refused or answered, never broken.

Walks the routes themselves, so a page made later is tried too. Ids name nothing that exists and
forms carry nothing they need, as a stranger's hand or an old tab would send them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from flask import Flask

from core.actor import Centre
from tests.api.conftest import Browser

ROLES = ("cashier", "stock_keeper", "accountant", "auditor", "manager")
NOT_HERE = {403, 404}
NOTHING_DONE = {*NOT_HERE, 422}
"""Some pages look at the form before they look at the right."""


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and path of every page of a centre, with `{c}` for the centre."""
    for rule in app.url_map.iter_rules():
        if "centre_id" not in rule.arguments or rule.rule.startswith("/api/"):
            continue
        path = rule.rule.replace("<int:centre_id>", "{c}")
        path = re.sub(r"<uuid:\w+>", lambda _: str(uuid4()), path)
        path = re.sub(r"<int:\w+>", "2", path)
        path = re.sub(r"<[^>]+>", "x", path)
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            yield method, path


def test_a_place_that_is_no_place_is_told(browser_of: Callable[[str], Browser]) -> None:
    fields = {"id": str(uuid4()), "from_location_id": str(uuid4()), "to": "place:" + "-" * 36}
    assert browser_of("stock_keeper").form("/c/{c}/transfers/new", **fields).status_code == 422


def ask(browser: Browser, method: str, path: str) -> int:
    sent = browser.get(path) if method == "GET" else browser.form(path, id=str(uuid4()))
    return sent.status_code


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_and_none_opens_in_another_centre(
    app: Flask, browser_of: Callable[[str], Browser], other_centre: Centre, role: str
) -> None:
    browser = browser_of(role)
    wrong = []
    tried = 0
    for method, path in pages(app):
        tried += 1
        if (status := ask(browser, method, path)) >= 500:
            wrong.append((method, path, status))
        there = path.replace("{c}", str(other_centre.id))
        if (status := ask(browser, method, there)) not in NOT_HERE:
            wrong.append((method, there, status))
    assert tried > 100
    assert wrong == []


def test_an_auditor_sends_no_form_and_a_cashier_none_of_the_office(
    app: Flask, browser_of: Callable[[str], Browser]
) -> None:
    auditor, cashier = browser_of("auditor"), browser_of("cashier")
    sent = [path for method, path in pages(app) if method == "POST"]
    assert [path for path in sent if ask(auditor, "POST", path) not in NOTHING_DONE] == []
    office = ("settlement", "payout", "advance", "absor", "terms", "counts", "transfers", "unsold")
    refused = [path for path in sent if any(word in path for word in office)]
    assert len(refused) > 20
    assert [path for path in refused if ask(cashier, "POST", path) not in NOT_HERE] == []
