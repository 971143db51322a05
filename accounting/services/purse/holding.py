"""What a member's purse holds, held against everybody else who uses that member's money.

What must stay true: whoever takes from a purse, or sells on account, has called `hold` first; so
two tills never spend the same money nor pass the same limit. One lock serves purse and credit.
"""

from __future__ import annotations

from uuid import NAMESPACE_OID, UUID, uuid5

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.db import serialise_on
from core.errors import N_, DomainError


class PurseShort(DomainError):
    """The purse doesn't hold as much."""

    code, status, title = "purse-short", 409, N_("There is not enough in the purse")
    detail = N_("The purse holds %(held_satang)s baht. Take the rest another way.")


def hold(centre_id: int, member_id: UUID) -> None:
    """Make whoever uses this member's purse or credit wait until the transaction ends."""
    serialise_on(uuid5(NAMESPACE_OID, f"member-money/{centre_id}/{member_id}"))


def balance(centre_id: int, member_id: UUID) -> int:
    """Return what a member's purse holds, in satang."""
    held = ledger.sub_ledger(centre_id, Purpose.MEMBER_PURSE, "member", [member_id])
    return -held.get(member_id, 0)


def held(centre_id: int, member_id: UUID) -> int:
    """Hold a purse and return what is in it."""
    hold(centre_id, member_id)
    return balance(centre_id, member_id)


def require(centre_id: int, member_id: UUID, satang: int, field: str = "") -> int:
    """Hold a purse and return what is in it; raise PurseShort unless it is so much."""
    there = held(centre_id, member_id)
    if there < satang:
        facts = {"field": field} if field else {}
        raise PurseShort(held_satang=max(there, 0), asked_satang=satang, **facts)
    return there
