"""Upkeep: what nobody will ask for again goes, everything else stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, select

from accounting.services import verify_seals
from core import clock
from core.actor import Actor, Centre
from core.bell import Broker, forget_delivered
from core.db import db, in_transaction
from members.models import UserSession
from members.services import sessions
from tests.shop import shop_in
from worker.upkeep import seal_books


def test_sessions_that_ended_long_ago_are_forgotten(app: Flask, manager: Actor) -> None:
    def two_sessions() -> None:
        for token_hash, age in (("old", sessions.ENDED_KEPT), ("new", timedelta(0))):
            moment = clock.now() - age - timedelta(days=1)
            db.session.execute(
                insert(UserSession).values(
                    token_hash=token_hash,
                    user_id=manager.user_id,
                    created_at=moment,
                    last_seen_at=moment,
                    expires_at=moment,
                    address="",
                    user_agent="",
                )
            )

    in_transaction(two_sessions)
    in_transaction(sessions.discard_old)
    assert db.session.scalars(select(UserSession.token_hash)).all() == ["new"]


def test_the_sqlite_broker_forgets_what_was_delivered(tmp_path: Path) -> None:
    file = tmp_path / "broker.db"
    url = f"sqla+sqlite:///{file}"
    forget_delivered(url)
    broker = Broker(url)
    for number in (1, 2):
        broker.send(1, UUID(int=number))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE kombu_message SET visible = 0 WHERE id = 1")
        forget_delivered(url)
        left = [identity for (identity,) in connection.execute("SELECT id FROM kombu_message")]
    assert left == [2]


def test_the_books_of_every_centre_are_sealed(centre: Centre, other_centre: Centre) -> None:
    for each in (centre, other_centre):
        shop_in(each).open()
    assert seal_books() == 2
    for each in (centre, other_centre):
        report = verify_seals.run(each.id)
        assert (report.faults, report.entries, report.unsealed) == ([], 1, 0)
    assert seal_books() == 0
