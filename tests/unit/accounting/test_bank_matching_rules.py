"""What is certain, and what only a person can say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from accounting.rules import bank_matching as rules
from accounting.rules.bank_matching import Item, Line

DAY = date(2026, 11, 20)


def line(number: int, amount: int = 100, *, day: int = 0, at: str = "", words: str = "") -> Line:
    return Line(
        UUID(int=number), DAY + timedelta(day), rules.minute_of(at), amount, rules.words_of(words)
    )


def item(number: int, amount: int = 100, *, day: int = 0, at: str = "", words: str = "") -> Item:
    key = (UUID(int=1000 + number), 1)
    return Item(key, DAY + timedelta(day), rules.minute_of(at), amount, rules.words_of(words))


def pairs(lines: list[Line], items: list[Item]) -> list[tuple[int, int, str]]:
    return [
        (pair.line.id.int, pair.item.key[0].int - 1000, pair.why)
        for pair in rules.certain(lines, items)
    ]


def test_one_of_an_amount_on_either_side_is_certain() -> None:
    assert pairs([line(1)], [item(1, day=-2)]) == [(1, 1, "day")]


def test_a_rival_on_either_side_leaves_it_to_a_person() -> None:
    assert pairs([line(1)], [item(1), item(2)]) == []
    assert pairs([line(1), line(2)], [item(1)]) == []


def test_a_rival_at_another_bank_counts_for_what_any_bank_may_bring_only() -> None:
    here, there = UUID(int=1), UUID(int=2)
    lines = [replace(line(1), account_id=here), replace(line(2), account_id=there)]
    assert pairs(lines, [replace(item(1), account_id=here)]) == [(1, 1, "day")]
    assert pairs(lines, [item(1)]) == []
    assert pairs(lines[1:], [replace(item(1), account_id=here)]) == []


def test_other_amounts_and_far_days_never_match() -> None:
    assert pairs([line(1)], [item(1, 101)]) == []
    assert pairs([line(1)], [item(1, day=-rules.DAYS_NEAR - 1)]) == []
    assert pairs([line(1)], [item(1, -100)]) == []


def test_a_reference_parts_equal_amounts_also_far_apart() -> None:
    lines = [line(1, words="REF A1234"), line(2, words="b5678")]
    items = [item(1, day=-20, words="B5678"), item(2, words="a1234 x")]
    assert pairs(lines, items) == [(1, 2, "reference"), (2, 1, "reference")]


def test_a_reference_two_items_bear_decides_nothing() -> None:
    both = [item(1, words="A1234"), item(2, words="A1234")]
    assert pairs([line(1, words="A1234")], both) == []


def test_the_time_of_day_parts_equal_amounts() -> None:
    lines = [line(1, at="09:00"), line(2, at="15:30")]
    items = [item(1, at="15:29"), item(2, at="08:55")]
    assert pairs(lines, items) == [(1, 2, "time"), (2, 1, "time")]
    assert pairs(lines, [item(1, at="15:29"), item(2, at="15:31")]) == []


def test_what_a_reference_settled_is_no_rival_any_more() -> None:
    lines = [line(1, words="A1234"), line(2)]
    items = [item(1, words="A1234"), item(2)]
    assert pairs(lines, items) == [(1, 1, "reference"), (2, 2, "day")]


def test_proposals_come_likeliest_first_and_are_few() -> None:
    items = [item(number, day=-number) for number in range(1, 9)]
    items.append(item(20, day=-25, words="A1234"))
    found = rules.proposed(line(1, words="A1234"), items)
    assert [one.key[0].int - 1000 for one in found] == [20, 1, 2, 3, 4]
    assert rules.proposed(line(1), [item(1, 101), item(2, day=-40)]) == ()


def test_only_words_with_a_digit_identify_a_payment() -> None:
    assert rules.words_of("โอนเงิน ๑๒๓๔๕ PromptPay x1 KB99", "") == frozenset({"12345", "KB99"})
