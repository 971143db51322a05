"""What was there before the first day: not of a day to come, and not after a month was closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger, opening
from accounting.services.closing import reopening
from accounting.services.closing.reopening import AskReopening
from accounting.services.opening import Opening, OpeningAfterClose, OpeningInFuture
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from tests.closing import lock_month

OCTOBER = date(2026, 10, 1)


def safe_holds(actor: Actor) -> int:
    return ledger.balance(actor.centre_id, Purpose.CASH_SAFE)


def test_an_opening_is_not_of_a_day_to_come(accountant: Actor) -> None:
    today = clock.today()
    with pytest.raises(OpeningInFuture) as refusal:
        in_transaction(opening.post, Opening(500, 0, today + timedelta(days=1)), accountant)
    assert refusal.value.facts == {"field": "business_date"}
    in_transaction(opening.post, Opening(700, 0, today), accountant)
    assert safe_holds(accountant) == 700


def test_openings_are_over_once_a_month_is_closed(accountant: Actor, manager: Actor) -> None:
    before = Opening(500, 0, OCTOBER, id=uuid7())
    first = in_transaction(opening.post, before, accountant)
    in_transaction(lock_month, 202610, accountant, manager)
    for day in (date(2026, 9, 1), OCTOBER, clock.today(), None):
        with pytest.raises(OpeningAfterClose):
            in_transaction(opening.post, Opening(700, 0, day), accountant)
    assert in_transaction(opening.post, before, accountant) == first
    asked = AskReopening(uuid7(), 202610, "ลืมยอดยกมา")
    in_transaction(reopening.ask, asked, accountant)
    in_transaction(reopening.agree, asked.id, manager)
    in_transaction(opening.post, Opening(700, 0, OCTOBER), accountant)
    assert safe_holds(accountant) == 1200
