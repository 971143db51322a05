"""Reference prices and the village's limits: entered once, never rewritten, one centre's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from accounting.rules.welfare import DEFAULT_AIMS
from accounting.services import welfare_settings
from accounting.services.welfare_settings import AimsDiffer, AimsDisordered, DecideAims
from core import clock
from core.actor import Actor, Centre
from core.config import Settings
from core.db import in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from inventory.services import catalogue, reference_files, reference_prices
from inventory.services.reference_prices import (
    EnterReference,
    ReferenceDiffers,
    ReferenceWithdrawn,
    WithdrawReference,
)
from migrations.guards import words
from tests.conftest import actor_of
from tests.integration.attacks import Attacker
from tests.resolving import resolve
from tests.shop import shop_in


@pytest.fixture
def rice(centre: Centre) -> UUID:
    return shop_in(centre).product("ข้าว", 1_800, by_weight=True)


@pytest.fixture
def attacker(settings: Settings) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url)
    yield hand
    hand.close()


def command(product_id: UUID) -> EnterReference:
    today = clock.today()
    return EnterReference(uuid7(), product_id, "shelf", 2_200, today, "ตลาด", "ป้าย", 2_000, 2_400)


def test_the_same_command_again_changes_nothing_and_another_is_refused(
    rice: UUID, manager: Actor
) -> None:
    asked = command(rice)
    first = in_transaction(reference_prices.enter, asked, manager)
    assert in_transaction(reference_prices.enter, asked, manager) == first
    with pytest.raises(ReferenceDiffers):
        in_transaction(reference_prices.enter, replace(asked, price_satang=2_300), manager)


def test_a_withdrawal_is_said_once(rice: UUID, manager: Actor, auditor: Actor) -> None:
    asked = command(rice)
    in_transaction(reference_prices.enter, asked, manager)
    wrong = WithdrawReference(asked.id, "อ่านผิด")
    with pytest.raises(Forbidden):
        in_transaction(reference_prices.withdraw, wrong, auditor)
    gone = in_transaction(reference_prices.withdraw, wrong, manager)
    assert in_transaction(reference_prices.withdraw, wrong, manager) == gone
    with pytest.raises(ReferenceWithdrawn):
        in_transaction(reference_prices.withdraw, WithdrawReference(asked.id, "อย่างอื่น"), manager)
    book = reference_prices.book(manager.centre_id, clock.today(), 180)
    assert book.on(rice, "shelf", clock.today()) is None


def test_another_centre_sees_and_touches_none_of_it(
    rice: UUID, manager: Actor, other_centre: Centre
) -> None:
    asked = command(rice)
    in_transaction(reference_prices.enter, asked, manager)
    stranger = actor_of(other_centre, "manager")
    with pytest.raises(NotFound):
        reference_prices.get(asked.id, stranger)
    with pytest.raises(NotFound):
        in_transaction(reference_prices.withdraw, WithdrawReference(asked.id, "x"), stranger)
    with pytest.raises(NotFound):
        in_transaction(reference_prices.enter, replace(asked, id=uuid7()), stranger)
    book = reference_prices.book(other_centre.id, clock.today(), 180)
    assert book.on(rice, "shelf", clock.today()) is None


def test_looking_at_a_file_enters_nothing(rice: UUID, manager: Actor) -> None:
    data = b"code,kind,price,day,place,source\nNOPE,shelf,1,2026-11-01,x,y\n"
    seen = reference_files.look(data, "prices.csv", manager)
    assert (len(seen.good), len(seen.returned)) == (0, 1)
    with pytest.raises(reference_files.ColumnsMissing):
        reference_files.look(b"code,price\nA,1\n", "prices.csv", manager)


def test_a_line_that_stands_twice_in_a_file_is_counted_once(centre: Centre, manager: Actor) -> None:
    product = catalogue.names(centre.id, [shop_in(centre).product("ข้าวสาร", 1_800)])
    [code] = [one.code for one in product.values()]
    line = f"{code},หน้าร้าน,๒๒.๕๐,{clock.today():%d/%m}/{clock.today().year + 543},ตลาด,ป้าย\n"
    data = ("\ufeffรหัส,ชนิด,ราคา,วันที่,สถานที่,ที่มา\n" + 2 * line).encode()
    seen = in_transaction(reference_files.take, data, "prices.csv", manager)
    assert (len(seen.good), len(seen.known), len(seen.returned)) == (1, 1, 0)
    again = reference_files.look(data, "prices.csv", manager)
    assert (len(again.good), len(again.known)) == (0, 2)


def test_no_other_tool_rewrites_a_price_or_a_limit(
    rice: UUID, manager: Actor, attacker: Attacker
) -> None:
    asked = command(rice)
    in_transaction(reference_prices.enter, asked, manager)
    in_transaction(reference_prices.withdraw, WithdrawReference(asked.id, "อ่านผิด"), manager)
    in_transaction(welfare_settings.decide, limits(resolve(manager)), manager)
    for table in ("reference_price", "reference_price_withdrawal", "welfare_settings"):
        before = attacker.rows(table)
        assert before
        attacker.refused(words(table), f"UPDATE {table} SET centre_id = centre_id")
        attacker.refused(words(table), f"DELETE FROM {table}")
        assert attacker.rows(table) == before


def limits(resolution_id: UUID, day: date = date(2026, 1, 1), upper: int = 7_000) -> DecideAims:
    return DecideAims(uuid7(), day, upper, 3_000, 5_000, 90, resolution_id)


def test_the_limits_in_force_are_the_latest_not_after_the_day(
    manager: Actor, accountant: Actor
) -> None:
    resolution_id = resolve(manager)
    assert welfare_settings.on(manager.centre_id, date(2026, 6, 1)) == DEFAULT_AIMS
    first = limits(resolution_id)
    in_transaction(welfare_settings.decide, first, manager)
    in_transaction(welfare_settings.decide, first, manager)
    in_transaction(welfare_settings.decide, limits(resolution_id, date(2026, 7, 1), 8_000), manager)
    for day, upper in ((date(2026, 6, 30), 7_000), (date(2026, 7, 1), 8_000)):
        aims = welfare_settings.on(manager.centre_id, day)
        assert (aims.members_from_basis_points, aims.decided) == (upper, True)
    with pytest.raises(AimsDiffer):
        in_transaction(welfare_settings.decide, replace(first, reference_days=1), manager)
    with pytest.raises(AimsDisordered):
        in_transaction(welfare_settings.decide, limits(resolution_id, upper=2_000), manager)
    with pytest.raises(Forbidden):
        in_transaction(welfare_settings.decide, limits(resolution_id), accountant)
