"""A password is long and not the first thing anybody tries."""

from __future__ import annotations

import pytest

from members.rules.passwords import WeakPassword, check, same_form


@pytest.mark.parametrize(
    "password",
    ["ข้าวหอมมะลิ", "ไร่นาป่าเขา 7 ลูก", "correct horse battery", "x9$kfLw2", "a" * 4 + "bcdx" * 31],
)
def test_a_good_password_passes(password: str) -> None:
    check(password, "somchai")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short 1",
        "12345678",
        "qwertyuiop",
        "Password1",
        "รหัสผ่าน",
        "aaaaaaaaaaaa",
        "abababababab",
        "somchaisomchai1",
        "SOMCHAI-2026",
        "x" * 65 + "yzw" * 30,
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        check(password, "somchai")
    assert refusal.value.facts["field"] == "password"


def test_a_short_name_inside_a_password_is_no_harm() -> None:
    check("a noble sentence", "no")


def test_two_ways_to_type_one_password_are_one() -> None:
    assert same_form("cafe\u0301 au lait") == same_form("caf\u00e9 au lait")
