"""What the database refuses of networks and invitations, whatever program writes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import insert

from core.actor import Actor, Centre
from core.config import Settings
from core.db import db, in_transaction
from members.models import NetworkInvitation, NetworkInvitationOutcome
from members.services import centres
from tests.integration import guarded_world
from tests.integration.attacks import Attacker, replacing, replacing_rowid, unique_keys

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
NOW = "'2026-11-20 05:00:00.000000'"
LATER = "'2026-11-21 05:00:00.000000'"


@pytest.fixture
def network(app: Flask, manager: Actor) -> int:
    """Another network; the centre of the manager is in its own."""
    in_transaction(guarded_world.build, manager)
    return in_transaction(centres.add_network, "เครือข่ายอื่น", "Another")


@pytest.fixture
def attacker(settings: Settings, network: int) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def joins(centre: Centre, day: date, network: int, invitation: str = "NULL") -> str:
    return (
        "INSERT INTO centre_network (centre_id, joined_on, network_id, invitation_id, recorded_at)"
        f" VALUES ({centre.id}, '{day.isoformat()}', {network}, {invitation}, {NOW})"
    )


def invited(network: int, expires_at: datetime = NOON + timedelta(days=1)) -> UUID:
    invitation_id = uuid4()
    db.session.execute(
        insert(NetworkInvitation).values(
            id=invitation_id,
            network_id=network,
            kind="join",
            code_hash=invitation_id.hex,
            created_at=NOON,
            expires_at=expires_at,
        )
    )
    return invitation_id


def key(attacker: Attacker, identity: UUID) -> str:
    return f"'{identity.hex}'" if attacker.sqlite else f"'{identity}'"


def test_a_centre_moves_forward_and_elsewhere(
    attacker: Attacker, network: int, centre: Centre
) -> None:
    july = date(2026, 7, 1)
    attacker.runs(joins(centre, july, network))
    words = "network: a centre moves after its last move"
    attacker.refused(words, joins(centre, date(2026, 6, 30), centre.network_id))
    words = "network: a centre moves to another network"
    attacker.refused(words, joins(centre, date(2026, 8, 1), network))
    attacker.runs(joins(centre, date(2026, 8, 1), centre.network_id))


def test_the_first_network_holds_from_the_beginning(
    attacker: Attacker, network: int, centre: Centre
) -> None:
    new = (
        "INSERT INTO centre (id, network_id, code, name_th, name_en, address, phone, tax_id,"
        " oversell_policy, cash_rounding_satang, promptpay_kind, promptpay_id, promptpay_name,"
        " fiscal_year_start_month, receipt_footer, version)"
        f" SELECT 77, {network}, 'NEW', name_th, name_en, address, phone, tax_id, oversell_policy,"
        " cash_rounding_satang, promptpay_kind, promptpay_id, promptpay_name,"
        f" fiscal_year_start_month, receipt_footer, version FROM centre WHERE id = {centre.id}"
    )
    first = joins(centre, date(2026, 7, 1), network).replace(f"({centre.id},", "(77,")
    attacker.refused("network: the first one holds from the beginning", new, first)
    attacker.runs(new, first.replace("2026-07-01", "1900-01-01"))


def test_a_centre_is_where_its_last_move_says(
    attacker: Attacker, network: int, centre: Centre
) -> None:
    moves = f"UPDATE centre SET network_id = {network} WHERE id = {centre.id}"
    attacker.refused("network: a centre is where its last move says", moves)
    attacker.runs(joins(centre, date(2026, 7, 1), network), moves)
    attacker.refused(
        "network: a centre is where its last move says",
        moves.replace(f"= {network}", f"= {centre.network_id}"),
    )


def test_a_centre_joins_on_an_invitation_it_accepted(
    attacker: Attacker, network: int, centre: Centre, other_centre: Centre
) -> None:
    ours, theirs, waiting = (in_transaction(_answered_by, network, one) for one in (
        centre.id, other_centre.id, None
    ))  # fmt: skip
    day = date(2026, 7, 1)
    words = "network: an invitation is accepted by the centre that joins"
    for one in (theirs, waiting):
        attacker.refused(words, joins(centre, day, network, key(attacker, one)))
    attacker.runs(joins(centre, day, network, key(attacker, ours)))


def _answered_by(network: int, centre_id: int | None) -> UUID:
    one = invited(network)
    if centre_id is not None:
        db.session.execute(
            insert(NetworkInvitationOutcome).values(
                invitation_id=one,
                outcome="accepted",
                answering_centre_id=centre_id,
                decided_at=NOON,
            )
        )
    return one


def test_an_invitation_is_not_accepted_when_its_time_is_over(
    attacker: Attacker, network: int, centre: Centre
) -> None:
    one = in_transaction(invited, network)
    answer = (
        "INSERT INTO network_invitation_outcome"
        " (invitation_id, outcome, answering_centre_id, decided_at)"
        f" VALUES ({key(attacker, one)}, 'accepted', {centre.id}, %s)"
    )
    attacker.refused("network: the time of this invitation is over", answer % LATER)
    attacker.runs(answer % NOW)


@pytest.mark.parametrize(
    "table", ["centre_network", "network_invitation", "network_invitation_outcome"]
)
def test_what_is_written_of_networks_stays(attacker: Attacker, table: str) -> None:
    before = attacker.rows(table)
    assert before
    column = "centre_id" if table == "centre_network" else "expires_at"
    column = "decided_at" if table == "network_invitation_outcome" else column
    words = f"guard: {table} is append-only"
    attacker.refused(words, f"UPDATE {table} SET {column} = {column}")
    attacker.refused(words, f"DELETE FROM {table}")
    if attacker.sqlite:
        for one in unique_keys(table):
            attacker.refused(words, replacing(table, one))
        attacker.refused(words, replacing_rowid(table))
    assert attacker.rows(table) == before
