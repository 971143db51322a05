"""A shop of version 0.4.0 goes on with the whole shop's schema, on either database.

The fixtures are six days of the demo as 0.4.0 built them (sales, refunds, counts, a payout), and
what the demo leaves out: prices changed, goods carried and sent to a neighbour, an intake taken
back, a bill on hold, a centre where one person may do both, sealed books.
"""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import func, select, text

from accounting.services import sealing, verify_seals
from core.actor import Actor, system_actor
from core.config import Settings
from core.db import db, in_transaction
from core.paging import Window
from inventory.models import ProductBarcode, ProductCategory
from inventory.services import catalogue
from inventory.services.catalogue import prices
from members.services import centres, duties
from migrations import guards
from migrations.run import initialise
from pos import create_app
from pos.services import held, receipts, tills, verify
from pos.services.day_figures import rolling
from pos.services.sale import RecordSaleLine
from tests.installations import ENGINES
from tests.shop import Shop
from tests.templates import POSTGRES_URL, on_postgres, settings_for

VECTORS = Path(__file__).parents[1] / "vectors"


@dataclass(frozen=True)
class Upgraded:
    """The old shop after the upgrade, and what was counted in it before."""

    actor: Actor
    counted: dict[str, int]


@contextmanager
def as_left_by_the_old_release(engine: str, folder: Path) -> Iterator[Settings]:
    if engine == "sqlite":
        file = folder / "sunruam.db"
        words = gzip.decompress((VECTORS / "shop-0.4.0.sql.gz").read_bytes()).decode()
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(words)
        yield settings_for(f"sqlite:///{file}", folder)
        return
    name = f"sunruam_upgraded_{uuid4().hex[:12]}"
    on_postgres(f"CREATE DATABASE {name}")
    url = POSTGRES_URL.set(database=name)
    try:
        words = gzip.decompress((VECTORS / "shop-0.4.0.postgresql.sql.gz").read_bytes()).decode()
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(words)  # type: ignore[call-overload]
        yield settings_for(url.render_as_string(hide_password=False), folder)
    finally:
        on_postgres(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", params=ENGINES)
def upgraded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Upgraded]:
    folder = tmp_path_factory.mktemp("upgraded")
    with as_left_by_the_old_release(request.param, folder) as settings:
        with create_app(settings).app_context():
            counted = {what: db.session.scalar(text(words)) or 0 for what, words in BEFORE.items()}
            db.session.remove()
            db.engine.dispose()
        initialise(settings)
        with create_app(settings).app_context():
            yield Upgraded(system_actor(centres.listing()[0]), counted)
            db.session.remove()
            db.engine.dispose()


BEFORE = {
    "barcodes": "SELECT count(*) FROM product WHERE centre_id = 1 AND barcode <> ''",
    "prices": "SELECT count(*) FROM audit_event WHERE centre_id = 1"
    " AND action IN ('product.created', 'price.changed')",
    "lines": "SELECT sum(quantity_milli) FROM sale_line",
    "given_back": "SELECT sum(paid_satang) FROM refund",
}
"""What the old schema says of what the upgrade carries over."""


def test_every_check_holds_after_the_upgrade(upgraded: Upgraded) -> None:
    for centre in centres.listing():
        assert [one for one in verify.run(centre.id) if not one.ok] == []
        assert verify_seals.run(centre.id).ok
    assert guards.altered(db.session.connection()) == []


def test_barcodes_categories_and_prices_are_carried_over(upgraded: Upgraded) -> None:
    centre_id = upgraded.actor.centre_id
    kept = select(func.count()).where(ProductBarcode.centre_id == centre_id)
    assert upgraded.counted["barcodes"] >= 4
    assert db.session.scalar(kept) == upgraded.counted["barcodes"]
    found = catalogue.listing(upgraded.actor, Window(limit=200)).items
    named = set(
        db.session.scalars(
            select(ProductCategory.key).where(ProductCategory.centre_id == centre_id)
        )
    )
    assert {one.category for one in found if one.category} <= named
    history = {
        one.id: prices.history(one.id, upgraded.actor, Window(limit=200)).items for one in found
    }
    assert sum(map(len, history.values())) == upgraded.counted["prices"]
    for one in found:
        assert max(history[one.id], key=lambda row: row.at).after_satang == one.price_satang


def test_what_was_sold_and_given_back_says_so_in_the_new_words(upgraded: Upgraded) -> None:
    totals = "SELECT sum(unit_quantity_milli * unit_factor_milli / 1000) FROM sale_line"
    assert db.session.scalar(text(totals)) == upgraded.counted["lines"]
    given = text("SELECT sum(amount_satang) FROM refund_payment")
    assert db.session.scalar(given) == upgraded.counted["given_back"] > 0


def test_who_could_do_both_still_can_under_a_waiver(upgraded: Upgraded) -> None:
    for pair in ("settlement", "terms", "count"):
        waiver = duties.in_force(upgraded.actor.centre_id, pair)
        assert waiver is not None, pair
        assert waiver.reason == "มีคนเดียว"


def test_the_shop_trades_on(upgraded: Upgraded) -> None:
    actor = upgraded.actor
    [bill] = held.listing(actor)
    assert bill.label == "ป้าพร"
    [till] = tills.listing(actor.centre_id)
    shop = Shop(actor, UUID(int=0), till.id)
    old = next(
        one
        for one in (receipts.get(each.id, actor) for each in receipts.listing(actor))
        if not one.refunds and one.lines[0].quantity_milli >= 1000
    )
    goods = old.lines[0].product_id
    shop.open()
    shop.refund(old, (1, 1000))
    sold = catalogue.names(actor.centre_id, [goods])[goods]
    shop.sell(RecordSaleLine(goods, 1000, sold.price_satang))
    for day in rolling.due(actor.centre_id):
        in_transaction(rolling.roll, actor.centre_id, day)
    while in_transaction(sealing.seal_run, actor.centre_id):
        pass
    assert [one for one in verify.run(actor.centre_id) if not one.ok] == []
    assert verify_seals.run(actor.centre_id).ok
