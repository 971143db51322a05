"""How a centre settles: hold-back, smallest payout, caps, the day of paying.

What must stay true: a change is on the audit trail, and no settlement already prepared knows of it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import insert, select, update

from core import audit
from core.actor import Actor
from core.db import db
from core.errors import ChangedMeanwhile
from inventory.models import ConsignmentPolicy
from inventory.rules.settlement import Recipe
from members.services import access


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force; parts in 1/10,000. A centre that never set one has these."""

    hold_back_days: int = 0
    minimum_payout_satang: int = 0
    recovery_cap_basis_points: int = 5000
    advance_cap_basis_points: int = 5000
    payout_day: int = 9
    version: int = 0

    @property
    def recipe(self) -> Recipe:
        """What of the policy a settlement is reckoned by."""
        return Recipe(
            self.hold_back_days,
            self.minimum_payout_satang,
            self.recovery_cap_basis_points,
            self.advance_cap_basis_points,
        )


_COLUMNS = tuple(getattr(ConsignmentPolicy, name) for name in Policy.__dataclass_fields__)


def get(centre_id: int) -> Policy:
    """Return the centre's policy."""
    row = db.session.execute(
        select(*_COLUMNS).where(ConsignmentPolicy.centre_id == centre_id)
    ).one_or_none()
    return Policy() if row is None else Policy(*row)


def save(new: Policy, actor: Actor) -> Policy:
    """Put a new policy in force; `new.version` is the one it was made on.

    Raises ChangedMeanwhile, Forbidden.
    """
    access.require(actor, "settings.change")
    old = get(actor.centre_id)
    if old.version != new.version:
        raise ChangedMeanwhile
    values = {**asdict(new), "version": new.version + 1}
    if old.version == 0:
        db.session.execute(insert(ConsignmentPolicy).values(centre_id=actor.centre_id, **values))
    else:
        db.session.execute(
            update(ConsignmentPolicy)
            .where(ConsignmentPolicy.centre_id == actor.centre_id)
            .values(**values)
        )
    changed = {name: value for name, value in asdict(new).items() if value != getattr(old, name)}
    audit.record(actor, "consignment_policy.change", "centre", actor.centre_id, **changed)
    return get(actor.centre_id)
