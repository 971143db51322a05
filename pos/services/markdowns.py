"""Mark goods down by the schedule of their category: a promotion made of a step that is due.

What must stay true: a mark-down takes off what the schedule says, no later than the lot's last
good day, and who bears it is fixed by its reason before the first sale.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError
from inventory.services import unsold
from inventory.services.unsold import UnsoldRow
from members.services import access
from pos.models import Promotion
from pos.services import promotions
from pos.services.promotions import NewPromotion, PromotionDoc, WrongDays

NAME_MAX = 80


class NotDue(DomainError):
    """The schedule does not ask for this lot to be marked down, or no longer."""

    code, status, title = "markdown-not-due", 409, N_("This lot is not due to be marked down")
    detail = N_("It was sold, or the rule of its category changed. Look at the list again.")


@dataclass(frozen=True, slots=True)
class DueMarkdown:
    """A lot that should be sold cheaper by now, and the promotion that does so already."""

    row: UnsoldRow
    running_id: UUID | None
    """A promotion running for its product that takes as much off, or more."""

    @property
    def percent_basis_points(self) -> int:
        """What the schedule takes off today."""
        assert self.row.standing.step is not None
        return self.row.standing.step.percent_basis_points

    @property
    def price_satang(self) -> int:
        """The price of a unit after it, to the satang; the till rounds by line."""
        return self.row.price_satang - self.row.price_satang * self.percent_basis_points // 10_000


@dataclass(frozen=True, slots=True)
class AcceptMarkdown:
    """Follow the schedule for one lot, until a day, for a reason that says who bears it."""

    id: UUID
    lot_id: UUID
    reason_id: UUID
    valid_until: date


def due(actor: Actor) -> list[DueMarkdown]:
    """Return the lots due to be marked down, the most urgent first."""
    access.require(actor, "promotion.read")
    rows = unsold.due_markdowns(actor)
    today = clock.today()
    running = db.session.execute(
        select(Promotion.id, Promotion.product_id, Promotion.value).where(
            Promotion.centre_id == actor.centre_id,
            Promotion.product_id.in_(sorted({row.product_id for row in rows})),
            Promotion.kind == "percent",
            Promotion.active,
            ~Promotion.members_only,
            Promotion.valid_from <= today,
            or_(Promotion.valid_until.is_(None), Promotion.valid_until >= today),
        )
    ).all()
    found = []
    for row in rows:
        assert row.standing.step is not None
        wanted = row.standing.step.percent_basis_points
        enough = [
            one.id for one in running if one.product_id == row.product_id and one.value >= wanted
        ]
        found.append(DueMarkdown(row, min(enough, default=None)))
    return found


def accept(command: AcceptMarkdown, actor: Actor) -> PromotionDoc:
    """Make the promotion a lot is due for; the same command again changes nothing.

    Raises NotDue, WrongDays, ReasonNotInUse, PromotionDiffers, NotFound, Forbidden.
    """
    access.require(actor, "promotion.change")
    found = next((one for one in due(actor) if one.row.lot_id == command.lot_id), None)
    if found is None:
        raise NotDue
    row = found.row
    if row.expires_on is not None and command.valid_until > row.expires_on:
        raise WrongDays(field="valid_until")
    whole, part = divmod(found.percent_basis_points, 100)
    percent = f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
    promotion = NewPromotion(
        id=command.id,
        name_th=f"ลด {percent}% {row.name_th}"[:NAME_MAX],
        name_en=f"{percent}% off {row.name_en or row.name_th}"[:NAME_MAX],
        reason_id=command.reason_id,
        kind="percent",
        value=found.percent_basis_points,
        valid_from=clock.today(),
        valid_until=command.valid_until,
        product_id=row.product_id,
    )
    return promotions.create(promotion, actor)
