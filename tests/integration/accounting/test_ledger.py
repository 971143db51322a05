"""Posting, reversing and asking the books, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from accounting.models import Account, JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.rules.entry import BadEntry, NewEntry, NewLine
from accounting.rules.periods import PeriodClosed
from accounting.services import chart, ledger, periods
from accounting.services.ledger import AlreadyReversed
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import NotFound
from core.ids import uuid7
from tests.closing import lock_month

DAY = date(2026, 11, 20)


def cash_in(amount: int, day: date = DAY, kind: str = "opening", **more: object) -> NewEntry:
    """An entry anyone understands: money put into the safe."""
    lines = (
        NewLine(Purpose.CASH_SAFE, debit=amount),
        NewLine(Purpose.BROUGHT_FORWARD, credit=amount),
    )
    entry = NewEntry(kind, "opening", uuid7(), day, clock.now(), lines)
    return replace(entry, **more)  # type: ignore[arg-type]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_an_entry_is_posted_with_its_number_and_lines(app: Flask, accountant: Actor) -> None:
    posted = in_transaction(ledger.post, cash_in(123_45), accountant)

    assert (posted.entry_no, posted.fiscal_year, posted.also_no) == (1, 2569, None)
    row = db.session.execute(select(JournalEntry)).scalar_one()
    assert (row.line_count, row.debit_total, row.credit_total) == (2, 123_45, 123_45)
    assert row.period_id == 202611
    assert row.posted_by == accountant.user_id
    assert db.session.scalar(select(func.count()).select_from(JournalLine)) == 2


def test_numbers_run_without_gaps_within_the_fiscal_year(app: Flask, accountant: Actor) -> None:
    for expected in (1, 2, 3):
        assert in_transaction(ledger.post, cash_in(100), accountant).entry_no == expected
    with pytest.raises(BadEntry):
        in_transaction(ledger.post, cash_in(100, lines=()), accountant)
    assert in_transaction(ledger.post, cash_in(100), accountant).entry_no == 4
    other_year = in_transaction(ledger.post, cash_in(100, date(2027, 1, 2)), accountant)
    assert (other_year.fiscal_year, other_year.entry_no) == (2570, 1)


def test_a_fiscal_year_that_starts_in_april_is_named_by_its_end(
    app: Flask, accountant: Actor
) -> None:
    april = replace(accountant, centre=replace(accountant.centre, fiscal_year_start_month=4))
    assert in_transaction(ledger.post, cash_in(1), april).fiscal_year == 2570


def test_posting_takes_three_statements_however_many_lines(app: Flask, accountant: Actor) -> None:
    in_transaction(ledger.post, cash_in(100), accountant)
    lines = [
        *(NewLine(Purpose.BANK, debit=1, memo=str(number)) for number in range(200)),
        NewLine(Purpose.BROUGHT_FORWARD, credit=200),
    ]
    with statements() as seen:
        posted = in_transaction(
            ledger.post, cash_in(1, lines=lines), accountant, ("receipt:T1", 2569)
        )
    sent = [text for text in seen if not text.startswith(("BEGIN", "SAVEPOINT"))]
    assert len(sent) == 3, sent
    assert posted.also_no == 1


def test_the_documents_number_is_drawn_in_the_same_statement(app: Flask, accountant: Actor) -> None:
    series = ("receipt:T9", 2569)
    first = in_transaction(ledger.post, cash_in(100), accountant, series)
    second = in_transaction(ledger.post, cash_in(100), accountant, series)
    assert (first.also_no, second.also_no) == (1, 2)


def test_an_unbalanced_entry_is_our_own_mistake_and_leaves_nothing(
    app: Flask, accountant: Actor
) -> None:
    lines = (NewLine(Purpose.BANK, debit=2), NewLine(Purpose.BROUGHT_FORWARD, credit=1))
    with pytest.raises(BadEntry):
        in_transaction(ledger.post, cash_in(1, lines=lines), accountant)
    assert db.session.scalar(select(func.count()).select_from(JournalLine)) == 0


def test_a_control_account_wants_its_key(app: Flask, accountant: Actor) -> None:
    lines = (
        NewLine(Purpose.BANK, debit=2),
        NewLine(Purpose.CONSIGNMENT_PAYABLE, credit=2),
    )
    with pytest.raises(BadEntry, match="producer"):
        in_transaction(ledger.post, cash_in(1, lines=lines), accountant)


def test_one_event_is_posted_once(app: Flask, accountant: Actor) -> None:
    entry = cash_in(100)
    in_transaction(ledger.post, entry, accountant)
    with pytest.raises(Exception, match=r"(?i)unique|ledger: a posted entry"):
        in_transaction(ledger.post, entry, accountant)
    assert ledger.source_counts(accountant.centre_id, "opening") == {entry.source_id: 1}


def test_nothing_is_posted_into_a_closed_month(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    in_transaction(ledger.post, cash_in(100), accountant)
    in_transaction(lock_month, 202611, accountant, manager)
    assert not periods.is_open(accountant.centre_id, DAY)
    with pytest.raises(PeriodClosed) as refusal:
        in_transaction(ledger.post, cash_in(100), accountant)
    assert refusal.value.facts == {"period_id": 202611}
    in_transaction(ledger.post, cash_in(100, date(2026, 12, 1)), accountant)
    assert ledger.balance(accountant.centre_id, Purpose.CASH_SAFE) == 200


def test_what_is_late_counts_today_and_keeps_its_own_day(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    october, today = date(2026, 10, 31), clock.today()
    in_transaction(ledger.post, cash_in(100, october), accountant)
    in_transaction(lock_month, 202610, accountant, manager)
    late = replace(cash_in(40, october), may_be_late=True)
    posted = in_transaction(ledger.post, late, accountant)
    card = ledger.find(accountant.centre_id, posted.id)
    assert card is not None and card.late
    assert (card.business_date, card.posting_date) == (october, today)
    assert ledger.balance(accountant.centre_id, Purpose.CASH_SAFE, until=october) == 100
    assert ledger.balance(accountant.centre_id, Purpose.CASH_SAFE, until=today) == 140
    with pytest.raises(PeriodClosed):
        in_transaction(ledger.post, cash_in(40, october), accountant)
    before_all = date(2026, 9, 30)
    with pytest.raises(PeriodClosed):
        in_transaction(ledger.post, cash_in(40, before_all), accountant)


def test_a_reversal_is_the_opposite_and_happens_once(app: Flask, accountant: Actor) -> None:
    entry = cash_in(700)
    posted = in_transaction(ledger.post, entry, accountant)
    day = date(2026, 12, 3)

    def reverse(entry_id: UUID) -> ledger.PostedEntry:
        return in_transaction(
            ledger.reverse,
            entry_id,
            accountant,
            day,
            source_type="correction",
            source_id=uuid7(),
            kind="reversal",
        )

    undone = reverse(posted.id)
    assert undone.entry_no == 2
    assert ledger.balance(accountant.centre_id, Purpose.CASH_SAFE) == 0
    assert ledger.balance(accountant.centre_id, Purpose.CASH_SAFE, until=DAY) == 700
    [card] = ledger.entry_of(accountant.centre_id, "opening", entry.source_id)
    linked = ledger.reversal_of(accountant.centre_id, card.id)
    assert linked is not None
    assert linked.reverses_id == posted.id
    for again in (posted.id, undone.id):
        with pytest.raises(AlreadyReversed):
            reverse(again)
    with pytest.raises(NotFound):
        reverse(uuid7())


def test_centres_keep_their_own_books(app: Flask, accountant: Actor, other_centre: object) -> None:
    other = replace(accountant, centre=other_centre)
    first = in_transaction(ledger.post, cash_in(100), accountant)
    second = in_transaction(ledger.post, cash_in(250), other)
    assert (first.entry_no, second.entry_no) == (1, 1)
    assert ledger.balance(accountant.centre_id, Purpose.CASH_SAFE) == 100
    assert ledger.balance(other.centre_id, Purpose.CASH_SAFE) == 250
    assert ledger.find(other.centre_id, first.id) is None


def test_the_chart_is_seeded_once_and_whole(app: Flask, accountant: Actor) -> None:
    before = chart.listing(accountant.centre_id)
    assert {card.purpose for card in before} == set(Purpose)
    in_transaction(chart.seed, accountant.centre_id)
    assert chart.listing(accountant.centre_id) == before
    assert db.session.scalar(select(func.count()).select_from(Account)) == 2 * len(before)
    with pytest.raises(NotFound):
        chart.get(accountant.centre_id, uuid7())


def test_numbers_stay_gapless_when_many_post_at_once(app: Flask, accountant: Actor) -> None:
    in_transaction(periods.ensure, accountant.centre_id, DAY)

    def post_some(_: int) -> list[int]:
        with app.app_context():
            numbers = [
                in_transaction(ledger.post, cash_in(100), accountant).entry_no for _ in range(5)
            ]
            db.session.remove()
        return numbers

    with ThreadPoolExecutor(6) as pool:
        given = [number for some in pool.map(post_some, range(6)) for number in some]
    assert sorted(given) == list(range(1, 31))
    assert ledger.balance(accountant.centre_id, Purpose.CASH_SAFE) == 30 * 100
