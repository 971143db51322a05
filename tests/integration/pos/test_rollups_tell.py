"""What a roll-up tells of people: counts of five households or more, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from accounting.rules.chart import Purpose
from accounting.rules.rollups import identity
from accounting.services import chart, ledger
from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import db, in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from members.services import enlisting, villages
from members.services.centres import NewCentre
from members.services.enlisting import Newcomer
from members.services.villages import NewVillage
from pos.services import founding
from pos.services.rollups import books, people, trade, welfare
from pos.services.rollups import scope as scopes
from pos.services.rollups.scope import BadMonths
from tests.closing import posts
from tests.rolling import (
    DECEMBER,
    YEAR,
    rolled,
    trade_a_day,
)
from tests.shop import Shop, shop_in

# --- people ----------------------------------------------------------------------------------


def settle_village(shop: Shop, name: str, houses: int, first_name: str = "แดง") -> None:
    """Enlist two people in each house of a village."""
    village = in_transaction(villages.create, NewVillage(name), shop.actor).id
    newcomers = [
        Newcomer("นาย", first_name, "ใจดี", "", str(house), village, date(2026, 3, 1))
        for house in range(houses)
        for _ in range(2)
    ]
    in_transaction(enlisting.enlist, newcomers, shop.actor)


def test_members_are_counted_and_small_villages_folded(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    one, other, outside = shops
    for name, houses in (("ใหญ่", 20), ("กลาง", 9), ("เล็ก", 3)):
        settle_village(one, name, houses)
    settle_village(other, "เดียว", 6)
    settle_village(outside, "ไกล", 9)
    now(DECEMBER)
    found = people.members(scopes.of(officer, *YEAR))
    assert found.standings.total == people.People(76, 38)
    assert (found.joined, found.left) == (76, 0)
    assert set(found.centres.shown) == {str(one.centre_id), str(other.centre_id)}
    villages_of_one = found.villages[one.centre_id]
    assert set(villages_of_one.shown) == {"ใหญ่"}
    assert villages_of_one.rest == people.People(24, 12)


def test_a_centre_of_few_households_is_told_with_the_next_smallest(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    one, other, _outside = shops
    settle_village(one, "ใหญ่", 20)
    settle_village(other, "เล็ก", 2)
    now(DECEMBER)
    found = people.members(scopes.of(officer, *YEAR))
    assert found.centres.shown == {}
    assert found.centres.rest == people.People(44, 22)
    assert found.villages == {}


def test_who_leaves_alone_is_not_told(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    from members.services import standing
    from members.services.standing import RecordFact

    one = shops[0]
    settle_village(one, "ใหญ่", 20)
    member_id = next(iter(standing.on(one.centre_id, clock.today())))
    fact = RecordFact(fact_id=uuid7(), member_id=member_id, kind="resigned", on_date=clock.today())
    in_transaction(standing.record, fact, one.actor)
    now(DECEMBER)
    found = people.members(scopes.of(officer, *YEAR))
    assert found.left is None
    assert found.standings.shown == {}
    assert found.standings.rest is not None


def names_in(thing: object) -> Iterator[str]:
    """Yield every text a result holds, however deep."""
    if isinstance(thing, str):
        yield thing
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from names_in(getattr(thing, one.name))
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from (*names_in(key), *names_in(value))
    elif isinstance(thing, list | tuple | set | frozenset):
        for one in thing:
            yield from names_in(one)


def test_nothing_a_roll_up_holds_names_anybody(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    one = shops[0]
    settle_village(one, "ใหญ่", 20, first_name="สมชายลับ")
    trade_a_day(one, 3)
    now(DECEMBER)
    scope = scopes.of(officer, *YEAR)
    told = " ".join(
        text
        for result in (
            people.members(scope),
            books.income(scope),
            books.balance(scope),
            books.trial_balance(scope),
            books.between_centres(scope),
            trade.trade(scope),
            welfare.report(scope),
        )
        for text in names_in(result)
    )
    assert "ใหญ่" in told, "the walk sees what is there"
    assert "สมชายลับ" not in told
    assert "ป้าแดง" not in told


def test_an_account_a_centre_opened_itself_is_told_by_its_group(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    from accounting.models import Account
    from accounting.rules.entry import NewEntry, NewLine

    one = shops[0]
    secret = uuid7()

    def post() -> None:
        db.session.add(
            Account(
                centre_id=one.centre_id,
                id=secret,
                code="1299",
                name_th="ลูกหนี้นายดำ",
                name_en="Mr Dam",
                type="asset",
            )
        )
        db.session.flush()
        entry = NewEntry(
            kind="opening",
            source_type="opening",
            source_id=uuid7(),
            business_date=clock.today(),
            occurred_at=clock.now(),
            lines=(
                NewLine(account_id=secret, debit=500, purpose=None),  # type: ignore[arg-type]
                NewLine(Purpose.CASH_SAFE, credit=500),
            ),
        )
        ledger.post(entry, one.actor)

    in_transaction(post)
    now(DECEMBER)
    shown = books.balance(scopes.of(officer, *YEAR))
    assert rolled(shown)["own:asset:12"] == 500
    assert identity("own:asset:12") in shown.accounts
    assert not any("ดำ" in text or "Dam" in text for text in names_in(shown))


# --- who may, and what it costs --------------------------------------------------------------


def test_a_centre_that_sold_nothing_still_counts_in_the_welfare_report(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    one, other, _outside = shops
    trade_a_day(one, 3)
    posts(other.actor, date(2026, 3, 12), Purpose.WAGES, Purpose.CASH_SAFE, 500_00)
    now(DECEMBER)
    scope = scopes.of(officer, *YEAR)
    ledger_facts = welfare.report(scope).facts.ledger
    assert ledger_facts.wages_satang == 500_00
    assert ledger_facts.surplus_satang == books.income(scope).statement.totals["result"][0]


def test_only_officers_add_up(app: Flask, manager: Actor, auditor: Actor, officer: Actor) -> None:
    for actor in (manager, auditor):
        with pytest.raises(Forbidden):
            scopes.of(actor, 202601, 202601)


def test_bad_months_are_refused(
    app: Flask, officer: Actor, now: Callable[[datetime], None]
) -> None:
    now(DECEMBER)
    for months in ((202602, 202601), (202601, 202701), (201501, 202612), (202613, 202614)):
        with pytest.raises(BadMonths):
            scopes.of(officer, *months)


@contextmanager
def counted() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_more_centres_take_no_more_statements(
    shops: tuple[Shop, Shop, Shop],
    centre: Centre,
    officer: Actor,
    now: Callable[[datetime], None],
) -> None:
    def statements() -> int:
        db.session.rollback()
        with counted() as sent:
            scope = scopes.of(officer, *YEAR)
            books.income(scope)
            books.balance(scope)
            books.trial_balance(scope)
            books.funds(scope)
            people.members(scope)
            trade.trade(scope)
        return len(sent)

    now(DECEMBER)
    chart.by_purpose(centre.id)
    before = statements()
    for number in range(3):
        new = NewCentre(
            code=f"MORE{number}", name_th="อีก", name_en="More", network_id=centre.network_id
        )
        made = in_transaction(founding.found, new).centre
        trade_a_day(shop_in(made), 1)
    assert statements() == before
    assert system_actor(centre).centre_id == centre.id
