"""Words people gave about their data, and two rows that were one person, to be attacked."""

from __future__ import annotations

from sqlalchemy import insert

from core.db import db
from core.ids import uuid7
from members.models import Consent, DataRequest, NotTheSame, Person, PersonMerge
from tests.integration.guarded_ledger import DAY, NOON


def write(centre_id: int) -> None:
    """Write the rows."""
    first, second = sorted((uuid7(), uuid7()), key=lambda one: one.hex)
    names = {"first_name": "ประนอม", "sort_key": "x", "search_key": "x"}
    for model, values in (
        (Person, {"id": first, **names}),
        (Person, {"id": second, **names}),
        (
            Consent,
            {
                "id": uuid7(),
                "person_id": first,
                "purpose": "photo",
                "given": True,
                "on_date": DAY,
                "recorded_at": NOON,
            },
        ),
        (
            DataRequest,
            {
                "id": uuid7(),
                "person_id": first,
                "kind": "access",
                "asked_on": DAY,
                "outcome": "done",
                "recorded_at": NOON,
            },
        ),
        (
            PersonMerge,
            {
                "id": uuid7(),
                "kept_id": first,
                "merged_id": second,
                "reason": "คนเดียวกัน",
                "merged_at": NOON,
            },
        ),
        (NotTheSame, {"first_id": first, "second_id": second, "recorded_at": NOON}),
    ):
        db.session.execute(insert(model).values(centre_id=centre_id, **values))
