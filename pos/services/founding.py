"""Found a centre: its row, its books, its shelves, its first till, and its first manager."""

from __future__ import annotations

from core import clock
from core.actor import Actor, Centre, system_actor
from accounting.services import chart, periods
from inventory.services import locations
from members.services import centres
from members.services.centres import NewCentre
from pos.services import tills


def found(new: NewCentre) -> Actor:
    """Create a centre with everything a first day needs; return the system's actor in it."""
    centre: Centre = centres.create(new)
    chart.seed(centre.id)
    locations.seed(centre.id)
    tills.seed(centre.id)
    periods.ensure(centre.id, clock.today())
    return system_actor(centre)
