"""Members, producers and villages as they come in and go out.

What must stay true: limits here are those of the columns; a form and the API accept the same.
"""

from __future__ import annotations

from core.web.api import WindowSchema
from core.web.schemas import (
    BooleanField,
    DateField,
    IntegerField,
    ListField,
    NestedField,
    OneOf,
    PercentField,
    Schema,
    TextField,
    UuidField,
)
from members.rules.membership import PRODUCER_KINDS

PHONE = r"[0-9+() -]{3,20}"
REGISTER_NO = r"[0-9A-Za-z\u0E00-\u0E7F./-]{1,20}"


class SearchArgs(Schema):
    """`?q=`: a few letters of a name, nickname, number or phone."""

    q = TextField(100, load_default="")


class RegisterArgs(WindowSchema):
    """`?q=&after=&limit=` of a register."""

    q = TextField(100, load_default="")


class MemberCardOut(Schema):
    """A member in a list."""

    id = UuidField()
    member_no = TextField(20)
    name = TextField(200)
    nickname = TextField(40)
    village = TextField(120)


class MemberPageOut(Schema):
    """A page of the register of members."""

    items = ListField(NestedField(MemberCardOut))
    next = TextField(200, allow_none=True)


class MemberIn(Schema):
    """A member as entered; number and day of joining are chosen for you when left out."""

    first_name = TextField(80, required=True)
    last_name = TextField(80, load_default="")
    title = TextField(40, load_default="")
    nickname = TextField(40, load_default="")
    phone = TextField(20, load_default="", pattern=PHONE, digits=True)
    house_no = TextField(20, load_default="", digits=True)
    village_id = UuidField(load_default=None, allow_none=True)
    member_no = TextField(20, load_default="", pattern=REGISTER_NO, digits=True)
    joined_on = DateField(load_default=None, allow_none=True)
    resigned_on = DateField(load_default=None, allow_none=True)
    person_id = UuidField(load_default=None, allow_none=True)


class MemberDetailOut(Schema):
    """Everything known of a member."""

    id = UuidField()
    member_no = TextField(20)
    name = TextField(200)
    title = TextField(40)
    first_name = TextField(80)
    last_name = TextField(80)
    nickname = TextField(40)
    phone = TextField(20)
    house_no = TextField(20)
    village_id = UuidField(allow_none=True)
    joined_on = DateField()
    resigned_on = DateField(allow_none=True)
    version = IntegerField()
    person_id = UuidField()


class _ProducerFields(Schema):
    name = TextField(160, required=True)
    kind = OneOf(PRODUCER_KINDS, load_default="person")
    phone = TextField(20, load_default="", pattern=PHONE, digits=True)
    member_id = UuidField(load_default=None, allow_none=True)
    village_id = UuidField(load_default=None, allow_none=True)
    producer_no = TextField(20, load_default="", pattern=REGISTER_NO, digits=True)


class ProducerIn(_ProducerFields):
    """A producer as entered; whether they deliver stays as it is when left out."""

    split_basis_points = IntegerField(0, 10_000, load_default=8000)
    active = BooleanField(load_default=None, allow_none=True)


class ProducerForm(_ProducerFields):
    """A producer as typed: the split in percent, the member by number.

    Since when they deliver is asked of a new one only; from then on the days are facts.
    """

    split_basis_points = PercentField(load_default=8000)
    joined_on = DateField(load_default=None, allow_none=True)
    member_no = TextField(20, load_default="", digits=True)
    version = IntegerField(load_default=0)


class MemberForm(MemberIn):
    """A member as typed; the days are facts of their own once the member is entered."""

    class Meta(MemberIn.Meta):
        exclude = ("resigned_on", "person_id")

    version = IntegerField(load_default=0)


class ProducerOut(Schema):
    """Everything known of a producer."""

    id = UuidField()
    producer_no = TextField(20)
    name = TextField(160)
    kind = OneOf(PRODUCER_KINDS)
    phone = TextField(20)
    member_id = UuidField(allow_none=True)
    village_id = UuidField(allow_none=True)
    village = TextField(120)
    split_basis_points = IntegerField(0, 10_000)
    active = BooleanField()
    version = IntegerField()
    person_id = UuidField(allow_none=True)


class ProducerPageOut(Schema):
    """A page of the register of producers."""

    items = ListField(NestedField(ProducerOut))
    next = TextField(200, allow_none=True)


class VillageIn(Schema):
    """A village to add."""

    name = TextField(120, required=True)
    moo = TextField(10, load_default="", digits=True)
    tambon = TextField(80, load_default="")
    amphoe = TextField(80, load_default="")
    changwat = TextField(80, load_default="")


class VillageOut(VillageIn):
    """A village of the centre."""

    id = UuidField()
