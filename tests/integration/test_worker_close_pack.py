"""The paper of a locked month: asked for once by the schedule, always the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import update

from accounting.models import Account
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from accounting.services.closing import checklist, pack, reopening, signing
from accounting.services.closing.reopening import AskReopening
from accounting.services.closing.signing import PrepareClose
from core import clock, jobs
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from worker import running, upkeep
from worker.reports import close_pack

NEW_YEAR = datetime(2026, 12, 2, 5, tzinfo=UTC)


def test_the_schedule_asks_once_and_the_paper_never_changes(
    app: Flask, centre: Centre, accountant: Actor, manager: Actor
) -> None:
    lines = (NewLine(Purpose.CASH_SAFE, debit=500_00), NewLine(Purpose.SALES, credit=500_00))
    with clock.travel(lambda: NEW_YEAR):
        entry = NewEntry("opening", "opening", uuid7(), date(2026, 11, 30), clock.now(), lines)
        in_transaction(ledger.post, entry, accountant)
        assert upkeep.make_packs() == 0  # nothing is locked yet
        prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), 202611), accountant)
        card = in_transaction(signing.sign, prepared.id, manager)
        assert upkeep.make_packs() == 1
        assert upkeep.make_packs() == 0
        job = pack.made_or_asked(centre.id, card.id)
        assert job is not None and job.state == "queued"
        assert running.run(app, centre.id, job.id)
        db.session.rollback()  # the worker wrote in a session of its own
        done = jobs.get(centre.id, job.id)
        assert done is not None and done.state == "done", done
        made = jobs.file(centre.id, job.id)
        assert made is not None and made.content.startswith(b"%PDF-")
        assert made.name == "close-202611.pdf"
        db.session.rollback()

    # Later an account is renamed, the centre moves, a late document comes: the paper stays.
    db.session.execute(update(Account).where(Account.code == "4110").values(name_th="ชื่อใหม่"))
    db.session.commit()
    moved = replace(manager, centre=replace(centre, address="ที่อยู่ใหม่"))
    late = replace(entry, source_id=uuid7(), may_be_late=True)
    with clock.travel(lambda: NEW_YEAR):
        in_transaction(ledger.post, late, accountant)
    assert close_pack.drawn(pack.gather(card.id, moved)) == made.content


def test_a_month_opened_again_gets_a_paper_of_its_own(
    app: Flask, centre: Centre, accountant: Actor, manager: Actor
) -> None:
    with clock.travel(lambda: NEW_YEAR):
        prepared = in_transaction(signing.prepare, PrepareClose(uuid7(), 202611), accountant)
        first = in_transaction(signing.sign, prepared.id, manager)
        assert upkeep.make_packs() == 1
        asked = in_transaction(reopening.ask, AskReopening(uuid7(), 202611, "ลืมบิล"), accountant)
        in_transaction(reopening.agree, asked.id, manager)
        assert upkeep.make_packs() == 0
        again = in_transaction(signing.prepare, PrepareClose(uuid7(), 202611), accountant)
        second = in_transaction(signing.sign, again.id, manager)
        assert second.digest == first.digest == checklist.digest(second.content)
        assert upkeep.make_packs() == 1
