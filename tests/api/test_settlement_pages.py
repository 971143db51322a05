"""Settling over HTTP: prepared, approved, posted, read by its producer; and who is kept out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import payouts
from inventory.services.settlement import policies, posting, preparing, statements
from inventory.services.settlement.policies import Policy
from inventory.services.settlement.preparing import PrepareSettlement
from members.services import producers, users
from members.services.producers import ChangeProducer, NewProducer
from members.services.users import NewUser
from pos.services.receipts import Receipt
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser
from tests.conftest import PASSWORD
from tests.shop import Shop, shop_in
from tests.waiving import waive
from worker import running

BrowserOf = Callable[..., Browser]
RUNS = "/c/{c}/settlement-runs"


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture
def sold(shop: Shop) -> Receipt:
    """A jar sold for a hundred baht, eighty of it the producer's."""
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10_000)
    return shop.sell(RecordSaleLine(honey, 1000, 10_000))


def sign_up(shop: Shop, username: str, producer_id: UUID) -> None:
    new = NewUser(
        username=username,
        display_name=username,
        password=PASSWORD,
        roles=("producer",),
        producer_id=producer_id,
    )
    in_transaction(users.create, new, shop.actor)


def settled(accountant: Actor, manager: Actor) -> UUID:
    """Prepare, approve and post a run; return it."""
    command = PrepareSettlement(uuid7(), clock.today())
    in_transaction(preparing.prepare, command, accountant)
    in_transaction(posting.approve, command.id, manager)
    in_transaction(posting.post, command.id, accountant)
    return command.id


def only_statement(run_id: UUID, actor: Actor) -> UUID:
    [card] = statements.of_run(run_id, actor)
    return card.id


def work(app: Flask, centre: Centre, job_path: str) -> None:
    assert running.run(app, centre.id, UUID(job_path.rpartition("/")[2]))


