"""How fast goods sell, how long what is left will last, and how much to bring or order. Pure.

    rate a day      = sold in the window ÷ days of the window the goods were there
    days of cover   = (on hand + on the way) ÷ rate, rounded down
    ask for more    when they are gone or the cover is less than the days goods take to come,
                    and at least one piece or kilo sold a week (less is chance)
    how much        = rate × (days to come + days to cover) − on hand − on the way,
                    rounded up to a whole piece or kilo

What must stay true: nothing is asked for that does not sell; quantities are whole thousandths.
"""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_DAYS = 28
"""Four whole weeks, so that market days weigh alike."""
SOLD_LEAST_A_WEEK = 1_000
"""One piece or kilo a week: less is chance."""
WHOLE = 1_000


@dataclass(frozen=True, slots=True)
class Supply:
    """What the hints reckon with: weeks looked at, days until more comes, days it shall last."""

    weeks: int = 4
    lead_days: int = 7
    cover_days: int = 14

    @property
    def window_days(self) -> int:
        return self.weeks * 7


@dataclass(frozen=True, slots=True)
class SellThrough:
    """What sold in the window and what is left; `cover_days` None when nothing sold."""

    sold_milli: int
    on_hand_milli: int
    days: int = WINDOW_DAYS
    """Days of the window the goods were there, at least one."""
    coming_milli: int = 0
    """Ordered, and not here yet."""
    supply: Supply = Supply()

    @property
    def there_milli(self) -> int:
        return max(self.on_hand_milli, 0) + self.coming_milli

    @property
    def cover_days(self) -> int | None:
        """How many whole days what is there lasts at the pace of the window."""
        if self.sold_milli <= 0:
            return None
        return self.there_milli * self.days // self.sold_milli

    @property
    def sold_out(self) -> bool:
        return self.on_hand_milli <= 0

    @property
    def bring_more(self) -> bool:
        """Whether it sells well and will be gone before more could come, or is gone."""
        days = self.cover_days
        if days is None or self.sold_milli * 7 < SOLD_LEAST_A_WEEK * self.days:
            return False
        return self.there_milli == 0 or days < self.supply.lead_days

    @property
    def suggested_milli(self) -> int:
        """How much to bring or order; 0 when nothing is asked for."""
        if not self.bring_more:
            return 0
        days = self.supply.lead_days + self.supply.cover_days
        wanted = -(-self.sold_milli * days // self.days) - self.there_milli
        return -(-max(wanted, 0) // WHOLE) * WHOLE
