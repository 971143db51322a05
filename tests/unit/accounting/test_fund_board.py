"""What the board reads of help: sums as they are, nobody found by their village."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounting.services.funds.movements import IN, OUT, TOLD_LEAST, FundMovement, for_board

FUND = UUID(int=1)


def helped(village: int, people: int, reason: str = "hardship") -> FundMovement:
    return FundMovement(FUND, UUID(int=village), OUT, reason, people * 500_00, people)


def test_a_village_of_few_goes_with_the_next_smallest() -> None:
    given_in = FundMovement(FUND, UUID(int=3), IN, "network", 10_000_00)
    told = for_board([given_in, helped(1, 1), helped(2, 6), helped(3, 20)])
    assert given_in in told and helped(3, 20) in told
    assert FundMovement(FUND, None, OUT, "hardship", 7 * 500_00, 7, 2) in told
    assert len(told) == 3


def test_fewer_than_five_in_all_are_not_counted() -> None:
    assert for_board([helped(1, 1)]) == (FundMovement(FUND, None, OUT, "hardship", 500_00, 0, 0),)
    assert for_board([helped(1, 2), helped(2, 2)]) == (
        FundMovement(FUND, None, OUT, "hardship", 2_000_00, 0, 2),
    )


def test_what_goes_back_to_its_giver_helps_nobody_in_particular() -> None:
    back = FundMovement(FUND, None, OUT, "returned_to_giver", 100, 1)
    assert for_board([back]) == (back,)


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["hardship", "education"]))))
def test_nothing_is_lost_and_no_few_stand_alone(sizes: list[tuple[int, str]]) -> None:
    rows = [helped(number, people, reason) for number, (people, reason) in enumerate(sizes)]
    told = for_board(rows)
    for reason in ("hardship", "education"):
        before, after = ([one for one in some if one.reason == reason] for some in (rows, told))
        assert sum(one.satang for one in before) == sum(one.satang for one in after)
        assert all(one.recipients >= TOLD_LEAST for one in after if one.village_id)
        together = [one for one in after if one.village_id is None]
        assert len(together) <= 1
        # Taken from the whole, the villages shown leave two or more, with five people or more.
        if together and len(after) > 1:
            assert together[0].villages > 1 and together[0].recipients >= TOLD_LEAST
