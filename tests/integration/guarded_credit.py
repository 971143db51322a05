"""Credit, purse, schemes and coupons in the guarded world: a bill half paid, a coupon half used."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import (
    Coupon,
    CouponIssue,
    CouponMove,
    CreditAccount,
    CreditAccountChange,
    CreditCharge,
    CreditMove,
    CreditRepayment,
    CreditRepaymentReversal,
    CreditWriteOff,
    CreditWriteOffOutcome,
    Fund,
    PurseMovement,
)
from core.db import Base, db
from members.models import Member
from pos.models import Refund, RefundPayment, Sale, Scheme, SchemeSettlement, SchemeSettlementItem
from tests.integration.guarded_ledger import DAY, NOON

BILL, REPAID, WRITTEN_OFF = UUID(int=0xCC1), UUID(int=0xCC2), UUID(int=0xCC3)
ISSUE, COUPON, SCHEME, SETTLED = (UUID(int=0xCC4 + n) for n in range(4))
PREPARER, DROPPED = UUID(int=0xCC9), UUID(int=0xCCB)
DIGEST = "e" * 64


def write(centre_id: int) -> None:
    """Write the rows; a member, a sale, a refund and a fund are there already."""
    member_id = db.session.scalars(select(Member.id).where(Member.centre_id == centre_id)).first()
    assert member_id is not None
    _credit(centre_id, member_id)
    _coupons(centre_id)
    _scheme(centre_id)
    _add(
        PurseMovement,
        centre_id,
        id=UUID(int=0xCCA),
        movement_no="PU-2569-00777",
        member_id=member_id,
        kind="top_up",
        place="safe",
        amount_satang=10_00,
        balance_satang=10_00,
        recipient_kind="member",
        recipient_name="",
        recipient_relation="",
        reference="",
        note="",
        **_document(),
    )


def _credit(centre_id: int, member_id: UUID) -> None:
    terms = {"state": "active", "limit_satang": 100_00, "terms_days": 30, "version": 1}
    _add(CreditAccount, centre_id, member_id=member_id, opened_on=DAY, **terms)
    _add(CreditAccountChange, centre_id, member_id=member_id, reason="เปิดบัญชี", **terms, **_made())
    _add(
        CreditCharge,
        centre_id,
        id=BILL,
        member_id=member_id,
        source_type="sale",
        source_id=BILL,
        amount_satang=50_00,
        from_purse_satang=0,
        business_date=DAY,
        due_on=DAY,
        recorded_at=NOON,
    )
    _add(
        CreditRepayment,
        centre_id,
        id=REPAID,
        repayment_no="CR-2569-00777",
        member_id=member_id,
        paid_into="safe",
        bills_satang=20_00,
        older_satang=0,
        purse_satang=0,
        reference="",
        note="",
        **_document(),
    )
    for source_type, satang in (("credit_repayment", 20_00), ("credit_repayment_reversal", -5_00)):
        _add(
            CreditMove,
            centre_id,
            source_type=source_type,
            source_id=REPAID,
            charge_id=BILL,
            amount_satang=satang,
            business_date=DAY,
        )
    _add(
        CreditRepaymentReversal,
        centre_id,
        repayment_id=REPAID,
        reason="ผิดคน",
        amount_satang=5_00,
        business_date=DAY,
        **_made(),
    )
    _add(
        CreditWriteOff,
        centre_id,
        id=WRITTEN_OFF,
        write_off_no="WO-2569-00777",
        member_id=member_id,
        amount_satang=1_00,
        bills=[[str(BILL), 1_00]],
        reason="ทวงไม่ได้",
        prepared_at=NOON,
        prepared_by=PREPARER,
        prepared_name="คุณ",
        digest=DIGEST,
        content={},
    )
    _add(
        CreditWriteOff,
        centre_id,
        id=DROPPED,
        write_off_no="WO-2569-00778",
        member_id=member_id,
        amount_satang=1_00,
        bills=[[str(BILL), 1_00]],
        reason="ทวงไม่ได้",
        prepared_at=NOON,
        prepared_by=PREPARER,
        prepared_name="คุณ",
        digest=DIGEST,
        content={},
    )
    _add(
        CreditWriteOffOutcome,
        centre_id,
        write_off_id=DROPPED,
        kind="dropped",
        business_date=DAY,
        **_made(),
    )


def _coupons(centre_id: int) -> None:
    fund_id = db.session.scalars(select(Fund.id).where(Fund.centre_id == centre_id)).first()
    _add(
        CouponIssue,
        centre_id,
        id=ISSUE,
        issue_no="CP-2569-00777",
        fund_id=fund_id,
        name="ช่วยเหลือ",
        coupon_count=1,
        amount_satang=30_00,
        valid_until=DAY,
        rest="stays",
        categories=[],
        **_document(),
    )
    _add(Coupon, centre_id, id=COUPON, issue_id=ISSUE, position=1, code="AAAA-BBBB-CCCC")
    _add(
        CouponMove,
        centre_id,
        source_type="sale",
        source_id=BILL,
        coupon_id=COUPON,
        amount_satang=10_00,
        reason="",
        business_date=DAY,
        **_made(),
    )


def _scheme(centre_id: int) -> None:
    sale_id = db.session.scalars(select(Sale.id).where(Sale.centre_id == centre_id)).first()
    refund_id = db.session.scalars(select(Refund.id).where(Refund.centre_id == centre_id)).first()
    _add(
        Scheme,
        centre_id,
        id=SCHEME,
        code="W",
        name_th="บัตร",
        name_en="Card",
        categories=[],
        active=True,
        version=1,
    )
    _add(
        SchemeSettlement,
        centre_id,
        id=SETTLED,
        settlement_no="SC-2569-00777",
        scheme_id=SCHEME,
        received_satang=1_00,
        fee_satang=0,
        rejected_satang=0,
        reference="",
        note="",
        **_document(),
    )
    _add(
        SchemeSettlementItem,
        centre_id,
        settlement_id=SETTLED,
        sale_id=sale_id,
        accepted_satang=1_00,
        rejected_satang=0,
        bearer="",
        reason="",
    )
    _add(
        RefundPayment,
        centre_id,
        refund_id=refund_id,
        payment_no=9,
        method="scheme",
        amount_satang=1,
        scheme_id=SCHEME,
    )


def _made() -> dict[str, Any]:
    return {"recorded_at": NOON, "recorded_name": "คุณ"}


def _document() -> dict[str, Any]:
    return {"business_date": DAY, "digest": DIGEST, "content": {}, **_made()}


def _add(table: type[Base], centre_id: int, **values: object) -> None:
    db.session.execute(insert(table).values(centre_id=centre_id, **values))
