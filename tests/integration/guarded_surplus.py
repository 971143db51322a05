"""A surplus in the guarded world: a rule set, an allocation given up, and one that lives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import (
    AllocationRuleSet,
    MemberRun,
    MemberRunItem,
    Resolution,
    SurplusAllocation,
    SurplusAllocationLine,
    SurplusApproval,
    SurplusOutcome,
)
from core.db import Base, db
from members.models import Member

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
GIVEN_UP, LIVING, RUN = UUID(int=0xA1), UUID(int=0xA2), UUID(int=0xA4)
ONE, TWO, THREE = UUID(int=0xA6), UUID(int=0xA7), UUID(int=0xA8)
SURPLUS = 100_00
DIGEST = "d" * 64


def write(centre_id: int) -> None:
    """Write the rows; a resolution and a member are there already."""

    def add(model: type[Base], **values: Any) -> None:
        db.session.execute(insert(model).values(centre_id=centre_id, **values))

    query = select(Resolution.id).where(Resolution.centre_id == centre_id)
    resolution_id = db.session.scalars(query).first()
    member_id = db.session.scalars(select(Member.id).where(Member.centre_id == centre_id)).first()
    add(
        AllocationRuleSet,
        id=UUID(int=0xA9),
        name="ข้อบังคับ",
        valid_from=DAY,
        organisation_type="cooperative",
        content={},
        note="",
        digest=DIGEST,
        recorded_at=NOON,
    )
    for number, (allocation_id, run_id) in enumerate(
        ((GIVEN_UP, UUID(int=0xA3)), (LIVING, RUN)), start=1
    ):
        add(
            SurplusAllocation,
            id=allocation_id,
            allocation_no=f"AL-2569-{number:02d}",
            fiscal_year=2569,
            first_day=date(2026, 1, 1),
            last_day=date(2026, 12, 31),
            surplus_satang=SURPLUS,
            retained_basis_points=0,
            resolution_id=resolution_id,
            rules={},
            digest=DIGEST,
            prepared_at=NOON,
        )
        lines = {"centre_id": centre_id, "allocation_id": allocation_id, "memo": ""}
        for line_no, (use, satang) in enumerate((("reserve", 60_00), ("dividend", 40_00)), start=1):
            values = {**lines, "line_no": line_no, "use": use, "amount_satang": satang}
            db.session.execute(insert(SurplusAllocationLine).values(**values))
        add(
            MemberRun,
            id=run_id,
            allocation_id=allocation_id,
            members=1,
            input_hash="1" * 64,
            result_hash="2" * 64,
            content={},
            prepared_at=NOON,
        )
        add(MemberRunItem, run_id=run_id, member_id=member_id, eligible=True, **_figures())
        approval = {"approved_by": ONE, "approved_at": NOON, "digest": DIGEST}
        add(SurplusApproval, allocation_id=allocation_id, place=1, **approval)
        if allocation_id == GIVEN_UP:
            outcome = {"kind": "withdrawn", "reason": "ผิด", "recorded_at": NOON}
            add(SurplusOutcome, allocation_id=allocation_id, **outcome)


def _figures() -> dict[str, Any]:
    nothing = dict.fromkeys(
        (
            *("purchase_satang", "delivery_satang", "purchase_weight", "delivery_weight"),
            *("purchase_refund_satang", "delivery_refund_satang"),
            *("cash_patronage_satang", "retained_satang"),
        ),
        0,
    )
    shares = {"share_days": 365, "dividend_satang": 40_00, "cash_dividend_satang": 40_00}
    return {**nothing, **shares, "why": "", "member_no": "G001", "detail": {}}
