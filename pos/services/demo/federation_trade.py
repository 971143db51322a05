"""A year of trade of an association: a day each month, and goods sent between its centres.

What must stay true: the sale documents are exactly as many as were asked for; every document goes
through its service, many in one transaction, so that numbers, stock and books agree.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from core.money import split_by_weight
from inventory.services import catalogue, intake, locations
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.transfers import arrivals, choosing, sending
from inventory.services.transfers.arrivals import ArrivedLine, ReceiveGoods
from inventory.services.transfers.sending import SendGoods, SendLine
from members.services import producers, standing
from members.services.producers import NewProducer
from pos.rules.shift import DENOMINATIONS
from pos.services import sale, shift, tills
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from pos.services.shift import CloseShift, OpenShift

DAYS, MONTHS = 365, 12
OPEN, APART = timedelta(hours=9), timedelta(seconds=60)
"""A shop's day, and how far sales are apart when there are few."""
CHUNK = 200
FLOAT = 50_000
LINES_MOST, PIECES_MOST, PIECE = 3, 2, 1_000
TRANSFERS_IN, SENT_PIECES = (2, 5, 8, 11), 6
"""Months of the year in which a centre sends goods to the other; the last stays on the road."""
GOODS = (
    ("RICE", "ข้าวหอมมะลิ 1 กก.", "Jasmine rice 1 kg", 4_500, 3_200),
    ("FERT", "ปุ๋ยชีวภาพอัดเม็ด 1 กก.", "Pelletised bio-fertiliser 1 kg", 2_500, 1_700),
    ("WATER", "น้ำดื่มชุมชน", "Drinking water", 1_000, 550),
    ("SILK", "ผ้าไหมมัดหมี่", "Mudmee silk", 35_000, 0),
    ("BASKET", "ตะกร้าสาน", "Woven basket", 12_000, 0),
)
"""Code, Thai, English, price; what it costs, or 0 when it comes on consignment."""


@dataclass(frozen=True, slots=True)
class Trader:
    """A centre that trades, with its goods and who buys."""

    actor: Actor
    till_id: UUID
    producer_id: UUID
    goods: tuple[tuple[UUID, int, int], ...]
    members: tuple[UUID, ...]
    months: tuple[int, ...]
    """How many sales each month has."""


def morning(day: date) -> datetime:
    """Return seven o'clock of a day."""
    return datetime.combine(day, time(7), clock.BANGKOK).astimezone(UTC)


