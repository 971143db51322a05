"""Every route and the right it needs, as data: tests/routes.csv, held to the application by tests.

A new route fails the build until it stands there. `make routes` writes it in with the right it was
seen to ask for, to be read over by a person; `?` where that could not be told, which fails too.

A need is a permission; `a & b` needs both, `a | b` either; `own a` is enough for whoever made the
document, and for nobody else (the service's own tests hold it to that); `person` is anybody signed
in, in any role, who sees only what is their own; `public` is anybody at all. Where the right hangs
on what the document is of (a table brought, a report), it is that of the demo's first one.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.actor import system_actor
from core.db import Base, db, in_transaction
from core.ids import uuid7
from members.rules.roles import Role, allowed
from members.services import access, centres, tokens, users
from members.services.centres import NewCentre
from members.services.tokens import NewToken
from pos.services import founding
from tests.api.conftest import Browser
from tests.api.test_csrf import sample_of
from tests.installations import demo_installation, demo_system

FILE = Path(__file__).with_name("routes.csv")
SIGN_INS = {
    "cashier": Role.CASHIER,
    "stock": Role.STOCK_KEEPER,
    "accountant": Role.ACCOUNTANT,
    "manager": Role.MANAGER,
    "auditor": Role.AUDITOR,
    "producer": Role.PRODUCER,
    "officer": Role.NETWORK_OFFICER,
}
"""Who signs in to the demo, and as what."""
PASSWORD = "sin-phrae-thong"
OWN = "own "

TABLES = {
    "user": "app_user",
    "receipt": "goods_receipt",
    "transfer": "stock_transfer",
    "sheet": "count_sheet",
    "run": "settlement_run",
    "terms": "consignment_terms",
    "movement": "cash_movement",
    "held": "held_sale",
    "token": "api_token",
    "entry": "journal_entry",
    "file": "bank_file",
    "request": "fund_request",
    "job": "job_run",
    "scenario": "allocation_scenario",
    "allocation": "surplus_allocation",
    "payment": "member_payment",
    "transaction": "share_transaction",
    "price": "reference_price",
    "round": "match_round",
    "grant": "fund_grant",
    "contribution": "fund_contribution",
    "case": "death_case",
    "fact": "standing_fact",
    "joint_order": "joint_round_order",
    "arrival": "transfer_arrival",
    "batch": "production_batch",
    "category": "product_category",
    "certificate": "share_certificate",
    "close": "month_close",
    "device": "till_device",
    "import": "table_import",
    "issue": "coupon_issue",
    "licence": "product_licence",
    "line": "bank_line",
    "match": "bank_match",
    "off": "day_off",
    "opening": "opening_import",
    "order": "purchase_order",
    "override": "manager_override",
    "reason": "discount_reason",
    "reopening": "month_reopening",
    "repayment": "credit_repayment",
    "return": "supplier_return",
    "rule_set": "allocation_rule_set",
    "statement": "bank_statement",
    "subscription": "share_subscription",
    "template": "voucher_template",
    "tier": "price_tier",
    "unit": "product_unit",
    "taking": "unclaimed_taking",
    "waiver": "duty_waiver",
    "write_off": "credit_write_off",
}
"""Where a parameter's rows lie, when not in the table of its name."""
ELSEWHERE = {"cancellation", "document", "invitation", "paper", "part", "source"}
"""Parameters whose rows are of several tables, or outside of the centre, or not of the demo."""


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """One method of one address."""

    rule: str
    method: str


