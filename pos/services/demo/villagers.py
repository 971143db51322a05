"""What the demo centre knows of its people beyond their names: births, a child, groups, leaving."""

from __future__ import annotations

import random
from datetime import timedelta

from core import clock
from core.db import in_transaction
from core.ids import uuid7
from members.rules.persons import FACTS, Birth
from members.services import groups, members, people, producers, registering, standing
from members.services.groups import JoinGroup
from members.services.producers import NewProducer
from members.services.registering import ChangePerson, NewPerson
from members.services.standing import RecordFact
from pos.services.demo.shop import Shop

KNOWN, OLD, IN_GROUPS = 12, 8, 3
FORMER_PRODUCERS: tuple[tuple[str, str, tuple[tuple[str, int, str], ...]], ...] = (
    ("ยายบัวผัน คำมูล", "person", (("suspended", 40, "ตรวจพบสารเคมีเกินกำหนด"),)),
    (
        "นายศรีวรรณ แก้วมา",
        "person",
        (("suspended", 700, "ส่งของไม่ตรงนัด"), ("reinstated", 640, ""), ("resigned", 200, "ย้ายบ้าน")),
    ),
    ("กลุ่มจักสานบ้านเหนือ", "group", (("died", 90, "สมาชิกเหลือไม่ถึงเจ็ดคน"),)),
)
"""Who brings nothing to this demo any more: the name, the kind, what happened how many days ago."""


def tell_of(shop: Shop, seed: int) -> None:
    """Give some members a birth, one a child, the groups their people; one resigns today.

    Some producers of before are suspended, have stopped, or were dissolved.
    """
    dice = random.Random(seed)  # noqa: S311 - a play, no secret
    manager = shop.staff["manager"]
    known = [members.get(one, manager) for one in shop.members[-KNOWN:]]
    for member in known[:OLD]:
        person = people.get(member.person_id, manager)
        born = Birth(dice.randrange(1935, 1990), *dice.choice(((), (dice.randrange(1, 13),))))
        facts = {name: getattr(person, name) for name in FACTS}
        command = ChangePerson(person_id=person.id, version=person.version, birth=born, **facts)
        in_transaction(registering.change, command, manager)
    parent = known[0]
    child = NewPerson(
        person_id=uuid7(),
        title="ด.ญ.",
        first_name="ข้าวหอม",
        last_name=parent.last_name,
        nickname="หอม",
        house_no=parent.house_no,
        village_id=parent.village_id,
        birth=Birth(clock.today().year - 11),
        guardian_person_id=parent.person_id,
    )
    in_transaction(registering.create, child, manager)
    for number, (group_id, _name) in enumerate(groups.all_groups(manager.centre_id)):
        for member in known[number % OLD : number % OLD + IN_GROUPS]:
            joined = JoinGroup(
                id=uuid7(),
                producer_id=group_id,
                person_id=member.person_id,
                joined_on=clock.today() - timedelta(days=dice.randrange(100, 900)),
            )
            in_transaction(groups.join, joined, manager)
    for member, kind in ((known[OLD], "suspended"), (known[OLD + 1], "resigned")):
        fact = RecordFact(fact_id=uuid7(), member_id=member.id, kind=kind, on_date=clock.today())
        in_transaction(standing.record, fact, manager)
    for name, sort, happened in FORMER_PRODUCERS:
        began = clock.today() - timedelta(days=1500)
        new = NewProducer(name=name, kind=sort, joined_on=began)
        producer = in_transaction(producers.create, new, manager)
        for kind, days_ago, reason in happened:
            day = clock.today() - timedelta(days=days_ago)
            fact = RecordFact(
                fact_id=uuid7(), producer_id=producer.id, kind=kind, on_date=day, reason=reason
            )
            in_transaction(standing.record, fact, manager)
