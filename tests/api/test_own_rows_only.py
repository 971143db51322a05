"""A producer sees own rows only: every route there is, walked with somebody else's ids.

A new route is walked by itself. When it has a parameter this test knows no value for, the test
fails and says so: add the parameter to `Rows` (of whom it is) or to NOBODYS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.rules.payouts import PaidLine
from inventory.services import advances, intake, payouts, repayments, waste
from inventory.services.advances import GiveAdvance
from inventory.services.payouts import PayProducer
from inventory.services.repayments import Repay
from inventory.services.settlement import posting, preparing, statements
from inventory.services.settlement.preparing import PrepareSettlement
from inventory.services.waste import RecordWaste
from members.services import pins, producers, sessions, users
from members.services.producers import NewProducer
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser
from tests.api.test_csrf import sample_of
from tests.shop import Shop, shop_in

REFUSED = {400, 403, 404, 409, 412, 415, 422, 428}
"""404 and 403 mostly; an empty body may be refused before anybody asks whose row it is."""

PUBLIC = {
    "static",
    "problems",
    "problem",
    "api-docs.openapi_json",
    "health.live",
    "health.ready",
    "health.metrics",
    "members.sign_in",
    "members.sign_in_now",
    "founding.found",
    "founding.found_now",
}
"""The same for everybody, signed in or not."""

NOT_WALKED = {"members.sign_out"}
"""Would end the walk."""

OWN = {
    "members.start",
    "members.home",
    "members.profile",
    "inventory.my",
    "inventory.my_documents",
    "inventory.my_income",
    "inventory.my_income_paper",
    "inventory.income",
    "inventory.income_paper",
    "inventory.account",
    "inventory.account_documents",
    "inventory.lot",
    "inventory.intake_page",
    "inventory.intake_slip",
    "inventory.advance",
    "inventory.advance_slip",
    "inventory.payout",
    "inventory.payout_voucher",
    "inventory.repayment",
    "inventory.settlement",
    "inventory.settlement_file",
    "inventory.settlement_paper",
}
"""What a producer may open: the own page, and own documents."""

OWN_API = {
    "inventory_api.get_goods_receipt",
    "inventory_api.get_lot",
    "inventory_api.get_producer_account",
    "inventory_api.list_account_rows",
    "members_api.get_me",
    "members_api.list_own_sessions",
}
"""The same over the API."""

NOBODYS = set(
    "absorption_id account_id arrival_id batch_id cancellation_id document_id entry_id fund_id"
    " import_id held_id job_id line_id line_no member_id movement_id opening_id promotion_id"
    " reason_id refund_id sheet_id shift_id terms_id token_id transfer_id"
    " transaction_id subscription_id certificate_id"
    " close_id reopening_id paper_id template_id voucher_id file_id match_id statement_id"
    " person_id household_id fact_id group_member_id"
    " order_id return_id source_id joint_round_id joint_order_id"
    " contribution_id grant_id request_id round_id case_id invitation_id meeting_id resolution_id"
    " device_id override_id duty_id off_id waiver_id"
    " unit_id tier_id licence_id category_id recipe_id part_id"
    " scenario_id rule_set_id allocation_id payment_id taking_id price_id"
    " write_off_id issue_id scheme_id".split()
)
"""Documents no producer may open, whoever's goods they are about."""

WORDS = {
    "period_id": 202611,
    "year": 2569,
    "day": "2026-11-22",
    "step": "stock",
    "source_type": "payout",
    "from_centre_id": 2,
    "form": "csv",
    "book": "journal",
    "code": "8850000000010",
    "kind": "donation",
    "way": "donation",
    "table": "accounts",
    "what": "paper",
    "view": "income",
}
"""Parameters that are no rows at all."""


@dataclass
class Rows:
    """One producer's rows: a value for each parameter a route may name one by."""

    values: dict[str, Any] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    """What another producer must never read."""


