"""Thai text: one spelling, one search form, one sort order on every database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import ascii_digits, normalise, skeleton, thai_sort_key

THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=12)
MESSY = st.text(
    st.one_of(
        st.characters(min_codepoint=0x0E30, max_codepoint=0x0E4E),
        st.sampled_from("กขเแโใไ \u200b\u00a0\t0๙aA.-\ufeff\ud800"),
    ),
    max_size=16,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "text.json").read_text("utf-8"))
# The order of the Royal Institute's dictionary: by consonant, then vowel, then tone.
IN_ORDER: list[str] = VECTORS["in_dictionary_order"]


@pytest.mark.parametrize(("text", "expected"), VECTORS["normalise"])
def test_normalise_meets_the_shared_vectors(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(("text", "expected"), VECTORS["skeleton"])
def test_skeleton_meets_the_shared_vectors(text: str, expected: str) -> None:
    assert skeleton(text) == expected


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("กำ้", "ก้ำ"),
        ("  น้ำ \t\r\n ผึ้ง ", "น้ำ ผึ้ง"),
        ("a\u202eb\x00c\x7f", "abc"),
        ("honey", "honey"),
        ("", ""),
    ],
)
def test_normalise_repairs_what_keyboards_do(typed: str, stored: str) -> None:
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    "word", ["น้ำผึ้ง", "กำนัน", "ปุ๋ยชีวภาพอัดเม็ด", "สินแพรทอง", "ฤๅษี", "๑๐ เครือข่าย", "3 ขวด"]
)
def test_normalise_leaves_correct_thai_alone(word: str) -> None:
    assert normalise(word) == word


@given(st.one_of(THAI, MESSY, st.text(max_size=12)))
def test_normalise_twice_is_normalise_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    once.encode("utf-8")


@given(st.one_of(THAI, MESSY, st.text("กำแเ่ํฺุ้์า a", max_size=8)))
def test_what_is_left_as_it_is_had_nothing_to_repair(text: str) -> None:
    assert normalise(text) == normalise(f"{text}\u200b")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("น้ำผึ้ง", "นำผึง"),
        ("ปุ๋ยชีวภาพอัดเม็ด", "ปุยชีวภาพ อัดเมด"),
        ("หมู่ ๙", "หมู 9"),
        ("Honey 250 G.", "honey250g"),
    ],
)
def test_skeleton_forgives_marks_spaces_and_digits(name: str, query: str) -> None:
    assert skeleton(name) == skeleton(query)


def test_sort_key_is_the_dictionary_order() -> None:
    by_code_point = sorted(IN_ORDER)
    assert by_code_point != IN_ORDER
    assert sorted(by_code_point, key=thai_sort_key) == IN_ORDER


@given(st.lists(st.one_of(THAI, MESSY, st.text(max_size=12)), max_size=6))
def test_code_points_and_bytes_order_the_keys_alike(texts: list[str]) -> None:
    keys = [thai_sort_key(text) for text in texts]
    assert sorted(keys) == sorted(keys, key=lambda key: key.encode("utf-8"))
    assert not any("\x00" in key for key in keys)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_sort_by_value(one: int, other: int) -> None:
    assert (thai_sort_key(f"หมู่ {one}") < thai_sort_key(f"หมู่ {other}")) == (one < other)


def test_thai_digits_sort_as_their_value() -> None:
    assert thai_sort_key("หมู่ ๑๐") == thai_sort_key("หมู่ 10")


def test_tone_marks_decide_only_between_equal_letters() -> None:
    assert sorted(["ป้าแดง", "ปาแดง", "ป่าเขียว"], key=thai_sort_key) == [
        "ป่าเขียว",
        "ปาแดง",
        "ป้าแดง",
    ]


def test_ascii_digits() -> None:
    assert ascii_digits("๐๑๒๓๔๕๖๗๘๙ กก.") == "0123456789 กก."
