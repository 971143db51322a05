"""Match the lines of the old books with the chart, the registers and the products we have.

What must stay true: each register is read whole, once, whatever the number of lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from accounting.services import chart, funds
from core.db import db
from inventory.models import Lot, Product
from inventory.rules.opening_balance import Matches
from inventory.rules.opening_matching import (
    KnownAccount,
    KnownProduct,
    Person,
    Places,
    match_accounts,
    match_goods,
    match_people,
    name_key,
    register_of,
)
from inventory.rules.opening_tables import Line, Problem, Read
from inventory.services import locations
from members.services import bringing
from members.services.bringing import RegisterLine

LOTS_AT_A_TIME = 1000


def matched(
    centre_id: int,
    reads: Mapping[str, Read],
    choices: Mapping[str, str],
    accounts: tuple[KnownAccount, ...],
) -> tuple[Matches, list[Problem]]:
    """Return who and what every line is, and the lines of which nobody can say."""

    def lines(name: str) -> Any:
        return reads[name].lines if name in reads else ()

    producers = register_of(_person(one) for one in bringing.all_producers(centre_id))
    delivering = match_people("producers", lines("producers"), producers)
    members = register_of(
        _person(one) for one in (bringing.all_members(centre_id) if "members" in reads else ())
    )
    joined = match_people("members", lines("members"), members)
    products = products_of(centre_id) if "stock" in reads else []
    goods = match_goods(lines("stock"), products, producers, places_of(centre_id, lines("stock")))
    matches = Matches(
        match_accounts(lines("accounts"), accounts, choices),
        delivering.matches,
        joined.matches,
        goods.matches,
    )
    return matches, [*delivering.problems, *joined.problems, *goods.problems]


def products_of(centre_id: int) -> list[KnownProduct]:
    """Return every product that stock may lie of, on sale or not."""
    own = (Product.id, Product.code, Product.name_th, Product.unit, Product.sold_by, Product.active)
    rows = db.session.execute(select(*own).where(Product.centre_id == centre_id))
    return [KnownProduct(*row) for row in rows]


def places_of(centre_id: int, lines: Iterable[Line]) -> Places:
    """Return our locations, and which of the lots' numbers are taken."""
    ours = [one for one in locations.listing(centre_id) if one.kind in locations.OURS]
    named = {
        name_key(name): one.id for one in ours for name in (one.code, one.name_th, one.name_en)
    }
    said = sorted({line.text.get("lot", "") for line in lines} - {""})
    taken: set[str] = set()
    for at in range(0, len(said), LOTS_AT_A_TIME):
        query = select(Lot.lot_no).where(
            Lot.centre_id == centre_id, Lot.lot_no.in_(said[at : at + LOTS_AT_A_TIME])
        )
        taken |= set(db.session.scalars(query))
    return Places(named, frozenset(taken))


def chart_of(centre_id: int) -> tuple[KnownAccount, ...]:
    """Return the accounts, each fund behind the account that keeps it."""
    kept: dict[str, list[Any]] = {}
    for fund in funds.listing(centre_id, of_members=False):
        kept.setdefault(fund.purpose, []).append(fund)
    known = []
    for one in chart.listing(centre_id):
        known.append(
            KnownAccount(
                one.id, one.code, one.name_th, one.name_en, one.purpose, one.control_key, one.active
            )
        )
        for fund in kept.get(one.purpose or "", ()):
            known.append(
                KnownAccount(
                    one.id,
                    f"{one.code}-{fund.code}",
                    fund.name_th,
                    fund.name_en,
                    one.purpose,
                    one.control_key,
                    fund.active,
                    fund.id,
                )
            )
    return tuple(known)


def _person(one: RegisterLine) -> Person:
    return Person(one.id, one.number, one.name, one.phone, one.member_id)
