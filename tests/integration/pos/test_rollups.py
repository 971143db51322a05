"""A network's books in sums: Σ centres − eliminations, each centre for its own days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.services import funds, ledger, sealing
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import networks
from pos.services.rollups import books, trade
from pos.services.rollups import scope as scopes
from tests.integration.inventory.test_transfers import lot_of, receive, send
from tests.rolling import (
    AUGUST,
    COST,
    DECEMBER,
    JULY,
    MOVED,
    PRICE,
    YEAR,
    added,
    income_of,
    own,
    rolled,
    trade_a_day,
)
from tests.shop import Shop


def test_the_statements_are_the_sum_of_the_centres(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    """Some entries are sealed, some are not; the months are whole ones."""
    one, other, outside = shops
    trade_a_day(one, 3)
    while in_transaction(sealing.seal_run, one.centre_id):
        pass
    trade_a_day(other, 5)
    now(JULY)
    trade_a_day(one, 2)
    trade_a_day(outside, 7)
    now(DECEMBER)
    scope = scopes.of(officer, *YEAR)
    assert set(scope.centres) == {one.centre_id, other.centre_id}
    for kind, work in (("income", books.income), ("balance", books.balance)):
        parts = [own(shop.centre_id, kind, 202612) for shop in (one, other)]
        assert rolled(work(scope)) == added(*parts), kind
    totals = books.balance(scope).statement.totals
    assert totals["assets"] == totals["debts_and_equity"]
    found = books.results(scope)
    assert found[one.centre_id] == (5 * PRICE, 5 * (PRICE - COST))
    assert found[other.centre_id] == (5 * PRICE, 5 * (PRICE - COST))
    lines = books.trial_balance(scope)
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)


def test_goods_between_the_centres_are_eliminated_and_what_is_on_the_way_stays(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    one, other, _outside = shops
    oil = one.product("น้ำมัน", PRICE)
    lot = lot_of(one.buy(oil, 10_000, COST))
    honey = one.product("น้ำผึ้ง", PRICE)
    theirs = lot_of(one.consign(honey, 10_000))
    arrived = send(one, (lot, 4_000), (theirs, 2_000), to=other.actor.centre)
    receive(other, one, arrived, 4_000, 2_000)
    send(one, (lot, 1_000), to=other.actor.centre)
    now(DECEMBER)
    scope = scopes.of(officer, *YEAR)
    found = books.between_centres(scope)
    [road] = found.roads
    assert (road.from_centre_id, road.to_centre_id) == (one.centre_id, other.centre_id)
    assert (road.sent_satang, road.arrived_satang) == (5 * COST, 4 * COST)
    assert (found.arrived_satang, found.on_the_way_satang) == (4 * COST, COST)
    assert (found.outward_satang, found.inward_satang, found.other_satang) == (0, 0, 0)
    assert found.balance_satang == COST
    lines = {line.account.key: line for line in books.trial_balance(scope)}
    transit, goods = lines["goods_in_transit"], lines["inventory"]
    # Σ centres: the sender debits 5, the receiver credits 4; of both sides 4 were between them.
    assert (transit.debit, transit.credit, transit.between) == (COST, 0, 4 * COST)
    assert (goods.debit, goods.credit, goods.between) == (10 * COST, COST, 4 * COST)
    parts = [own(shop.centre_id, "balance", 202612) for shop in (one, other)]
    assert parts[1]["goods_in_transit"] == -4 * COST
    assert rolled(books.balance(scope)) == added(*parts)
    assert rolled(books.balance(scope))["goods_in_transit"] == COST
    assert income_of(scope) == 0, "moving goods earns nothing"


def test_what_was_settled_by_the_sender_is_no_longer_on_the_way(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    from inventory.services.transfers import differences
    from inventory.services.transfers.differences import SettleDifference, SettleLine

    one, other, _outside = shops
    lot = lot_of(one.buy(one.product("น้ำมัน", PRICE), 10_000, COST))
    sent = send(one, (lot, 4_000), to=other.actor.centre)
    receive(other, one, sent, 3_000)
    settled = SettleDifference(sent, "แตก", (SettleLine(1, 0, 1_000, "centre"),))
    in_transaction(differences.settle, settled, one.actor)
    now(DECEMBER)
    found = books.between_centres(scopes.of(officer, *YEAR))
    assert (found.roads[0].settled_satang, found.on_the_way_satang) == (COST, 0)
    assert (found.balance_satang, found.other_satang) == (0, 0)


def test_a_posting_no_transfer_explains_is_said(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    from accounting.rules.entry import NewEntry, NewLine

    one = shops[0]
    entry = NewEntry(
        kind="opening",
        source_type="opening",
        source_id=uuid7(),
        business_date=clock.today(),
        occurred_at=clock.now(),
        lines=(
            NewLine(Purpose.GOODS_IN_TRANSIT, debit=700),
            NewLine(Purpose.CASH_SAFE, credit=700),
        ),
    )
    in_transaction(ledger.post, entry, one.actor)
    now(DECEMBER)
    assert books.between_centres(scopes.of(officer, *YEAR)).other_satang == 700


def test_a_centre_that_moves_in_july_counts_for_each_network_in_its_part(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    one, other, outside = shops
    trade_a_day(one, 1)
    trade_a_day(other, 3)
    lot = lot_of(other.buy(other.product("ข้าว", PRICE), 10_000, COST))
    on_the_road = send(other, (lot, 2_000), to=one.actor.centre)
    theirs = outside.actor.centre.network_id
    now(AUGUST)
    in_transaction(networks.move, theirs, MOVED, other.actor)
    trade_a_day(other, 5)
    # What was sent while both were in one network still arrives.
    receive(one, other, on_the_road, 2_000)
    now(DECEMBER)
    ours = scopes.of(officer, *YEAR)
    assert [(part.centre_id, part.last) for part in ours.moved] == [
        (other.centre_id, date(2026, 6, 30))
    ]
    assert ours.present == (one.centre_id,)
    assert income_of(ours) == 4 * PRICE
    new_officer = Actor(outside.actor.centre, None, "o", frozenset({"network_officer"}))
    their = scopes.of(new_officer, *YEAR)
    assert income_of(their) == 5 * PRICE
    whole = scopes.of_association(*YEAR)
    assert income_of(whole) == income_of(ours) + income_of(their)
    assert trade.trade(ours).total.taken_satang == 4 * PRICE
    assert trade.trade(their).total.taken_satang == 5 * PRICE
    assert trade.trade(their).months == {date(2026, 8, 1): trade.Takings(1, 5 * PRICE)}
    # How things stand counts where the centre is on the last day.
    assert rolled(books.balance(ours)) == added(own(one.centre_id, "balance", 202612))
    found = books.between_centres(ours)
    assert (found.roads, found.inward_satang, found.other_satang) == ((), 2 * COST, 0)
    assert books.between_centres(their).outward_satang == 2 * COST
    june = scopes.of(officer, 202601, 202606)
    assert (june.moved, income_of(june)) == ((), 4 * PRICE)


def test_days_of_a_cut_month_are_read_by_day(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    """A move in the middle of a month parts that month's books to the day."""
    one, other, _outside = shops
    now(datetime(2026, 7, 3, 5, tzinfo=UTC))
    trade_a_day(other, 2)
    now(datetime(2026, 7, 20, 5, tzinfo=UTC))
    trade_a_day(other, 4)
    theirs = shops[2].actor.centre.network_id
    in_transaction(networks.move, theirs, date(2026, 7, 15), other.actor)
    now(DECEMBER)
    assert income_of(scopes.of(officer, 202607, 202607)) == 2 * PRICE
    assert income_of(scopes.of_network(theirs, 202607, 202607)) == 4 * PRICE
    assert set(scopes.of(officer, *YEAR).centres) == {one.centre_id, other.centre_id}


