"""Places as the forms of counts and transfers offer them."""

from __future__ import annotations

from collections.abc import Iterable

from core.web import show
from inventory.services.locations import LocationCard


def place_options(places: Iterable[LocationCard]) -> list[tuple[str, str]]:
    """Return (id, name in the reader's language) of places."""
    english = show.language() == "en"
    return [(str(one.id), one.name_en if english else one.name_th) for one in places]
