"""What a settlement up to a day would pay, without preparing one: for the producer's own page."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from inventory.rules.settlement import Reckoning, reckon
from inventory.services.settlement import policies
from inventory.services.settlement.gathering import gather


def of(centre_id: int, producer_id: UUID, cut_off: date) -> Reckoning | None:
    """Return the settlement one producer would get up to a day, or None when nothing is due."""
    recipe = policies.get(centre_id).recipe
    for one in gather(centre_id, cut_off, recipe.hold_back_days, [producer_id]):
        return reckon(
            one.payable, one.owed, one.advances_satang, one.brought_forward_satang, recipe
        )
    return None
