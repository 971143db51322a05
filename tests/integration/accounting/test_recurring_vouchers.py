"""Recurring entries become drafts once a due day; accruals go back once, on their day, or late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.services import ledger
from accounting.services.ledger import AlreadyReversed
from accounting.services.voucher_matters import matters
from accounting.services.vouchers import accruals, correcting, posting, reading, templates
from accounting.services.vouchers.correcting import BeforeItsEntry, CorrectAtDocument, TakeBack
from accounting.services.vouchers.templates import BadSchedule, SaveTemplate
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DifferentContent, Forbidden
from core.ids import uuid7
from core.paging import Window
from core.sought import Sought
from tests.integration.accounting.test_ledger import cash_in
from tests.integration.accounting.test_vouchers import at_once
from tests.writing import accrual, draft, payment
from worker.upkeep import do_due_entries

NOV, DEC, JAN = date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 15)


@contextmanager
def on(day: date) -> Iterator[None]:
    noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    with clock.travel(lambda: noon):
        yield


def drafts(actor: Actor) -> list[date]:
    return sorted(
        one.business_date for one in reading.listing(actor, Window(), Sought(state="draft")).items
    )


def recurring(actor: Actor, **more: object) -> SaveTemplate:
    made = draft(payment(actor.centre_id, 300_00, date(2026, 10, 1)), actor)
    in_transaction(posting.post, made.id, actor)
    return SaveTemplate(uuid7(), "ค่าเช่า", made.id, **more)  # type: ignore[arg-type]


def test_a_due_day_makes_one_draft_however_often_the_chore_runs(
    app: Flask, accountant: Actor
) -> None:
    with on(JAN):
        command = recurring(accountant, every="month", day_of_month=31, start=date(2026, 10, 31))
        in_transaction(templates.save, command, accountant)
        period = 202701
        assert [one.step for one in matters(accountant.centre_id, period)] == ["recurring"]
        work: Callable[[], object] = lambda: in_transaction(templates.make_due, accountant)  # noqa: E731
        answers = at_once(app, [work] * 3)
        assert sum(one for one in answers if isinstance(one, int)) == 3
        assert drafts(accountant) == [date(2026, 10, 31), NOV, date(2026, 12, 31)]
        assert do_due_entries() == 0
        assert templates.get(command.id, accountant).next_due == date(2027, 1, 31)
        assert [one.step for one in matters(accountant.centre_id, period)] == ["drafts"]


def test_a_template_out_of_use_makes_nothing(accountant: Actor) -> None:
    with on(JAN):
        command = recurring(accountant, every="year", day_of_month=1, start=DEC)
        in_transaction(templates.save, command, accountant)
        with pytest.raises(DifferentContent):
            in_transaction(
                templates.save,
                SaveTemplate(command.id, "อื่น", command.voucher_id),
                accountant,
            )
        in_transaction(templates.retire, command.id, accountant)
        assert in_transaction(templates.make_due, accountant) == 0
        assert templates.listing(accountant) == []


def test_a_schedule_says_when_it_begins(accountant: Actor, auditor: Actor) -> None:
    with on(JAN):
        command = recurring(accountant, every="month")
        with pytest.raises(BadSchedule):
            in_transaction(templates.save, command, accountant)
        with pytest.raises(Forbidden):
            in_transaction(templates.save, command, auditor)


def test_an_accrual_goes_back_by_itself_once_and_not_before_its_day(
    app: Flask, accountant: Actor
) -> None:
    with on(NOV):
        made = draft(accrual(accountant.centre_id, 200_00, NOV, DEC), accountant)
        in_transaction(posting.post, made.id, accountant)
        assert do_due_entries() == 0
        assert ledger.balance(accountant.centre_id, Purpose.UTILITIES) == 200_00
        assert list(matters(accountant.centre_id, 202611)) == []
        [told] = matters(accountant.centre_id, 202612)
        assert (told.step, told.documents[0].id) == ("accruals", made.id)
    with on(date(2026, 12, 3)):
        at_once(app, [do_due_entries] * 3)
        assert ledger.balance(accountant.centre_id, Purpose.UTILITIES) == 0
        assert ledger.balance(accountant.centre_id, Purpose.UTILITIES, until=NOV) == 200_00
        view = reading.get(made.id, accountant)
        assert view.accrual_entry is not None
        assert view.accrual_entry.business_date == DEC
        assert list(matters(accountant.centre_id, 202612)) == []


def test_an_accrual_taken_back_by_hand_is_not_taken_back_again(accountant: Actor) -> None:
    with on(NOV):
        made = draft(accrual(accountant.centre_id, 200_00, NOV, DEC), accountant)
        in_transaction(posting.post, made.id, accountant)
        entry = reading.get(made.id, accountant).entry
        assert entry is not None
        back = in_transaction(correcting.reverse, TakeBack(uuid7(), entry.id, NOV), accountant)
        in_transaction(posting.post, back.id, accountant)
    with on(JAN):
        assert in_transaction(accruals.take_back_due, accountant) == 0
        assert ledger.balance(accountant.centre_id, Purpose.UTILITIES) == 0


# --- corrections -----------------------------------------------------------------------------


def test_a_correction_links_all_three_and_is_made_once(accountant: Actor) -> None:
    with on(NOV):
        made = draft(payment(accountant.centre_id, 300_00), accountant)
        in_transaction(posting.post, made.id, accountant)
        entry = reading.get(made.id, accountant).entry
        assert entry is not None
        first = in_transaction(correcting.correct, TakeBack(uuid7(), entry.id, NOV), accountant)
        again = in_transaction(correcting.correct, TakeBack(uuid7(), entry.id, NOV), accountant)
        assert first == again
        assert first.draft is not None and first.draft.corrects_id == entry.id
        in_transaction(posting.post, first.reversal.id, accountant)
        in_transaction(posting.post, first.draft.id, accountant)

        view = reading.get(made.id, accountant)
        assert view.reversed_by is not None and view.reversed_by.kind == "voucher_reversal"
        assert ledger.balance(accountant.centre_id, Purpose.UTILITIES) == 300_00
        with pytest.raises(AlreadyReversed):
            in_transaction(correcting.reverse, TakeBack(uuid7(), entry.id, NOV), accountant)


def test_a_reversal_above_the_limit_needs_two_as_well(accountant: Actor, manager: Actor) -> None:
    with on(NOV):
        made = draft(payment(accountant.centre_id, 6_000_00), accountant)
        asked = in_transaction(posting.ask, made.id, accountant)
        in_transaction(posting.approve, made.id, asked.version, manager)
        entry = reading.get(made.id, accountant).entry
        assert entry is not None
        back = in_transaction(correcting.reverse, TakeBack(uuid7(), entry.id, NOV), accountant)
        with pytest.raises(posting.SecondPersonNeeded):
            in_transaction(posting.post, back.id, accountant)
        in_transaction(posting.ask, back.id, accountant)
        in_transaction(posting.approve, back.id, back.version, manager)
        assert ledger.balance(accountant.centre_id, Purpose.UTILITIES) == 0


def test_entries_of_other_documents_are_corrected_there(accountant: Actor) -> None:
    with on(NOV):
        posted = in_transaction(ledger.post, cash_in(100), accountant)
        with pytest.raises(CorrectAtDocument):
            in_transaction(correcting.reverse, TakeBack(uuid7(), posted.id, NOV), accountant)
        made = draft(payment(accountant.centre_id, 300_00), accountant)
        in_transaction(posting.post, made.id, accountant)
        entry = reading.get(made.id, accountant).entry
        assert entry is not None
        command = TakeBack(uuid7(), entry.id, date(2026, 11, 29))
        with pytest.raises(BeforeItsEntry):
            in_transaction(correcting.reverse, command, accountant)
