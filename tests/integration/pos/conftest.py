"""A network to add up: two centres of one, one of another, and a clock set by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from members.services.centres import NewCentre
from pos.services import founding
from tests.rolling import MARCH
from tests.shop import Shop, shop_in


@pytest.fixture
def now() -> Iterator[Callable[[datetime], None]]:
    """A clock that is set by hand."""
    moment = [MARCH]

    def at(new: datetime) -> None:
        moment[0] = new

    with clock.travel(lambda: moment[0]):
        yield at


@pytest.fixture
def shops(app: Flask, now: object, centre: Centre, other_centre: Centre) -> tuple[Shop, Shop, Shop]:
    """Two centres of one network, and one of another."""
    new = NewCentre(code="NBR", name_th="ศูนย์ข้างเคียง", name_en="Next", network_id=centre.network_id)
    made = in_transaction(founding.found, new).centre
    return shop_in(centre), shop_in(made), shop_in(other_centre)


@pytest.fixture
def officer(centre: Centre) -> Actor:
    return Actor(centre, None, "officer", frozenset({"network_officer"}))