def rows_of(shop: Shop, name: str, number: str, phone: str, staff: tuple[Actor, Actor]) -> Rows:
    """Let a producer deliver, sell, lose, be advanced, settled with, and get a PIN."""
    new = NewProducer(name=name, producer_no=number, phone=phone)
    producer = in_transaction(producers.create, new, shop.actor)
    shop.producer_id = producer.id
    jam = shop.product("แยม", 10_000)
    receipt = intake.get(shop.consign(jam, 10_000), shop.actor)
    [lot] = receipt.lines
    sold = shop.sell(RecordSaleLine(jam, 3_000, 10_000))
    lost = RecordWaste(uuid7(), lot.lot_id, 1_000, "แตก", "centre")
    in_transaction(waste.record, lost, shop.actor)
    accountant, manager = staff
    run_id = in_transaction(
        preparing.prepare, PrepareSettlement(uuid7(), clock.today(), (producer.id,)), accountant
    )
    in_transaction(posting.approve, run_id, manager)
    in_transaction(posting.post, run_id, manager)
    [statement] = statements.of_run(run_id, manager)
    advance = GiveAdvance(uuid7(), producer.id, "money", "safe", amount_satang=1_000)
    given = in_transaction(advances.give, advance, accountant)
    repay = Repay(uuid7(), producer.id, 400, "safe")
    repaid = in_transaction(repayments.repay, repay, accountant)
    voucher = PayProducer(
        uuid7(),
        producer.id,
        "cash",
        "safe",
        (PaidLine("settlement", statement.id, statement.payout_satang),),
    )
    paid = in_transaction(payouts.pay, voucher, accountant)
    pin = in_transaction(pins.give, producer.id, shop.actor).pin
    return Rows(
        values={
            "producer_id": producer.id,
            "receipt_id": receipt.id,
            "lot_id": lot.lot_id,
            "product_id": jam,
            "sale_id": sold.id,
            "waste_id": lost.id,
            "run_id": run_id,
            "settlement_id": statement.id,
            "advance_id": given.id,
            "payout_id": paid.id,
            "repayment_id": repaid.id,
            "user_id": users.find(phone),
            "pin": pin,
        },
        secrets={name, number, phone, receipt.receipt_no, lot.lot_no, statement.settlement_no}
        | {given.advance_no, paid.payout_no, repaid.repayment_no},
    )


@pytest.fixture
def people(centre: Centre, accountant: Actor, manager: Actor) -> tuple[Rows, Rows]:
    """Two producers of one centre with the same kinds of rows."""
    shop = shop_in(centre)
    shop.open()
    staff = accountant, manager
    mine = rows_of(shop, "ป้าแดงใจดี", "ZA-111", "0811111234", staff)
    theirs = rows_of(shop, "ลุงดำขำคม", "ZB-999", "0899999876", staff)
    return mine, theirs


@pytest.fixture
def producer(app: Flask, centre: Centre, people: tuple[Rows, Rows]) -> Browser:
    """The first of them at her phone; the second is signed in somewhere too."""
    mine, theirs = people
    for rows, phone in ((theirs, "0899999876"), (mine, "0811111234")):
        browser = Browser(app.test_client(), centre.id)
        assert browser.sign_in(phone, rows.values["pin"]).status_code == 303
    [elsewhere] = sessions.of_user(theirs.values["user_id"])
    # Her own would end the walk.
    mine.values["session_id"] = theirs.values["session_id"] = elsewhere.id
    return browser


