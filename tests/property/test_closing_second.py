"""A sale in the closing second, ten thousand times: in exactly one month, and Z = drawer = journal.

The database is played here, step by step: transactions that see what is committed, hold shared or
exclusive locks until their end, and wait for each other; a scheduler picks who takes the next step.
What decides is our own: whether a sale is in time, late or outside its shift, on which day it
counts, which lines it posts, what the count posts, whether the report ties. The order of steps and
locks is that of `pos.services.sale`, `pos.services.shift` and `accounting.services.closing`;
`tests/integration/pos/test_closing_second.py` runs the same race through the real ones.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine, check
from accounting.rules.periods import counts_on, may_be_locked, period_of
from core.clock import business_date
from pos.rules.posting import Money, SoldPart, sale_lines
from pos.rules.shift import over_short_lines, place_of
from pos.rules.shift_report import Drawer

HISTORIES = 10_000
MIDNIGHT = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)  # the month ends in Bangkok
OCTOBER = 202610
TILL, LOT, PRODUCER = UUID(int=1), UUID(int=2), UUID(int=3)
FLOAT = 50_000

Want = tuple[str, bool]
"""A lock to wait for: its name, and whether others must be out."""
Steps = Generator[Want | None, None, str]


@dataclass
class Shift:
    """A shift as committed."""

    opened_at: datetime
    closed_at: datetime | None = None
    expected: int = 0
    counted: int = 0


@dataclass
class Doc:
    """A recorded sale."""

    shift: int
    late: bool
    satang: int


@dataclass
class Posted:
    """An entry, and at which commit of the history it came."""

    source: str
    posting_date: date
    lines: tuple[NewLine, ...]
    at: int


@dataclass
class Bill:
    """A sale as the tablet keeps it until it is recorded."""

    id: str
    shift: int
    occurred_at: datetime
    satang: int


@dataclass
class World:
    """What is committed, who holds which lock, and what time it is."""

    chance: random.Random
    now: datetime
    locking: frozenset[str]
    shifts: list[Shift] = field(default_factory=list)
    locked_at: int | None = None
    journal: list[Posted] = field(default_factory=list)
    docs: dict[str, Doc] = field(default_factory=dict)
    commits: int = 0
    made: dict[str, Bill] = field(default_factory=dict)
    """Every bill the tablet ever made, the last way it was made: where its money lies."""

    def period_open(self, period_id: int) -> bool:
        return period_id != OCTOBER or self.locked_at is None

    def till(self) -> int:
        return self._net(Purpose.CASH_TILL, "")

    def over_short(self, source: str = "") -> int:
        return self._net(Purpose.CASH_OVER_SHORT, source)

    def _net(self, purpose: Purpose, source: str) -> int:
        return sum(
            line.debit - line.credit
            for entry in self.journal
            if entry.source.startswith(source)
            for line in entry.lines
            if line.purpose is purpose
        )

    def commit(self, source: str, posting_date: date, lines: tuple[NewLine, ...]) -> None:
        self.commits += 1
        if lines:
            check(NewEntry("sale", "sale", LOT, posting_date, self.now, lines))
            self.journal.append(Posted(source, posting_date, lines, self.commits))


# --- the transactions, step by step -------------------------------------------------------------


def post_day(world: World, day: date) -> Generator[Want | None, None, date]:
    """Find the day something of `day` counts (accounting.services.periods.posting_date)."""
    today = business_date(world.now)
    if not may_be_locked(day, today):
        return day
    if "period" in world.locking:
        yield (f"period {period_of(day)}", False)
    open_ = world.period_open(period_of(day))
    yield None
    return counts_on(day, today, own_month_open=open_)


def header(world: World, day: date) -> Generator[Want | None, None, bool]:
    """Insert an entry's header: the guard holds the month's row and refuses a locked month."""
    if "period" in world.locking:
        yield (f"period {period_of(day)}", False)
    open_ = world.period_open(period_of(day))
    yield None
    return open_


def record(world: World, bill: Bill) -> Steps:
    """Record a sale (pos.services.sale.record)."""
    if "shift" in world.locking:
        yield (f"shift {bill.shift}", False)
    yield None
    if bill.id in world.docs:
        return "repeated"
    shift = world.shifts[bill.shift]
    place = place_of(shift.opened_at, shift.closed_at, bill.occurred_at)
    if place is None:
        return "outside"
    late = place == "late"
    yield None
    part = SoldPart(
        line_no=1,
        quantity_milli=1000,
        ownership="consignment",
        net_satang=bill.satang,
        discount_satang=0,
        tax_satang=0,
        tax_rate_basis_points=0,
        cost_satang=0,
        share_satang=bill.satang * 8 // 10,
        lot_id=LOT,
        producer_id=PRODUCER,
        producer_member_id=None,
        base_satang=bill.satang,
    )
    lines = sale_lines([part], Money(bill.satang, 0, 0, TILL, counted=late), None)
    day = yield from post_day(world, business_date(shift.opened_at))
    if not (yield from header(world, day)):
        return "period-closed"
    if bill.id in world.docs:  # the key of the table
        return "repeated"
    world.commit(f"sale {bill.id}", day, lines)
    world.docs[bill.id] = Doc(bill.shift, late, bill.satang)
    return "recorded"


def close(world: World, number: int) -> Steps:
    """Count and close a shift (pos.services.shift.close_shift); the count is exact."""
    if "shift" in world.locking:
        yield (f"shift {number}", True)
    yield None
    shift = world.shifts[number]
    if shift.closed_at is not None:
        return "closed"
    expected = world.till()
    day = yield from post_day(world, business_date(shift.opened_at))
    if not (yield from header(world, day)):
        return "period-closed"
    moment = world.now
    counted = FLOAT + sum(
        bill.satang
        for bill in world.made.values()
        if bill.shift <= number and bill.occurred_at <= moment
    )
    world.commit(f"close {number}", day, over_short_lines(expected, counted, TILL))
    shift.closed_at, shift.expected, shift.counted = moment, expected, counted
    return "closed"


def lock(world: World) -> Steps:
    """Lock October (accounting.services.closing.signing.sign), once its shifts are closed."""
    if "period" in world.locking:
        yield (f"period {OCTOBER}", True)
    yield None
    if period_of(business_date(world.now)) <= OCTOBER:
        return "not-over"
    for shift in world.shifts:
        if period_of(business_date(shift.opened_at)) <= OCTOBER and shift.closed_at is None:
            return "shifts-open"
    yield None
    world.commits += 1
    world.locked_at = world.commits
    return "locked"


# --- who does what, in which order --------------------------------------------------------------


class Scheduler:
    """Lets one transaction at a time take a step; a lock is held until the transaction ends."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.running: dict[str, tuple[Steps, Want | None]] = {}
        self.held: dict[str, dict[str, bool]] = {}

    def begin(self, name: str, steps: Steps) -> None:
        if name not in self.running:
            self.running[name] = (steps, None)

    def step(self) -> tuple[str, str] | None:
        """Take a step of somebody who can; return who ended, and how."""
        able = [name for name, (_, want) in self.running.items() if self._free(name, want)]
        assert able, "everybody waits for somebody"
        name = self.world.chance.choice(able)
        steps, want = self.running[name]
        if want is not None:
            self.held.setdefault(want[0], {})[name] = want[1]
        try:
            self.running[name] = (steps, next(steps))
        except StopIteration as end:
            del self.running[name]
            for holders in self.held.values():
                holders.pop(name, None)
            return name, end.value
        return None

    def _free(self, name: str, want: Want | None) -> bool:
        if want is None:
            return True
        others = {who: alone for who, alone in self.held.get(want[0], {}).items() if who != name}
        return not others if want[1] else not any(others.values())


