"""Meetings as they are typed: the call, the minutes, who came, what was resolved."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from accounting.models.meetings import MEETING_KINDS
from accounting.services.meetings.meetings import AGENDA_MAX
from accounting.services.meetings.resolutions import NewResolution
from core.web.schemas import DateField, IntegerField, OneOf, Schema, TextField, UuidField


class MeetingForm(Schema):
    """A meeting to put into the list."""

    id = UuidField(required=True)
    kind = OneOf(MEETING_KINDS, required=True)
    held_on = DateField(required=True)
    place = TextField(120, load_default="")
    note = TextField(500, load_default="", lines=True)


_POINTS: dict[str, ma.fields.Field[Any]] = {}
for _number in range(1, AGENDA_MAX + 1):
    _POINTS[f"title_{_number}"] = TextField(200, load_default="")
    _POINTS[f"minutes_{_number}"] = TextField(4000, load_default="", lines=True)

_Points = Schema.from_dict(_POINTS, name="AgendaPoints")


class MinutesForm(_Points):  # type: ignore[misc, valid-type]
    """The agenda with its minutes, point by point; an emptied title takes the point off."""

    version = IntegerField(required=True)
    place = TextField(120, load_default="")
    note = TextField(500, load_default="", lines=True)


class AttendForm(Schema):
    """Who came: a member as chosen or typed, or a guest."""

    id = UuidField(required=True)
    who = TextField(120, load_default="")
    member_id = UuidField(load_default=None)
    guest = OneOf(("", "1"), load_default="")


class LeaveForm(Schema):
    """Which name to take off."""

    attendance_id = UuidField(required=True)


class ResolutionForm(Schema):
    """What was resolved."""

    id = UuidField(required=True)
    meeting_id = UuidField(required=True)
    resolution_no = TextField(30, required=True)
    text = TextField(2000, required=True, lines=True)
    owner_name = TextField(120, load_default="")
    due_on = DateField(load_default=None)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"command": NewResolution(**data)}


class SettleForm(Schema):
    """What came of a resolution."""

    kind = OneOf(("done", "dropped"), required=True)
    note = TextField(500, load_default="", lines=True)
