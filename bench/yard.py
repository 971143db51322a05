"""The place the bench plays in: a fresh database with one centre, tills and goods."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from flask import Flask
from sqlalchemy import make_url

from core import clock
from core.actor import Actor
from core.config import Settings, complete
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services import catalogue, intake
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.intake import RecordIntake, RecordIntakeLine
from members.services import producers, users
from members.services.centres import NewCentre
from members.services.producers import NewProducer
from members.services.users import NewUser
from migrations.run import initialise
from pos import create_app
from pos.services import founding, shift, tills
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from pos.services.shift import OpenShift

PRODUCTS, CLIENTS_MAX, LINES = 30, 16, 3
PRICE, HUGE = 2500, 1_000_000_000
PASSWORD = uuid4().hex


@dataclass(frozen=True)
class Yard:
    """Where to sell: one till and shift for each client, and the goods."""

    app: Flask
    settings: Settings
    actor: Actor
    tills: tuple[tuple[UUID, UUID], ...]
    goods: tuple[UUID, ...]

    def sale(self, client: int, number: int) -> RecordSale:
        """Return the client's next sale: three different goods, cash."""
        till_id, shift_id = self.tills[client]
        start = number * LINES + client * 7
        return RecordSale(
            id=uuid7(),
            till_id=till_id,
            shift_id=shift_id,
            occurred_at=clock.now(),
            lines=tuple(
                RecordSaleLine(self.goods[(start + i) % PRODUCTS], 1000, PRICE)
                for i in range(LINES)
            ),
            payments=(RecordPayment("cash", 10_000),),
        )


@contextmanager
def yard(engine: str, postgres_url: str) -> Iterator[Yard]:
    """Make a yard on `sqlite` or `postgresql` and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sunruam-bench-"))
    name = f"sunruam_bench_{uuid4().hex[:8]}"
    admin = make_url(postgres_url).set(drivername="postgresql")
    address = admin.render_as_string(hide_password=False)
    url = ""
    if engine == "postgresql":
        _run(address, f"CREATE DATABASE {name}")
        url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    settings = complete(Settings(var=folder, database_url=url, web_threads=CLIENTS_MAX))
    try:
        initialise(settings)
        app = create_app(settings)
        with app.app_context():
            yield _fill(app, settings)
            db.session.remove()
            db.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if engine == "postgresql":
            _run(address, f"DROP DATABASE {name} WITH (FORCE)")


def _run(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _fill(app: Flask, settings: Settings) -> Yard:
    system = in_transaction(
        founding.found, NewCentre(code="BENCH", name_th="ศูนย์วัดความเร็ว", name_en="Bench")
    )
    user = in_transaction(
        users.create,
        NewUser(
            username="bench",
            display_name="bench",
            password=PASSWORD,
            roles=("manager", "cashier"),
        ),
        system,
    )
    actor = Actor(system.centre, user.id, "bench", frozenset({"manager", "cashier"}))
    producer = in_transaction(producers.create, NewProducer(name="ผู้ผลิต"), system)
    goods = []
    for number in range(PRODUCTS):
        facts = ProductFacts(
            f"P{number}", f"สินค้า {number}", f"Goods {number}", "piece", "ชิ้น", PRICE
        )
        product, _ = in_transaction(catalogue.save, SaveProduct(uuid7(), facts), system)
        own = number % 2 == 0
        line = RecordIntakeLine(
            product_id=product.id,
            gross_milli=HUGE,
            unit_cost_satang=1500 if own else 0,
            split_basis_points=None if own else 8000,
        )
        kind = "outright" if own else "consignment"
        command = RecordIntake(id=uuid7(), producer_id=producer.id, kind=kind, lines=(line,))
        in_transaction(intake.record, command, system)
        goods.append(product.id)
    for number in range(2, CLIENTS_MAX + 1):
        in_transaction(tills.add, actor.centre_id, f"T{number}", f"จุดขาย {number}")
    places = []
    for till in tills.listing(actor.centre_id):
        opened = in_transaction(shift.open_shift, OpenShift(uuid7(), till.id, 0), actor)
        places.append((till.id, opened.id))
    return Yard(app, settings, actor, tuple(places), tuple(goods))
