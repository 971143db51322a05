"""What moved funds between two days, by source, purpose and village; read from the ledger's lines.

What must stay true: opening + in − out = closing for every fund, each read on its own; a figure is
the sum of lines that can be shown one by one; what was taken back counts against what it undid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date as SqlDate
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy import func, literal, select, tuple_

from accounting.models import (
    Account,
    Fund,
    FundContribution,
    FundGrant,
    FundRecipient,
    FundRequest,
    FundReversal,
    JournalEntry,
    JournalLine,
)
from accounting.rules.funds import PUBLIC_WORK, PURPOSES, RETURNED
from accounting.rules.periods import Span
from accounting.services.funds import register
from accounting.services.funds.register import FundCard
from accounting.services.ledger import CARD_COLUMNS, EntryCard
from core.actor import Actor
from core.db import db, sum_int
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from members.services import access

IN, OUT = "in", "out"
OF_NOBODY = (PUBLIC_WORK, RETURNED)
"""What helps everybody, or goes back, tells of no one person."""
TOLD_LEAST = 5
"""Help to fewer people than this in a village is not told of that village on a board."""
PAPERS = ("fund_contribution", "fund_grant")
_BY_SALES = {"sale": 1, "refund": -1}
"""A refund moves a fund against what the sale did: it lessens the levy, or the help given."""
_ELSEWHERE = {
    "surplus_allocation": "allocation",
    "fund_transfer": "transfer",
    "donation": "goods_given",
    "voucher": "by_hand",
    "opening": "opening",
    "opening_import": "opening",
}


@dataclass(frozen=True, slots=True)
class FundMovement:
    """What came into a fund from a source, or went out for a purpose, for a village or none."""

    fund_id: UUID
    village_id: UUID | None
    kind: str
    """`in` or `out`."""
    reason: str
    """A giver or a purpose of `accounting.rules.funds`, or one of its BEYOND_PAPERS."""
    satang: int
    recipients: int = 0
    """How many different people were helped; never added up over rows."""
    villages: int = 0
    """So many villages are told together here, for the board; 0: it is of `village_id`."""


@dataclass(frozen=True, slots=True)
class FundPeriod:
    """A fund between two days."""

    fund: FundCard
    opening_satang: int
    closing_satang: int
    movements: tuple[FundMovement, ...]

    def total(self, kind: str) -> int:
        """Return everything that came in, or went out."""
        return sum(one.satang for one in self.movements if one.kind == kind)

    @property
    def ties(self) -> bool:
        """Tell whether the movements explain the change to the satang."""
        return self.opening_satang + self.total(IN) - self.total(OUT) == self.closing_satang


@dataclass(frozen=True, slots=True)
class FundLine:
    """A line of a fund with the entry it stands in."""

    entry: EntryCard
    line_no: int
    in_satang: int
    out_satang: int
    memo: str


def fund_movements(centre_id: int, span: Span) -> tuple[FundMovement, ...]:
    """Return what moved the funds of a centre in a span, by fund, village, side and reason.

    For whoever was allowed to ask: the funds' pages, the welfare report, roll-ups.
    """
    found: defaultdict[tuple[UUID, UUID | None, str, str], int] = defaultdict(int)
    for fund_id, source_type, debit, credit in db.session.execute(_beyond_papers(centre_id, span)):
        sign = _BY_SALES.get(source_type)
        if sign is not None:
            levy, given = (credit, debit) if sign > 0 else (-debit, -credit)
            found[(fund_id, None, IN, "levy")] += levy
            found[(fund_id, None, OUT, "need_discount")] += given
            continue
        reason = _ELSEWHERE.get(source_type, "other_document")
        found[(fund_id, None, IN, reason)] += credit
        found[(fund_id, None, OUT, reason)] += debit
    for fund_id, village_id, source, debit, credit in db.session.execute(_given(centre_id, span)):
        found[(fund_id, village_id, IN, source)] += credit - debit
    for fund_id, village_id, purpose, debit, credit in db.session.execute(_paid(centre_id, span)):
        found[(fund_id, village_id, OUT, purpose)] += debit - credit
    helped = _helped(centre_id, span)
    return tuple(
        FundMovement(*key, satang, helped.get((key[0], key[1], key[3]), 0) if key[2] == OUT else 0)
        for key, satang in sorted(found.items(), key=lambda one: _order(one[0]))
        if satang or (key[2] == OUT and (key[0], key[1], key[3]) in helped)
    )


def _order(key: tuple[UUID, UUID | None, str, str]) -> tuple[str, str, str, str]:
    fund_id, village_id, kind, reason = key
    return str(fund_id), kind, reason, str(village_id or "")


def for_board(moved: Sequence[FundMovement]) -> tuple[FundMovement, ...]:
    """Return movements for everybody to read: no village with few recipients stands out.

    Such villages are told together, by fund and purpose, and the next smallest goes with them while
    they are one only or together still few; fewer than `TOLD_LEAST` are not counted at all.
    """
    kept: list[FundMovement] = []
    helped: defaultdict[tuple[UUID, str], list[FundMovement]] = defaultdict(list)
    for one in moved:
        of_people = one.kind == OUT and one.reason in PURPOSES and one.reason not in OF_NOBODY
        (helped[one.fund_id, one.reason] if of_people else kept).append(one)
    for (fund_id, reason), rows in helped.items():
        rows.sort(key=lambda one: (one.recipients, str(one.village_id)))
        cut = sum(one.recipients < TOLD_LEAST for one in rows)
        while 0 < cut < len(rows) and (cut == 1 or _people(rows[:cut]) < TOLD_LEAST):
            cut += 1
        kept += rows[cut:]
        if cut:
            people, satang = _people(rows[:cut]), sum(one.satang for one in rows[:cut])
            told = people if people >= TOLD_LEAST else 0
            together = cut if cut > 1 else 0
            kept.append(FundMovement(fund_id, None, OUT, reason, satang, told, together))
    return tuple(kept)


def _people(rows: Sequence[FundMovement]) -> int:
    return sum(one.recipients for one in rows)


def periods(actor: Actor, span: Span) -> list[FundPeriod]:
    """Return every fund between two days. Raises Forbidden."""
    access.require(actor, "fund.read")
    centre_id = actor.centre_id
    moved: defaultdict[UUID, list[FundMovement]] = defaultdict(list)
    for one in fund_movements(centre_id, span):
        moved[one.fund_id].append(one)
    before = (
        {}
        if span.first is None
        else register.balances_on(centre_id, span.first - timedelta(days=1))
    )
    after = register.balances_on(centre_id, span.last)
    return [
        FundPeriod(fund, before.get(fund.id, 0), after.get(fund.id, 0), tuple(moved[fund.id]))
        for fund in register.listing(centre_id, of_members=False)
    ]


def lines(fund_id: UUID, span: Span, window: Window, actor: Actor) -> Page[FundLine]:
    """Return a page of a fund's lines, the latest first. Raises NotFound, Forbidden."""
    access.require(actor, "fund.read")
    register.card(actor.centre_id, fund_id)
    query = _lines(
        actor.centre_id,
        span,
        *CARD_COLUMNS,
        JournalLine.line_no,
        JournalLine.credit,
        JournalLine.debit,
        JournalLine.memo,
    ).where(JournalLine.fund_id == fund_id)
    after = _position(window.after)
    if after is not None:
        key = tuple_(JournalLine.posting_date, JournalLine.entry_id)
        query = query.where(key < tuple_(literal(after[0], SqlDate), literal(after[1], SqlUuid)))
    query = query.order_by(
        JournalLine.posting_date.desc(), JournalLine.entry_id.desc(), JournalLine.line_no
    ).limit(window.limit + 1)
    cut = len(CARD_COLUMNS)
    found = [FundLine(EntryCard(*row[:cut]), *row[cut:]) for row in db.session.execute(query)]
    return page_of(found, window, lambda one: f"{one.entry.posting_date}_{one.entry.id}")


