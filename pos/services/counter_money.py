"""What the cashier is shown of a member's money, and which schemes are taken."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounting.services.credit import accounts
from accounting.services.purse import reading
from core.actor import Actor
from members.services import access
from pos.services import schemes
from pos.services.schemes import SchemeCard


@dataclass(frozen=True, slots=True)
class MemberMoney:
    """A purse and an account; money in satang."""

    purse_satang: int
    state: str
    limit_satang: int
    owed_satang: int
    overdue_satang: int
    left_satang: int


def of_member(member_id: UUID, actor: Actor) -> MemberMoney:
    """Return a member's purse and account. Raises NotFound, Forbidden."""
    card = accounts.get(member_id, actor)
    return MemberMoney(
        reading.balance(member_id, actor),
        card.state,
        card.limit_satang,
        card.owed_satang,
        card.overdue_satang,
        card.left_satang,
    )


def schemes_taken(actor: Actor) -> list[SchemeCard]:
    """Return the schemes in use. Raises Forbidden."""
    access.require(actor, "sale.record")
    return schemes.listing(actor.centre_id, only_active=True)
