"""Amounts in words: the tricky ones by hand, the rest against an independent reader."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from core.baht_text import baht_text
from core.money import SATANG_MAX


@pytest.mark.parametrize(
    ("satang", "words"),
    [
        (0, "ศูนย์บาทถ้วน"),
        (1, "หนึ่งสตางค์"),
        (25, "ยี่สิบห้าสตางค์"),
        (1_00, "หนึ่งบาทถ้วน"),
        (1_01, "หนึ่งบาทหนึ่งสตางค์"),
        (10_11, "สิบบาทสิบเอ็ดสตางค์"),
        (11_00, "สิบเอ็ดบาทถ้วน"),
        (20_00, "ยี่สิบบาทถ้วน"),
        (21_00, "ยี่สิบเอ็ดบาทถ้วน"),
        (45_50, "สี่สิบห้าบาทห้าสิบสตางค์"),
        (101_00, "หนึ่งร้อยเอ็ดบาทถ้วน"),
        (1_001_00, "หนึ่งพันเอ็ดบาทถ้วน"),
        (1_060_00, "หนึ่งพันหกสิบบาทถ้วน"),
        (15_000_00, "หนึ่งหมื่นห้าพันบาทถ้วน"),
        (1_000_000_00, "หนึ่งล้านบาทถ้วน"),
        (1_000_001_00, "หนึ่งล้านเอ็ดบาทถ้วน"),
        (1_100_000_00, "หนึ่งล้านหนึ่งแสนบาทถ้วน"),
        (11_000_000_00, "สิบเอ็ดล้านบาทถ้วน"),
        (21_000_021_25, "ยี่สิบเอ็ดล้านยี่สิบเอ็ดบาทยี่สิบห้าสตางค์"),
        (1_000_001_000_001_00, "หนึ่งล้านเอ็ดล้านเอ็ดบาทถ้วน"),
    ],
)
def test_amounts_that_other_programs_get_wrong(satang: int, words: str) -> None:
    assert baht_text(satang) == words


@given(st.integers(0, SATANG_MAX))
def test_agrees_with_an_independent_reader(satang: int) -> None:
    amount = Decimal(satang) / 100
    assert baht_text(satang) == num2words(amount, lang="th", to="currency", currency="THB")


def test_refuses_negative_amounts() -> None:
    with pytest.raises(AssertionError):
        baht_text(-1)
