"""Any lines merge to the same net; any balanced entry posts; no other does; the books stay zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from accounting.rules.entry import BadEntry, NewEntry, NewLine, check, flipped, merge
from accounting.services import ledger, statements, verify
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7

AMOUNTS = st.integers(0, 10_000_000_00)
UNKEYED = (Purpose.BANK, Purpose.CASH_SAFE, Purpose.SALES, Purpose.EXPENSE_OTHER, Purpose.ROUNDING)
LOTS = st.sampled_from([UUID(int=number) for number in range(1, 4)])
FIRST = date(2026, 1, 1)


@st.composite
def one_sided(draw: st.DrawFn) -> NewLine:
    amount, debit = draw(AMOUNTS), draw(st.booleans())
    return NewLine(
        draw(st.sampled_from(UNKEYED)),
        debit=amount if debit else 0,
        credit=0 if debit else amount,
        lot_id=draw(st.none() | LOTS),
    )


@st.composite
def balanced(draw: st.DrawFn) -> tuple[NewLine, ...]:
    """Lines that add up: some random ones and the line that makes them balance."""
    lines = draw(st.lists(one_sided(), min_size=1, max_size=8))
    net = sum(line.debit - line.credit for line in lines)
    lines.append(NewLine(Purpose.BROUGHT_FORWARD, debit=max(-net, 0), credit=max(net, 0)))
    return merge(lines)


def entry_of(lines: Sequence[NewLine], day: date = FIRST) -> NewEntry:
    return NewEntry(
        "opening", "opening", uuid7(), day, datetime(2026, 1, 1, tzinfo=UTC), tuple(lines)
    )


def nets(lines: Sequence[NewLine]) -> dict[tuple[Purpose, UUID | None], int]:
    sums: dict[tuple[Purpose, UUID | None], int] = defaultdict(int)
    for line in lines:
        sums[line.purpose, line.lot_id] += line.debit - line.credit
    return {key: net for key, net in sums.items() if net}


@given(st.lists(one_sided(), max_size=30))
def test_merging_keeps_every_net_and_leaves_one_sided_positive_lines(lines: list[NewLine]) -> None:
    merged = merge(lines)
    assert nets(merged) == nets(lines)
    assert len(merged) == len(nets(lines))
    assert all((line.debit == 0) != (line.credit == 0) for line in merged)
    assert merge(merged) == merged


@given(st.lists(one_sided(), max_size=30), st.randoms())
def test_merging_does_not_depend_on_the_order(lines: list[NewLine], random: object) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert set(merge(shuffled)) == set(merge(lines))


@given(balanced())
def test_a_balanced_entry_passes_and_so_does_its_reversal(lines: tuple[NewLine, ...]) -> None:
    if len(lines) < 2:
        with pytest.raises(BadEntry):
            check(entry_of(lines))
        return
    assert check(entry_of(lines)) == check(entry_of(flipped(lines)))
    assert merge((*lines, *flipped(lines))) == ()


@given(balanced(), st.integers(1, 100), st.booleans())
def test_one_satang_too_many_is_refused(
    lines: tuple[NewLine, ...], extra: int, debit: bool
) -> None:
    more = NewLine(Purpose.BANK, debit=extra if debit else 0, credit=0 if debit else extra)
    with pytest.raises(BadEntry):
        check(entry_of((*lines, more)))


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(posted=st.lists(st.tuples(balanced(), st.integers(0, 400)), min_size=1, max_size=6))
def test_whatever_is_posted_the_books_stay_zero(
    app: Flask,
    accountant: Actor,
    posted: list[tuple[tuple[NewLine, ...], int]],
) -> None:
    for lines, days in posted:
        unkeyed = merge(NewLine(line.purpose, line.debit, line.credit) for line in lines)
        if len(unkeyed) >= 2:
            day = FIRST + timedelta(days=days)
            in_transaction(ledger.post, entry_of(unkeyed, day), accountant)
    for days in (0, 200, 400):
        balance = statements.trial_balance(FIRST + timedelta(days=days), accountant)
        assert balance.balances
        assert sum(row.balance_satang for row in balance.rows) == 0
    assert all(finding.ok for finding in verify.checks(accountant.centre_id))
