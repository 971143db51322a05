"""Members, producers, villages: found again, changed with care, never another centre's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import in_transaction
from core.errors import ChangedMeanwhile, DifferentContent, Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from members.services import members, producers, villages
from members.services.members import (
    ChangeMember,
    MemberDetail,
    MemberNoTaken,
    NewMember,
    NotAMember,
)
from members.services.producers import ChangeProducer, NewProducer, ProducerNoTaken
from members.services.villages import NewVillage, VillageKnown

pytestmark = pytest.mark.usefixtures("app")


def enter(actor: Actor, first_name: str, **facts: object) -> MemberDetail:
    return in_transaction(members.create, NewMember(first_name=first_name, **facts), actor)


def change(known: MemberDetail, actor: Actor, **facts: object) -> MemberDetail:
    names = ("first_name", "last_name", "title", "nickname", "phone", "house_no", "village_id")
    values = {name: getattr(known, name) for name in names}
    values |= {"member_id": known.id, "version": known.version} | facts
    return in_transaction(members.change, ChangeMember(**values), actor)


def test_a_member_gets_the_next_free_number(stock_keeper: Actor) -> None:
    enter(stock_keeper, "ก", member_no="00002")
    numbers = [enter(stock_keeper, name).member_no for name in ("ข", "ค")]
    assert numbers == ["00001", "00003"]


def test_a_number_is_given_once(stock_keeper: Actor) -> None:
    enter(stock_keeper, "ก", member_no="A-1")
    with pytest.raises(MemberNoTaken):
        enter(stock_keeper, "ข", member_no="A-1")


def test_two_centres_number_their_members_apart(manager: Actor, other_centre: Centre) -> None:
    mine = enter(manager, "ก")
    theirs = enter(system_actor(other_centre), "ก")
    assert mine.member_no == theirs.member_no == "00001"


def test_a_member_is_found_by_any_part(manager: Actor) -> None:
    village = in_transaction(villages.create, NewVillage("บ้านน้ำใส", moo="3"), manager)
    known = enter(
        manager,
        "สมใจ",
        last_name="ดีงาม",
        title="นาง",
        nickname="น้อย",
        phone="081-234-5678",
        village_id=village.id,
    )
    enter(manager, "สมชาย")
    for query in ("สมใจ", "นอย", "ดีงาม สมใจ", "0812345678", known.member_no, "๐๐๐๐๑"):
        cards = members.search(manager.centre_id, query)
        assert cards[0].id == known.id, query
        assert (cards[0].name, cards[0].village) == ("นางสมใจ ดีงาม", "บ้านน้ำใส")
    assert members.search(manager.centre_id, "") == []
    assert members.search(manager.centre_id, "%") == []


def test_the_exact_number_comes_first(manager: Actor) -> None:
    enter(manager, "ก", member_no="12")
    enter(manager, "ข", member_no="112")
    enter(manager, "ค", member_no="2")
    assert next(card.member_no for card in members.search(manager.centre_id, "2")) == "2"


def test_a_search_is_limited(manager: Actor) -> None:
    for _ in range(25):
        enter(manager, "สมชาย")
    assert len(members.search(manager.centre_id, "สมชาย")) == 20


def test_the_register_is_read_in_the_order_of_the_thai_dictionary(manager: Actor) -> None:
    for name in ("แก้ว", "ขวัญ", "กบ", "เกด", "ไก่"):
        enter(manager, name)
    seen: list[str] = []
    window = Window(limit=2)
    while True:
        page = members.listing(manager, "", window)
        seen += [card.name for card in page.items]
        if page.next is None:
            break
        window = replace(window, after=page.next)
    assert seen == ["กบ", "เกด", "แก้ว", "ไก่", "ขวัญ"]


@pytest.mark.parametrize("after", ["nonsense", str(UUID(int=1))])
def test_a_page_behind_nobody_is_not_there(manager: Actor, after: str) -> None:
    with pytest.raises(NotFound):
        members.listing(manager, "", Window(after=after))


def test_the_same_entry_again_is_the_same_member(manager: Actor) -> None:
    new = NewMember(first_name="ก", member_id=uuid7())
    first = in_transaction(members.create, new, manager)
    assert in_transaction(members.create, new, manager) == first
    with pytest.raises(DifferentContent) as refusal:
        in_transaction(members.create, replace(new, first_name="ข"), manager)
    assert refusal.value.facts == {"differs": ["first_name"]}


def test_two_people_on_one_member_learn_of_each_other(manager: Actor) -> None:
    known = enter(manager, "ก")
    change(known, manager, nickname="หนึ่ง")
    with pytest.raises(ChangedMeanwhile):
        change(known, manager, nickname="สอง")
    assert members.get(known.id, manager).nickname == "หนึ่ง"


def test_a_changed_name_is_found_under_the_new_one_only(manager: Actor) -> None:
    known = change(enter(manager, "สมชาย"), manager, first_name="สมหมาย")
    assert members.search(manager.centre_id, "สมชาย") == []
    assert members.search(manager.centre_id, "สมหมาย")[0].id == known.id


def test_only_a_present_member_is_one(manager: Actor) -> None:
    known = enter(manager, "ก", joined_on=clock.today() - timedelta(days=10))
    assert members.require_active(manager.centre_id, known.id).id == known.id
    change(known, manager, resigned_on=clock.today())
    with pytest.raises(NotAMember):
        members.require_active(manager.centre_id, known.id)
    future = enter(manager, "ข", joined_on=clock.today() + timedelta(days=1))
    with pytest.raises(NotAMember):
        members.require_active(manager.centre_id, future.id)


def test_a_member_of_another_centre_is_not_there(manager: Actor, other_centre: Centre) -> None:
    theirs = enter(system_actor(other_centre), "ก")
    with pytest.raises(NotFound):
        members.get(theirs.id, manager)
    with pytest.raises(NotAMember):
        members.require_active(manager.centre_id, theirs.id)
    with pytest.raises(NotFound):
        change(theirs, manager)
    assert members.names(manager.centre_id, {theirs.id}) == {}
    assert members.search(manager.centre_id, "ก") == []


def test_a_village_of_another_centre_is_not_there(manager: Actor, other_centre: Centre) -> None:
    village = in_transaction(villages.create, NewVillage("บ้านไกล"), system_actor(other_centre))
    with pytest.raises(NotFound):
        enter(manager, "ก", village_id=village.id)
    with pytest.raises(NotFound):
        in_transaction(producers.create, NewProducer(name="ก", village_id=village.id), manager)


def test_a_village_is_listed_once_in_thai_order(manager: Actor) -> None:
    for name in ("บ้านใหม่", "บ้านเก่า"):
        in_transaction(villages.create, NewVillage(name), manager)
    with pytest.raises(VillageKnown):
        in_transaction(villages.create, NewVillage("บ้านใหม่"), manager)
    assert [one.name for one in villages.listing(manager.centre_id)] == ["บ้านเก่า", "บ้านใหม่"]


def test_a_cashier_enters_nobody(cashier: Actor) -> None:
    with pytest.raises(Forbidden):
        enter(cashier, "ก")
    with pytest.raises(Forbidden):
        in_transaction(producers.create, NewProducer(name="ก"), cashier)


# --- producers -------------------------------------------------------------------------------


def test_a_producer_may_be_a_member(stock_keeper: Actor) -> None:
    member = enter(stock_keeper, "มี")
    card = in_transaction(
        producers.create,
        NewProducer(name="ตามี", member_id=member.id, split_basis_points=7500),
        stock_keeper,
    )
    assert card.producer_no == "00001"
    assert card.member_id == member.id
    assert card.active
    assert producers.get(stock_keeper.centre_id, card.id) == card
    assert producers.names(stock_keeper.centre_id, [card.id, None]) == {card.id: card}
    assert producers.search(stock_keeper.centre_id, "มี") == [card]


def test_a_producer_is_changed_with_care(stock_keeper: Actor) -> None:
    card = in_transaction(producers.create, NewProducer(name="ตามี"), stock_keeper)
    command = ChangeProducer(
        producer_id=card.id, version=card.version, name="กลุ่มแม่บ้าน", kind="group", active=False
    )
    changed = in_transaction(producers.change, command, stock_keeper)
    assert (changed.name, changed.kind, changed.active, changed.version) == (
        "กลุ่มแม่บ้าน",
        "group",
        False,
        2,
    )
    with pytest.raises(ChangedMeanwhile):
        in_transaction(producers.change, command, stock_keeper)
    assert producers.search(stock_keeper.centre_id, "กลุ่ม") == []
    assert producers.listing(stock_keeper, "กลุ่ม", Window()).items == (changed,)


def test_a_producer_number_is_given_once(stock_keeper: Actor) -> None:
    in_transaction(producers.create, NewProducer(name="ก", producer_no="P1"), stock_keeper)
    with pytest.raises(ProducerNoTaken):
        in_transaction(producers.create, NewProducer(name="ข", producer_no="P1"), stock_keeper)
    assert producers.by_number(stock_keeper.centre_id, "P1").name == "ก"


def test_a_producer_of_another_centre_is_not_there(
    stock_keeper: Actor, other_centre: Centre
) -> None:
    there = system_actor(other_centre)
    theirs = in_transaction(producers.create, NewProducer(name="ก"), there)
    with pytest.raises(NotFound):
        producers.get(stock_keeper.centre_id, theirs.id)
    member = enter(there, "ข")
    with pytest.raises(NotFound):
        in_transaction(producers.create, NewProducer(name="ค", member_id=member.id), stock_keeper)
