"""What the stock room's control accounts should hold, worked out from its documents.

What must stay true: a figure here never comes from a journal line of a document this room keeps.
Goods, purchases, payouts, advances and transfers are added up from their own tables, by lot or by
producer; only what the books' own papers (openings, vouchers) put under such a key is what they
say. `verify` asks for now, the close for the end of a day; both read the same effects.

A document counts on the day its entry counts. That is its own business date, unless its month was
locked when it came: then the journal has it later. So up to a day we add up by business date and
leave out the few documents that the journal counts only after that day: two cheap conditions
instead of a join of every sale with its entry.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, literal, select, tuple_, union_all
from sqlalchemy.sql import Select, Subquery

from accounting.rules.attention import Document
from accounting.rules.chart import Purpose
from accounting.services import rooms, sub_ledgers
from core.db import db, sum_int
from core.errors import N_
from inventory.models import BatchOutputLot, GoodsReceipt, Lot, TransferArrivalLine
from inventory.services import effects
from members.services import producers

Sums = dict[UUID | None, int]
Line = tuple[str, UUID, UUID | None]
"""A document (source type and id) and the lot or producer of an amount on it."""
NAMED_MAX = 10
"""So many documents of a difference are named."""
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Control:
    """A control account, whose sub-ledger it is, and what documents did to it."""

    key: str
    title: str
    purpose: Purpose
    party: str
    effects: Callable[[int], Sequence[Select[Any]]]


INVENTORY = Control(
    "inventory", N_("Own goods, by lot"), Purpose.INVENTORY, "lot", effects.of_own_goods
)
TRANSIT = Control(
    "transit", N_("Goods in transit"), Purpose.GOODS_IN_TRANSIT, "", effects.of_transfers
)
WORK = Control("work", N_("Goods being made"), Purpose.WORK_IN_PROGRESS, "", effects.of_work)
CONSIGNMENT = Control(
    "consignment",
    N_("Owed for consigned goods, by producer"),
    Purpose.CONSIGNMENT_PAYABLE,
    "producer",
    effects.of_consigned_goods,
)
OUTRIGHT = Control(
    "outright",
    N_("Owed for goods bought, by producer"),
    Purpose.PAYABLE_OUTRIGHT,
    "producer",
    effects.of_purchases,
)
UNCLAIMED = Control(
    "unclaimed",
    N_("Payouts nobody claimed, by producer"),
    Purpose.UNCLAIMED_PAYOUTS,
    "producer",
    effects.of_nothing,
)
ADVANCES = Control(
    "advances",
    N_("Advances still out, by producer"),
    Purpose.PRODUCER_ADVANCES,
    "producer",
    effects.of_advances,
)
RECEIVABLE = Control(
    "producer_receivable",
    N_("Owed by producers"),
    Purpose.PRODUCER_RECEIVABLE,
    "producer",
    effects.of_nothing,
)
ALL = (INVENTORY, TRANSIT, WORK, CONSIGNMENT, OUTRIGHT, UNCLAIMED, ADVANCES, RECEIVABLE)


def documents(centre_id: int, control: Control, on: date | None = None) -> Sums:
    """Return what documents say an account holds (debits less credits), by lot or producer.

    Up to the end of day `on`; without one, all there is. What comes to nothing is left out.
    """
    sums: Sums = {}
    for effect in counted(centre_id, control, on):
        query = select(effect.c.party_id, sum_int(effect.c.satang)).group_by(effect.c.party_id)
        for party_id, satang in db.session.execute(query):
            sums[party_id] = sums.get(party_id, 0) + satang
    return {party_id: satang for party_id, satang in sums.items() if satang}


def counted(centre_id: int, control: Control, on: date | None = None) -> list[Subquery]:
    """Return what documents did to an account that counts by the end of day `on`, unsummed.

    Columns party_id, source_type, source_id, counted_on, satang (debit − credit).
    """
    late = _late(centre_id, on)
    every = (
        *control.effects(centre_id),
        sub_ledgers.own_effects(centre_id, control.purpose, control.party),
    )
    return [_until(effect.subquery(), on, late) for effect in every]


def books(centre_id: int, control: Control, on: date | None = None) -> Sums:
    """Return what the journal says of the same, in the same form."""
    return sub_ledgers.by_key(centre_id, control.purpose, control.party, on)


def differing(documents_say: Sums, books_say: Sums) -> list[UUID | None]:
    """Return the lots or producers whose two sums differ, in a steady order."""
    keys = {*documents_say, *books_say}
    return sorted(
        (key for key in keys if documents_say.get(key, 0) != books_say.get(key, 0)), key=str
    )


def explaining(
    centre_id: int, control: Control, on: date | None, keys: Collection[UUID | None]
) -> tuple[Document, ...]:
    """Return the first documents whose entries did something else to an account than they say.

    Only those of the lots or producers given; the amount is what the books have more.
    """
    posted = sub_ledgers.effects(centre_id, control.purpose, control.party).subquery()
    parts = [_signed(_until(posted, on, None), 1, keys)]
    parts += [_signed(effect, -1, keys) for effect in counted(centre_id, control, on)]
    every = union_all(*parts).subquery()
    more = sum_int(every.c.satang)
    columns = (every.c.source_type, every.c.source_id, every.c.party_id)
    rows = db.session.execute(
        select(*columns, more)
        .group_by(*columns)
        .having(more != 0)
        .order_by(every.c.source_id, every.c.source_type, every.c.party_id)
        .limit(_LOOKED_AT)
    )
    found = {(kind, which, party): satang for kind, which, party, satang in rows}
    named = list(_arrivals_whole(centre_id, found).items())[:NAMED_MAX]
    sources = [(kind, which) for (kind, which, _), _ in named]
    numbers = sub_ledgers.numbers(centre_id, sources) | rooms.numbers_of(centre_id, sources)
    whose = _party_names(centre_id, control, {party for (_, _, party), _ in named if party})
    return tuple(
        Document(kind, which, numbers.get((kind, which), ""), satang, whose.get(party, ""))
        for (kind, which, party), satang in named
    )


def _party_names(
    centre_id: int, control: Control, parties: Collection[UUID]
) -> dict[UUID | None, str]:
    """Return what people call some lots or producers."""
    if control.party == "producer":
        cards = producers.names(centre_id, parties)
        return {one.id: f"{one.producer_no} {one.name}" for one in cards.values()}
    rows = db.session.execute(
        select(Lot.id, Lot.lot_no).where(Lot.centre_id == centre_id, Lot.id.in_(sorted(parties)))
    )
    return {lot_id: lot_no for lot_id, lot_no in rows}


# --- of effects ------------------------------------------------------------------------------


def _late(centre_id: int, on: date | None) -> Select[Any] | None:
    """Select the documents dated up to a day that count after it; None when there are none."""
    if on is None:
        return None
    late = sub_ledgers.counted_after(centre_id, on)
    return late if db.session.execute(late.limit(1)).first() else None


def _until(effect: Subquery, on: date | None, late: Select[Any] | None) -> Subquery:
    if on is None:
        return effect
    query = select(*effect.c).where(effect.c.counted_on <= on)
    if late is not None:
        query = query.where(tuple_(effect.c.source_type, effect.c.source_id).not_in(late))
    return query.subquery()


def _signed(effect: Subquery, sign: int, keys: Collection[UUID | None]) -> Select[Any]:
    known = sorted(key for key in keys if key is not None)
    whose: Any = effect.c.party_id.in_(known)
    if None in keys:
        whose = whose | effect.c.party_id.is_(None)
    amount = (literal(sign) * effect.c.satang).label("satang")
    columns: tuple[Any, ...] = (effect.c.source_type, effect.c.source_id, effect.c.party_id)
    return select(*columns, amount).where(whose)


def _arrivals_whole(centre_id: int, found: dict[Line, int]) -> dict[Line, int]:
    """Put goods from elsewhere, made here, or of the old books, under the document whose entry
    they have.

    Their moves bear the intake they came in by.
    """
    receipts = sorted(which for kind, which, _ in found if kind == "goods_receipt")
    rows = db.session.execute(
        select(Lot.goods_receipt_id, TransferArrivalLine.arrival_id)
        .join(
            TransferArrivalLine,
            and_(
                TransferArrivalLine.centre_id == Lot.centre_id,
                TransferArrivalLine.lot_id == Lot.id,
            ),
        )
        .where(Lot.centre_id == centre_id, Lot.goods_receipt_id.in_(receipts))
    )
    entered_by: dict[UUID, tuple[str, UUID]] = {
        receipt: ("transfer_arrival", arrival) for receipt, arrival in rows
    }
    made = db.session.execute(
        select(Lot.goods_receipt_id, BatchOutputLot.batch_id)
        .join(
            BatchOutputLot,
            and_(BatchOutputLot.centre_id == Lot.centre_id, BatchOutputLot.lot_id == Lot.id),
        )
        .where(Lot.centre_id == centre_id, Lot.goods_receipt_id.in_(receipts))
    )
    entered_by |= {receipt: ("batch_finish", batch) for receipt, batch in made}
    opened = db.session.execute(
        select(GoodsReceipt.id, GoodsReceipt.content).where(
            GoodsReceipt.centre_id == centre_id,
            GoodsReceipt.kind == "opening",
            GoodsReceipt.id.in_(receipts),
        )
    )
    for receipt, content in opened:
        entered_by[receipt] = ("opening_import", UUID(content["opening_import"]))
    whole: dict[Line, int] = {}
    for (kind, which, party), satang in found.items():
        line = (kind, which, party)
        if kind == "goods_receipt" and which in entered_by:
            line = (*entered_by[which], party)
        whole[line] = whole.get(line, 0) + satang
    return {line: satang for line, satang in whole.items() if satang}
