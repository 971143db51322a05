"""The rules of the books by worked example."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from accounting.rules import sources
from accounting.rules.chart import Purpose, read_chart
from accounting.rules.entry import BadEntry, NewEntry, NewLine, check, flipped, merge
from accounting.rules.periods import fiscal_year, period_of
from accounting.services.chart import SEED
from accounting.services.meetings import uses
from core.ids import uuid7

DAY = date(2026, 11, 20)
LOT, PRODUCER, TILL = uuid7(), uuid7(), uuid7()


def entry(*lines: NewLine, **more: object) -> NewEntry:
    values: dict[str, object] = {
        "kind": "sale",
        "source_type": "sale",
        "source_id": uuid7(),
        "business_date": DAY,
        "occurred_at": datetime(2026, 11, 20, 5, tzinfo=UTC),
        "lines": lines,
    }
    return NewEntry(**(values | more))  # type: ignore[arg-type]


def test_the_worked_example_of_a_mixed_basket() -> None:
    """Own goods 100 (cost 60) and consigned 100 at 80/20, paid in cash: one entry of 200 + 60."""
    lines = merge(
        (
            NewLine(Purpose.CASH_TILL, debit=100_00, till_id=TILL),
            NewLine(Purpose.SALES, credit=100_00),
            NewLine(Purpose.COST_OF_GOODS, debit=60_00),
            NewLine(Purpose.INVENTORY, credit=60_00, lot_id=LOT),
            NewLine(Purpose.CASH_TILL, debit=100_00, till_id=TILL),
            NewLine(Purpose.CONSIGNMENT_PAYABLE, credit=80_00, producer_id=PRODUCER),
            NewLine(Purpose.COMMISSION, credit=20_00),
        )
    )
    assert (lines[0].purpose, lines[0].debit) == (Purpose.CASH_TILL, 200_00)
    assert len(lines) == 6
    assert check(entry(*lines)) == 260_00


def test_merging_drops_what_comes_to_nothing_and_may_change_sides() -> None:
    assert merge((NewLine(Purpose.BANK, debit=5), NewLine(Purpose.BANK, credit=5))) == ()
    [line] = merge((NewLine(Purpose.BANK, debit=5), NewLine(Purpose.BANK, credit=7)))
    assert (line.debit, line.credit) == (0, 2)


def test_lines_of_different_keys_are_kept_apart() -> None:
    lines = merge(
        NewLine(Purpose.CONSIGNMENT_PAYABLE, credit=1, producer_id=producer)
        for producer in (PRODUCER, uuid7(), PRODUCER)
    )
    assert [line.credit for line in lines] == [2, 1]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (NewLine(Purpose.BANK, debit=1),),
        (NewLine(Purpose.BANK, debit=2), NewLine(Purpose.SALES, credit=1)),
        (NewLine(Purpose.BANK, debit=1, credit=1), NewLine(Purpose.SALES, credit=1)),
        (NewLine(Purpose.BANK, debit=0), NewLine(Purpose.SALES, credit=0)),
        (NewLine(Purpose.BANK, debit=-1), NewLine(Purpose.SALES, credit=-1)),
        (NewLine(Purpose.BANK, debit=True), NewLine(Purpose.SALES, credit=1)),
        (NewLine(Purpose.BANK, debit=1),) * 5001,
    ],
)
def test_what_does_not_balance_is_a_fault_of_ours(lines: tuple[NewLine, ...]) -> None:
    with pytest.raises(BadEntry):
        check(entry(*lines))


def test_an_entry_says_what_it_is_and_when_it_was() -> None:
    good = (NewLine(Purpose.BANK, debit=1), NewLine(Purpose.SALES, credit=1))
    assert check(entry(*good)) == 1
    for wrong in (
        {"kind": ""},
        {"source_type": ""},
        {"memo": "x" * 2001},
        {"occurred_at": datetime(2026, 11, 20)},
    ):
        with pytest.raises(BadEntry):
            check(entry(*good, **wrong))


def test_a_reversal_changes_sides_and_nothing_else() -> None:
    lines = (
        NewLine(Purpose.INVENTORY, debit=5, lot_id=LOT, memo="jars"),
        NewLine(Purpose.CASH_TILL, credit=5, till_id=TILL),
    )
    assert flipped(lines) == (
        NewLine(Purpose.INVENTORY, credit=5, lot_id=LOT, memo="jars"),
        NewLine(Purpose.CASH_TILL, debit=5, till_id=TILL),
    )
    assert flipped(flipped(lines)) == lines


@pytest.mark.parametrize(
    ("day", "start", "year"),
    [
        (date(2026, 1, 1), 1, 2569),
        (date(2026, 12, 31), 1, 2569),
        (date(2026, 3, 31), 4, 2569),
        (date(2026, 4, 1), 4, 2570),
        (date(2026, 9, 30), 10, 2569),
        (date(2026, 10, 1), 10, 2570),
        (date(2028, 2, 29), 12, 2571),
        (date(2026, 12, 1), 12, 2570),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(day: date, start: int, year: int) -> None:
    assert fiscal_year(day, start) == year


def test_a_period_is_its_year_and_month() -> None:
    assert period_of(date(2026, 1, 31)) == 202601


def test_the_seed_chart_has_one_account_for_every_purpose_in_both_languages() -> None:
    accounts = read_chart(SEED.read_text(encoding="utf-8").splitlines())
    assert {account.purpose for account in accounts} == set(Purpose)
    for account in accounts:
        assert any("\u0e00" <= char <= "\u0e7f" for char in account.name_th), account
        assert account.name_en
        assert account.name_en.isascii()
        assert (
            account.code[0]
            == {
                "asset": "1",
                "liability": "2",
                "equity": "3",
                "income": "4",
                "expense": "5",
            }[account.type]
        )
    keyed = {account.purpose: account.control_key for account in accounts if account.control_key}
    assert keyed[Purpose.CASH_TILL] == "till"
    assert keyed[Purpose.INVENTORY] == "lot"
    assert keyed[Purpose.CONSIGNMENT_PAYABLE] == keyed[Purpose.PAYABLE_OUTRIGHT] == "producer"
    assert keyed[Purpose.SHARE_CAPITAL] == "member"


def test_every_source_leads_to_its_document() -> None:
    sale = uuid7()
    assert sources.address_of(7, "sale", sale) == f"/c/7/sales/{sale}"
    assert sources.address_of(7, "opening", sale) is None
    assert set(sources.ADDRESSES) < set(sources.DOCUMENTS)


def test_every_document_a_resolution_allows_has_words() -> None:
    naming = {table.name for table in uses.tables()}
    assert {"fund_closing", "welfare_settings", "surplus_allocation"} <= naming
    assert naming <= set(sources.DOCUMENTS)
