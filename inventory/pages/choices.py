"""What the forms of the stock room offer to choose from."""

from __future__ import annotations

from core.actor import Actor
from core.paging import LIMIT_MAX, Window
from members.services import producers
from members.services.producers import ProducerCard

CHOICES_MAX = 1000


def producer_choices(actor: Actor) -> list[ProducerCard]:
    """Return the producers to choose from, by name."""
    found: list[ProducerCard] = []
    window = Window(limit=LIMIT_MAX)
    while len(found) < CHOICES_MAX:
        page = producers.listing(actor, "", window)
        found += [card for card in page.items if card.active]
        if page.next is None:
            break
        window = Window(page.next, LIMIT_MAX)
    return found