def by_month(centre_id: int, first: date) -> dict[UUID, dict[tuple[int, int], int]]:
    """Return by how much each fund changed in every month from a day on."""
    months = (func.extract("year", JournalLine.posting_date), func.extract("month", _DAY))
    net = sum_int(JournalLine.credit - JournalLine.debit)
    query = _lines(centre_id, Span(first, None), JournalLine.fund_id, *months, net)
    found: dict[UUID, dict[tuple[int, int], int]] = {}
    for fund_id, year, month, satang in db.session.execute(
        query.group_by(JournalLine.fund_id, *months)
    ):
        found.setdefault(fund_id, {})[(int(year), int(month))] = satang
    return found


_DAY = JournalLine.posting_date


# --- what is read ------------------------------------------------------------------------------


def _lines(centre_id: int, span: Span, *columns: Any) -> Any:
    """Select from the lines by which funds move: those on the account that keeps the fund."""
    query = (
        select(*columns)
        .select_from(JournalLine)
        .join(
            JournalEntry,
            (JournalEntry.centre_id == JournalLine.centre_id)
            & (JournalEntry.id == JournalLine.entry_id),
        )
        .join(Fund, (Fund.centre_id == JournalLine.centre_id) & (Fund.id == JournalLine.fund_id))
        .join(
            Account,
            (Account.centre_id == JournalLine.centre_id)
            & (Account.id == JournalLine.account_id)
            & (Account.purpose == Fund.purpose),
        )
        .where(JournalLine.centre_id == centre_id, JournalLine.fund_id.is_not(None))
    )
    if span.first is not None:
        query = query.where(JournalLine.posting_date >= span.first)
    if span.last is not None:
        query = query.where(JournalLine.posting_date <= span.last)
    return query


