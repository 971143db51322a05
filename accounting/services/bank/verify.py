"""What `sunruam verify` recomputes of the bank: equal matches, whole statements, open transfers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, or_, select, true

from accounting.models import (
    BankLine,
    BankMatch,
    BankMatchItem,
    BankMatchLine,
    BankStatement,
    JournalEntry,
    JournalLine,
)
from accounting.rules.chart import Purpose
from accounting.services import chart, ledger
from accounting.services.bank import accounts, open_items
from accounting.services.bank.matching import SOURCE
from core.db import db, sum_int
from core.findings import Finding

_MATCH: Any = BankMatch.__table__.c
_ITEM: Any = JournalLine.__table__.c


def run(centre_id: int) -> Iterator[Finding]:
    """Yield a finding for every promise of the bank."""
    yield _lines_equal(centre_id)
    yield _items_equal(centre_id)
    yield _parts_live(centre_id)
    yield _balances(centre_id)
    yield _entries(centre_id)
    yield _awaited(centre_id)


def _lines_equal(centre_id: int) -> Finding:
    """Bank lines of a match come to what the match says."""
    told = (
        select(sum_int(BankLine.amount_satang))
        .join(
            BankMatchLine,
            and_(
                BankMatchLine.centre_id == BankLine.centre_id,
                BankMatchLine.line_id == BankLine.id,
            ),
        )
        .where(BankMatchLine.centre_id == _MATCH.centre_id, BankMatchLine.match_id == _MATCH.id)
        .scalar_subquery()
    )
    return _first(
        "bank lines of a match come to its amount",
        centre_id,
        select(_MATCH.id, _MATCH.amount_satang, told).where(
            _MATCH.centre_id == centre_id, told != _MATCH.amount_satang
        ),
    )


def _items_equal(centre_id: int) -> Finding:
    """Lines of the books of a match come to its amount on its account, to nothing elsewhere."""
    net: Any = sum_int(_ITEM.debit - _ITEM.credit)
    sums = (
        select(
            BankMatchItem.match_id.label("match_id"),
            _ITEM.account_id.label("account_id"),
            net.label("net"),
        )
        .join(
            JournalLine,
            and_(
                _ITEM.centre_id == BankMatchItem.centre_id,
                _ITEM.entry_id == BankMatchItem.entry_id,
                _ITEM.line_no == BankMatchItem.line_no,
            ),
        )
        .where(BankMatchItem.centre_id == centre_id)
        .group_by(BankMatchItem.match_id, _ITEM.account_id)
        .subquery()
    )
    own = and_(sums.c.account_id == _MATCH.account_id, sums.c.net != _MATCH.amount_satang)
    other = and_(sums.c.account_id != _MATCH.account_id, sums.c.net != 0)
    return _first(
        "lines of the books of a match come to its amount",
        centre_id,
        select(_MATCH.id, _MATCH.amount_satang, sums.c.net)
        .join(sums, sums.c.match_id == _MATCH.id)
        .where(_MATCH.centre_id == centre_id, or_(own, other)),
    )


def _parts_live(centre_id: int) -> Finding:
    """The parts of a match count as long as it does, and no part is without a match."""
    for part in (BankMatchLine, BankMatchItem):
        query = (
            select(part.match_id)
            .outerjoin(
                BankMatch, and_(_MATCH.centre_id == part.centre_id, _MATCH.id == part.match_id)
            )
            .where(
                part.centre_id == centre_id,
                or_(_MATCH.id.is_(None), _MATCH.live.is_(None) != part.live.is_(None)),
            )
        )
        bad = db.session.scalar(query.limit(1))
        if bad is not None:
            return Finding("parts of a match count with it", centre_id, False, 1, 0, SOURCE, bad)
    return Finding("parts of a match count with it", centre_id, True)


def _balances(centre_id: int) -> Finding:
    """Each account's lines make the balances the bank printed beside them."""
    name = "bank statements add up"
    total = 0
    for card in accounts.cards(centre_id):
        balance = 0
        for line in open_items.taken_lines(centre_id, card.id):
            balance += line.amount_satang
            if balance != line.balance_satang:
                return Finding(
                    name, centre_id, False, balance, line.balance_satang, "bank_line", line.id
                )
        total += balance
        stated = db.session.scalar(
            select(BankStatement.closing_satang)
            .where(
                BankStatement.centre_id == centre_id,
                BankStatement.account_id == card.id,
                BankStatement.live.is_not(None),
            )
            .order_by(BankStatement.id.desc())
            .limit(1)
        )
        if stated not in (None, balance):
            return Finding(name, centre_id, False, stated or 0, balance, "account", card.id)
    return Finding(name, centre_id, True, total, total)


def _entries(centre_id: int) -> Finding:
    """Every entry posted by matching belongs to a match; a reversal to one that was undone."""
    belongs = (
        select(true())
        .where(
            _MATCH.centre_id == JournalEntry.centre_id,
            _MATCH.id == JournalEntry.source_id,
            or_(
                _MATCH.entry_id == JournalEntry.id,
                and_(JournalEntry.reverses_id == _MATCH.entry_id, _MATCH.live.is_(None)),
            ),
        )
        .exists()
    )
    bad = db.session.scalar(
        select(JournalEntry.id)
        .where(JournalEntry.centre_id == centre_id, JournalEntry.source_type == SOURCE, ~belongs)
        .limit(1)
    )
    ok = bad is None
    return Finding(
        "entries of matches belong to them", centre_id, ok, 0, int(not ok),
        "journal_entry" * (not ok), bad or "",
    )  # fmt: skip


def _awaited(centre_id: int) -> Finding:
    """What is awaited from the bank is what no match has answered."""
    account = chart.account_for(centre_id, Purpose.TRANSFERS_AWAITING)
    expected = open_items.items_sum(centre_id, account.id).satang
    actual = ledger.balance(centre_id, Purpose.TRANSFERS_AWAITING)
    return Finding(
        "transfers awaiting are those unmatched", centre_id, expected == actual, expected, actual,
        "account", account.id,
    )  # fmt: skip


def _first(name: str, centre_id: int, query: Any) -> Finding:
    row = db.session.execute(query.order_by(_MATCH.id).limit(1)).one_or_none()
    if row is None:
        count = db.session.scalar(select(func.count()).where(_MATCH.centre_id == centre_id)) or 0
        return Finding(name, centre_id, True, count, count)
    match_id, expected, actual = row
    return Finding(name, centre_id, False, expected, actual, SOURCE, match_id)
