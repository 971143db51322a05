"""The network in sums over HTTP: what an officer reads, and whose names are nowhere in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import enlisting, grants, networks, producers, tokens, users, villages
from members.services.enlisting import Newcomer
from members.services.producers import NewProducer
from members.services.tokens import NewToken
from members.services.villages import NewVillage
from pos.pages.rollup_tables import VIEWS
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser
from tests.api.test_csrf import sample_of
from tests.conftest import actor_of
from tests.shop import Shop, shop_in

Signed = Callable[..., Browser]
SECRETS = ("สมชายลับเฉพาะ", "นามสกุลลับ", "เล่นลับ", "0861234987", "ผู้ผลิตลับสุด")
REFUSED = {400, 401, 403, 404, 405, 409, 412, 415, 422, 428}


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """A centre with people, a producer and a sale."""
    system = system_actor(centre)
    village = in_transaction(villages.create, NewVillage("บ้านใหญ่"), system).id
    people = [
        Newcomer(
            "นาย",
            SECRETS[0],
            SECRETS[1],
            SECRETS[2],
            str(number),
            village,
            clock.today(),
            SECRETS[3],
        )
        for number in range(8)
    ]
    in_transaction(enlisting.enlist, people, system)
    in_transaction(producers.create, NewProducer(name=SECRETS[4]), system)
    shop = shop_in(centre)
    shop.open()
    jam = shop.product("แยม", 10_000)
    shop.buy(jam, 10_000, 4_000)
    shop.sell(RecordSaleLine(jam, 2_000, 10_000))
    return shop


@pytest.fixture
def officer(app: Flask, centre: Centre, shop: Shop, browser_of: Signed) -> Browser:
    """Somebody who is the network's officer and nothing else."""
    user_id = users.find("cashier")
    assert user_id is not None
    in_transaction(grants.take, user_id, "cashier", system_actor(centre))
    in_transaction(grants.make_officer, user_id, centre.network_id)
    return browser_of("cashier")


@pytest.mark.parametrize("view", VIEWS)
def test_an_officer_reads_each_roll_up_as_page_and_file(officer: Browser, view: str) -> None:
    page = officer.get(f"/c/{{c}}/rollups/{view}")
    assert page.status_code == 200
    assert "<table" in page.get_data(as_text=True)
    file = officer.get(f"/c/{{c}}/rollups/{view}.csv")
    assert file.status_code == 200
    assert file.mimetype == "text/csv"
    assert len(file.get_data(as_text=True).splitlines()) > 1


def test_the_first_page_shows_what_the_network_did(officer: Browser) -> None:
    page = officer.get("/c/{c}/rollups").get_data(as_text=True)
    assert "200.00" in page
    assert "<svg" in page


def test_a_figure_of_the_books_opens_its_centres(officer: Browser, centre: Centre) -> None:
    page = officer.get("/c/{c}/rollups/income").get_data(as_text=True)
    assert "rollups/account?account=sales" in page
    opened = officer.get("/c/{c}/rollups/account?account=sales").get_data(as_text=True)
    assert centre.name_th in opened
    assert f"/c/{centre.id}/totals" in opened
    assert officer.get("/c/{c}/rollups/account?account=nothing").status_code == 200
    assert officer.get("/c/{c}/rollups/account?account=%3Cb%3E").status_code == 422


def test_the_workbook_has_a_sheet_for_each_roll_up(officer: Browser) -> None:
    answer = officer.get("/c/{c}/rollups.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(VIEWS)


def test_bad_months_are_said_on_the_page_and_refused_for_a_file(officer: Browser) -> None:
    page = officer.get("/c/{c}/rollups/income?first=202612&last=202601")
    assert page.status_code == 422
    assert 'role="alert"' in page.get_data(as_text=True)
    assert officer.get("/c/{c}/rollups/income.csv?first=202612&last=202601").status_code == 422
    assert officer.get("/c/{c}/rollups/income?first=x").status_code == 422
    assert officer.get("/c/{c}/rollups/nothing").status_code == 404


def test_a_centre_that_moved_away_is_not_opened_any_more(
    officer: Browser, centre: Centre, other_centre: Centre
) -> None:
    """It still counts for its days in the sums of the network it left."""
    in_transaction(networks.move, other_centre.network_id, clock.today(), system_actor(centre))
    assert officer.get("/c/{c}/rollups").status_code == 404
    assert officer.get("/c/{c}/totals").status_code == 404


def test_staff_see_no_roll_up(shop: Shop, browser_of: Signed) -> None:
    for username in ("manager", "auditor", "accountant"):
        browser = browser_of(username)
        for path in ("rollups", "rollups/income", "rollups/income.csv", "rollups.xlsx"):
            assert browser.get(f"/c/{{c}}/{path}").status_code == 403


# --- nobody's name, on any page or resource --------------------------------------------------

WORDS: dict[str, Any] = {
    "view": "members",
    "period_id": 202611,
    "step": "stock",
    "form": "csv",
    "book": "journal",
    "kind": "donation",
    "way": "donation",
    "table": "accounts",
}
NOT_WALKED = {"static", "members.sign_out", "members.sign_in_now", "founding.found_now"}


def walked(app: Flask, centre: Centre) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in NOT_WALKED or "GET" not in (rule.methods or ()):
            continue
        given: dict[str, Any] = {"centre_id": centre.id}
        for name in rule.arguments - {"centre_id"}:
            converter = rule._converters[name]
            if type(converter).__name__ == "AnyConverter":
                given[name] = sample_of(converter)
                continue
            whole = name in {"from_centre_id", "line_no", "year"}
            given[name] = WORDS.get(name, 1 if whole else uuid7())
        try:
            yield rule, str(app.url_map.bind("localhost").build(rule.endpoint, given))
        except Exception as error:
            raise AssertionError(f"no values for {rule}") from error


def test_an_officer_reads_nobodys_name_on_any_page_or_resource(
    app: Flask, centre: Centre, officer: Browser
) -> None:
    opened = set()
    for rule, path in walked(app, centre):
        answer = officer.client.get(path)
        body = answer.get_data().decode("utf-8", "replace")
        told = [secret for secret in SECRETS if secret in body]
        assert not told, f"{path} tells an officer {told}"
        if answer.status_code == 200:
            opened.add(rule.endpoint)
        else:
            assert answer.status_code in REFUSED | {302, 303, 308}, (path, answer.status_code)
    assert {"pos.rollups", "pos.rollup", "pos.rollup_account", "pos.rollup_xlsx"} <= opened
    assert {"members.network_desk", "pos.totals_page", "members.home"} <= opened
    closed = {"members.member_list", "members.producer_list", "pos.sales", "accounting.journal"}
    assert not closed & opened


def test_the_walk_would_notice(shop: Shop, browser_of: Signed) -> None:
    assert SECRETS[0] in browser_of("manager").get("/c/{c}/members").get_data(as_text=True)


def test_an_officers_machine_has_no_more_than_the_officer(
    app: Flask, centre: Centre, shop: Shop, manager: Actor
) -> None:
    """A token acts for whoever holds a role in the centre; an officer holds none, so gets none."""
    user_id = users.find("cashier")
    assert user_id is not None
    in_transaction(grants.take, user_id, "cashier", system_actor(centre))
    in_transaction(grants.make_officer, user_id, centre.network_id)
    with pytest.raises(Exception, match="not-found"):
        in_transaction(tokens.create, NewToken("o", user_id=user_id), actor_of(centre, "manager"))
