"""The process that posts a settlement is killed (SIGKILL) half-way: nothing is half-posted."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.actor import Actor, Centre
from core.config import Settings
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.models import Recovery, SettledMove
from inventory.services.settlement import posting, preparing, statements
from inventory.services.settlement.preparing import PrepareSettlement
from members.services import producers
from members.services.producers import NewProducer
from pos.services import verify
from pos.services.sale import RecordSaleLine
from tests.shop import shop_in
from tests.starting import told_before_killed

PRODUCERS = 6
POSTS = """
import sys, time
from pathlib import Path
from uuid import UUID
from core.actor import system_actor
from core.db import in_transaction
from inventory.services.settlement import posting
from members.services import centres
from pos import create_app
from tests.templates import settings_for

url, folder, centre_id, run_id = sys.argv[1:]
posting.CHUNK = 1

def tell(done, total):
    print(done, flush=True)
    if done == 3:
        time.sleep(60)  # killed here, in the middle of the transaction

with create_app(settings_for(url, Path(folder))).app_context():
    actor = system_actor(centres.get(int(centre_id)))
    in_transaction(posting.post, UUID(run_id), actor, tell)
"""


def test_a_run_killed_half_way_leaves_nothing_and_is_posted_once_after(
    app: Flask, settings: Settings, centre: Centre, accountant: Actor, manager: Actor
) -> None:
    shop = shop_in(centre)
    shop.open()
    for number in range(PRODUCERS):
        maker = in_transaction(producers.create, NewProducer(name=f"ป้า {number}"), shop.actor)
        product_id = shop.product(f"ของ {number}", 10_000)
        replace(shop, producer_id=maker.id).consign(product_id, 5_000)
        shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    run_id = in_transaction(
        preparing.prepare, PrepareSettlement(uuid7(), clock.today()), accountant
    )
    in_transaction(posting.approve, run_id, manager)

    kill_half_way(settings, centre, str(run_id))
    db.session.remove()
    assert statements.run(run_id, manager).state == "approved"
    assert rows(SettledMove) == rows(Recovery) == 0

    assert in_transaction(posting.post, run_id, accountant)
    assert not in_transaction(posting.post, run_id, accountant)
    assert rows(SettledMove) == PRODUCERS
    assert [one for one in verify.run(centre.id) if not one.ok] == []


def kill_half_way(settings: Settings, centre: Centre, run_id: str) -> None:
    """Post in a process of its own and kill it once three statements of six are written."""
    arguments = [settings.database_url, str(settings.var), str(centre.id), run_id]
    assert told_before_killed(POSTS, *arguments, lines=3) == ["1", "2", "3"]


def rows(table: type[SettledMove] | type[Recovery]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0
