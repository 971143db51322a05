"""Build the demo centre: villages, people, goods, and days of trade.

Everything goes through the services people use, under a clock that runs through the past, so that
`sunruam verify` holds on it like on any shop. The same seed makes the same shop.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from uuid import UUID

from accounting.services import activities, opening
from accounting.services.activities import NewActivity
from core import clock, ids
from core.actor import Actor, TaxSetting
from core.db import in_transaction
from inventory.services import catalogue
from inventory.services.catalogue import ProductFacts, SaveProduct
from members.services import centres, grants, members, producers, users, villages
from members.services.centres import NewCentre
from members.services.members import NewMember
from members.services.producers import NewProducer
from members.services.users import NewUser
from members.services.villages import NewVillage
from pos.services import founding, offers, tills
from pos.services.day_figures import rolling
from pos.services.demo import (
    bookkeeping,
    buying,
    dividing,
    fetching,
    giving,
    joint_buying,
    lending,
    making,
    moving,
    pricing,
    season,
    shares,
    sharing,
    trade,
    villagers,
    welfare,
    words,
    working,
)
from pos.services.demo.shop import Goods, Shop, Watch

MEMBERS, PERSONS = 120, 24
GOODS = Path(__file__).parent / "products.csv"
OPENING_SAFE, OPENING_BANK = 3_000_000, 8_000_000


def has_centres() -> bool:
    """Tell whether any centre is there already."""
    return bool(centres.listing())


def is_there() -> bool:
    """Tell whether this installation holds the demo centre."""
    return any(one.name_th == words.CENTRE[0] for one in centres.listing())


def sin_phrae_thong(*, seed: int, days: int, tell: Callable[[str], object]) -> None:
    """Build the centre and `days` of trade up to yesterday, telling how far it is."""
    dice = random.Random(seed)  # noqa: S311 - a play, no secret
    today = clock.today()
    first = today - timedelta(days=days)
    with ids.seeded(seed):
        with clock.travel(Watch(first, time(7, 0))):
            # The year ends with the last closed month: the demo has one to divide.
            shop = _found(dice, (today - timedelta(days=1)).month)
            bookkeeping.plan(shop, first)
            welfare.refer(shop)
        tell(f"{shop.centre.name_th}: {len(shop.goods)} goods, {len(shop.members)} members")
        bought = buying.Play()
        together = joint_buying.Play()
        for number in range(days):
            day = first + timedelta(days=number)
            watch = Watch(day, time(7, 45))
            with clock.travel(watch):
                trade.play_day(shop, watch, dice)
                season.play_day(shop, number, watch, dice)
                giving.play_day(shop, number, watch)
                making.play_day(shop, number, watch)
                buying.play_day(shop, days - 1 - number, watch, bought)
                joint_buying.play_day(shop, days - 1 - number, watch, together)
                lending.play_day(shop, days - 1 - number, watch)
                shares.play_day(shop, number, watch)
                bookkeeping.play_day(shop, watch)
                if number + 1 == days:
                    bookkeeping.leave_waiting(shop, watch)
                    villagers.tell_of(shop, seed)
                    sharing.propose(shop)
                    dividing.hold_meeting(shop)
                    fetching.choose(shop)
                    working.plan(shop)
                    working.oversee(shop)
                    working.leave_to_look_at(shop)
                    pricing.dress(shop)
                    pricing.sell(shop, watch)
                    moving.bring(shop)
                    joint_buying.collect_another(shop, together)
            if (number + 1) % 10 == 0 or number + 1 == days:
                tell(f"{number + 1}/{days} days of trade")
    _add_up_days(shop.centre.id)


def _add_up_days(centre_id: int) -> None:
    """Do what the worker does every night, so that the manager's pages read kept figures."""
    for day in rolling.due(centre_id):
        in_transaction(rolling.roll, centre_id, day)


def tell_sign_ins(tell: Callable[[str], object]) -> None:
    """Say who can sign in to the demo."""
    names = [name for name, *_ in words.STAFF] + ["producer", "officer"]
    tell(f"Sign in as {', '.join(names)} with the password {words.PASSWORD}")


def _found(dice: random.Random, first_month: int) -> Shop:
    system = in_transaction(
        founding.found,
        NewCentre(
            code="SPT",
            name_th=words.CENTRE[0],
            name_en=words.CENTRE[1],
            network_id=None,
            address=words.ADDRESS,
            phone="074-000-001",
            tax_id="0993000000013",
            cash_rounding_satang=25,
            promptpay_kind="phone",
            promptpay_id="0801234567",
            promptpay_name=words.STAFF[0][1],
            receipt_footer=words.FOOTER,
            fiscal_year_start_month=first_month,
            tax_settings=(TaxSetting(clock.today()),),
        ),
    )
    staff = {"system": system}
    for name, shown, roles, _section in words.STAFF:
        user = in_transaction(
            users.create,
            NewUser(username=name, display_name=shown, password=words.PASSWORD, roles=roles),
            system,
        )
        staff[name] = Actor(system.centre, user.id, shown, frozenset(roles))
    in_transaction(opening.post, opening.Opening(OPENING_SAFE, OPENING_BANK), staff["accountant"])
    places = [
        in_transaction(
            villages.create,
            NewVillage(name=name, moo=moo, tambon="ลำสินธุ์", amphoe="ศรีนครินทร์", changwat="พัทลุง"),
            staff["manager"],
        ).id
        for name, moo in words.VILLAGES
    ]
    people = _members(places, staff["manager"], dice)
    makers = _producers(people, places, staff["manager"], dice)
    goods, splits = _goods(makers, _activities(system), staff["stock"])
    season.agree(goods, splits, system.centre_id, staff)
    _sign_in_for_producer(goods, system)
    return Shop(
        centre=system.centre,
        staff=staff,
        members=tuple(people),
        goods=goods,
        till_id=tills.listing(system.centre_id)[0].id,
        reasons=tuple(reason.id for reason in tills.discount_reasons(system.centre_id)),
        offers=offers.on_shelf(system.centre_id, catalogue.shelf(system.centre_id), clock.today()),
    )


