"""Build an association as its seed counts it: networks, organisations, members, a year of trade.

What must stay true: networks, organisations and members end up at the published totals exactly, or
building fails; everything goes through services, so `sunruam verify` holds on every centre; names
of organisations are examples and say so; nobody named here is a real person.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from core import clock, ids
from core.actor import Actor, system_actor
from core.db import in_transaction
from members.services import centres, enlisting, grants, standing, users, villages
from members.services.centres import NewCentre
from members.services.enlisting import Newcomer
from members.services.users import NewUser
from members.services.villages import NewVillage
from pos.rules.federation import (
    HOUSE_SIZE,
    NetworkFacts,
    Organisation,
    check_totals,
    organisations_of,
    traded_over,
)
from pos.services import founding
from pos.services.demo import federation_trade, federation_welfare, words

SEED_FACTS = Path(__file__).parent / "federation.csv"
NAME_ENDS = (
    "ดี งาม มา ใส สุข วงศ์ ศรี เรือง พันธ์ ประเสริฐ ทรัพย์ กุล ชัย เพชร ทอง แก้ว คำ บุญ ธรรม รัตน์"
).split()
NAME_STARTS = "ทอง ศรี บุญ แก้ว วงศ์ สุข จันทร์ พรม คำ ชัย เพชร มณี สาย ดวง สม อินทร์".split()
TOLD_EVERY = 25
TRADING_OF_NETWORK = 2
SALES_OF_CENTRE = 50
"""Fewer centres trade when there are few sales, at least two of one network."""


@dataclass(frozen=True, slots=True)
class Built:
    """An organisation that stands: its system actor and how many members it has."""

    organisation: Organisation
    actor: Actor


def facts() -> tuple[NetworkFacts, ...]:
    """Return the networks as the seed counts them."""
    with SEED_FACTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        NetworkFacts(
            int(row["no"]),
            row["name"],
            row["unit"],
            int(row["organisations"]),
            int(row["members"]),
        )
        for row in rows
    )


def build(
    *,
    seed: int,
    sales: int,
    tell: Callable[[str], object],
    networks: Sequence[NetworkFacts] | None = None,
) -> None:
    """Build the association (or only `networks` of it) and a year of `sales` sale documents."""
    chosen = facts() if networks is None else tuple(networks)
    if networks is None:
        _assert_seed(chosen)
    today = clock.today()
    with ids.seeded(seed):
        built = [each for one in chosen for each in _network(one, seed, today, tell)]
        traders = _traders(built, sales)
        parts = traded_over(sales, len(traders)) if traders else ()
        federation_trade.play(
            [(one.actor, part) for one, part in zip(traders, parts, strict=True)],
            seed=seed,
            today=today,
            tell=tell,
        )
        for one in traders:
            begun = today - timedelta(days=federation_trade.DAYS)
            in_transaction(federation_welfare.give, one.actor, begun)
    found = sum(_members_of(one.actor.centre_id) for one in built)
    wanted = sum(one.members for one in chosen)
    assert found == wanted, f"{found} members stand in the registers, the facts say {wanted}"
    if networks is None:
        check_totals(len(chosen), len(built), found)
    tell(f"{len(chosen)} networks, {len(built)} organisations, {found} members")
    tell_sign_ins(tell)


def tell_sign_ins(tell: Callable[[str], object]) -> None:
    """Say who can sign in."""
    tell(
        "Sign in as officer01 … officer10 (networks) or n01-01 … n10-10 (managers)"
        f" with the password {words.PASSWORD}"
    )


def _assert_seed(chosen: Sequence[NetworkFacts]) -> None:
    check_totals(
        len(chosen),
        sum(one.organisations for one in chosen),
        sum(one.members for one in chosen),
    )


def _members_of(centre_id: int) -> int:
    there = standing.on(centre_id, clock.today()).values()
    return sum(1 for one in there if one.is_member)


def _network(
    of: NetworkFacts, seed: int, today: date, tell: Callable[[str], object]
) -> list[Built]:
    network_id = in_transaction(centres.add_network, of.name, f"Network {of.no}")
    dice = random.Random(f"{seed}:people:{of.no}")  # noqa: S311 - a play, no secret
    built = []
    for number, one in enumerate(organisations_of(of, seed), start=1):
        built.append(in_transaction(_organisation, one, network_id, today, dice))
        if number % TOLD_EVERY == 0:
            tell(f"  {of.no}: {number}/{of.organisations}")
    in_transaction(_officer, of.no, network_id, built[0].actor)
    people = sum(one.organisation.members for one in built)
    tell(f"{of.name}: {len(built)} {of.unit}, {people} members")
    return built


def _organisation(one: Organisation, network_id: int, today: date, dice: random.Random) -> Built:
    begun = today - timedelta(days=federation_trade.DAYS)
    with clock.travel(lambda: federation_trade.morning(begun)):
        actor = founding.found(
            NewCentre(
                code=one.code,
                name_th=one.name,
                name_en=f"Organisation {one.code} (example)",
                network_id=network_id,
                receipt_footer=words.FOOTER,
            )
        )
        manager = NewUser(
            username=one.code.lower(),
            display_name=f"ผู้จัดการ {one.code}",
            password=words.PASSWORD,
            roles=("manager",),
        )
        users.create(manager, actor)
    people: list[Newcomer] = []
    for name, count in one.villages:
        village = NewVillage(name=name, amphoe="", changwat="สุรินทร์")
        village_id = villages.create(village, actor).id
        people += [_newcomer(number, village_id, today, dice) for number in range(count)]
    enlisting.enlist(people, actor)
    return Built(one, system_actor(actor.centre))


def _newcomer(number: int, village_id: UUID, today: date, dice: random.Random) -> Newcomer:
    woman = dice.random() < 0.6
    return Newcomer(
        title=dice.choice(words.TITLES_WOMEN if woman else words.TITLES_MEN),
        first_name=dice.choice(words.WOMEN if woman else words.MEN),
        last_name=dice.choice(NAME_STARTS) + dice.choice(NAME_ENDS),
        nickname=dice.choice(words.NICKNAMES),
        house_no=str(number // HOUSE_SIZE + 1),
        village_id=village_id,
        joined_on=today - timedelta(days=dice.randrange(30, 3000)),
    )


def _officer(no: int, network_id: int, actor: Actor) -> None:
    user = users.create(
        NewUser(
            username=f"officer{no:02d}",
            display_name=f"เจ้าหน้าที่เครือข่าย {no}",
            password=words.PASSWORD,
            roles=("auditor",),
        ),
        actor,
    )
    grants.take(user.id, "auditor", actor)
    grants.make_officer(user.id, network_id)


def _traders(built: Sequence[Built], sales: int) -> list[Built]:
    """Return who trades: the first two of each network, as many as the sales are worth."""
    if not sales:
        return []
    firsts: dict[int, list[Built]] = {}
    for one in built:
        firsts.setdefault(one.organisation.network_no, []).append(one)
    worth = max(TRADING_OF_NETWORK, sales // SALES_OF_CENTRE)
    chosen = [one for group in firsts.values() for one in group[:TRADING_OF_NETWORK]]
    return chosen[:worth]
