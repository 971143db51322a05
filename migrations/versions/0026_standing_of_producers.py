"""Producers have a standing by dated facts; a payout names who took the money"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from core import clock
from migrations.rebuild import add_check

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _fill_facts()
    for column, kind, value in (
        ("recipient_kind", sa.String(10), "producer"),
        ("recipient_name", sa.String(160), ""),
        ("recipient_relation", sa.String(80), ""),
    ):
        op.add_column("payout", sa.Column(column, kind, server_default=value, nullable=False))
    add_check(
        "payout", "recipient_kind_known", "recipient_kind IN ('producer', 'proxy', 'heir')"
    )
    add_check(
        "payout",
        "recipient_named",
        "(recipient_kind = 'producer') = (length(recipient_name) = 0)",
    )


def _fill_facts() -> None:
    """Who delivered joined by the first delivery; who was out of use stopped, as far as we know,
    today; who died as a member died as a producer too.
    """
    connection = op.get_bind()
    first: dict[Any, date] = {
        (row.centre_id, row.producer_id): row.first
        for row in connection.execute(
            sa.select(
                _RECEIPT.c.centre_id,
                _RECEIPT.c.producer_id,
                sa.func.min(_RECEIPT.c.business_date, type_=sa.Date()).label("first"),
            ).group_by(_RECEIPT.c.centre_id, _RECEIPT.c.producer_id)
        )
    }
    entered = {
        (row.centre_id, row.subject_id): _day(row.at)
        for row in connection.execute(
            sa.select(_TRAIL.c.centre_id, _TRAIL.c.subject_id, _TRAIL.c.at).where(
                _TRAIL.c.action == "producer.created"
            )
        )
    }
    died = _deaths()
    facts = []
    for row in connection.execute(sa.select(_PRODUCER)):
        known = (
            first.get((row.centre_id, row.id)),
            entered.get((row.centre_id, str(row.id))),
            died.get((row.centre_id, row.person_id)),
        )
        joined = min((one for one in known if one is not None), default=clock.today())
        facts.append(_fact(row, "joined", joined))
        if known[2] is not None:
            facts.append(_fact(row, "died", known[2]))
        elif not row.active:
            facts.append(_fact(row, "resigned", clock.today()))
    if facts:
        connection.execute(sa.insert(_FACT), facts)
    for centre_id, person_id in died:
        connection.execute(
            sa.update(_PRODUCER)
            .where(_PRODUCER.c.centre_id == centre_id, _PRODUCER.c.person_id == person_id)
            .values(active=False)
        )


def _deaths() -> dict[tuple[int, uuid.UUID], date]:
    """Return the day on which each person died as a member."""
    rows = op.get_bind().execute(
        sa.select(_MEMBER.c.centre_id, _MEMBER.c.person_id, _FACT.c.on_date)
        .join(
            _MEMBER,
            sa.and_(_MEMBER.c.centre_id == _FACT.c.centre_id, _MEMBER.c.id == _FACT.c.member_id),
        )
        .where(_FACT.c.kind == "died", _FACT.c.withdrawn_at.is_(None))
    )
    return {(row.centre_id, row.person_id): row.on_date for row in rows}


def _day(moment: datetime) -> date:
    return clock.business_date(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _fact(row: Any, kind: str, on_date: date) -> dict[str, Any]:
    moment = clock.now()
    if op.get_bind().dialect.name == "sqlite":
        moment = moment.replace(tzinfo=None)
    return {
        "centre_id": row.centre_id,
        "id": uuid.uuid5(row.id, kind),
        "producer_id": row.id,
        "kind": kind,
        "on_date": on_date,
        "reason": "",
        "recorded_at": moment,
        "withdrawn_reason": "",
    }


def _table(table: str, /, **columns: Any) -> sa.TableClause:
    return sa.table(table, *(sa.column(one, kind) for one, kind in columns.items()))


_KEY = {"centre_id": sa.BigInteger(), "id": sa.Uuid()}
_PRODUCER = _table("producer", **_KEY, person_id=sa.Uuid(), active=sa.Boolean())
_MEMBER = _table("member", **_KEY, person_id=sa.Uuid())
_RECEIPT = _table(
    "goods_receipt", centre_id=sa.BigInteger(), producer_id=sa.Uuid(), business_date=sa.Date()
)
_TRAIL = _table(
    "audit_event",
    centre_id=sa.BigInteger(),
    at=sa.DateTime(timezone=True),
    action=sa.String(),
    subject_id=sa.String(),
)
_FACT = _table(
    "standing_fact",
    **_KEY,
    member_id=sa.Uuid(),
    producer_id=sa.Uuid(),
    kind=sa.String(),
    on_date=sa.Date(),
    reason=sa.String(),
    recorded_at=sa.DateTime(timezone=True),
    withdrawn_at=sa.DateTime(timezone=True),
    withdrawn_reason=sa.String(),
)
