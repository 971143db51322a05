"""Fields: strict, bounded, and kind to Thai typing."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from core.web import schemas as f

pytestmark = pytest.mark.usefixtures("bare_app")
ID = "01890000-0000-7000-8000-000000000000"


def read(field: Any, value: Any) -> Any:
    return field.deserialize(value)


@pytest.mark.parametrize("value", [12, "12", "๑๒", " 12 ", "+12"])
def test_a_whole_number_is_read_in_thai_digits_too(value: object) -> None:
    assert read(f.IntegerField(0, 100), value) == 12


@pytest.mark.parametrize(
    "value",
    [12.0, "12.0", True, False, None, "", "1e3", "0x1", "1_0", "²", [], {}, "9" * 41, -1, 101],
)
def test_what_is_no_whole_number_within_limits_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        read(f.IntegerField(0, 100), value)


@pytest.mark.parametrize(
    ("text", "satang"),
    [
        ("1,234.50", 123450),
        ("๑๒.๒๕", 1225),
        ("0", 0),
        ("5.", 500),
        ("0.1", 10),
        ("1.500", 150),
        ("1,000,000", 100000000),
    ],
)
def test_an_amount_typed_in_baht_is_read_exactly(text: str, satang: int) -> None:
    assert read(f.BahtField(), text) == satang


@pytest.mark.parametrize(
    "text", ["1.234", "1,23", "-1", "1 2", "๑,๒", "baht", "", "1..2", "NaN", 12]
)
def test_an_amount_is_never_guessed_or_rounded(text: object) -> None:
    with pytest.raises(ValidationError):
        read(f.BahtField(), text)


@pytest.mark.parametrize(("text", "milli"), [("1.5", 1500), ("0.237", 237), ("๑๒", 12000)])
def test_a_typed_quantity_is_read_exactly(text: str, milli: int) -> None:
    assert read(f.QuantityField(), text) == milli


@pytest.mark.parametrize("text", ["0", "-1", "0.0001", "1000001"])
def test_a_quantity_is_above_zero_and_bounded(text: str) -> None:
    with pytest.raises(ValidationError):
        read(f.QuantityField(), text)


def test_a_percentage_is_read_as_basis_points() -> None:
    assert read(f.PercentField(), "7.5") == 750
    with pytest.raises(ValidationError):
        read(f.PercentField(), "100.01")


def test_text_is_kept_in_its_one_spelling() -> None:
    assert read(f.TextField(20), "  นํ้า   ผึ้ง ") == "น้ำ ผึ้ง"
    assert read(f.TextField(50, lines=True), " ก \r\n ข ") == "ก\nข"
    assert read(f.TextField(20, digits=True), "๐๘๑ ๒๓") == "081 23"
    assert read(f.TextField(20, verbatim=True), " a  b ") == " a  b "


@pytest.mark.parametrize("text", ["a\0", "a\x07", chr(0xD800), "\ufffd", "x" * 21, 1, None])
def test_text_that_cannot_be_kept_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        read(f.TextField(20), text)


def test_a_required_text_may_not_be_blank() -> None:
    for blank in ("", "   ", "\u200b"):
        with pytest.raises(ValidationError):
            read(f.TextField(20, required=True), blank)
    assert read(f.TextField(20), "") == ""


def test_a_pattern_holds_the_whole_text() -> None:
    field = f.TextField(20, pattern="[0-9]+")
    assert read(field, "12") == "12"
    with pytest.raises(ValidationError):
        read(field, "12a")


@pytest.mark.parametrize("value", [ID, ID.upper(), UUID(ID)])
def test_an_id_is_read_in_its_one_form(value: object) -> None:
    assert read(f.UuidField(), value) == UUID(ID)


@pytest.mark.parametrize("value", [ID.replace("-", ""), "{" + ID + "}", "urn:uuid:" + ID, 1, ""])
def test_other_forms_of_an_id_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        read(f.UuidField(), value)


@pytest.mark.parametrize("text", ["2025-10-09", "09/10/2568", "9 ต.ค. 2568", "๙ ตุลาคม ๒๕๖๘"])
def test_a_day_is_read_in_both_eras(text: str) -> None:
    assert read(f.DateField(), text) == date(2025, 10, 9)


@pytest.mark.parametrize("text", ["2025-02-29", "31/11/2568", "today", 20251009])
def test_what_is_no_day_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        read(f.DateField(), text)


def test_a_moment_needs_its_time_zone() -> None:
    field = f.MomentField()
    assert read(field, "2025-10-09T09:15:00+07:00") == datetime(2025, 10, 9, 2, 15, tzinfo=UTC)
    for bad in ("2025-10-09T09:15:00", "2025-10-09", "9999-12-31T23:59:59-12:00", 1):
        with pytest.raises(ValidationError):
            read(field, bad)


def test_a_moment_goes_out_in_utc() -> None:
    field = f.MomentField()
    moment = datetime.fromisoformat("2025-10-09T09:15:00+07:00")
    assert field._serialize(moment, None, None) == "2025-10-09T02:15:00Z"


def test_a_list_is_measured_before_its_items_are_read() -> None:
    field = f.ListField(f.IntegerField(), fewest=1, most=2)
    assert read(field, ["๑", 2]) == [1, 2]
    for bad in ([], [1, 2, 3], "12", None):
        with pytest.raises(ValidationError):
            read(field, bad)


def test_yes_and_no_are_words_too() -> None:
    field = f.BooleanField()
    assert [read(field, value) for value in (True, "true", "1", "on", False, "")] == [True] * 4 + [
        False
    ] * 2
    for bad in (1, 0, "yes", "True", None, []):
        with pytest.raises(ValidationError):
            read(field, bad)


def test_an_unknown_field_is_an_error() -> None:
    class One(f.Schema):
        name = f.TextField(5)

    with pytest.raises(ValidationError) as refusal:
        One().load({"name": "a", "nmae": "b"})
    assert list(refusal.value.messages_dict) == ["nmae"]


def test_limits_are_documented() -> None:
    assert f.IntegerField(1, 5).metadata == {"minimum": 1, "maximum": 5}
    assert f.TextField(5, required=True).metadata == {"maxLength": 5, "minLength": 1}
    assert f.ListField(f.IntegerField(), most=3).metadata == {"minItems": 0, "maxItems": 3}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = (
    f.IntegerField(),
    f.SatangField(),
    f.MilliField(),
    f.BahtField(),
    f.QuantityField(),
    f.PercentField(),
    f.TextField(10),
    f.OneOf(("a", "b")),
    f.UuidField(),
    f.DateField(),
    f.MomentField(),
    f.BooleanField(),
    f.ListField(f.IntegerField()),
)


@given(value=anything)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_whatever_comes_a_field_takes_it_or_refuses_it(bare_app: Flask, value: object) -> None:
    for field in FIELDS:
        with contextlib.suppress(ValidationError):
            read(field, value)
