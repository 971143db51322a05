"""Shares in the guarded world: bought, paid in parts, taken back, a certificate, heirs, rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from accounting.models import (
    ShareCertificate,
    ShareCertificateEnd,
    ShareCertificatePrint,
    ShareHeir,
    ShareMovement,
    ShareNomination,
    ShareRule,
    ShareSubscription,
    ShareSubscriptionEnd,
    ShareTransaction,
)
from core.db import Base, db, insert_rows
from members.models import Member, Person
from tests.integration.guarded_ledger import DAY, NOON

BOUGHT, PART, PLAN, OVER = (UUID(int=0x5A00 + n) for n in range(4))
SLIP, BACK = (UUID(int=0x5A04 + n) for n in range(2))
OTHER = UUID(int=0x5A30)
CERTIFICATE, LOST, NOMINATION = (UUID(int=0x5A10 + n) for n in range(3))


def write(centre_id: int, member_id: UUID) -> None:
    """Write the rows."""

    def add(model: type[Base], **values: Any) -> None:
        insert_rows(model, [{"centre_id": centre_id, **values}])

    person = {"first_name": "ทองมี", "sort_key": "y", "search_key": "y"}
    db.session.execute(insert(Person).values(centre_id=centre_id, id=OTHER, **person))
    other = {"person_id": OTHER, "member_no": "G002", "joined_on": DAY}
    db.session.execute(insert(Member).values(centre_id=centre_id, id=OTHER, **other))
    for plan, number in ((PLAN, 1), (OVER, 2)):
        add(
            ShareSubscription,
            id=plan,
            subscription_no=f"SS-2569-{number:05d}",
            member_id=member_id,
            shares=5,
            par_satang=100_00,
            subscribed_on=DAY,
            note="",
            recorded_at=NOON,
        )
    add(ShareSubscriptionEnd, subscription_id=OVER, reason="ย้าย", recorded_at=NOON)
    for number, (which, kind, satang) in enumerate(
        (
            (BOUGHT, "buy", 1_000_00),
            (PART, "instalment", 200_00),
            (SLIP, "buy", 100_00),
            (BACK, "reversal", -100_00),
        ),
        start=1,
    ):
        add(
            ShareMovement,
            transaction_id=which,
            member_id=member_id,
            effective_on=DAY,
            delta_satang=satang,
        )
        add(
            ShareTransaction,
            id=which,
            transaction_no=f"S-2569-{number:05d}",
            kind=kind,
            effective_on=DAY,
            recorded_on=DAY,
            member_id=member_id,
            amount_satang=abs(satang),
            movements=1,
            place="safe",
            subscription_id=PLAN if kind == "instalment" else None,
            reverses_id=SLIP if kind == "reversal" else None,
            source_type="share_transaction",
            source_id=which,
            note="",
            recorded_name="นิด",
            recorded_at=NOON,
            digest="0" * 64,
            content={},
        )
    add(
        ShareRule,
        id=UUID(int=0x5A20),
        valid_from=DAY,
        par_satang=100_00,
        least_shares=1,
        transfer_needs_approval=False,
        withdraw_while_member=True,
        note="",
        recorded_at=NOON,
    )
    add(
        ShareHeir,
        nomination_id=NOMINATION,
        line_no=1,
        name="แก้ว",
        relationship="ลูก",
        part_basis_points=10_000,
    )
    add(
        ShareNomination,
        id=NOMINATION,
        member_id=member_id,
        nominated_on=DAY,
        heirs=1,
        digest="0" * 64,
        recorded_at=NOON,
    )
    for number, (which, shares) in enumerate(((LOST, 1), (CERTIFICATE, 10)), start=1):
        add(
            ShareCertificate,
            id=which,
            certificate_no=f"SC-2569-{number:05d}",
            member_id=member_id,
            shares=shares,
            par_satang=100_00,
            issued_on=DAY,
            issued_at=NOON,
            replaces_id=LOST if which == CERTIFICATE else None,
        )
        if which == LOST:
            add(ShareCertificateEnd, certificate_id=LOST, kind="lost", note="", recorded_at=NOON)
    add(ShareCertificatePrint, certificate_id=CERTIFICATE, print_no=1, printed_at=NOON)