def declared() -> dict[Route, str]:
    """Return what tests/routes.csv says."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {Route(row["route"], row["method"]): row["need"] for row in csv.DictReader(file)}


def holders(need: str) -> frozenset[Role]:
    """Return the roles that may use a route with this need."""
    everybody = frozenset(SIGN_INS.values())
    if need in {"person", "public"}:
        return everybody
    either = [[name.strip() for name in part.split("&")] for part in need.split("|")]
    either = [names for names in either if not any(name.startswith(OWN) for name in names)]
    return frozenset(
        role
        for role in everybody
        if any(all(allowed([role], name) for name in names) for names in either)
    )


def makers(need: str) -> frozenset[Role]:
    """Return the roles that may use a route for the documents they made, if for no others."""
    return holders(need.replace(OWN, "")) - holders(need)


def routes_of(app: Flask) -> dict[Route, Rule]:
    """Return every method of every address the application answers."""
    return {
        Route(rule.rule, method): rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def is_of_a_centre(route: Route) -> bool:
    """Tell whether an address lies inside a centre: the rest has no roles."""
    return "<int:centre_id>" in route.rule


@dataclass
class World:
    """A demo centre with a browser for each role, and real ids for the addresses."""

    app: Flask
    centre_id: int
    foreign_id: int
    """A centre that exists, and in which none of them works."""
    rows: dict[str, Any]
    browsers: dict[str, Browser] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """What programs of theirs would send; an officer has none."""

    def ask(self, who: str, route: Route, rule: Rule, centre_id: int | None = None) -> TestResponse:
        """Ask as a browser would, with an empty form or document."""
        browser = self.browsers[who]
        path = self.path_of(rule, route.method, centre_id or self.centre_id)
        if route.method == "GET":
            return browser.client.get(path)
        if path.startswith("/api/"):
            mark = {"X-CSRF-Token": browser.csrf}
            return browser.client.open(path, method=route.method, json={}, headers=mark)
        form = {"csrf_token": browser.csrf, "id": str(uuid7())}
        return browser.client.open(path, method=route.method, data=form)

    def path_of(self, rule: Rule, method: str, centre_id: int) -> str:
        values = {name: self._value(name, rule) for name in rule.arguments}
        values |= {"centre_id": centre_id} if "centre_id" in rule.arguments else {}
        adapter = self.app.url_map.bind("localhost")
        return str(adapter.build(rule.endpoint, values, method=method))

    def _value(self, name: str, rule: Rule) -> Any:
        stem = re.sub(r"_id$", "", name)
        found = self.rows.get(TABLES.get(stem, stem)) if name.endswith("_id") else None
        return sample_of(rule._converters[name]) if found is None else found


@contextmanager
def world(run: Path, folder: Path) -> Iterator[World]:
    """Sign everybody in to a demo centre, with another centre next door."""
    with demo_installation("sqlite", run, folder) as app:
        with app.app_context():
            centre_id = demo_system().centre_id
            next_door = NewCentre(code="OTH", name_th="ศูนย์อื่น", name_en="Another centre")
            foreign_id = in_transaction(founding.found, next_door).centre_id
            rows = {}
            for table in Base.metadata.sorted_tables:
                if {"id", "centre_id"} <= set(table.c.keys()):
                    ours = table.select().where(table.c.centre_id == centre_id)
                    row = db.session.execute(ours.order_by(table.c.id).limit(1)).first()
                    rows |= {table.name: row.id} if row is not None else {}
            db.session.remove()
            staff = [who for who in SIGN_INS if who != "officer"]
            given = {who: in_transaction(_token_of, who, centre_id) for who in staff}
        app.config["PROPAGATE_EXCEPTIONS"] = False
        made = World(app, centre_id, foreign_id, rows, tokens=given)
        for who in SIGN_INS:
            made.browsers[who] = Browser(app.test_client(), centre_id)
            assert made.browsers[who].sign_in(who, PASSWORD).status_code == 303, who
        yield made


def _token_of(who: str, centre_id: int) -> str:
    centre = centres.get(centre_id)
    assert centre is not None
    new = NewToken(f"program of {who}", days=1, user_id=users.find(who))
    return tokens.create(new, system_actor(centre)).token or ""


def proposed(made: World, route: Route, rule: Rule) -> str:
    """Return the right a route was seen to ask for, `?` when that can't be told."""
    if not is_of_a_centre(route):
        return "?"
    asked: list[str] = []

    def noting(roles: Any, permission: str) -> bool:
        asked.append(permission)
        return allowed(roles, permission)

    with mock.patch.object(access, "allowed", noting):
        let = {
            role for who, role in SIGN_INS.items() if made.ask(who, route, rule).status_code != 403
        }
    fitting = [name for name in dict.fromkeys(asked) if holders(name) == let]
    return fitting[0] if fitting else "?"


def main() -> None:
    """Bring tests/routes.csv up to date with the application."""
    known = declared() if FILE.exists() else {}
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), Path(folder)) as made:
        found = routes_of(made.app)
        needs = {
            route: known.get(route) or proposed(made, route, found[route])
            for route in sorted(found)
        }
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("method", "route", "need"))
        writer.writerows((route.method, route.rule, need) for route, need in needs.items())
    unsaid = [f"{route.method} {route.rule}" for route, need in needs.items() if need == "?"]
    sys.stdout.write("\n".join([f"{len(needs)} routes; say yourself:", *unsaid, ""]))


if __name__ == "__main__":
    main()
