"""What a closed shift comes to: takings by hour and by tender, and the drawer. Pure; satang.

What must stay true: the tenders add up to what was due on the sales, and the drawer's documents add
up to what the books expected at the close; `Drawer.tied` says whether they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import BANGKOK

METHODS = ("cash", "promptpay", "transfer", "credit", "purse", "scheme", "voucher")
HOUR = timedelta(hours=1)
HOURS_FILLED_MAX = 36
"""Empty hours are shown between busy ones, unless a shift was left open for days."""


@dataclass(frozen=True, slots=True)
class Sold:
    """One sale: when, and what was due on it (cash rounding included)."""

    at: datetime
    due_satang: int


@dataclass(frozen=True, slots=True)
class Hour:
    """What was taken in one hour of the day in Bangkok."""

    start: datetime
    sales: int
    satang: int


@dataclass(frozen=True, slots=True)
class Tender:
    """What one way of paying brought and gave back; cash without the change."""

    method: str
    taken_satang: int
    returned_satang: int
    payments: int

    @property
    def net_satang(self) -> int:
        return self.taken_satang - self.returned_satang


@dataclass(frozen=True, slots=True)
class Drawer:
    """The drawer from the float to the count.

    `books_satang` is the cash account's balance at the close, `lines_satang` the float and every
    line the ledger has on this till within the shift.
    """

    float_satang: int
    sales_satang: int
    refunds_satang: int
    paid_in_satang: int
    paid_out_satang: int
    producers_satang: int
    books_satang: int
    lines_satang: int
    counted_satang: int
    members_satang: int = 0
    """What the books' own documents took out (dividends paid), less what they brought."""

    @property
    def expected_satang(self) -> int:
        """What the documents say the drawer should hold."""
        came = self.float_satang + self.sales_satang + self.paid_in_satang
        went = self.refunds_satang + self.paid_out_satang + self.producers_satang
        return came - went - self.members_satang

    @property
    def over_short_satang(self) -> int:
        return self.counted_satang - self.books_satang

    @property
    def tied(self) -> bool:
        return self.expected_satang == self.books_satang == self.lines_satang


def by_hour(sales: Iterable[Sold], opened_at: datetime, closed_at: datetime) -> tuple[Hour, ...]:
    """Return takings by hour, oldest first; a counter's wrong clock stays inside the shift."""
    counts: dict[datetime, tuple[int, int]] = {}
    for sale in sales:
        start = _hour(min(max(sale.at, opened_at), closed_at))
        number, satang = counts.get(start, (0, 0))
        counts[start] = (number + 1, satang + sale.due_satang)
    return tuple(Hour(start, *counts.get(start, (0, 0))) for start in _hours(sorted(counts)))


def by_tender(
    due_satang: int,
    paid: Mapping[str, tuple[int, int]],
    returned: Mapping[str, int],
) -> tuple[Tender, ...]:
    """Return each way of paying that was used.

    `paid` is method → (payments, satang handed over), `returned` method → satang given back. Cash
    kept is what is due less what others paid, for cash handed over includes the change.
    """
    others = sum(satang for method, (_, satang) in paid.items() if method != "cash")
    tenders = []
    for method in METHODS:
        number, handed = paid.get(method, (0, 0))
        taken = due_satang - others if method == "cash" else handed
        tender = Tender(method, taken, returned.get(method, 0), number)
        if tender.payments or tender.taken_satang or tender.returned_satang:
            tenders.append(tender)
    return tuple(tenders)


def cash_moved(by_source: Mapping[str, int]) -> int:
    """Return what the ledger moved in a drawer but for the shift's own float and over or short."""
    return sum(satang for source, satang in by_source.items() if source != "shift")


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(BANGKOK).replace(minute=0, second=0, microsecond=0)


def _hours(busy: Sequence[datetime]) -> Sequence[datetime]:
    """Return the busy hours with the empty ones between them, if these aren't too many."""
    if not busy:
        return ()
    span = (busy[-1] - busy[0]) // HOUR + 1
    return busy if span > HOURS_FILLED_MAX else [busy[0] + HOUR * place for place in range(span)]
