"""The shape of an association: its networks, their organisations, and how members spread over them.

What must stay true: the counts are those somebody published, so organisations and members add up to
them exactly whatever the seed; names of organisations are examples and say so. Pure.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from core.money import split_by_weight

NETWORKS, ORGANISATIONS, MEMBERS = 10, 177, 23_403
"""The control totals of the seed."""
FEWEST = 7
"""A community enterprise is registered with seven members or more."""
EXAMPLE = "(ตัวอย่าง)"
HOUSE_SIZE, VILLAGE_SIZE, VILLAGES_MAX = 3, 40, 12

KINDS = {
    1: "กลุ่มวิชาชีพและสื่อชุมชน",
    2: "ชมรมผู้สูงอายุ",
    3: "องค์กรเยาวชน",
    4: "กลุ่มพัฒนาลุ่มน้ำมูล",
    5: "กลุ่มเกษตรกรรายย่อย",
    6: "กลุ่มวัฒนธรรมชุมชน",
    7: "กลุ่มการเมืองภาคประชาชน",
    8: "กลุ่มสานรักษ์ชายแดน",
    9: "ศูนย์ประสานงานองค์กรชุมชนอำเภอ",
    10: "กลุ่มอาสาสมัครพิทักษ์สิ่งแวดล้อม",
}
"""How an organisation of each network is called; a place follows."""
DISTRICTS = (
    "เมืองสุรินทร์ ชุมพลบุรี ท่าตูม จอมพระ ปราสาท กาบเชิง รัตนบุรี สนม ศีขรภูมิ สังขะ ลำดวน สำโรงทาบ "
    "บัวเชด พนมดงรัก ศรีณรงค์ เขวาสินรินทร์ โนนนารายณ์"
).split()
DISTRICT_NETWORK = 9
LANDS = ("โคก", "หนอง", "โนน", "ห้วย", "ทุ่ง")
GROWTH = "สะอาด ไผ่ ยาง ตะเคียน กระโดน บัว แก ขาม มะค่า เสม็ด พลวง".split()
PLACES = tuple(f"บ้าน{land}{growth}" for growth, land in product(GROWTH, LANDS))


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """A network as the seed counts it."""

    no: int
    name: str
    unit: str
    organisations: int
    members: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation to found: its code and name, and its villages with the people of each."""

    network_no: int
    code: str
    name: str
    villages: tuple[tuple[str, int], ...]

    @property
    def members(self) -> int:
        return sum(people for _, people in self.villages)


class NotTheSeed(AssertionError):
    """The facts don't add up to the published totals: our own mistake, never the world's."""


def check_totals(networks: int, organisations: int, members: int) -> None:
    """Assert the control totals of the seed."""
    found, seed = (networks, organisations, members), (NETWORKS, ORGANISATIONS, MEMBERS)
    if found != seed:
        raise NotTheSeed(f"networks, organisations, members are {found}, the seed says {seed}")


def organisations_of(facts: NetworkFacts, seed: int) -> tuple[Organisation, ...]:
    """Return the organisations of a network; their members add up to the network's."""
    dice = random.Random(f"{seed}:{facts.no}")  # noqa: S311 - a play, no secret
    sizes = shared_out(facts.members, facts.organisations, dice)
    places = _places(facts, dice)
    return tuple(
        Organisation(
            network_no=facts.no,
            code=f"N{facts.no:02d}-{number:02d}",
            name=f"{KINDS[facts.no]}{place} {EXAMPLE}",
            villages=villages_of(size, dice),
        )
        for number, (place, size) in enumerate(zip(places, sizes, strict=True), start=1)
    )


def shared_out(members: int, organisations: int, dice: random.Random) -> tuple[int, ...]:
    """Share members over organisations unevenly, seven or more to each, none lost."""
    assert members >= organisations * FEWEST, "too few members for so many organisations"
    return tuple(
        FEWEST + part
        for part in split_by_weight(
            members - organisations * FEWEST,
            [dice.randrange(40, 161) for _ in range(organisations)],
        )
    )


def villages_of(people: int, dice: random.Random) -> tuple[tuple[str, int], ...]:
    """Share an organisation's people over villages, the last ones small."""
    count = max(1, min(VILLAGES_MAX, people // VILLAGE_SIZE))
    weights = [dice.randrange(60, 101) for _ in range(count)]
    if count > 2:
        weights[-1] = 10
    names = dice.sample(PLACES, count)
    parts = split_by_weight(people, weights)
    return tuple((name, part) for name, part in zip(names, parts, strict=True) if part)


def traded_over(sales: int, centres: int) -> tuple[int, ...]:
    """Share sale documents over the centres that trade."""
    return tuple(split_by_weight(sales, [1] * centres))


def _places(facts: NetworkFacts, dice: random.Random) -> Iterable[str]:
    if facts.no == DISTRICT_NETWORK:
        assert facts.organisations == len(DISTRICTS)
        return DISTRICTS
    return dice.sample(PLACES, facts.organisations)
