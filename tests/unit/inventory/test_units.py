"""Units of a product: factors, circles, and what is offered."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rules.units import Circle, Definition, NotWhole, are_same, factors, suggestions

KHID, KILO, SACK, TRAY = (UUID(int=n) for n in range(1, 5))


def test_a_unit_is_so_much_of_the_base_or_of_another_unit() -> None:
    found = factors(
        {SACK: Definition(50_000, KILO), KILO: Definition(10_000, KHID), KHID: Definition(100)}
    )
    assert found == {KHID: 100, KILO: 1000, SACK: 50_000}


def test_units_in_a_circle_are_refused_and_the_way_round_is_named() -> None:
    with pytest.raises(Circle) as refusal:
        factors(
            {KHID: Definition(1000, SACK), KILO: Definition(10, KHID), SACK: Definition(5, KILO)}
        )
    assert set(refusal.value.path) == {KHID, KILO, SACK}
    assert refusal.value.path[0] == refusal.value.path[-1]


def test_a_unit_of_itself_is_a_circle() -> None:
    with pytest.raises(Circle):
        factors({KHID: Definition(10_000, KHID)})


@pytest.mark.parametrize("count", [0, -5])
def test_nothing_of_a_unit_is_no_unit(count: int) -> None:
    with pytest.raises(NotWhole):
        factors({KHID: Definition(count)})


def test_a_factor_that_is_no_whole_thousandth_is_refused() -> None:
    with pytest.raises(NotWhole):
        factors({KHID: Definition(100), TRAY: Definition(1, KHID)})


def test_a_factor_beyond_all_measure_is_refused() -> None:
    with pytest.raises(NotWhole):
        factors({KHID: Definition(10**12)})


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9)), min_size=1, max_size=10))
def test_going_there_and_back_gives_the_same_quantity(steps: list[tuple[int, int]]) -> None:
    """Whole counts of units, each defined through an earlier one or the base."""
    ids = [UUID(int=n) for n in range(len(steps))]
    definitions = {
        ids[n]: Definition(count * 1000, ids[of % n] if n and of else None)
        for n, (count, of) in enumerate(steps)
    }
    if any(product > 10**6 for product in _products(definitions)):
        return
    found = factors(dict(reversed(definitions.items())))
    for unit_id, definition in definitions.items():
        of = 1000 if definition.of is None else found[definition.of]
        assert found[unit_id] * 1000 == definition.count_milli * of
        assert (7_000 * found[unit_id]) // 1000 * 1000 // found[unit_id] == 7_000


def _products(definitions: dict[UUID, Definition]) -> list[int]:
    reached: dict[UUID, int] = {}
    for unit_id, one in definitions.items():
        reached[unit_id] = one.count_milli // 1000 * (reached[one.of] if one.of else 1)
    return list(reached.values())


@given(st.permutations(list(range(6))))
def test_any_ring_of_units_is_refused(order: list[int]) -> None:
    ring = {
        UUID(int=one): Definition(1000, UUID(int=order[(place + 1) % 6]))
        for place, one in enumerate(order)
    }
    with pytest.raises(Circle):
        factors(ring)


def test_usual_factors_are_offered_and_others_are_asked_for() -> None:
    of_kilo = {one.label: one.factor_milli for one in suggestions("กก.")}
    assert (of_kilo["ขีด"], of_kilo["โล"], of_kilo["ตัน"]) == (100, 1000, 1_000_000)
    assert of_kilo["ถัง"] is None and of_kilo["แพ็ค"] is None
    of_khid = {one.label: one.factor_milli for one in suggestions("ขีด")}
    assert of_khid["กก."] == 10_000 and "ขีด" not in of_khid
    of_eggs = {one.label: one.factor_milli for one in suggestions("ฟอง")}
    assert (of_eggs["แผง"], of_eggs["โหล"]) == (30_000, 12_000)
    of_jars = {one.label: one.factor_milli for one in suggestions("กระปุก")}
    assert (of_jars["โหล"], of_jars["แผง"]) == (12_000, None)
    assert {one.label: one.factor_milli for one in suggestions("ลิตร")}["ถัง"] == 20_000


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("กก.", "กิโลกรัม", True),
        ("กก.", "กก", True),
        ("KG", "กก.", True),
        ("ก.", "กรัม", True),
        ("ml", "มล.", True),
        ("ฟอง", "ฟอง", True),
        ("กก.", "ขีด", False),
        ("g", "ml", False),
        ("กก.", "ลิตร", False),
        ("ฟอง", "แผง", False),
    ],
)
def test_spelling_a_unit_anew_keeps_its_meaning(one: str, other: str, same: bool) -> None:
    assert are_same(one, other) is are_same(other, one) is same
