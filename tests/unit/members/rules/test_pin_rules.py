"""Phone numbers and PINs as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules.pins import is_guessable, phone_name, plain_pin

PHONE = st.from_regex(r"0[0-9]{8,9}", fullmatch=True)
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@pytest.mark.parametrize(
    "written",
    [
        "0812345678",
        "081-234-5678",
        " 081 234 5678 ",
        "+66 81 234 5678",
        "+66 (0)81-234-5678",
        "66812345678",
        "0066 81 2345678",
        "๐๘๑ ๒๓๔ ๕๖๗๘",
        "(081) 234.5678",
        "081\u2013234\u20135678",
    ],
)
def test_every_way_to_write_a_number_is_one_name(written: str) -> None:
    assert phone_name(written) == "0812345678"


@pytest.mark.parametrize(
    "text", ["", "cashier", "81234567", "08123456789", "0812345 678x", "+1 212"]
)
def test_other_texts_are_no_phone_number(text: str) -> None:
    assert phone_name(text) is None


@given(PHONE, st.booleans(), st.lists(st.sampled_from([" ", "-", ".", ""]), min_size=10))
def test_separators_thai_digits_and_the_country_change_nothing(
    phone: str, abroad: bool, between: list[str]
) -> None:
    written = ("+66" + phone[1:]) if abroad and phone[1] != "0" else phone
    mixed = "".join(a + b for a, b in zip(written, [*between, *[""] * 12], strict=False))
    assert phone_name(mixed.translate(THAI)) == phone
    assert phone_name(phone) == phone


def test_a_pin_may_be_typed_in_thai_digits_and_in_two_groups() -> None:
    assert plain_pin(" ๔๗๑ 903 ") == "471903"


@pytest.mark.parametrize(
    "pin", ["000000", "111222", "123456", "654321", "123123", "121212", "345678", "102102"]
)
def test_what_people_try_first_is_never_given(pin: str) -> None:
    assert is_guessable(pin, "0812345678")


def test_a_pin_is_no_part_of_the_phone_number() -> None:
    assert is_guessable("290471", "0829047156")
    assert not is_guessable("290471", "0812345678")