def walked(app: Flask) -> Iterator[Rule]:
    """Yield every route a producer could try."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in PUBLIC | NOT_WALKED:
            yield rule


def path_of(app: Flask, rule: Rule, rows: Rows, centre_id: int) -> str:
    """Fill a route's parameters from somebody's rows."""
    given: dict[str, Any] = {}
    for name in rule.arguments:
        if name == "centre_id":
            given[name] = centre_id
        elif name in rows.values:
            given[name] = rows.values[name]
        elif type(rule._converters[name]).__name__ == "AnyConverter":
            given[name] = sample_of(rule._converters[name])
        elif name in WORDS:
            given[name] = WORDS[name]
        else:
            assert name in NOBODYS, f"{rule}: no value for <{name}>; add it to rows_of() or NOBODYS"
            given[name] = uuid7()
    path = app.url_map.bind("localhost").build(rule.endpoint, given)
    return str(path)


def asked(browser: Browser, method: str, path: str) -> TestResponse:
    """Ask as a browser would: a form for a page, JSON for the API."""
    if path.startswith("/api/"):
        body: dict[str, str] | None = {} if method != "GET" else None
        headers = {"X-CSRF-Token": browser.csrf}
        return browser.client.open(path, method=method, headers=headers, json=body)
    form = {"csrf_token": browser.csrf} if method != "GET" else None
    return browser.client.open(path, method=method, data=form)


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def assert_silent(answer: TestResponse, rows: Rows, what: object) -> None:
    body = answer.get_data(as_text=False).decode("utf-8", "replace")
    told = [secret for secret in rows.secrets if secret in body]
    assert not told, f"{what} tells {told}"


def test_every_route_refuses_another_producers_rows(
    app: Flask, centre: Centre, people: tuple[Rows, Rows], producer: Browser
) -> None:
    _, theirs = people
    tried = 0
    for rule in walked(app):
        owned = rule.arguments & theirs.values.keys()
        path = path_of(app, rule, theirs, centre.id)
        for method in methods_of(rule):
            answer = asked(producer, method, path)
            assert_silent(answer, theirs, (method, path))
            if owned:
                tried += 1
                assert answer.status_code in REFUSED, (
                    f"{method} {rule} answers a stranger to these rows with {answer.status_code}"
                )
    assert tried > 30


def test_every_route_shows_a_producer_the_own_page_and_nothing_else(
    app: Flask, centre: Centre, people: tuple[Rows, Rows], producer: Browser
) -> None:
    mine, theirs = people
    opened = set()
    for rule in walked(app):
        path = path_of(app, rule, mine, centre.id)
        for method in methods_of(rule):
            answer = asked(producer, method, path)
            assert_silent(answer, theirs, (method, path))
            if answer.status_code in REFUSED:
                continue
            assert answer.status_code in {200, 204, 302, 303}, (method, path, answer.status_code)
            opened.add(f"{method} {rule.endpoint}" if method != "GET" else rule.endpoint)
    not_said = opened - OWN - OWN_API
    assert not not_said, f"a producer may open {sorted(not_said)}: say so in OWN, or refuse it"
    closed = (OWN | OWN_API) - opened
    assert not closed, f"a producer could not open {sorted(closed)}"


def test_naming_another_producer_in_the_query_tells_nothing(
    app: Flask, centre: Centre, people: tuple[Rows, Rows], producer: Browser
) -> None:
    mine, theirs = people
    for rule in walked(app):
        if "GET" not in methods_of(rule):
            continue
        path = path_of(app, rule, mine, centre.id)
        for name in ("producer_id", "lot_id", "product_id"):
            answer = producer.client.get(path, query_string={name: str(theirs.values[name])})
            assert_silent(answer, theirs, f"GET {path}?{name}")


def test_the_walk_would_notice(
    app: Flask, people: tuple[Rows, Rows], accountant: Actor, browser_of: Any
) -> None:
    """The secrets are there to be found: staff read them at the very same addresses."""
    _, theirs = people
    staff = browser_of("manager")
    ids = theirs.values
    seen = "".join(
        staff.get(f"/c/{{c}}/{path}").get_data(as_text=True)
        for path in (
            f"producers/{ids['producer_id']}",
            f"producers/{ids['producer_id']}/account",
            f"lots/{ids['lot_id']}",
            f"intakes/{ids['receipt_id']}",
            f"settlements/{ids['settlement_id']}",
            f"advances/{ids['advance_id']}",
            f"payouts/{ids['payout_id']}",
            f"repayments/{ids['repayment_id']}",
        )
    )
    assert {secret for secret in theirs.secrets if secret not in seen} == set()
