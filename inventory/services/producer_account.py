"""What a producer may see: what was sold, what is left, what is owed and when it is paid.

What must stay true: a producer sees own rows only, whatever is asked for; what is owed is the
books' figure (`producer_documents` lists what it is made of).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, case, func, select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from inventory.models import Lot, Product, StockLevel, StockMove
from inventory.rules.payout_day import next_payout_day
from inventory.rules.payouts import KINDS
from inventory.rules.sell_through import SellThrough
from inventory.services import payables, supply
from inventory.services.settlement import policies, preview
from members.services import access, producers
from members.services.producers import ProducerCard

RECENT = timedelta(days=29)
"""Today and the 29 days before it: 30 days."""

SOLD = ("sale", "refund")
PARTS = (Purpose.CONSIGNMENT_PAYABLE, Purpose.PAYABLE_OUTRIGHT, Purpose.PRODUCER_ADVANCES)
"""The accounts that make up what is owed; an advance is owed the other way round."""
MONTHS = 12
SIGN = case((StockMove.original_id.is_not(None), -1), else_=1)


@dataclass(frozen=True, slots=True)
class SoldCard:
    """What was sold of a product, refunds taken off: how much, at what price, whose part."""

    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    base_satang: int
    share_satang: int


@dataclass(frozen=True, slots=True)
class LeftCard:
    """What is left of a producer's consigned goods of a product."""

    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    next_expiry: date | None


@dataclass(frozen=True, slots=True)
class NextPayout:
    """When producers are paid next, and what this one would get if nothing more happened.

    `settled` is what posted statements still owe, `unsettled` what sold since and is due by that
    day, `outright` goods bought and what the old books owed; `recovered` is taken off for goods
    brought back, `netted` for advances, up to their caps.
    """

    day: date
    settled_satang: int
    unsettled_satang: int
    outright_satang: int
    recovered_satang: int
    netted_satang: int

    @property
    def estimate_satang(self) -> int:
        coming = self.settled_satang + self.unsettled_satang + self.outright_satang
        return max(coming - self.recovered_satang - self.netted_satang, 0)


@dataclass(frozen=True, slots=True)
class MonthCard:
    """The producer's part of what was sold in a month, by its first day."""

    first: date
    share_satang: int


@dataclass(frozen=True, slots=True)
class WantedCard:
    """Goods that sell and will soon be gone: the centre would take more."""

    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    pace: SellThrough


@dataclass(frozen=True, slots=True)
class ProducerAccount:
    """A producer's account on one page; money in satang."""

    producer: ProducerCard
    owed_satang: int
    owed_consignment_satang: int
    owed_outright_satang: int
    advances_satang: int
    today: tuple[SoldCard, ...]
    today_date: date
    recent: tuple[SoldCard, ...]
    recent_since: date
    left: tuple[LeftCard, ...]
    next_payout: NextPayout
    months: tuple[MonthCard, ...]
    wanted: tuple[WantedCard, ...]

    @property
    def today_share_satang(self) -> int:
        return sum(card.share_satang for card in self.today)

    @property
    def recent_share_satang(self) -> int:
        return sum(card.share_satang for card in self.recent)


@dataclass(frozen=True, slots=True)
class OwedCard:
    """What is owed to one producer."""

    producer: ProducerCard
    consignment_satang: int
    outright_satang: int
    advances_satang: int

    @property
    def owed_satang(self) -> int:
        return self.consignment_satang + self.outright_satang - self.advances_satang


@dataclass(frozen=True, slots=True)
class OwedTotals:
    """The control accounts: what is owed to all producers together."""

    consignment_satang: int
    outright_satang: int
    advances_satang: int


def of(actor: Actor, producer_id: UUID | None = None) -> ProducerAccount:
    """Return a producer's account; without an id the signed-in producer's own.

    Raises Forbidden for another's without the right to read producers, NotFound.
    """
    producer = whose(actor, producer_id)
    centre_id, today = actor.centre_id, clock.today()
    consignment, outright, advances = (_standing(centre_id, one, producer.id) for one in PARTS)
    left = _left(centre_id, producer.id)
    return ProducerAccount(
        producer=producer,
        owed_satang=consignment + outright + advances,
        owed_consignment_satang=consignment,
        owed_outright_satang=outright,
        advances_satang=-advances,
        today=tuple(_sold(centre_id, producer.id, today)),
        today_date=today,
        recent=tuple(_sold(centre_id, producer.id, today - RECENT)),
        recent_since=today - RECENT,
        left=tuple(left),
        next_payout=_next_payout(actor, producer.id, today),
        months=_months(centre_id, producer.id, today),
        wanted=_wanted(centre_id, producer.id, left, today),
    )


def _standing(centre_id: int, purpose: Purpose, producer_id: UUID) -> int:
    return -ledger.balance(centre_id, purpose, producer_id=producer_id)


def control(actor: Actor, on: date) -> OwedTotals:
    """Return the control accounts at the end of a day; `owed` adds up to them. Raises Forbidden."""
    access.require(actor, "producer.read")
    consignment, outright, advances = (
        ledger.balance(actor.centre_id, one, until=on) for one in PARTS
    )
    return OwedTotals(-consignment, -outright, advances)


def owed(actor: Actor, on: date | None = None) -> list[OwedCard]:
    """Return what is owed to each producer by the books, at the end of a day, largest first.

    Raises Forbidden.
    """
    access.require(actor, "producer.read")
    consignment, outright, advances = (
        ledger.sub_ledger(actor.centre_id, one, "producer", until=on) for one in PARTS
    )
    cards = [
        OwedCard(
            producer,
            -consignment.get(producer_id, 0),
            -outright.get(producer_id, 0),
            advances.get(producer_id, 0),
        )
        for producer_id, producer in producers.names(
            actor.centre_id, {*consignment, *outright, *advances}
        ).items()
    ]
    return sorted(
        (
            card
            for card in cards
            if card.consignment_satang or card.outright_satang or card.advances_satang
        ),
        key=lambda card: (-card.owed_satang, card.producer.producer_no),
    )


