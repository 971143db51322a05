"""Payments to members in the guarded world: an item half paid, one taken back, one in a bank file.

The allocation is of its own year and posted by its own entry; the other one is `guarded_surplus`.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import (
    JournalEntry,
    JournalLine,
    MemberBatch,
    MemberBatchLine,
    MemberItemMove,
    MemberPayChoice,
    MemberPayment,
    MemberPaymentReversal,
    MemberRun,
    MemberRunItem,
    Resolution,
    SurplusAllocation,
    SurplusAllocationLine,
    SurplusApproval,
    SurplusOutcome,
    UnclaimedLine,
    UnclaimedOutcome,
    UnclaimedRule,
    UnclaimedTaking,
)
from accounting.rules.chart import Purpose
from accounting.services import chart
from core.db import Base, db, insert_rows
from members.models import Member
from tests.integration.guarded_ledger import DAY, NOON, header_of, line_of

POSTED, RUN, ENTRY = UUID(int=0xB1), UUID(int=0xB2), UUID(int=0xB3)
PAID, TAKEN_BACK, AT_BANK = UUID(int=0xB4), UUID(int=0xB5), UUID(int=0xB6)
BATCH, WAITING, PREPARED = UUID(int=0xB7), UUID(int=0xB8), UUID(int=0xB9)
ONE, TWO = UUID(int=0xBA), UUID(int=0xBB)
DIVIDEND = 50_00
DIGEST = "e" * 64


def write(centre_id: int) -> None:
    """Write the rows; a resolution and a member are there already."""
    query = select(Resolution.id).where(Resolution.centre_id == centre_id)
    resolution_id = db.session.scalars(query).first()
    member_id = db.session.scalars(select(Member.id).where(Member.centre_id == centre_id)).first()
    assert resolution_id is not None and member_id is not None
    _allocation(centre_id, resolution_id, member_id)
    _posting(centre_id, member_id)
    _payments(centre_id, member_id)
    _batch(centre_id, member_id)
    _unclaimed(centre_id, member_id, resolution_id)


def _add(model: type[Base], centre_id: int, **values: Any) -> None:
    db.session.execute(insert(model).values(centre_id=centre_id, **values))


def _allocation(centre_id: int, resolution_id: UUID, member_id: UUID) -> None:
    _add(
        SurplusAllocation,
        centre_id,
        id=POSTED,
        allocation_no="AL-2568-01",
        fiscal_year=2568,
        first_day=date(2025, 1, 1),
        last_day=date(2025, 12, 31),
        surplus_satang=DIVIDEND,
        retained_basis_points=0,
        resolution_id=resolution_id,
        rules={},
        digest=DIGEST,
        prepared_at=NOON,
    )
    line = {"line_no": 1, "use": "dividend", "amount_satang": DIVIDEND, "memo": ""}
    _add(SurplusAllocationLine, centre_id, allocation_id=POSTED, **line)
    _add(
        MemberRun,
        centre_id,
        id=RUN,
        allocation_id=POSTED,
        members=1,
        input_hash="1" * 64,
        result_hash="2" * 64,
        content={},
        prepared_at=NOON,
    )
    nothing = dict.fromkeys(
        (
            *("share_days", "purchase_satang", "delivery_satang", "purchase_weight"),
            *("delivery_weight", "purchase_refund_satang", "delivery_refund_satang"),
            *("cash_patronage_satang", "retained_satang"),
        ),
        0,
    )
    _add(
        MemberRunItem,
        centre_id,
        run_id=RUN,
        member_id=member_id,
        eligible=True,
        why="",
        member_no="G001",
        detail={},
        dividend_satang=DIVIDEND,
        cash_dividend_satang=DIVIDEND,
        **nothing,
    )
    for place, who in ((1, ONE), (2, TWO)):
        approval = {"approved_by": who, "approved_at": NOON, "digest": DIGEST}
        _add(SurplusApproval, centre_id, allocation_id=POSTED, place=place, **approval)


def _posting(centre_id: int, member_id: UUID) -> None:
    surplus = chart.account_for(centre_id, Purpose.SURPLUS_OF_YEAR).id
    payable = chart.account_for(centre_id, Purpose.DIVIDENDS_PAYABLE).id
    to_member = line_of(centre_id, ENTRY, 2, payable, 0, DIVIDEND) | {"member_id": member_id}
    from_surplus = line_of(centre_id, ENTRY, 1, surplus, DIVIDEND, 0) | {"member_id": None}
    insert_rows(JournalLine, [from_surplus, to_member])
    posted = {"kind": "surplus_allocation", "source_type": "surplus_allocation"}
    header = header_of(centre_id, ENTRY, 3, DIVIDEND)
    insert_rows(JournalEntry, [header | posted | {"source_id": POSTED}])
    outcome = {"kind": "posted", "reason": "", "recorded_at": NOON}
    _add(SurplusOutcome, centre_id, allocation_id=POSTED, **outcome)


def _payments(centre_id: int, member_id: UUID) -> None:
    for number, payment_id in enumerate((PAID, TAKEN_BACK), start=1):
        _add(
            MemberPayment,
            centre_id,
            id=payment_id,
            payment_no=f"DV-2569-0077{number}",
            member_id=member_id,
            way="cash",
            paid_from="safe",
            dividend_satang=10_00,
            patronage_satang=0,
            recipient_kind="member",
            **_done(),
        )
        _move(centre_id, "member_payment", payment_id, member_id, 10_00)
    _add(
        MemberPaymentReversal,
        centre_id,
        payment_id=TAKEN_BACK,
        reason="ผิดคน",
        paid_into="safe",
        amount_satang=10_00,
        business_date=DAY,
        recorded_at=NOON,
        recorded_name="คุณ",
    )
    _move(centre_id, "member_payment_reversal", TAKEN_BACK, member_id, -10_00)
    _add(
        MemberPayChoice,
        centre_id,
        member_id=member_id,
        way="cash",
        changed_at=NOON,
        version=1,
    )


def _batch(centre_id: int, member_id: UUID) -> None:
    _add(
        MemberBatch,
        centre_id,
        id=BATCH,
        batch_no="DB-2569-00777",
        way="promptpay",
        amount_satang=5_00,
        file_content="",
        **_done(),
    )
    _add(
        MemberBatchLine,
        centre_id,
        batch_id=BATCH,
        line_no=1,
        member_id=member_id,
        dividend_satang=5_00,
        patronage_satang=0,
        account="0812345678",
        account_name="คุณ",
        items=[[str(RUN), str(member_id), 5_00, 0]],
        payment_id=AT_BANK,
    )


def _unclaimed(centre_id: int, member_id: UUID, resolution_id: UUID) -> None:
    _add(
        UnclaimedRule,
        centre_id,
        id=UUID(int=0xBC),
        valid_from=DAY,
        years=5,
        resolution_id=resolution_id,
        recorded_at=NOON,
    )
    for number, taking_id in enumerate((WAITING, PREPARED), start=1):
        _add(
            UnclaimedTaking,
            centre_id,
            id=taking_id,
            taking_no=f"UC-2569-0077{number}",
            prepared_on=DAY,
            dividend_satang=3_00,
            patronage_satang=0,
            prepared_by=ONE,
            prepared_name="คุณ",
            prepared_at=NOON,
        )
        _add(
            UnclaimedLine,
            centre_id,
            taking_id=taking_id,
            run_id=RUN,
            member_id=member_id,
            due_since=DAY,
            dividend_satang=3_00,
            patronage_satang=0,
        )
    _add(
        UnclaimedOutcome,
        centre_id,
        taking_id=PREPARED,
        kind="withdrawn",
        business_date=DAY,
        recorded_name="คุณ",
        recorded_at=NOON,
    )


def _move(centre_id: int, source_type: str, source_id: UUID, member_id: UUID, satang: int) -> None:
    _add(
        MemberItemMove,
        centre_id,
        source_type=source_type,
        source_id=source_id,
        run_id=RUN,
        member_id=member_id,
        dividend_satang=satang,
        patronage_satang=0,
        business_date=DAY,
    )


def _done() -> dict[str, Any]:
    return {
        "business_date": DAY,
        "recorded_at": NOON,
        "recorded_name": "คุณ",
        "digest": DIGEST,
        "content": {},
    }