def _members(places: list[UUID], manager: Actor, dice: random.Random) -> list[UUID]:
    found: list[UUID] = []
    taken: set[tuple[str, str]] = set()
    while len(found) < MEMBERS:
        woman = dice.random() < 0.6
        first = dice.choice(words.WOMEN if woman else words.MEN)
        last = dice.choice(words.LAST_NAMES)
        if (first, last) in taken:
            continue
        taken.add((first, last))
        member = in_transaction(
            members.create,
            NewMember(
                title=dice.choice(words.TITLES_WOMEN if woman else words.TITLES_MEN),
                first_name=first,
                last_name=last,
                nickname=dice.choice(words.NICKNAMES),
                phone=f"08{dice.randrange(10**8):08d}",
                house_no=f"{dice.randrange(1, 250)}/{dice.randrange(1, 9)}",
                village_id=dice.choice(places),
                joined_on=clock.today() - timedelta(days=dice.randrange(30, 3000)),
            ),
            manager,
        )
        found.append(member.id)
    return found


def _producers(
    people: list[UUID], places: list[UUID], manager: Actor, dice: random.Random
) -> list[UUID]:
    makers = []
    for group in words.GROUPS:
        new = NewProducer(
            name=group, kind="group", village_id=dice.choice(places), joined_on=_years_ago(3)
        )
        makers.append(in_transaction(producers.create, new, manager).id)
    for member_id in dice.sample(people, PERSONS):
        member = members.get(member_id, manager)
        new = NewProducer(
            name=f"{member.title}{member.first_name} {member.last_name}",
            phone=member.phone,
            member_id=member_id,
            village_id=member.village_id,
            joined_on=_years_ago(1),
        )
        makers.append(in_transaction(producers.create, new, manager).id)
    return makers


def _years_ago(years: int) -> date:
    return clock.today() - timedelta(days=365 * years)


def _activities(system: Actor) -> dict[int | None, UUID]:
    """Set up the profit centres; return them by the group they sell for, None for all others."""
    return {
        group: in_transaction(
            activities.create, NewActivity(ids.uuid7(), code, name_th, name_en), system
        ).id
        for code, name_th, name_en, group in words.ACTIVITIES
    }


def _goods(
    makers: list[UUID], belongs: dict[int | None, UUID], manager: Actor
) -> tuple[tuple[Goods, ...], dict[UUID, int]]:
    """Put the goods on sale; return them, and the split of each that comes on consignment."""
    with GOODS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    goods, splits = [], {}
    for row in rows:
        price = _satang(row["price"])
        facts = ProductFacts(
            code=row["code"],
            barcodes=tuple(row["barcode"].split()),
            name_th=row["name_th"],
            name_en=row["name_en"],
            category=row["category"],
            picture=row["picture"],
            sold_by=row["sold_by"],
            unit=row["unit"],
            price_satang=price,
            tax_code=row["tax_code"],
            activity_id=belongs.get(int(row["producer"]), belongs[None]),
        )
        product, _ = in_transaction(catalogue.save, SaveProduct(ids.uuid7(), facts), manager)
        if row["split"]:
            splits[product.id] = int(row["split"])
        goods.append(
            Goods(
                id=product.id,
                price_satang=price,
                by_weight=row["sold_by"] == "weight",
                consigned=row["kind"] == "consignment",
                unit_cost_satang=_satang(row["cost"] or "0"),
                shelf_days=int(row["shelf_days"]) if row["shelf_days"] else None,
                batch_milli=int(row["batch"]) * 1000,
                popularity=int(row["popularity"]),
                producer_id=makers[int(row["producer"])],
            )
        )
    return tuple(goods), splits


def _sign_in_for_producer(goods: tuple[Goods, ...], system: Actor) -> None:
    """Let the honey's producer sign in on a phone, and an officer see the network's totals."""
    honey = next(one for one in goods if one.consigned and one.price_satang == 18_000)
    maker = producers.get(system.centre_id, honey.producer_id)
    in_transaction(
        users.create,
        NewUser(
            username="producer",
            display_name=maker.name,
            password=words.PASSWORD,
            roles=("producer",),
            producer_id=maker.id,
        ),
        system,
    )
    officer = in_transaction(
        users.create,
        NewUser(
            username="officer",
            display_name="เจ้าหน้าที่เครือข่าย",
            password=words.PASSWORD,
            roles=("auditor",),
        ),
        system,
    )
    in_transaction(grants.take, officer.id, "auditor", system)
    in_transaction(grants.make_officer, officer.id, system.centre.network_id)


def _satang(baht: str) -> int:
    whole, _, part = baht.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])
