"""A year with a surplus, its scenario, resolution, run, approvals and posting, as people do it.

Everything goes through the services; the year is 2569 (2026), and the meeting is on 9 January 2570.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.surplus.uses import PERCENT, Part
from accounting.services import funds, ledger
from accounting.services.funds import NewFund
from accounting.services.shares import recording
from accounting.services.shares.recording import BuyShares
from accounting.services.surplus import allocations, approving, posting, running, scenarios
from accounting.services.surplus.allocations import AllocationCard, PrepareAllocation
from accounting.services.surplus.approving import Approve
from accounting.services.surplus.scenarios import SaveScenario, ScenarioCard
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.services.sale import RecordSaleLine
from tests.closing import close, lock_month, quiet_rooms, trade
from tests.resolving import resolve
from tests.shop import Shop, shop_in

YEAR = 2569
IN_THE_YEAR = datetime(2026, 1, 5, 5, tzinfo=UTC)
"""The day the members joined."""
EVENING = datetime(2027, 1, 9, 12, tzinfo=UTC)
"""Seven in the evening at the community hall."""
MEETING = date(2027, 1, 9)
LAST_MONTH = 202612
NAMES = (("สมพร", "ใจดี"), ("สมศรี", "ขำคม"), ("บุญมา", "แก้วใส"))


@dataclass(frozen=True, slots=True)
class YearOfTrade:
    """A closed year: its members in the order they joined, and the shop they bought in."""

    members: tuple[UUID, ...]
    shop: Shop


def a_year(
    manager: Actor,
    accountant: Actor,
    *,
    surplus: int = 100_000,
    sell: bool = True,
    year: int = YEAR,
) -> YearOfTrade:
    """Let three members buy shares and goods in a year, and close it with a surplus.

    Members hold 10, 20 and 30 shares from 5 January, the day they joined; with `sell` each bought
    once, twice and three times for a hundred baht. Goods are sold at cost, so the surplus is what
    `trade` adds.
    """
    with clock.travel(lambda: IN_THE_YEAR.replace(year=year - 543)):
        people = tuple(
            in_transaction(members.create, NewMember(first_name=first, last_name=last), manager).id
            for first, last in NAMES
        )
        for number, member_id in enumerate(people, start=1):
            buy_shares(member_id, number * 10, accountant)
        shop = shop_in(manager.centre)
        if sell:
            _sell(shop, people)
        trade(accountant, date(year - 543, 6, 15), sales=surplus + 20_000, costs=20_000)
    close_year(manager, accountant, year)
    return YearOfTrade(people, shop)


def buy_shares(member_id: UUID, shares: int, actor: Actor, on: date | None = None) -> None:
    command = BuyShares(uuid7(), member_id, shares, on or clock.today(), "safe")
    in_transaction(recording.buy, command, actor)


def _sell(shop: Shop, people: Sequence[UUID]) -> None:
    rice = shop.product("ข้าวสาร", 10_000)
    shop.buy(rice, 100_000, 10_000)
    shop.open()
    for number, member_id in enumerate(people, start=1):
        for _ in range(number):
            shop.sell(RecordSaleLine(rice, 1_000, 10_000), member_id=member_id)
    shop.close((10_000, 16))


def close_year(manager: Actor, accountant: Actor, year: int = YEAR) -> None:
    """Close a year's months, five days into the next: the last by its close, others locked."""
    after = (EVENING - timedelta(days=4)).replace(year=year - 542)
    with clock.travel(lambda: after), quiet_rooms():
        in_transaction(_lock_before, manager, accountant, year)
        close((year - 543) * 100 + 12, accountant, manager)


def _lock_before(manager: Actor, accountant: Actor, year: int) -> None:
    for month in range(1, 12):
        lock_month((year - 543) * 100 + month, accountant, manager)


def past_year() -> int:
    """Return the fiscal year that was over before the present one began, by the real clock."""
    return clock.today().year + 543 - 1


def a_fund(manager: Actor, code: str = "WF", purpose: Purpose = Purpose.WELFARE_FUND) -> UUID:
    """Set up a fund of the community."""
    return in_transaction(
        funds.create, NewFund(uuid7(), code, f"กองทุน {code}", f"Fund {code}", purpose), manager
    ).id


def parts(**percents: int) -> tuple[Part, ...]:
    """Return parts by whole percents: parts(reserve=20, dividend=80)."""
    return tuple(Part(use, percent * PERCENT) for use, percent in percents.items())


USUAL = parts(reserve=20, dividend=30, patronage=30, retained=20)


def a_scenario(
    actor: Actor,
    some: Sequence[Part] = USUAL,
    name: str = "แบบที่ 1",
    year: int = YEAR,
    **rest: object,
) -> ScenarioCard:
    """Draw up a scenario of a year."""
    command = SaveScenario(uuid7(), year, name, tuple(some), **rest)  # type: ignore[arg-type]
    return in_transaction(scenarios.save, command, actor)


def prepared(
    actor: Actor,
    some: Sequence[Part] = USUAL,
    number: str = "1/2570",
    on: date = MEETING,
    **rest: object,
) -> AllocationCard:
    """Choose a new scenario under a new resolution."""
    scenario = a_scenario(actor, some, f"แบบ {number}", **rest)  # type: ignore[arg-type]
    command = PrepareAllocation(uuid7(), scenario.id, resolve(actor, number, on=on))
    return in_transaction(allocations.prepare, command, actor)


def measured(actor: Actor, some: Sequence[Part] = USUAL, **rest: object) -> AllocationCard:
    """Choose a scenario and measure every member."""
    card = prepared(actor, some, **rest)  # type: ignore[arg-type]
    in_transaction(running.prepare_run, card.id, actor)
    return allocations.card(card.id, actor)


def approve(card: AllocationCard, actor: Actor) -> AllocationCard:
    """Approve what the card shows."""
    return in_transaction(approving.approve, Approve(card.id, card.approval_digest), actor)


def posted(
    manager: Actor, accountant: Actor, some: Sequence[Part] = USUAL, **rest: object
) -> AllocationCard:
    """Choose, measure, approve by two, and post."""
    card = measured(accountant, some, **rest)
    approve(card, accountant)
    approve(card, manager)
    assert in_transaction(posting.post, card.id, manager)
    return allocations.card(card.id, manager)


def close_year_again(manager: Actor, accountant: Actor) -> None:
    """Close the last month of 2569 once more, after it was opened."""
    with quiet_rooms():
        close(LAST_MONTH, accountant, manager)


def spend(fund_id: UUID, satang: int, actor: Actor) -> None:
    """Take money out of a fund."""
    card = funds.card(actor.centre_id, fund_id)
    lines = (
        NewLine(card.purpose, debit=satang, fund_id=fund_id),
        NewLine(Purpose.CASH_SAFE, credit=satang),
    )
    entry = NewEntry("opening", "opening", uuid7(), clock.today(), clock.now(), lines)
    in_transaction(ledger.post, entry, actor)
