"""How fast goods sell and how long what is left will last: whether to bring more. Pure.

What must stay true: nothing is asked for that does not sell; quantities are whole thousandths.
"""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_DAYS = 28
"""Four whole weeks, so that market days weigh alike."""
COVER_LEAST = 7
SOLD_LEAST = 4_000
"""One piece or kilo a week: less is chance."""


@dataclass(frozen=True, slots=True)
class SellThrough:
    """What sold in the window and what is left; `cover_days` None when nothing sold."""

    sold_milli: int
    on_hand_milli: int

    @property
    def cover_days(self) -> int | None:
        """How many whole days what is left lasts at the pace of the window."""
        if self.sold_milli <= 0:
            return None
        return max(self.on_hand_milli, 0) * WINDOW_DAYS // self.sold_milli

    @property
    def sold_out(self) -> bool:
        return self.on_hand_milli <= 0

    @property
    def bring_more(self) -> bool:
        """Whether it sells well and will be gone within a week, or is gone."""
        days = self.cover_days
        return days is not None and self.sold_milli >= SOLD_LEAST and days < COVER_LEAST
