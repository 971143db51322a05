"""Whatever the old books say: totals in are totals out, or it is said where they are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from core.ids import uuid7
from core.sheets import baht_figure
from inventory.rules.opening_balance import (
    BY_TABLE,
    MEMBERS_OWED,
    PRODUCERS_OWED,
    Matches,
    Reconciliation,
    reconcile,
)
from inventory.rules.opening_matching import (
    KnownAccount,
    match_accounts,
    match_people,
    register_of,
)
from inventory.rules.opening_tables import FORMS, read

_KEYED = {"producers": "producer", "members": "member", "stock": "lot"}
CHART = [
    KnownAccount(
        uuid7(),
        f"{place:04d}",
        purpose,
        purpose,
        purpose,
        _KEYED.get(BY_TABLE.get(purpose, ""), ""),
        True,
    )
    for place, purpose in enumerate(Purpose)
    if purpose != Purpose.CASH_TILL
]
CODES = {one.purpose: one.code for one in CHART}
SATANG = st.integers(0, 10**9)


def reconciled(
    balances: dict[str, tuple[int, int]],
    producers: list[tuple[int, ...]],
    members: list[tuple[int, ...]],
) -> Reconciliation:
    """Write tables as text, read them back, and set them side by side."""
    tables = {
        "accounts": (
            ["รหัส", "เดบิต", "เครดิต"],
            [
                [code, baht_figure(debit), baht_figure(credit)]
                for code, (debit, credit) in balances.items()
            ],
        ),
        "producers": _people("producers", list(PRODUCERS_OWED), producers),
        "members": _people("members", list(MEMBERS_OWED), members),
    }
    reads = {
        name: read(FORMS[name], headings, list(enumerate(rows, start=2)))
        for name, (headings, rows) in tables.items()
    }
    found = {
        name: match_people(name, reads[name].lines, register_of([]))
        for name in _KEYED
        if name in reads
    }
    matches = Matches(
        match_accounts(reads["accounts"].lines, CHART, {}),
        found["producers"].matches,
        found["members"].matches,
    )
    return reconcile(reads, matches, [], CHART)


def _people(
    table: str, columns: list[str], rows: list[tuple[int, ...]]
) -> tuple[list[str], list[list[str]]]:
    known = {column.name: column.headings[0] for column in FORMS[table].columns}
    headings = ["ชื่อ", *(known[name] for name in columns)]
    return headings, [[f"คนที่ {n}", *map(baht_figure, row)] for n, row in enumerate(rows)]


def balanced(
    producers: list[tuple[int, ...]], members: list[tuple[int, ...]], bank: int
) -> dict[str, tuple[int, int]]:
    """Return accounts as right old books have them: control accounts, bank, and the surplus."""
    balances = {CODES[Purpose.BANK]: (bank, 0)}
    for owed, rows in ((PRODUCERS_OWED, producers), (MEMBERS_OWED, members)):
        for place, purpose in enumerate(owed.values()):
            total = sum(row[place] for row in rows)
            debit = purpose in {Purpose.PRODUCER_ADVANCES, Purpose.MEMBER_RECEIVABLE}
            balances[CODES[purpose]] = (total, 0) if debit else (0, total)
    net = sum(debit - credit for debit, credit in balances.values())
    balances[CODES[Purpose.BROUGHT_FORWARD]] = (max(-net, 0), max(net, 0))
    return balances


PRODUCERS_DRAWN = st.lists(st.tuples(SATANG, SATANG, SATANG), max_size=5)
MEMBERS_DRAWN = st.lists(st.tuples(SATANG, SATANG, SATANG, SATANG, SATANG), max_size=5)


@given(PRODUCERS_DRAWN, MEMBERS_DRAWN, SATANG)
def test_right_books_come_out_whole(
    producers: list[tuple[int, ...]], members: list[tuple[int, ...]], bank: int
) -> None:
    balances = balanced(producers, members, bank)
    found = reconciled(balances, producers, members)
    assert found.can_be_taken, found.problems
    assert found.debit == found.credit == sum(debit for debit, _ in balances.values())
    assert all(total.given == total.out for total in found.totals)


@given(
    PRODUCERS_DRAWN,
    MEMBERS_DRAWN,
    SATANG,
    st.integers(1, 10**6),
    st.data(),
)
def test_a_single_satang_amiss_is_named_and_never_filled_up(
    producers: list[tuple[int, ...]],
    members: list[tuple[int, ...]],
    bank: int,
    amiss: int,
    data: st.DataObject,
) -> None:
    balances = balanced(producers, members, bank)
    code = data.draw(st.sampled_from(sorted(balances)))
    debit, credit = balances[code]
    balances[code] = (debit, credit + amiss) if not debit else (debit + amiss, credit)
    found = reconciled(balances, producers, members)
    assert not found.can_be_taken
    control = next(one for one in CHART if one.code == code).control_key
    if control:
        [standing] = found.differing
        assert (standing.account.code, abs(standing.difference)) == (code, amiss)
    else:
        assert abs(found.debit - found.credit) == amiss