def history(seed: int, locking: frozenset[str]) -> World:
    """Play one month's end: sales, a count, a new shift, a lock, and every bill sent to its end."""
    chance = random.Random(seed)
    start = MIDNIGHT - timedelta(milliseconds=chance.choice((2, 5, 20)))
    world = World(chance, start, locking)
    world.shifts.append(Shift(start - timedelta(hours=8)))
    float_lines = over_short_lines(0, FLOAT, TILL)  # any line that fills the drawer
    world.commit("float", business_date(start), float_lines)
    scheduler = Scheduler(world)
    left = chance.randint(2, 5)
    kept: list[Bill] = []
    wanted = {"close", "lock"}
    while left or kept or wanted or scheduler.running:
        world.now += timedelta(microseconds=chance.choice((1, 40, 900, 2500)))
        current = len(world.shifts) - 1
        if left and chance.random() < 0.3:
            left -= 1
            bill = Bill(f"{seed}-{left}", current, world.now, chance.randint(1, 900) * 100)
            world.made[bill.id] = bill
            kept.append(bill)
        if kept and chance.random() < 0.4:
            bill = chance.choice(kept)
            scheduler.begin(f"sale {bill.id} {chance.randint(0, 1)}", record(world, bill))
        if "close" in wanted and chance.random() < 0.1:
            scheduler.begin("close", close(world, 0))
        if "lock" in wanted and chance.random() < 0.15:
            scheduler.begin("lock", lock(world))
        over = current == 0 and world.shifts[0].closed_at and world.now >= MIDNIGHT
        if over and chance.random() < 0.3:
            world.shifts.append(Shift(world.now))
        if scheduler.running:
            ended = scheduler.step()
            if ended is not None:
                settle(world, kept, wanted, *ended)
    return world


