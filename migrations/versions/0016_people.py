"""The register of persons: each member and each producing person becomes one"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

from core import clock
from core.text import normalise, skeleton, thai_sort_key
from migrations.rebuild import add_check, add_reference, add_unique, drop_columns

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TITLES = ("นางสาว", "นาย", "นาง", "น.ส.", "ด.ช.", "ด.ญ.", "Mr.", "Mrs.", "Ms.")


def upgrade() -> None:
    _persons()
    _fill_persons()
    op.drop_index("ix_member_sort_key", "member")
    drop_columns(
        "member",
        ("title", "first_name", "last_name", "nickname", "phone", "house_no", "sort_key", "search_key"),
    )
    drop_columns("member", ("village_id",), "fk_member_centre_id_village_id")
    # A member who became a person is known by the same id as one.
    add_reference("member", "person_id", "person", filled_from="id")
    add_unique("member", ("centre_id", "person_id"))
    add_reference("member", "merged_into_id", "member")
    add_check("member", "merged_elsewhere", "merged_into_id <> id")
    add_reference("producer", "person_id", "person")
    op.create_index("ix_producer_person_id", "producer", ["centre_id", "person_id"], unique=False)
    op.execute(
        "UPDATE producer SET person_id = coalesce(member_id, id) WHERE kind = 'person'"
    )
    _facts()
    _fill_facts()


def _fill_persons() -> None:
    connection = op.get_bind()
    people: list[dict[str, Any]] = []
    houses: dict[tuple[int, uuid.UUID, str], uuid.UUID] = {}
    for row in connection.execute(sa.select(_MEMBER)):
        house = None
        if row.house_no and row.village_id:
            place = (row.centre_id, row.village_id, row.house_no)
            house = houses.setdefault(place, uuid.uuid5(row.village_id, row.house_no))
        people.append(
            _person(row.centre_id, row.id, row.title, row.first_name, row.last_name, row.member_no)
            | {
                "nickname": row.nickname,
                "phone": row.phone,
                "house_no": row.house_no,
                "village_id": row.village_id,
                "household_id": house,
            }
        )
    alone = sa.select(_PRODUCER).where(
        _PRODUCER.c.kind == "person", _PRODUCER.c.member_id.is_(None)
    )
    for row in connection.execute(alone):
        title, first, last = _parted(row.name)
        people.append(
            _person(row.centre_id, row.id, title, first, last, row.producer_no)
            | {"phone": row.phone, "village_id": row.village_id}
        )
    if houses:
        connection.execute(
            sa.insert(_HOUSEHOLD),
            [
                {"centre_id": centre_id, "id": one, "village_id": village, "house_no": number}
                for (centre_id, village, number), one in houses.items()
            ],
        )
    for one in people:
        one["search_key"] = _search_key(one)
        del one["number"]
    if people:
        connection.execute(sa.insert(_PERSON), people)


def _person(
    centre_id: int, person_id: uuid.UUID, title: str, first: str, last: str, number: str
) -> dict[str, Any]:
    return {
        "centre_id": centre_id,
        "id": person_id,
        "title": title,
        "first_name": first,
        "last_name": last,
        "nickname": "",
        "phone": "",
        "house_no": "",
        "village_id": None,
        "household_id": None,
        "note": "",
        "sort_key": thai_sort_key(" ".join(part for part in (first, last) if part)),
        "version": 1,
        "number": number,
    }


def _parted(name: str) -> tuple[str, str, str]:
    plain = normalise(name)
    title = next((one for one in TITLES if plain.startswith(one) and len(plain) > len(one)), "")
    first, _, last = plain.removeprefix(title).strip().partition(" ")
    return title, first[:80], last[:80]


def _search_key(one: dict[str, Any]) -> str:
    """As the services write it: each text as it is searched for, behind a bar."""
    names = f"{one['first_name']} {one['last_name']}"
    texts = (
        one["number"],
        names,
        one["last_name"],
        one["title"] + names,
        one["nickname"],
        one["phone"],
        one["house_no"],
    )
    forms: dict[str, None] = {}
    for text in texts:
        form = skeleton(text).replace("|", "")
        bare = form.replace("-", "")
        forms[form] = None
        if bare.isascii() and bare.isdigit():
            forms[bare] = None
    return "".join(f"|{form}" for form in forms if form)[:400]


def _fill_facts() -> None:
    connection = op.get_bind()
    facts = []
    for row in connection.execute(sa.select(_MEMBERSHIP)):
        facts.append(_fact(row.centre_id, row.id, "joined", row.joined_on))
        if row.resigned_on is not None:
            facts.append(_fact(row.centre_id, row.id, "resigned", row.resigned_on))
    if facts:
        connection.execute(sa.insert(_FACT), facts)


def _fact(centre_id: int, member_id: uuid.UUID, kind: str, on_date: Any) -> dict[str, Any]:
    moment = clock.now()
    if op.get_bind().dialect.name == "sqlite":
        moment = moment.replace(tzinfo=None)
    return {
        "centre_id": centre_id,
        "id": uuid.uuid5(member_id, kind),
        "member_id": member_id,
        "kind": kind,
        "on_date": on_date,
        "reason": "",
        "recorded_at": moment,
        "withdrawn_reason": "",
    }


def _table(table: str, /, **columns: Any) -> sa.TableClause:
    return sa.table(table, *(sa.column(one, kind) for one, kind in columns.items()))


_NAMES = dict.fromkeys(("title", "first_name", "last_name", "nickname", "phone", "house_no"), sa.String())
_KEY = {"centre_id": sa.BigInteger(), "id": sa.Uuid()}
_MEMBER = _table("member", **_KEY, member_no=sa.String(), **_NAMES, village_id=sa.Uuid())
_MEMBERSHIP = _table("member", **_KEY, joined_on=sa.Date(), resigned_on=sa.Date())
_PRODUCER = _table(
    "producer",
    **_KEY,
    producer_no=sa.String(),
    kind=sa.String(),
    name=sa.String(),
    phone=sa.String(),
    member_id=sa.Uuid(),
    village_id=sa.Uuid(),
)
_HOUSEHOLD = _table("household", **_KEY, village_id=sa.Uuid(), house_no=sa.String())
_PERSON = _table(
    "person",
    **_KEY,
    **_NAMES,
    village_id=sa.Uuid(),
    household_id=sa.Uuid(),
    note=sa.Text(),
    sort_key=sa.Text(),
    search_key=sa.Text(),
    version=sa.Integer(),
)
_FACT = _table(
    "standing_fact",
    **_KEY,
    member_id=sa.Uuid(),
    kind=sa.String(),
    on_date=sa.Date(),
    reason=sa.String(),
    recorded_at=sa.DateTime(timezone=True),
    withdrawn_reason=sa.String(),
)


def _persons() -> None:
    op.create_table('household',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('village_id', sa.Uuid(), nullable=False),
    sa.Column('house_no', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'village_id'], ['village.centre_id', 'village.id'], name=op.f('fk_household_centre_id_village_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_household_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_household')),
    sa.UniqueConstraint('centre_id', 'village_id', 'house_no', name=op.f('uq_household_centre_id_village_id_house_no'))
    )
    op.create_table('person',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=40), nullable=False),
    sa.Column('first_name', sa.String(length=80), nullable=False),
    sa.Column('last_name', sa.String(length=80), nullable=False),
    sa.Column('nickname', sa.String(length=40), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('house_no', sa.String(length=20), nullable=False),
    sa.Column('village_id', sa.Uuid(), nullable=True),
    sa.Column('household_id', sa.Uuid(), nullable=True),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('birth_month', sa.Integer(), nullable=True),
    sa.Column('birth_day', sa.Integer(), nullable=True),
    sa.Column('national_id_cipher', sa.Text(), nullable=True),
    sa.Column('national_id_hash', sa.String(length=64), nullable=True),
    sa.Column('guardian_person_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('sort_key', sa.Text(), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('merged_into_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(national_id_cipher IS NULL) = (national_id_hash IS NULL)', name=op.f('ck_person_national_id_whole')),
    sa.CheckConstraint('birth_day IS NULL OR (birth_month IS NOT NULL AND birth_day BETWEEN 1 AND 31)', name=op.f('ck_person_birth_day_of_month')),
    sa.CheckConstraint('birth_month IS NULL OR (birth_year IS NOT NULL AND birth_month BETWEEN 1 AND 12)', name=op.f('ck_person_birth_month_of_year')),
    sa.CheckConstraint('birth_year BETWEEN 1850 AND 2200', name=op.f('ck_person_birth_year_known')),
    sa.CheckConstraint('merged_into_id <> id', name=op.f('ck_person_merged_elsewhere')),
    sa.ForeignKeyConstraint(['centre_id', 'guardian_person_id'], ['person.centre_id', 'person.id'], name=op.f('fk_person_centre_id_guardian_person_id')),
    sa.ForeignKeyConstraint(['centre_id', 'household_id'], ['household.centre_id', 'household.id'], name=op.f('fk_person_centre_id_household_id')),
    sa.ForeignKeyConstraint(['centre_id', 'merged_into_id'], ['person.centre_id', 'person.id'], name=op.f('fk_person_centre_id_merged_into_id')),
    sa.ForeignKeyConstraint(['centre_id', 'village_id'], ['village.centre_id', 'village.id'], name=op.f('fk_person_centre_id_village_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_person_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_person')),
    sa.UniqueConstraint('centre_id', 'national_id_hash', name=op.f('uq_person_centre_id_national_id_hash'))
    )
    op.create_index('ix_person_household_id', 'person', ['centre_id', 'household_id'], unique=False)
    op.create_index('ix_person_search', 'person', ['centre_id', 'sort_key', 'id', 'search_key'], unique=False)


def _facts() -> None:
    op.create_table('standing_fact',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=True),
    sa.Column('producer_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_by', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_reason', sa.String(length=300), nullable=False),
    sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f('ck_standing_fact_withdrawn_with_reason')),
    sa.CheckConstraint("kind IN ('joined', 'suspended', 'reinstated', 'resigned', 'expelled', 'died')", name=op.f('ck_standing_fact_kind_known')),
    sa.CheckConstraint('(member_id IS NULL) <> (producer_id IS NULL)', name=op.f('ck_standing_fact_of_one')),
    sa.ForeignKeyConstraint(['centre_id', 'member_id'], ['member.centre_id', 'member.id'], name=op.f('fk_standing_fact_centre_id_member_id')),
    sa.ForeignKeyConstraint(['centre_id', 'producer_id'], ['producer.centre_id', 'producer.id'], name=op.f('fk_standing_fact_centre_id_producer_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_standing_fact_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_standing_fact'))
    )
    op.create_index('ix_standing_fact_member_id', 'standing_fact', ['centre_id', 'member_id', 'on_date'], unique=False)
    op.create_index('ix_standing_fact_producer_id', 'standing_fact', ['centre_id', 'producer_id', 'on_date'], unique=False)
    op.create_table('group_member',
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('producer_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.CheckConstraint('left_on IS NULL OR left_on >= joined_on', name=op.f('ck_group_member_left_after_joining')),
    sa.ForeignKeyConstraint(['centre_id', 'person_id'], ['person.centre_id', 'person.id'], name=op.f('fk_group_member_centre_id_person_id')),
    sa.ForeignKeyConstraint(['centre_id', 'producer_id'], ['producer.centre_id', 'producer.id'], name=op.f('fk_group_member_centre_id_producer_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_group_member_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', 'id', name=op.f('pk_group_member')),
    sa.UniqueConstraint('centre_id', 'producer_id', 'person_id', 'joined_on', name=op.f('uq_group_member_centre_id_producer_id_person_id_joined_on'))
    )
    op.create_index('ix_group_member_person_id', 'group_member', ['centre_id', 'person_id'], unique=False)