def test_two_people_settle_from_the_form_to_the_paper(
    app: Flask, centre: Centre, sold: Receipt, browser_of: BrowserOf
) -> None:
    accountant, manager = browser_of("accountant"), browser_of("manager")
    form = accountant.get(f"{RUNS}/new?lang=en").get_data(as_text=True)
    assert "50%" in form
    run_id = uuid7()
    sent = accountant.form(f"{RUNS}/new", id=run_id, cut_off=clock.today().isoformat(), who="all")
    assert sent.status_code == 303
    work(app, centre, sent.location)
    done = accountant.get(sent.location).get_data(as_text=True)
    assert f"/settlement-runs/{run_id}" in done
    here = f"{RUNS}/{run_id}"
    own = accountant.get(f"{here}?lang=en").get_data(as_text=True)
    assert "another person must look at it" in own
    refused = accountant.form(f"{here}/approve")
    assert refused.status_code == 409
    assert f"{here}/approve".replace("{c}", str(centre.id)) not in own
    assert manager.form(f"{here}/approve").status_code == 303
    posting_ = manager.form(f"{here}/post")
    assert posting_.status_code == 303
    work(app, centre, posting_.location)
    page = manager.get(f"{here}?lang=en").get_data(as_text=True)
    assert "0 of 1 producers" in page
    assert manager.form(f"{here}/post").status_code == 409
    assert manager.form(f"{here}/cancel", reason="สาย").status_code == 409
    table = manager.get(f"{here}/producers.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "80.00" in table.get_data(as_text=True)
    papers = manager.form(f"{here}/statements")
    work(app, centre, papers.location)
    assert "/file" in manager.get(papers.location).get_data(as_text=True)


def test_the_statement_names_its_documents_and_is_the_same_on_paper_each_time(
    centre: Centre, sold: Receipt, accountant: Actor, manager: Actor, browser_of: BrowserOf
) -> None:
    settlement_id = only_statement(settled(accountant, manager), accountant)
    here = f"/c/{{c}}/settlements/{settlement_id}"
    page = browser_of("accountant").get(here).get_data(as_text=True)
    assert f"/sales/{sold.id}" in page
    assert sold.receipt_no in page
    assert "80.00" in page
    papers = {
        browser_of(role).get(f"{here}/statement.pdf?lang={language}").data
        for role, language in (("accountant", "th"), ("manager", "en"), ("auditor", "th"))
    }
    assert len(papers) == 1
    assert papers.pop().startswith(b"%PDF-")
    table = browser_of("auditor").get(f"{here}/statement.csv").get_data(as_text=True)
    assert sold.receipt_no in table


def test_a_producer_opens_own_posted_statements_only(
    shop: Shop, sold: Receipt, accountant: Actor, manager: Actor, browser_of: BrowserOf
) -> None:
    other = in_transaction(producers.create, NewProducer(name="ลุงดำ"), shop.actor)
    sign_up(shop, "pa_daeng", shop.producer_id)
    sign_up(shop, "lung_dam", other.id)
    mine, stranger = browser_of("pa_daeng"), browser_of("lung_dam")
    command = PrepareSettlement(uuid7(), clock.today())
    in_transaction(preparing.prepare, command, accountant)
    settlement_id = only_statement(command.id, accountant)
    papers = [
        f"/c/{{c}}/settlements/{settlement_id}{form}"
        for form in ("", "/statement.pdf", "/statement.csv")
    ]
    assert {mine.get(paper).status_code for paper in papers} == {403}
    in_transaction(posting.approve, command.id, manager)
    in_transaction(posting.post, command.id, accountant)
    assert {mine.get(paper).status_code for paper in papers} == {200}
    assert {stranger.get(paper).status_code for paper in papers} == {403}
    page = mine.get(papers[0]).get_data(as_text=True)
    assert sold.receipt_no in page
    assert "/sales/" not in page
    closed = (
        RUNS,
        f"{RUNS}/new",
        f"{RUNS}/{command.id}",
        f"{RUNS}/{command.id}/producers.csv",
        "/c/{c}/owed-back",
        "/c/{c}/owed-back.csv",
        f"/c/{{c}}/producers/{shop.producer_id}/absorb",
        "/c/{c}/settings/settlement",
        "/c/{c}/producer-accounts",
    )
    assert {mine.get(path).status_code for path in closed} == {403}


def test_an_auditor_reads_and_changes_nothing(
    sold: Receipt, accountant: Actor, manager: Actor, browser_of: BrowserOf
) -> None:
    command = PrepareSettlement(uuid7(), clock.today())
    in_transaction(preparing.prepare, command, accountant)
    auditor = browser_of("auditor")
    run = f"{RUNS}/{command.id}"
    for path in (RUNS, run, "/c/{c}/owed-back", "/c/{c}/settings/settlement"):
        assert auditor.get(path).status_code == 200
    page = auditor.get(run).get_data(as_text=True)
    for action in ("approve", "post", "cancel", "statements"):
        assert auditor.form(f"{run}/{action}", reason="x").status_code == 403
        assert f"{command.id}/{action}" not in page
    new = {"id": uuid7(), "cut_off": clock.today().isoformat(), "who": "all"}
    assert auditor.form(f"{RUNS}/new", **new).status_code == 403
    assert auditor.form("/c/{c}/settings/settlement", **policy_form(0)).status_code == 403
    assert statements.run(command.id, accountant).state == "prepared"


def test_what_is_wrong_with_a_new_run_is_said_beside_it(shop: Shop, browser_of: BrowserOf) -> None:
    browser = browser_of("accountant")
    new = {"id": uuid7(), "cut_off": clock.today().isoformat(), "who": "all"}
    for change in ({"cut_off": "31/02/2569"}, {"cut_off": "31/12/2699"}, {"who": "some"}):
        answer = browser.form(f"{RUNS}/new", **{**new, **change})
        assert answer.status_code == 422, change
    searched = browser.form(
        f"{RUNS}/new", **{**new, "search": "1", "q": "แดง", "producer_ids": shop.producer_id}
    )
    page = searched.get_data(as_text=True)
    assert f'value="{shop.producer_id}" checked' in page
    assert str(new["id"]) in page


def test_nothing_to_settle_is_told_by_the_job(
    app: Flask, centre: Centre, shop: Shop, browser_of: BrowserOf
) -> None:
    browser = browser_of("accountant")
    sent = browser.form(f"{RUNS}/new", id=uuid7(), cut_off=clock.today().isoformat(), who="all")
    work(app, centre, sent.location)
    page = browser.get(f"{sent.location}?lang=en").get_data(as_text=True)
    assert preparing.NothingToSettle.title in page
    assert preparing.NothingToSettle.detail
    assert preparing.NothingToSettle.detail in page
    answer = browser.get(f"/jobs/{sent.location.rpartition('/')[2]}").json
    assert answer is not None
    assert answer["state"] == "failed"
    # Whoever may look at reports but not at settlements does not see the job at all.
    cashier = browser_of("cashier")
    assert cashier.get(sent.location).status_code == 403
    assert sent.location not in cashier.get("/c/{c}/jobs").get_data(as_text=True)


def policy_form(version: int, **change: str) -> dict[str, object]:
    return {
        "version": version,
        "hold_back_days": "7",
        "minimum_payout": "100",
        "recovery_cap": "50",
        "advance_cap": "30",
        "payout_day": "9",
        **change,
    }


def test_the_policy_is_changed_and_two_who_do_it_at_once_learn_of_it(
    centre: Centre, browser_of: BrowserOf
) -> None:
    browser = browser_of("manager")
    assert browser.form("/c/{c}/settings/settlement", **policy_form(0)).status_code == 303
    assert policies.get(centre.id) == Policy(7, 10_000, 5000, 3000, 9, version=1)
    late = browser.form("/c/{c}/settings/settlement?lang=en", **policy_form(0, hold_back_days="3"))
    assert late.status_code == 412
    page = late.get_data(as_text=True)
    assert 'value="3"' in page
    assert "The other person saved: 7" in page
    assert (
        browser_of("accountant").form("/c/{c}/settings/settlement", **policy_form(1)).status_code
        == 403
    )


def test_the_waiver_is_shown_and_kept(
    centre: Centre, sold: Receipt, accountant: Actor, manager: Actor, browser_of: BrowserOf
) -> None:
    waive(manager, "settlement")
    command = PrepareSettlement(uuid7(), clock.today())
    in_transaction(preparing.prepare, command, accountant)
    browser = browser_of("accountant")
    run = f"{RUNS}/{command.id}"
    assert "มีคนเดียว" in browser.get(run).get_data(as_text=True)
    assert browser.form(f"{run}/approve").status_code == 303
    assert statements.run(command.id, accountant).waiver == "มีคนเดียว"


def test_a_return_after_settlement_ages_and_the_centre_may_bear_it(
    shop: Shop, sold: Receipt, accountant: Actor, manager: Actor, browser_of: BrowserOf
) -> None:
    settled(accountant, manager)
    refund = shop.refund(sold, (1, 1000))
    browser = browser_of("manager")
    page = browser.get("/c/{c}/owed-back").get_data(as_text=True)
    assert f"/refunds/{refund.id}" in page
    assert "80.00" in page
    assert "80.00" in browser.get("/c/{c}/owed-back.csv").get_data(as_text=True)
    form = f"/c/{{c}}/producers/{shop.producer_id}/absorb"
    fields = {"id": uuid7(), "reason": "ขวดแตกบนชั้นของเรา"}
    assert browser.form(form, **fields, amount="80.01").status_code == 409
    borne = browser.form(form, **fields, amount="30")
    assert borne.status_code == 303
    again = browser.form(form, **fields, amount="30")
    assert again.location == borne.location
    assert "ขวดแตกบนชั้นของเรา" in browser.get(borne.location).get_data(as_text=True)
    assert "50.00" in browser.get("/c/{c}/owed-back").get_data(as_text=True)
    assert browser_of("accountant").get(form).status_code == 403


def test_who_no_longer_delivers_is_still_found_settled_and_paid(
    app: Flask, centre: Centre, shop: Shop, sold: Receipt, browser_of: BrowserOf, manager: Actor
) -> None:
    card = producers.get(centre.id, shop.producer_id)
    gone = ChangeProducer(producer_id=card.id, version=card.version, name=card.name, active=False)
    in_transaction(producers.change, gone, manager)
    accountant = browser_of("accountant")
    page = accountant.get(f"{RUNS}/new").get_data(as_text=True)
    assert str(card.id) in page and "เลิกส่ง" in page
    run_id = str(uuid7())
    asked = accountant.form(
        f"{RUNS}/new",
        id=run_id,
        cut_off=clock.today().isoformat(),
        who="some",
        producer_ids=str(card.id),
    )
    work(app, centre, asked.location)
    browser_of("manager").form(f"{RUNS}/{run_id}/approve")
    work(app, centre, accountant.form(f"{RUNS}/{run_id}/post").location)
    assert card.name in accountant.get("/c/{c}/payouts").get_data(as_text=True)
    [line] = payouts.due(manager, card.id).lines
    paid = accountant.form(
        f"/c/{{c}}/producers/{card.id}/pay",
        id=str(uuid7()),
        way="safe",
        rows="1",
        line_1=f"{line.kind}:{line.document_id}",
        pay_1="1",
        amount_1="80.00",
    )
    assert paid.status_code == 303