def test_funds_add_up_by_kind(
    shops: tuple[Shop, Shop, Shop], officer: Actor, now: Callable[[datetime], None]
) -> None:
    from accounting.rules.entry import NewEntry, NewLine

    def put(shop: Shop, fund_id: UUID, came: int, went: int) -> None:
        for debit, credit in ((0, came), (went, 0)):
            sides = NewLine(Purpose.WELFARE_FUND, debit=debit, credit=credit, fund_id=fund_id)
            back = NewLine(Purpose.CASH_SAFE, debit=credit, credit=debit)
            entry = NewEntry(
                kind="opening",
                source_type="opening",
                source_id=uuid7(),
                business_date=clock.today(),
                occurred_at=clock.now(),
                lines=(sides, back),
            )
            in_transaction(ledger.post, entry, shop.actor)

    for shop, came, went in ((shops[0], 900, 200), (shops[1], 500, 100), (shops[2], 70, 7)):
        new = NewFund(uuid7(), "W", "กองทุนสวัสดิการ", "Welfare", Purpose.WELFARE_FUND)
        put(shop, in_transaction(funds.create, new, shop.actor).id, came, went)
    now(DECEMBER)
    [found] = books.funds(scopes.of(officer, *YEAR))
    assert (found.came, found.went, found.held) == (1_400, 300, 1_100)
    [after] = books.funds(scopes.of(officer, 202604, 202612))
    assert (after.came, after.went, after.held) == (0, 0, 1_100)
