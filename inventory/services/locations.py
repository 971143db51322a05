"""The places goods move from and to.

What must stay true: every centre has one shelf and one of each place outside (producer, customer,
waste); a location's kind never changes, so ids by kind may be remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select

from core.db import db, remembered
from core.ids import uuid7
from inventory.models import Location

SEEDED = (
    ("SHOP", "หน้าร้าน", "Shop shelf", "shop"),
    ("STORE", "ห้องเก็บของ", "Store room", "storage"),
    ("PRODUCER", "ผู้ผลิต", "Producers", "producer"),
    ("CUSTOMER", "ลูกค้า", "Customers", "customer"),
    ("WASTE", "ของเสีย", "Waste", "waste"),
)
"""Code, Thai, English, kind."""

OURS = ("shop", "storage")
"""The kinds where goods lie with us; only these have levels."""


@dataclass(frozen=True, slots=True)
class LocationCard:
    """A location by its names."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    kind: str


def seed(centre_id: int) -> None:
    """Give a new centre its shelf, its store room and the places outside."""
    db.session.execute(
        insert(Location),
        [
            {
                "centre_id": centre_id,
                "id": uuid7(),
                "code": code,
                "name_th": name_th,
                "name_en": name_en,
                "kind": kind,
            }
            for code, name_th, name_en, kind in SEEDED
        ],
    )


def listing(centre_id: int) -> list[LocationCard]:
    """Return the centre's locations by code."""
    rows = db.session.execute(
        select(
            Location.id,
            Location.code,
            Location.name_th,
            Location.name_en,
            Location.kind,
        )
        .where(Location.centre_id == centre_id)
        .order_by(Location.code)
    )
    return [LocationCard(*row) for row in rows]


def shop(centre_id: int) -> LocationCard:
    """Return the shelf the counter sells from."""
    return _seeded(centre_id, "SHOP")


def outside(centre_id: int, kind: str) -> UUID:
    """Return the place outside that goods come from or go to: producer, customer or waste."""
    assert kind in {"producer", "customer", "waste"}
    return _seeded(centre_id, kind.upper()).id


def transit(centre_id: int) -> UUID:
    """Return the place of goods on their way to or from another centre; made when first needed.

    It is outside: what lies there is in no level of ours. Only inside a transaction that writes.
    """
    return _made(centre_id, "TRANSIT", "ระหว่างทาง", "In transit", "transit")


def work(centre_id: int) -> UUID:
    """Return the place of goods that are being worked on; made when first needed.

    Outside like transit: a batch has taken them in, and they come back as other goods.
    """
    return _made(centre_id, "WORK", "กำลังผลิต", "In work", "work")


def _made(centre_id: int, code: str, name_th: str, name_en: str, kind: str) -> UUID:
    def load() -> UUID | None:
        return next((one.id for one in listing(centre_id) if one.code == code), None)

    known = remembered(("location", centre_id, code), load)
    if known is not None:
        return known
    made = uuid7()
    db.session.execute(
        insert(Location).values(
            centre_id=centre_id,
            id=made,
            code=code,
            name_th=name_th,
            name_en=name_en,
            kind=kind,
        )
    )
    return made


def _seeded(centre_id: int, code: str) -> LocationCard:
    def load() -> LocationCard | None:
        return next((one for one in listing(centre_id) if one.code == code), None)

    card = remembered(("location", centre_id, code), load)
    assert card is not None, f"centre {centre_id} has no location {code}"
    return card
