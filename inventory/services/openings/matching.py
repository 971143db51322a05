"""Match the lines of the old books with the chart, the registers and the products we have.

What must stay true: each register is read whole, once, whatever the number of lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounting.services import chart, funds
from inventory.rules.opening_balance import Matches
from inventory.rules.opening_matching import (
    KnownAccount,
    KnownProduct,
    Person,
    match_accounts,
    match_goods,
    match_people,
    register_of,
)
from inventory.rules.opening_tables import Problem, Read
from inventory.services import catalogue
from members.services import bringing
from members.services.bringing import RegisterLine


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
    products = [
        KnownProduct(one.id, one.code, one.name_th, one.unit, one.sold_by)
        for one in (catalogue.shelf(centre_id) if "stock" in reads else ())
    ]
    goods = match_goods(lines("stock"), products, producers)
    matches = Matches(
        match_accounts(lines("accounts"), accounts, choices),
        delivering.matches,
        joined.matches,
        goods.matches,
    )
    return matches, [*delivering.problems, *joined.problems, *goods.problems]


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
