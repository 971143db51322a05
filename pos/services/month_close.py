"""What the counter has to say before a month can be closed, and its drawers beside their documents.

What must stay true: a month waits for every shift begun in it or before; a drawer's sum is worked
out from floats, documents and counts alone, never from the lines it is compared with; what counts
only after the day (its month was locked when it came) is left out, as the journal does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_

from accounting.rules.attention import Attention, Document, TieOut
from accounting.rules.chart import Purpose
from accounting.rules.periods import first_day, last_day
from accounting.services import chart, ledger, shift_cash, sub_ledgers
from core.clock import BANGKOK
from core.db import db, sum_int
from core.errors import N_
from inventory.services import drawer
from pos.models import HeldSale, Shift, Till
from pos.services import late_documents
from pos.services.verify import expected_cash

NAMED_MAX = 10
"""So many documents of a matter or a difference are named."""
LOOKED_AT = 62
"""So many of a till's last shifts are looked through for a difference: two a day in a month."""


def matters(centre_id: int, period_id: int) -> Iterator[Attention]:
    """Yield what needs a person at the counter, for one month."""
    first, last = first_day(period_id), last_day(period_id)
    yield from _open_shifts(centre_id, last)
    yield from _over_and_short(centre_id, first, last)
    yield from _held(centre_id, last)
    yield from _late(centre_id, first, last)


def ties(centre_id: int, on: date) -> Iterator[TieOut]:
    """Yield the cash of every till ever used, beside its documents at the end of `on`."""
    books = ledger.sub_ledger(centre_id, Purpose.CASH_TILL, "till", until=on)
    later = _counted_after(centre_id, on)
    code = chart.account_for(centre_id, Purpose.CASH_TILL).code
    tills = db.session.execute(
        select(Till.id, Till.code).where(Till.centre_id == centre_id).order_by(Till.code)
    )
    for till_id, till_code in tills.all():
        last = _last_shift(centre_id, till_id, on)
        if last is None and till_id not in books:
            continue
        documents = (_drawer(centre_id, last, on) if last else 0) - later.get(till_id, 0)
        posted = books.get(till_id, 0)
        yield TieOut(
            key=f"cash_till:{till_code}",
            title=N_("Cash in the till"),
            which=till_code,
            code=code,
            ledger_satang=posted,
            sub_ledger_satang=documents,
            documents=() if posted == documents else _explaining(centre_id, till_id, on),
        )


# --- matters -----------------------------------------------------------------------------------


def _open_shifts(centre_id: int, last: date) -> Iterator[Attention]:
    rows = db.session.execute(
        select(Shift.id, Shift.shift_no)
        .where(Shift.centre_id == centre_id, Shift.closed_at.is_(None), Shift.business_date <= last)
        .order_by(Shift.opened_at)
    ).all()
    if rows:
        yield Attention(
            step="shifts",
            title=N_("Shifts still open: count the drawer and close them"),
            count=len(rows),
            address="/c/{c}/shifts",
            documents=tuple(Document("shift", *row) for row in rows[:NAMED_MAX]),
        )


def _over_and_short(centre_id: int, first: date, last: date) -> Iterator[Attention]:
    """Money over or short is posted already; it is shown with the close, and stops nothing."""
    difference: Any = Shift.counted_satang - Shift.expected_satang
    found = (
        Shift.centre_id == centre_id,
        Shift.business_date.between(first, last),
        difference != 0,
    )
    count, satang = db.session.execute(
        select(func.count(), sum_int(difference)).where(*found)
    ).one()
    if count:
        rows = db.session.execute(
            select(Shift.id, Shift.shift_no, difference)
            .where(*found)
            .order_by(func.abs(difference).desc(), Shift.opened_at)
            .limit(NAMED_MAX)
        )
        yield Attention(
            step="shifts",
            title=N_("Shifts counted with money over or short"),
            count=count,
            satang=satang,
            address="/c/{c}/shifts",
            stops=False,
            documents=tuple(Document("shift", *row) for row in rows),
        )


def _held(centre_id: int, last: date) -> Iterator[Attention]:
    """A bill put aside is a note: no goods and no money moved. Somebody should know of it."""
    midnight = datetime.combine(last + timedelta(days=1), time.min, BANGKOK)
    held = db.session.scalar(
        select(func.count()).where(HeldSale.centre_id == centre_id, HeldSale.held_at < midnight)
    )
    if held:
        yield Attention(
            step="held_sales",
            title=N_("Bills put aside at the counter: take them back, or clear them"),
            count=held,
            address="/c/{c}/counter",
            stops=False,
        )


def _late(centre_id: int, first: date, last: date) -> Iterator[Attention]:
    found = late_documents.of_days(centre_id, first, last)
    if found:
        yield Attention(
            step="late_sales",
            title=N_("Sales and refunds that came after their shift was counted"),
            count=len(found),
            satang=sum(one.due_satang for one in found),
            address="/c/{c}/sales",
            stops=False,
            documents=tuple(
                Document(one.type, one.id, one.number, one.due_satang) for one in found[:NAMED_MAX]
            ),
        )


# --- the drawers -------------------------------------------------------------------------------


def _last_shift(centre_id: int, till_id: UUID, on: date) -> Shift | None:
    return db.session.scalars(_shifts(centre_id, till_id, on).limit(1)).one_or_none()


def _shifts(centre_id: int, till_id: UUID, on: date) -> Select[Shift]:
    return (
        select(Shift)
        .where(Shift.centre_id == centre_id, Shift.till_id == till_id, Shift.business_date <= on)
        .order_by(Shift.opened_at.desc(), Shift.id.desc())
    )


def _drawer(centre_id: int, last: Shift, on: date) -> int:
    """Return what a drawer held at the end of a day, by its last shift begun until then.

    All of a shift's own documents bear its date, its count too; only what the stock room and the
    books pay and take bears the day it happened, which may come after midnight.
    """
    held = last.counted_satang
    if held is None:
        held = expected_cash(centre_id, last.id, last.float_satang)
    out_after = drawer.out_after(centre_id, last.id, on)
    return held + out_after + shift_cash.taken_out(centre_id, last.id, on)


def _counted_after(centre_id: int, on: date) -> dict[UUID, int]:
    """Return what documents dated until a day did to each drawer, but count only after it."""
    late = sub_ledgers.counted_after(centre_id, on)
    if db.session.execute(late.limit(1)).first() is None:
        return {}
    effect = sub_ledgers.effects(centre_id, Purpose.CASH_TILL, "till").subquery()
    rows = db.session.execute(
        select(effect.c.party_id, sum_int(effect.c.satang))
        .where(
            effect.c.counted_on > on,
            tuple_(effect.c.source_type, effect.c.source_id).in_(late),
        )
        .group_by(effect.c.party_id)
    )
    return {till_id: satang for till_id, satang in rows}


def _explaining(centre_id: int, till_id: UUID, on: date) -> tuple[Document, ...]:
    """Return the shifts whose close expected something else than their documents say, else the
    last one: the difference came after its count."""
    shifts = list(db.session.scalars(_shifts(centre_id, till_id, on).limit(LOOKED_AT)))
    wrong = []
    for shift in shifts:
        if shift.expected_satang is not None:
            documents = expected_cash(centre_id, shift.id, shift.float_satang)
            if documents != shift.expected_satang:
                missing = shift.expected_satang - documents
                wrong.append(Document("shift", shift.id, shift.shift_no, missing))
    named = wrong or [Document("shift", shift.id, shift.shift_no) for shift in shifts[:1]]
    return tuple(named[:NAMED_MAX])
