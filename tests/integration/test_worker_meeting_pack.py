"""The paper for the meeting: made by the worker, of the month before, with what the books show."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from accounting.rules.meeting_tasks import MEETING_PACK
from accounting.services.meetings import meetings, packs
from accounting.services.meetings.meetings import NewMeeting
from core import clock, jobs
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from pos.services import meeting_pack
from pos.services.sale import RecordSaleLine
from tests.rendering import assert_numbers_visible
from tests.shop import shop_in
from worker import running


def test_the_paper_tells_of_the_month_before(
    app: Flask, centre: Centre, accountant: Actor, cashier: Actor
):
    with clock.travel(lambda: datetime(2026, 10, 20, 5, tzinfo=UTC)):
        shop = shop_in(centre)
        rice = shop.product("ข้าวสังข์หยด", 100_00)
        shop.buy(rice, 10_000, 60_00)
        shop.open()
        shop.sell(RecordSaleLine(rice, 2_000, 100_00))
        shop.close((100_00, 2))
    with clock.travel(lambda: datetime(2026, 11, 7, 5, tzinfo=UTC)):
        command = NewMeeting(uuid7(), "monthly", date(2026, 11, 9), agenda=("เปิดประชุม",))
        meeting = in_transaction(meetings.create, command, accountant)
        found = meeting_pack.gather(meeting.id, cashier)
        assert found.period_id == 202610
        assert (found.takings.sales, found.takings.taken_satang) == (1, 200_00)
        assert found.goods_satang == 8 * 60_00
        assert [one.satang for one in found.sellers] == [200_00]
        assert found.close is None and found.stopping
        assert found.welfare.verdict == "not_determinable"
        job_id = in_transaction(packs.request, meeting.id, accountant)
        assert running.run(app, centre.id, job_id)
    made = jobs.file(centre.id, job_id)
    assert made is not None and made.type == "application/pdf"
    assert_numbers_visible(made.content, "200.00", "480.00")
    job = jobs.get(centre.id, job_id)
    assert job is not None and job.name == MEETING_PACK
