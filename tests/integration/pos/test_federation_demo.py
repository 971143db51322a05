"""The association at a small scale: the same building, its totals, and books that hold."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounting.rules.periods import period_of
from core import clock
from core.db import db
from members.models import Household, Member
from members.services import access, centres, users
from pos.models import Sale
from pos.rules.federation import NetworkFacts
from pos.services import verify
from pos.services.demo import federation, federation_welfare, words
from pos.services.rollups import books, people, trade, welfare
from pos.services.rollups import scope as scopes

SMALL = (
    NetworkFacts(4, "เครือข่ายลุ่มน้ำ", "องค์กร", 3, 95),
    NetworkFacts(7, "เครือข่ายภาคประชาชน", "องค์กร", 2, 40),
)


@pytest.fixture
def built(app: Flask) -> list[str]:
    told: list[str] = []
    federation.build(seed=1, sales=30, tell=lambda words: told.append(str(words)), networks=SMALL)
    return told


def test_a_small_association_has_its_members_and_holds(built: list[str]) -> None:
    names = {one.name: one for one in SMALL}
    for card in centres.networks():
        if card.name_th not in names:
            continue
        facts = names[card.name_th]
        own = centres.listing(card.id)
        assert len(own) == facts.organisations
        counted = db.session.scalar(
            select(func.count())
            .select_from(Member)
            .where(Member.centre_id.in_([one.id for one in own]))
        )
        assert counted == facts.members
        for one in own:
            wrong = [found for found in verify.run(one.id) if not found.ok]
            assert wrong == []
    assert db.session.scalar(select(func.count()).select_from(Sale)) == 30
    assert db.session.scalar(select(func.count()).select_from(Household))
    assert any("135 members" in line for line in built)


def test_its_roll_up_has_members_sales_and_goods_on_the_way(built: list[str]) -> None:
    network_id = next(one.id for one in centres.networks() if one.name_th == SMALL[0].name)
    now = period_of(clock.today())
    scope = scopes.of_network(network_id, now - 100, now)
    assert len(scope.centres) == 3
    total = people.members(scope).standings.total
    assert total is not None
    assert total.members == 95
    found = books.between_centres(scope)
    assert found.arrived_satang > 0
    assert found.on_the_way_satang > 0
    assert found.other_satang == 0
    shown = books.balance(scope).statement.totals
    assert shown["assets"] == shown["debts_and_equity"]
    selling = len([one for one in trade.trade(scope).centres if one])
    [fund] = [one for one in books.funds(scope) if one.held]
    assert fund.held == fund.came == selling * federation_welfare.MATCHED
    told = welfare.report(scope)
    assert told.facts.producers.known_satang and told.facts.buyers.known_satang
    assert told.coverage is not None and 0 < told.coverage < 1
    income = books.income(scope).statement.totals["result"][0]
    assert told.facts.ledger.surplus_satang == income


def test_its_officer_sees_the_networks_centres_and_no_other(built: list[str]) -> None:
    user_id = users.find("officer04")
    assert user_id is not None
    who = access.load_person(_session("officer04"))
    assert who is not None
    network_id = next(one.id for one in centres.networks() if one.name_th == SMALL[0].name)
    own = {one.id for one in centres.listing(network_id)}
    assert {place.centre_id for place in who.person.places} == own
    assert {role for place in who.person.places for role in place.roles} == {"network_officer"}


def _session(username: str) -> str:
    from datetime import timedelta

    from core.db import in_transaction
    from members.services import sessions
    from members.services.sessions import Browser

    attempt = in_transaction(sessions.reserve, username, "10.0.0.9")
    who = sessions.judge(attempt, words.PASSWORD)
    browser = Browser(address="10.0.0.9", user_agent="test", lasts=timedelta(hours=1))
    return in_transaction(sessions.open_session, who, browser)
