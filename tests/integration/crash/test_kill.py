"""The server is killed (SIGKILL) thirty times under load: what it acknowledged is there, once.

A counter behaves as ours does: it keeps the sale until it has an answer and sends the very same one
again after an outage.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.actor import Actor, Centre
from core.config import Settings
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import tokens
from members.services.tokens import NewToken
from pos.models import Sale
from pos.services import shift, tills, verify
from pos.services.shift import OpenShift
from tests.shop import Shop, shop_in
from tests.starting import Started

KILLS = int(os.environ.get("SUNRUAM_TEST_KILLS", "30"))
CLIENTS = 3
SALES_BETWEEN_KILLS = 12


class Counter:
    """One till's client: sends sales in order, each again and again until it is answered."""

    def __init__(self, place: dict[str, Any], goods: list[Any]) -> None:
        self.place, self.goods = place, goods
        self.acknowledged: dict[str, str] = {}
        self.waiting: tuple[str, str] | None = None
        self.numbers = count()

    def run(self, port: int, enough: threading.Semaphore, stop: threading.Event) -> None:
        while not stop.is_set():
            if self.waiting is None:
                self.waiting = (str(uuid7()), self._body(next(self.numbers)))
            try:
                receipt_no = self._send(port, *self.waiting)
            except (OSError, http.client.HTTPException):
                return  # the server is gone; the same sale is sent again to the next one
            self.acknowledged[self.waiting[0]] = receipt_no
            self.waiting = None
            enough.release()

    def _send(self, port: int, identity: str, body: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        with closing(connection):
            connection.request(
                "PUT",
                f"/api/v1/centres/{self.place['centre']}/sales/{identity}",
                body,
                {
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {self.place['token']}",
                },
            )
            with connection.getresponse() as reply:
                answer = json.loads(reply.read())
                assert reply.status in {200, 201}, answer
                return str(answer["receipt_no"])

    def _body(self, number: int) -> str:
        good = self.goods[number % len(self.goods)]
        line = {"product_id": str(good), "quantity_milli": 1000, "unit_price_satang": 1000}
        return json.dumps(
            {
                "till_id": self.place["till"],
                "shift_id": self.place["shift"],
                "occurred_at": clock.now().isoformat(),
                "lines": [line],
                "payments": [{"method": "cash", "amount_satang": 2000}],
            }
        )


def test_thirty_kills_lose_nothing_and_double_nothing(
    app: Flask, settings: Settings, centre: Centre, manager: Actor
) -> None:
    shop = shop_in(centre)
    goods = [shop.product(f"ของ {n}", 1000) for n in range(4)]
    for number, good in enumerate(goods):
        (shop.consign if number % 2 else lambda p, q: shop.buy(p, q, 500))(good, 900_000_000)
    counters = [Counter(place, goods) for place in _places(shop, manager)]
    for _ in range(KILLS):
        with _server(settings) as port:
            _load(counters, port, SALES_BETWEEN_KILLS)
    # The last outage is over: what had no answer is sent once more, and now is answered.
    with _server(settings) as port:
        _load(counters, port, CLIENTS)

    db.session.remove()
    recorded = dict(
        db.session.execute(
            select(Sale.id, Sale.receipt_no).where(Sale.centre_id == centre.id)
        ).all()
    )
    acknowledged = {key: no for each in counters for key, no in each.acknowledged.items()}
    assert len(acknowledged) >= KILLS * SALES_BETWEEN_KILLS
    assert {str(key): no for key, no in recorded.items() if str(key) in acknowledged} == (
        acknowledged
    )
    extra = {str(key) for key in recorded} - set(acknowledged)
    assert extra <= {each.waiting[0] for each in counters if each.waiting}
    assert db.session.scalar(select(func.count()).select_from(Sale)) == len(recorded)
    assert [finding for finding in verify.run(centre.id) if not finding.ok] == []


def _places(shop: Shop, manager: Actor) -> list[dict[str, Any]]:
    token = in_transaction(tokens.create, NewToken(name="till", days=1), manager).token
    for number in range(2, CLIENTS + 1):
        in_transaction(tills.add, shop.centre_id, f"T{number}", f"จุดขาย {number}")
    places = []
    for till in tills.listing(shop.centre_id)[:CLIENTS]:
        opened = in_transaction(shift.open_shift, OpenShift(uuid7(), till.id, 0), shop.actor)
        places.append(
            {
                "centre": shop.centre_id,
                "till": str(till.id),
                "shift": str(opened.id),
                "token": token,
            }
        )
    return places


def _load(counters: list[Counter], port: int, sales: int) -> None:
    """Let every counter sell until `sales` are acknowledged; they are still selling on return."""
    enough, stop = threading.Semaphore(0), threading.Event()
    threads = [
        threading.Thread(target=counter.run, args=(port, enough, stop)) for counter in counters
    ]
    for thread in threads:
        thread.start()
    for _ in range(sales):
        assert enough.acquire(timeout=60), "the server takes no sales"
    _running[port].kill_all()
    stop.set()
    for thread in threads:
        thread.join()


_running: dict[int, Started] = {}


@contextmanager
def _server(settings: Settings) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    own = {
        "SUNRUAM_VAR": str(settings.var),
        "SUNRUAM_DATABASE_URL": settings.database_url,
        "SUNRUAM_SECRET_KEY": settings.secret_key,
        "SUNRUAM_PORT": str(port),
    }
    server = _running[port] = Started("pos.cli", own, None, "serve")
    try:
        _wait_until_it_listens(port, server)
        yield port
    finally:
        if server.running():
            server.kill_all()


def _wait_until_it_listens(port: int, server: Started) -> None:
    pause = threading.Event()
    for _ in range(600):
        assert server.running(), "the server stopped while starting"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.05)
    raise AssertionError("the server did not start")
