"""Numbers money is sent to: what can be someone's, and what can't."""

from __future__ import annotations

import pytest

from core.payment_ids import bank_account, promptpay


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("081-234-5678", "0812345678"),
        ("+66 81 234 5678", "0812345678"),
        ("๐๘๑๒๓๔๕๖๗๘", "0812345678"),
        ("1-5260-18159-08-6", "1526018159086"),
        ("012345678901234", "012345678901234"),
    ],
)
def test_every_kind_of_promptpay_is_kept_as_digits(typed: str, kept: str) -> None:
    assert promptpay(typed) == kept


@pytest.mark.parametrize(
    "typed", ["0212345678", "081234567", "1526018159087", "01234567890123", "", "ป้าแดง"]
)
def test_what_can_be_nobodys_is_none(typed: str) -> None:
    assert promptpay(typed) is None


def test_a_bank_account_has_ten_to_fifteen_digits() -> None:
    assert bank_account("123-4-56789-0") == "1234567890"
    assert bank_account("12345") is None
    assert bank_account("1" * 16) is None