def play(
    parts: Sequence[tuple[Actor, int]],
    *,
    seed: int,
    today: date,
    tell: Callable[[str], object],
) -> None:
    """Let each centre sell its part; neighbours of one network send each other goods."""
    dice = random.Random(f"{seed}:trade")  # noqa: S311 - a play, no secret
    first = today - timedelta(days=DAYS)
    with clock.travel(lambda: morning(first)):
        traders = [in_transaction(_set_up, actor, sales, first) for actor, sales in parts]
    for month in range(MONTHS):
        day = first + timedelta(days=2 + month * (DAYS - 5) // MONTHS)
        for trader in traders:
            _play_day(trader, month, day, dice)
        if month in TRANSFERS_IN:
            arrives = month != TRANSFERS_IN[-1]
            with clock.travel(lambda day=day: morning(day) + timedelta(hours=11)):  # type: ignore[misc]
                for one, other in pairwise(traders):
                    if one.actor.centre.network_id == other.actor.centre.network_id:
                        in_transaction(_send, one, other, arrives)
        tell(f"{month + 1}/{MONTHS} months of trade in {len(traders)} centres")


def _set_up(actor: Actor, sales: int, day: date) -> Trader:
    maker = producers.create(NewProducer(name="กลุ่มผู้ผลิต (ตัวอย่าง)", kind="group"), actor)
    goods = []
    for code, name_th, name_en, price, cost in GOODS:
        facts = ProductFacts(code, name_th, name_en, "piece", "ชิ้น", price)
        product, _ = catalogue.save(SaveProduct(uuid7(), facts), actor)
        goods.append((product.id, price, cost))
    there = standing.on(actor.centre_id, day)
    return Trader(
        actor=actor,
        till_id=tills.listing(actor.centre_id)[0].id,
        producer_id=maker.id,
        goods=tuple(goods),
        members=tuple(sorted(one for one, state in there.items() if state.is_member)),
        months=tuple(split_by_weight(sales, [1] * MONTHS)),
    )


def _play_day(trader: Trader, month: int, day: date, dice: random.Random) -> None:
    """Take in what the day will sell, sell it, count the drawer."""
    count = trader.months[month]
    now = morning(day)
    with clock.travel(lambda: now):
        in_transaction(_take_in, trader, count)
        command = OpenShift(uuid7(), trader.till_id, FLOAT)
        opened = in_transaction(shift.open_shift, command, trader.actor)
        now += timedelta(minutes=60)
        step = min(APART, OPEN / max(count, 1))
        for begun in range(0, count, CHUNK):
            moments = [now + step * (number + 1) for number in range(min(CHUNK, count - begun))]
            in_transaction(_sell, trader, opened.id, moments, dice)
            now = moments[-1]
        in_transaction(_close, trader, opened.id)


def _take_in(trader: Trader, sales: int) -> None:
    """Let there be as much as the day can sell at most, and what is sent to a neighbour.

    Only what is missing is brought, for every lot with something left is read by every sale.
    """
    wanted = (sales * PIECES_MOST + SENT_PIECES) * PIECE
    shop = locations.shop(trader.actor.centre_id).id
    there = {card.id: card.on_hand_milli for card in catalogue.shelf(trader.actor.centre_id, shop)}
    for kind, bought in (("outright", True), ("consignment", False)):
        lines = tuple(
            RecordIntakeLine(
                product_id=product,
                gross_milli=wanted - there[product],
                unit_cost_satang=cost,
            )
            for product, _, cost in trader.goods
            if bool(cost) is bought and there[product] < wanted
        )
        if lines:
            command = RecordIntake(
                id=uuid7(), producer_id=trader.producer_id, kind=kind, lines=lines
            )
            intake.record(command, trader.actor)


def _sell(trader: Trader, shift_id: UUID, moments: Sequence[datetime], dice: random.Random) -> None:
    """Sell a basket at each moment."""
    drawn = random.Random(dice.getrandbits(64))  # noqa: S311 - a play, no secret
    for moment in moments:
        sale.record(_basket(trader, shift_id, moment, drawn), trader.actor)


def _basket(trader: Trader, shift_id: UUID, moment: datetime, dice: random.Random) -> RecordSale:
    chosen = dice.sample(trader.goods, dice.randrange(1, LINES_MOST + 1))
    lines = tuple(
        RecordSaleLine(product, dice.randint(1, PIECES_MOST) * PIECE, price)
        for product, price, _ in chosen
    )
    due = sum(line.quantity_milli // PIECE * line.unit_price_satang for line in lines)
    way = "cash" if dice.random() < 0.8 else "promptpay"
    paid = RecordPayment(way, due) if way == "cash" else RecordPayment(way, due, "PP-EXAMPLE")
    member_id = dice.choice(trader.members) if trader.members and dice.random() < 0.6 else None
    return RecordSale(
        id=uuid7(),
        till_id=trader.till_id,
        shift_id=shift_id,
        occurred_at=moment,
        lines=lines,
        payments=(paid,),
        member_id=member_id,
    )


def _close(trader: Trader, shift_id: UUID) -> None:
    """Hand everything in, then count: nothing is over or short."""
    held = ledger.balance(trader.actor.centre_id, Purpose.CASH_TILL, till_id=trader.till_id)
    counts = []
    for denomination in DENOMINATIONS:
        pieces, held = divmod(held, denomination)
        if pieces:
            counts.append((denomination, pieces))
    shift.close_shift(CloseShift(shift_id, tuple(counts)), trader.actor)


def _send(one: Trader, other: Trader, arrives: bool) -> None:
    """Send goods to the neighbour, own and consigned; mostly they arrive the same evening."""
    shelf = locations.shop(one.actor.centre_id).id
    there = choosing.lying_at(one.actor, shelf)
    lots = {lot.ownership: lot for lot in there if lot.quantity_milli >= SENT_PIECES * PIECE}
    lines = tuple(SendLine(lot.lot_id, SENT_PIECES * PIECE) for lot in lots.values())
    if not lines:
        return
    transfer_id = sending.send(
        SendGoods(uuid7(), shelf, lines, to_centre_id=other.actor.centre_id), one.actor
    )
    if arrives:
        arrived = tuple(
            ArrivedLine(number, SENT_PIECES * PIECE) for number in range(1, len(lines) + 1)
        )
        command = ReceiveGoods(
            uuid7(),
            one.actor.centre_id,
            transfer_id,
            locations.shop(other.actor.centre_id).id,
            arrived,
        )
        arrivals.receive(command, other.actor)