def whose(actor: Actor, producer_id: UUID | None) -> ProducerCard:
    """Return the producer whose account is asked for, the reader's own without an id.

    Raises Forbidden for another's without the right to read producers, NotFound.
    """
    wanted = producer_id or actor.producer_id
    own = wanted is not None and wanted == actor.producer_id
    access.require(actor, "producer_account.read" if own else "producer.read")
    if wanted is None:
        raise NotFound(what="producer")
    return producers.get(actor.centre_id, wanted)


# --- sold and left ---------------------------------------------------------------------------


def _sold(centre_id: int, producer_id: UUID, since: date) -> Sequence[SoldCard]:
    found = db.session.execute(
        select(
            Product.id,
            Product.name_th,
            Product.name_en,
            Product.unit,
            sum_int(SIGN * StockMove.quantity_milli),
            sum_int(SIGN * StockMove.base_satang),
            sum_int(SIGN * StockMove.share_satang),
        )
        .select_from(StockMove)
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            StockMove.centre_id == centre_id,
            StockMove.source_type.in_(SOLD),
            StockMove.business_date >= since,
            Lot.producer_id == producer_id,
            Lot.ownership == "consigned",
        )
        .group_by(Product.id, Product.name_th, Product.name_en, Product.unit, Product.sort_key)
        .order_by(Product.sort_key, Product.id)
    )
    return [SoldCard(*row) for row in found]


def _left(centre_id: int, producer_id: UUID) -> Sequence[LeftCard]:
    found = db.session.execute(
        select(
            Product.id,
            Product.name_th,
            Product.name_en,
            Product.unit,
            sum_int(StockLevel.quantity_milli),
            func.min(case((StockLevel.quantity_milli > 0, Lot.expires_on))),
        )
        .select_from(Lot)
        .join(StockLevel, and_(StockLevel.centre_id == Lot.centre_id, StockLevel.lot_id == Lot.id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            Lot.centre_id == centre_id,
            Lot.producer_id == producer_id,
            Lot.ownership == "consigned",
            StockLevel.quantity_milli != 0,
        )
        .group_by(Product.id, Product.name_th, Product.name_en, Product.unit, Product.sort_key)
        .order_by(Product.sort_key, Product.id)
    )
    return [LeftCard(*row) for row in found]


# --- what comes next -------------------------------------------------------------------------


def _next_payout(actor: Actor, producer_id: UUID, today: date) -> NextPayout:
    day = next_payout_day(today, policies.get(actor.centre_id).payout_day)
    lines = payables.of(actor.centre_id, [producer_id], reserved=False).get(producer_id, [])
    left = {kind: sum(one.left_satang for one in lines if one.kind == kind) for kind in KINDS}
    # What came back before its statement was paid is not paid: the next one need not take it.
    unpaid_returns = {one.document_id for one in lines if one.kind == "recovery"}
    due = preview.of(actor.centre_id, producer_id, day)
    taken = due.taken if due else ()
    recovered = sum(
        one.amount_satang for one in taken if one.owed.line.key[1] not in unpaid_returns
    )
    return NextPayout(
        day=day,
        settled_satang=left["settlement"],
        unsettled_satang=due.payout_satang + due.recovered_satang + due.netted_satang if due else 0,
        outright_satang=left["outright"] + left["opening"],
        recovered_satang=left["recovery"] + recovered,
        netted_satang=due.netted_satang if due else 0,
    )


def _months(centre_id: int, producer_id: UUID, today: date) -> tuple[MonthCard, ...]:
    """Return twelve months up to this one, oldest first; a month without sales is there too."""
    last = today.year * 12 + today.month - 1
    firsts = [date(*_month(number)) for number in range(last - MONTHS + 1, last + 1)]
    shares = dict.fromkeys(firsts, 0)
    days = db.session.execute(
        select(StockMove.business_date, sum_int(SIGN * StockMove.share_satang))
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .where(
            StockMove.centre_id == centre_id,
            StockMove.source_type.in_(SOLD),
            StockMove.business_date >= firsts[0],
            Lot.producer_id == producer_id,
            Lot.ownership == "consigned",
        )
        .group_by(StockMove.business_date)
    )
    for day, share in days:
        shares[day.replace(day=1)] += share
    return tuple(MonthCard(first, share) for first, share in shares.items())


def _month(number: int) -> tuple[int, int, int]:
    year, month = divmod(number, 12)
    return year, month + 1, 1


def _wanted(
    centre_id: int, producer_id: UUID, left: Sequence[LeftCard], today: date
) -> tuple[WantedCard, ...]:
    """The same reckoning as the manager's hints, of this producer's goods on consignment."""
    reckoned = supply.settings(centre_id)
    on_hand = {card.product_id: card.quantity_milli for card in left}
    sold = _sold(centre_id, producer_id, supply.window(reckoned, today)[0])
    there = supply.days_there(
        centre_id, {one.product_id for one in sold}, reckoned.window_days, today
    )
    cards = (
        WantedCard(
            one.product_id,
            one.name_th,
            one.name_en,
            one.unit,
            SellThrough(
                one.quantity_milli,
                on_hand.get(one.product_id, 0),
                there.get((one.product_id, producer_id, "consigned"), reckoned.window_days),
                supply=reckoned,
            ),
        )
        for one in sold
    )
    return tuple(card for card in cards if card.pace.bring_more)
