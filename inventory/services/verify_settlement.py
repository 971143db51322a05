"""Do the settlements hold, and does what producers are owed agree with every document?

What must stay true: each check compares two sums made in different ways; a posted statement made
again from the moves of goods gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, literal, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import (
    Absorption,
    Recovery,
    Settlement,
    SettlementApproval,
    SettlementOutcome,
    SettlementRun,
    StockMove,
)
from inventory.services import control_accounts
from inventory.services.comparing import compared, entries, gapless, tied
from inventory.services.settlement import rederiving

NUMBERED: tuple[tuple[str, Any, Any, str], ...] = (
    ("settlement_run", SettlementRun, SettlementRun.run_no, "SR-"),
    ("settlement", Settlement, Settlement.settlement_no, "ST-"),
    ("absorption", Absorption, Absorption.absorption_no, "AB-"),
)


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of settlements over one centre."""
    yield tied(
        "consignment payable equals producers' documents",
        centre_id,
        control_accounts.CONSIGNMENT,
        "producer",
    )
    yield _statements_made_again(centre_id)
    yield _recoveries_within_returns(centre_id)
    yield _posted_runs_were_approved(centre_id)
    posted = _posted(centre_id)
    yield entries("each settlement has its entry", centre_id, "settlement", posted.items())
    absorbed = db.session.execute(
        select(Absorption.id, 1 + 0 * Absorption.amount_satang).where(
            Absorption.centre_id == centre_id
        )
    )
    yield entries("each return borne has its entry", centre_id, "absorption", absorbed.all())
    for series, table, number, prefix in NUMBERED:
        yield gapless(centre_id, series, table, number, prefix)


def _statements_made_again(centre_id: int) -> Finding:
    stored, again = {}, {}
    for settlement_id, digest, made in rederiving.digests(centre_id):
        stored[settlement_id] = int(digest[:15], 16)
        again[settlement_id] = int(made[:15], 16)
    return compared("settlements made again are the same", centre_id, again, stored, "settlement")


def _recoveries_within_returns(centre_id: int) -> Finding:
    """Count returns of which more was taken than the producer had got for them."""
    taken = sum_int(Recovery.amount_satang)
    beyond = db.session.execute(
        select(Recovery.source_type, Recovery.source_id)
        .join(
            StockMove,
            and_(
                StockMove.centre_id == Recovery.centre_id,
                StockMove.source_type == Recovery.source_type,
                StockMove.source_id == Recovery.source_id,
                StockMove.move_no == Recovery.move_no,
            ),
        )
        .where(Recovery.centre_id == centre_id)
        .group_by(
            Recovery.source_type, Recovery.source_id, Recovery.move_no, StockMove.share_satang
        )
        .having(taken > StockMove.share_satang)
    ).all()
    return _none(centre_id, "no return is taken back twice", beyond)


def _posted_runs_were_approved(centre_id: int) -> Finding:
    unseen = db.session.execute(
        select(literal("settlement_run"), SettlementOutcome.run_id)
        .outerjoin(
            SettlementApproval,
            and_(
                SettlementApproval.centre_id == SettlementOutcome.centre_id,
                SettlementApproval.run_id == SettlementOutcome.run_id,
            ),
        )
        .where(
            SettlementOutcome.centre_id == centre_id,
            SettlementOutcome.kind == "posted",
            SettlementApproval.run_id.is_(None),
        )
    ).all()
    return _none(centre_id, "posted settlements were approved", unseen)


def _posted(centre_id: int) -> dict[UUID, int]:
    """Return how many entries each posted statement has: one when it netted an advance."""
    rows = db.session.execute(
        select(Settlement.id, case((Settlement.netted_satang > 0, 1), else_=0))
        .join(SettlementOutcome, _outcome())
        .where(Settlement.centre_id == centre_id, SettlementOutcome.kind == "posted")
    )
    return {settlement_id: count for settlement_id, count in rows}


def _none(centre_id: int, check: str, found: Any) -> Finding:
    first = found[0] if found else None
    return Finding(
        check=check,
        centre_id=centre_id,
        ok=first is None,
        actual=len(found),
        document_type=first[0] if first else "",
        document_id=first[1] if first else "",
    )


def _outcome() -> Any:
    return and_(
        SettlementOutcome.centre_id == Settlement.centre_id,
        SettlementOutcome.run_id == Settlement.run_id,
    )
