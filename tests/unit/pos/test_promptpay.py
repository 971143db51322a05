"""PromptPay payloads against vectors made by three independent programs and read back by phones.

Tag order differs between programs and any order is legal, so fields are compared, not strings.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import SATANG_MAX
from pos.rules.promptpay import (
    BadAmount,
    NotAMobileNumber,
    NotANationalId,
    NotAnEWallet,
    PromptPayRefused,
    UnknownKind,
    checksum,
    credit_transfer,
    payload,
)


def decode(text: str) -> dict[str, str]:
    """Read tag, two-digit length and value of each field back."""
    found: dict[str, str] = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        assert tag not in found and len(text) >= 4 + length
        found[tag], text = text[4 : 4 + length], text[4 + length :]
    return found


def is_intact(text: str) -> bool:
    """Tell whether the checksum, the last four characters, fits the rest."""
    return text[:-4].endswith("6304") and checksum(text[:-4]) == text[-4:]


def fields(text: str) -> dict[str, object]:
    """All fields, the account's own opened too, without the checksum (it depends on the order)."""
    found: dict[str, object] = dict(decode(text))
    found.pop("63")
    found["29"] = decode(str(found["29"]))
    return found


VECTORS = [
    (
        ("phone", "0801234567", None),
        "00020101021129370016A000000677010111011300668012345675802TH530376463046197",
    ),
    (
        ("ewallet", "012345678901234", None),
        "00020101021129390016A00000067701011103150123456789012345802TH530376463049781",
    ),
    (
        ("phone", "0801234567", 45_50),
        "00020101021229370016A000000677010111011300668012345675802TH5303764540545.5063044DCC",
    ),
    (
        ("phone", "+66 81-234-5678", 25),
        "00020101021229370016A000000677010111011300668123456785802TH530376454040.25630435F0",
    ),
    (
        ("id", "1234567890121", 1_060_00),
        "00020101021229370016A000000677010111021312345678901215802TH530376454071060.006304E675",
    ),
]
# Numbers that other programs use in their tests though they can't be anyone's.
UNCHECKED_VECTORS = [
    (
        ("02", "1111111111111", None),
        "00020101021129370016A000000677010111021311111111111115802TH530376463047B5A",
    ),
    (
        ("01", "0066000000000", 4_22),
        "00020101021229370016A000000677010111011300660000000005802TH530376454044.226304E469",
    ),
]


@pytest.mark.parametrize(("arguments", "expected"), VECTORS)
def test_vectors(arguments: tuple[str, str, int | None], expected: str) -> None:
    ours = payload(*arguments)
    assert fields(ours) == fields(expected)
    assert is_intact(ours) and is_intact(expected)


@pytest.mark.parametrize(("arguments", "expected"), UNCHECKED_VECTORS)
def test_vectors_of_numbers_we_refuse(
    arguments: tuple[str, str, int | None], expected: str
) -> None:
    assert fields(credit_transfer(*arguments)) == fields(expected)
    assert is_intact(expected)


@pytest.mark.parametrize(("satang", "crc"), [(4, "0D56"), (16, "0C75"), (20, "0F10")])
def test_checksum_keeps_its_leading_zero(satang: int, crc: str) -> None:
    assert payload("phone", "0801234567", satang)[-4:] == crc


def test_checksum_is_the_published_one() -> None:
    assert checksum("123456789") == "29B1"


@pytest.mark.parametrize(
    "written", ["0812345678", "081-234-5678", "+66812345678", "0066812345678", "๐๘๑ ๒๓๔ ๕๖๗๘"]
)
def test_one_phone_written_many_ways(written: str) -> None:
    assert decode(decode(payload("phone", written, None))["29"])["01"] == "0066812345678"


@pytest.mark.parametrize(
    ("kind", "identifier", "refusal"),
    [
        ("phone", "0812", NotAMobileNumber),
        ("phone", "", NotAMobileNumber),
        ("phone", "0000000000", NotAMobileNumber),
        ("phone", "074123456", NotAMobileNumber),
        ("phone", "08123456789", NotAMobileNumber),
        ("phone", "66081234567", NotAMobileNumber),
        ("phone", "081234567x", NotAMobileNumber),
        ("phone", "0812345678\n0899999999", NotAMobileNumber),
        ("id", "1111111111111", NotANationalId),
        ("id", "1234567890122", NotANationalId),
        ("id", "12345678901211", NotANationalId),
        ("id", "123456789012", NotANationalId),
        ("ewallet", "01234567890123", NotAnEWallet),
        ("ewallet", "01234567890123A", NotAnEWallet),
        ("", "0812345678", UnknownKind),
        ("account", "0812345678", UnknownKind),
    ],
)
def test_numbers_that_cannot_be_anyones(
    kind: str, identifier: str, refusal: type[PromptPayRefused]
) -> None:
    with pytest.raises(refusal) as caught:
        payload(kind, identifier, 100)
    assert caught.value.status == 422


@pytest.mark.parametrize("satang", [0, -5, -1, SATANG_MAX + 1])
def test_amounts_that_are_none(satang: int) -> None:
    with pytest.raises(BadAmount):
        payload("phone", "0812345678", satang)


@given(st.from_regex(r"0[689][0-9]{8}", fullmatch=True), st.integers(1, SATANG_MAX))
def test_every_payload_reads_back(phone: str, satang: int) -> None:
    text = payload("phone", phone, satang)
    found = decode(text)
    assert is_intact(text)
    assert text.startswith("000201") and list(found)[-1] == "63"
    assert found["01"] == "12" and found["58"] == "TH" and found["53"] == "764"
    baht, rest = found["54"].split(".")
    assert int(baht) * 100 + int(rest) == satang and len(rest) == 2 and len(found["54"]) <= 13
    assert decode(found["29"])["01"] == "0066" + phone[1:]


def test_one_changed_character_breaks_the_checksum() -> None:
    text = payload("phone", "0801234567", 45_50)
    assert not is_intact(text.replace("45.50", "46.50"))
