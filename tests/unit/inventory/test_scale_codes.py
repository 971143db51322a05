"""Labels of a scale: by the vectors shared with the counter, and by property."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rules.scale_codes import (
    EmptyValue,
    Layout,
    Misread,
    ScaleCode,
    check_digit,
    quantity,
    read,
    write,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "scale_codes.json"
SHARED = json.loads(VECTORS.read_text("utf-8"))
LAYOUTS = {one["prefix"]: Layout(**one) for one in SHARED["layouts"]}


def said(case: dict[str, Any]) -> Any:
    try:
        found = read(case["code"], [LAYOUTS[one] for one in case["layouts"]])
        if found is None:
            return None
        return {
            "kind": found.kind,
            "item": found.item,
            "value": found.value,
            "quantity_milli": quantity(found, case["price_satang"]),
        }
    except Misread:
        return "misread"
    except EmptyValue:
        return "empty"


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["name"])
def test_labels_meet_the_shared_vectors(case: dict[str, Any]) -> None:
    assert said(case) == case["expect"]


@pytest.mark.parametrize("code", ["8850000000010", "2000001000502", "8851234567898"])
def test_the_check_digit_is_that_of_gs1(code: str) -> None:
    assert check_digit(code[:12]) == int(code[12])


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    prefix = draw(st.sampled_from(["02", "04", "2", "20", "21", "29", "251"]))
    value_digits = draw(st.integers(4, 6))
    gap = draw(st.integers(0, 1))
    kind = draw(st.sampled_from(["weight", "price", "pieces"]))
    decimals = draw(st.integers(0, 2 if kind == "price" else 3))
    item_digits = 12 - gap - len(prefix) - value_digits
    return Layout(prefix, kind, item_digits, value_digits, decimals)


@given(layouts(), st.data())
def test_what_a_scale_writes_is_read_back(layout: Layout, data: st.DataObject) -> None:
    step = 10 ** ((2 if layout.kind == "price" else 3) - layout.decimals)
    value = data.draw(st.integers(1, 10**layout.value_digits - 1)) * step
    item = str(data.draw(st.integers(0, 10**layout.item_digits - 1)))
    found = read(write(layout, item, value), [layout])
    assert found is not None and (found.kind, found.value) == (layout.kind, value)
    assert int(found.item) == int(item)


@given(layouts(), st.integers(1, 9999), st.integers(0, 12), st.integers(1, 9))
def test_one_slipped_digit_is_always_noticed(
    layout: Layout, digits: int, place: int, slip: int
) -> None:
    step = 10 ** ((2 if layout.kind == "price" else 3) - layout.decimals)
    code = write(layout, "7", digits * step)
    slipped = code[:place] + str((int(code[place]) + slip) % 10) + code[place + 1 :]
    everything = Layout("", layout.kind, 7, 5, layout.decimals)
    with pytest.raises(Misread):
        read(slipped, [everything])


@given(st.integers(1, 9_999_999), st.integers(1, 999_999))
def test_a_price_becomes_the_nearest_quantity(label_satang: int, price_satang: int) -> None:
    milli = quantity(ScaleCode("price", "1", label_satang), price_satang)
    assert milli >= 1
    off = abs(milli * price_satang - label_satang * 1000)
    assert milli == 1 or off <= abs((milli - 1) * price_satang - label_satang * 1000)
    assert off <= abs((milli + 1) * price_satang - label_satang * 1000)


def test_a_value_that_does_not_fit_is_not_written() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        write(LAYOUTS["21"], "1", 100_000_000)
