"""A fund with every one of its papers, for the guarded world."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from accounting.models import (
    DeathCase,
    Fund,
    FundClosing,
    FundContribution,
    FundDecision,
    FundGrant,
    FundRecipient,
    FundRequest,
    FundReversal,
    FundRuleRow,
    FundTransfer,
    MatchRound,
    Resolution,
)
from core.db import db
from core.ids import uuid7
from tests.integration.guarded_ledger import DAY, NOON

ROUND = {
    "round_no": "FM-2569-001",
    "title": "สมทบ",
    "source": "network",
    "giver_name": "เครือข่าย",
    "rule_type": "fixed",
    "amount_satang": 10_000_00,
    "ratio_basis_points": 0,
    "counts_from": DAY,
    "counts_to": DAY,
    "happened_on": DAY,
    "happened_precision": "month",
    "note": "",
}
RULE = {
    "version_no": 1,
    "who_may_ask": "",
    "purposes": [],
    "approvals": 2,
    "registration_no": "",
    "giver": "",
}


def write(centre_id: int) -> None:
    """Write the rows, in the order in which they may come; a resolution is there already."""
    query = select(Resolution.id).where(Resolution.centre_id == centre_id)
    resolution_id = db.session.scalars(query).first()
    names = ("fund", "fund2", "round", "case", "recipient", "request", "grant", "transfer")
    ids = {name: uuid7() for name in names}
    done = {"recorded_at": NOON, "recorded_name": "ผู้จัดการ"}
    kept = {"digest": "0" * 64, "content": {}}
    fund = {"fund_id": ids["fund"]}
    rows: list[tuple[Any, dict[str, Any]]] = [
        *(
            (Fund, {"id": ids[name], "code": name, "name_th": name, "name_en": name} | WELFARE)
            for name in ("fund", "fund2")
        ),
        (FundRuleRow, {"id": uuid7(), **fund, **RULE, **done}),
        (MatchRound, {"id": ids["round"], **fund, **ROUND, **done, **kept}),
        (
            DeathCase,
            {"id": ids["case"], "case_no": "FD-1", "deceased_name": "ตา", "died_on": DAY}
            | fund
            | done,
        ),
        (FundRecipient, {"id": ids["recipient"], **RECIPIENT}),
        (FundRequest, {"id": ids["request"], "recipient_id": ids["recipient"], **fund, **REQUEST}),
        *(
            (FundDecision, {"id": uuid7(), "request_id": ids["request"], **said()})
            for _ in range(2)
        ),
        (
            FundGrant,
            {"id": ids["grant"], "request_id": ids["request"], "grant_no": "FG-1"}
            | {"amount_satang": 3_000_00, "paid_from": "bank", "business_date": DAY}
            | fund
            | done
            | kept,
        ),
        (FundContribution, {"id": uuid7(), **fund, **CONTRIBUTION, **done, **kept}),
        (
            FundTransfer,
            {"id": ids["transfer"], "transfer_no": "FT-1", "note": "", "business_date": DAY}
            | {"from_fund_id": ids["fund"], "to_fund_id": ids["fund2"], "amount_satang": 1}
            | {"resolution_id": resolution_id}
            | done
            | kept,
        ),
        (
            FundReversal,
            {"document_type": "fund_grant", "document_id": ids["grant"], "reason": "ผิด"}
            | {"business_date": DAY}
            | done,
        ),
        (
            FundClosing,
            {"fund_id": ids["fund2"], "resolution_id": resolution_id, "closed_on": DAY}
            | {"recorded_at": NOON},
        ),
    ]
    for model, values in rows:
        db.session.execute(insert(model).values(centre_id=centre_id, **values))


def said() -> dict[str, Any]:
    return {
        "kind": "approve",
        "reason": "",
        "decided_at": NOON,
        "decided_by": uuid7(),
        "decided_name": "กรรมการ",
    }


WELFARE = {"purpose": "welfare_fund", "kind": "occupation", "active": True}
RECIPIENT = {
    "name": "สมชาย",
    "name_key": "สมชาย",
    "category": "youth",
    "minor": False,
    "guardian_name": "",
    "guardian_relation": "",
    "erased": False,
    "recorded_at": NOON,
}
REQUEST = {
    "request_no": "FR-1",
    "purpose": "occupation",
    "amount_satang": 3_000_00,
    "repayable": False,
    "reason": "",
    "approvals": 2,
    "requested_on": DAY,
    "requested_at": NOON,
    "requested_by": uuid7(),
    "requested_name": "เจ้าหน้าที่",
    "digest": "0" * 64,
}
CONTRIBUTION = {
    "contribution_no": "FC-1",
    "source": "network",
    "giver_name": "เครือข่าย",
    "amount_satang": 10_000_00,
    "paid_to": "bank",
    "note": "",
    "business_date": DAY,
}
