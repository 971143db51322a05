"""Found a centre: its row, its books, its shelves, its first till, and its first manager."""

from __future__ import annotations

from dataclasses import replace

from accounting.services import chart, periods
from core import clock
from core.actor import Actor, Centre, system_actor
from inventory.services import locations
from members.services import centres, invitations, users
from members.services.centres import NewCentre
from members.services.users import NewUser
from pos.services import tills


def found(new: NewCentre) -> Actor:
    """Create a centre with everything a first day needs; return the system's actor in it."""
    centre: Centre = centres.create(new)
    chart.seed(centre.id)
    locations.seed(centre.id)
    tills.seed(centre.id)
    periods.ensure(centre.id, clock.today())
    return system_actor(centre)


def found_with_manager(new: NewCentre, username: str, password: str) -> Actor:
    """Found a centre and let its first manager in; return the system's actor in it."""
    actor = found(new)
    users.create(
        NewUser(username=username, display_name=username, password=password, roles=("manager",)),
        actor,
    )
    return actor


def found_invited(code: str, new: NewCentre, username: str, password: str) -> Actor:
    """Found a centre in the network whose invitation has this code, with its first manager.

    Raises InvitationUnknown, InvitationOver, CentreCodeTaken, UsernameTaken.
    """
    invitation = invitations.to_found(code)
    invited = replace(new, network_id=invitation.network_id)
    actor = found_with_manager(invited, username, password)
    invitations.founded(invitation, actor)
    return actor
