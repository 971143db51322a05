"""The demo's surplus: three ways to use what the year may bring, for the meeting to look at.

The year is still open, so they stand on a figure somebody expects.
"""

from __future__ import annotations

from uuid import UUID

from accounting.rules.periods import fiscal_year
from accounting.rules.surplus.uses import PERCENT, Part
from accounting.services import funds
from accounting.services.surplus import scenarios
from accounting.services.surplus.scenarios import SaveScenario
from core import clock, ids
from core.db import in_transaction
from pos.services.demo.shop import Shop

EXPECTED = 12_000_000
WAYS = (
    ("เน้นสมาชิก", {"reserve": 15, "dividend": 3, "patronage": 62, "retained": 20}),
    ("เน้นสวัสดิการ", {"reserve": 20, "welfare": 50, "dividend": 2, "patronage": 18, "retained": 10}),
    ("เก็บไว้ขยายร้าน", {"reserve": 55, "dividend": 2, "patronage": 13, "retained": 30}),
)


def propose(shop: Shop, year: int | None = None) -> UUID:
    """Draw the scenarios of a year up (the running one unless told); return the first one's id.

    What needs a fund is kept in the first one for welfare.
    """
    actor = shop.staff["accountant"]
    kept = [fund.id for fund in funds.listing(shop.centre.id) if fund.purpose == "welfare_fund"]
    expected = None if year else EXPECTED
    year = year or fiscal_year(clock.today(), shop.centre.fiscal_year_start_month)
    drawn: list[UUID] = []
    for name, percents in WAYS:
        if "welfare" in percents and not kept:
            continue
        parts = tuple(
            Part(use, percent * PERCENT, kept[0] if use == "welfare" else None)
            for use, percent in percents.items()
        )
        command = SaveScenario(
            ids.uuid7(), year, name, parts, expected_satang=expected, retained_basis_points=2_000
        )
        drawn.append(in_transaction(scenarios.save, command, actor).id)
    return drawn[0]