def settle(world: World, kept: list[Bill], wanted: set[str], name: str, outcome: str) -> None:
    """Do what the tablet, or the person, does with an answer."""
    if outcome in ("closed", "locked"):
        wanted.discard(name)
    if not name.startswith("sale "):
        return
    identity = name.split()[1]
    if outcome in ("recorded", "repeated"):
        if world.chance.random() < 0.8:  # else the answer is lost: the same is sent again
            kept[:] = [bill for bill in kept if bill.id != identity]
    elif outcome == "outside":
        bring_back(world, kept, identity)


def bring_back(world: World, kept: list[Bill], identity: str) -> None:
    """Put a refused bill on the counter again: with its own id, into the shift open now."""
    current = len(world.shifts) - 1
    for place, bill in enumerate(kept):
        if bill.id == identity and bill.shift != current:
            kept[place] = Bill(bill.id, current, world.now, bill.satang)
            world.made[identity] = kept[place]


# --- what must hold -----------------------------------------------------------------------------


def faults(world: World) -> Iterator[str]:
    """Yield what is wrong with a history."""
    entries = [entry for entry in world.journal if entry.source.startswith("sale ")]
    if sorted(entry.source[5:] for entry in entries) != sorted(world.made):
        yield "a sale is not in exactly one month"
    if sorted(world.docs) != sorted(world.made):
        yield "a sale is lost"
    if any(
        period_of(entry.posting_date) == OCTOBER and world.locked_at and entry.at > world.locked_at
        for entry in world.journal
    ):
        yield "something was added to a locked month"
    yield from _reports(world)
    late = sum(doc.satang for doc in world.docs.values() if doc.late)
    if world.over_short("sale ") != late:
        yield "late cash is not what was taken out of over and short"


def _reports(world: World) -> Iterator[str]:
    """Yield closed shifts whose report, drawer and journal differ."""
    carried = FLOAT
    for number, shift in enumerate(world.shifts):
        in_time = sum(d.satang for d in world.docs.values() if d.shift == number and not d.late)
        late = sum(d.satang for d in world.docs.values() if d.shift == number and d.late)
        if shift.closed_at is None:
            if world.till() != carried + in_time or late:
                yield "the open drawer is not its documents"
            continue
        books = carried + sum(
            line.debit - line.credit
            for entry in world.journal
            if entry.source.startswith("sale ") and world.docs[entry.source[5:]].shift == number
            for line in entry.lines
            if line.purpose is Purpose.CASH_TILL
        )
        drawer = Drawer(carried, in_time, 0, 0, 0, 0, shift.expected, books, shift.counted)
        if not drawer.tied:
            yield "the report does not tie"
        if drawer.over_short_satang != late:
            yield "what was over is not what came late"
        carried = shift.counted


def test_ten_thousand_closing_seconds() -> None:
    seen = {"late": 0, "in time": 0, "after the lock": 0, "next shift": 0}
    for seed in range(HISTORIES):
        world = history(seed, frozenset({"shift", "period"}))
        assert list(faults(world)) == [], seed
        for doc in world.docs.values():
            seen["late" if doc.late else "in time"] += 1
            seen["next shift"] += doc.shift
        seen["after the lock"] += sum(
            entry.source.startswith("sale ")
            and world.docs[entry.source[5:]].shift == 0
            and period_of(entry.posting_date) != OCTOBER
            for entry in world.journal
        )
    # Chance must have led through every door, many times.
    assert min(seen.values()) > HISTORIES // 20, seen


@pytest.mark.parametrize(
    ("locking", "fault"),
    [
        (frozenset({"period"}), "the report does not tie"),
        (frozenset({"shift"}), "something was added to a locked month"),
    ],
    ids=["without the shift's lock", "without the month's lock"],
)
def test_without_a_lock_it_is_found_out(locking: frozenset[str], fault: str) -> None:
    """The play is worth something: take a lock away and it shows."""
    assert any(fault in faults(history(seed, locking)) for seed in range(2000))