_SUMS = (sum_int(JournalLine.debit), sum_int(JournalLine.credit))


def _beyond_papers(centre_id: int, span: Span) -> Any:
    keys = (JournalLine.fund_id, JournalEntry.source_type)
    return (
        _lines(centre_id, span, *keys, *_SUMS)
        .where(JournalEntry.source_type.not_in(PAPERS))
        .group_by(*keys)
    )


def _given(centre_id: int, span: Span) -> Any:
    keys = (JournalLine.fund_id, FundContribution.village_id, FundContribution.source)
    return (
        _lines(centre_id, span, *keys, *_SUMS)
        .join(
            FundContribution,
            (FundContribution.centre_id == JournalEntry.centre_id)
            & (FundContribution.id == JournalEntry.source_id),
        )
        .where(JournalEntry.source_type == "fund_contribution")
        .group_by(*keys)
    )


def _paid(centre_id: int, span: Span) -> Any:
    keys = (JournalLine.fund_id, FundRecipient.village_id, FundRequest.purpose)
    return (
        _with_requests(_lines(centre_id, span, *keys, *_SUMS), JournalEntry.source_id)
        .where(JournalEntry.source_type == "fund_grant")
        .group_by(*keys)
    )


def _with_requests(query: Any, grant_id: Any) -> Any:
    return (
        query.join(
            FundGrant,
            (FundGrant.centre_id == JournalEntry.centre_id) & (FundGrant.id == grant_id),
        )
        .join(
            FundRequest,
            (FundRequest.centre_id == FundGrant.centre_id)
            & (FundRequest.id == FundGrant.request_id),
        )
        .join(
            FundRecipient,
            (FundRecipient.centre_id == FundRequest.centre_id)
            & (FundRecipient.id == FundRequest.recipient_id),
        )
    )


def _helped(centre_id: int, span: Span) -> dict[tuple[UUID, UUID | None, str], int]:
    """Return how many different recipients each fund helped, by village and purpose."""
    keys = (FundGrant.fund_id, FundRecipient.village_id, FundRequest.purpose)
    query = _with_requests(
        _lines(centre_id, span, *keys, func.count(FundRequest.recipient_id.distinct())),
        JournalEntry.source_id,
    )
    query = (
        query.outerjoin(
            FundReversal,
            (FundReversal.centre_id == FundGrant.centre_id)
            & (FundReversal.document_type == "fund_grant")
            & (FundReversal.document_id == FundGrant.id),
        )
        .where(
            JournalEntry.source_type == "fund_grant",
            JournalEntry.reverses_id.is_(None),
            FundReversal.document_id.is_(None),
        )
        .group_by(*keys)
    )
    return {(fund, village, purpose): n for fund, village, purpose, n in db.session.execute(query)}


def _position(after: str | None) -> tuple[date, UUID] | None:
    day, _, entry = (after or "").partition("_")
    entry_id = uuid_or_none(entry)
    try:
        return None if entry_id is None else (date.fromisoformat(day), entry_id)
    except ValueError:
        return None
