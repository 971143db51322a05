"""Practising at the real till: the real services, every row of it taken back.

What must stay true: it runs only in a rehearsal (`core.db.in_rehearsal`), which never commits; it
happens on a till of its own, made in the same rehearsal, so that its numbers begin at one and the
real drawer, its shift and its series are never touched nor waited for.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from core.actor import Actor
from core.db import is_rehearsal
from core.errors import N_, DomainError
from core.ids import uuid7
from members.rules.roles import Role
from members.services import access
from pos.services import overrides, tills
from pos.services.overrides import GrantOverride, Override

CODE = "TRAIN"


class NotPractised(DomainError):
    """This can't be done in training; nothing was done."""

    code, status, title = "not-in-training", 409, N_("This can't be practised")
    detail = N_("Leave training to do it for real.")


class TrainingMoved(DomainError):
    """What was practised before no longer goes through: prices or goods have changed since."""

    code, status, title = "training-moved", 409, N_("The practice shift has to begin again")
    detail = N_("Prices or goods have changed meanwhile. Open training anew; nothing was stored.")


def begin(till_id: UUID, actor: Actor) -> UUID:
    """Make the practice till beside a real one, selling the same goods; return its id."""
    assert is_rehearsal(), "training outside a rehearsal"
    access.require(actor, "sale.record")
    real = tills.get(actor.centre_id, till_id)
    codes = {one.code for one in tills.listing(actor.centre_id)}
    code = next(one for one in (CODE, *(f"{CODE}{n}" for n in range(2, 999))) if one not in codes)
    return tills.add_at(actor.centre_id, code, real.name, real.location_id).id


def say_yes(command: GrantOverride, actor: Actor) -> Override:
    """Give an override as a manager would: in training nobody's PIN is asked for."""
    assert is_rehearsal(), "training outside a rehearsal"
    giver = replace(actor, user_id=uuid7(), roles=frozenset({Role.MANAGER.value}))
    return overrides.grant(command, giver, actor)
