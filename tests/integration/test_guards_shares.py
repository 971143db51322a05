"""What the database refuses of shares, whatever program writes them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from tests.integration import guarded_world
from tests.integration.attacks import Attacker
from tests.integration.guarded_shares import BOUGHT, NOMINATION, OTHER, PLAN
from tests.integration.guarded_world import World

NEW = UUID(int=0x5AFF)
WHOLE = "shares: the movements are not what the transaction says"
BELOW = "shares: nobody holds less than nothing"
OPPOSITE = "shares: a reversal is its transaction the other way round"


@pytest.fixture
def world(app: Flask, manager: Actor) -> World:
    """A centre with a member of 1,200 baht in shares."""
    return in_transaction(guarded_world.build, manager)


@pytest.fixture
def attacker(settings: Settings, world: World) -> Iterator[Attacker]:
    hand = Attacker(settings.database_url, recursive_triggers=True)
    yield hand
    hand.close()


def key(attacker: Attacker, identity: UUID) -> str:
    return f"'{identity.hex}'" if attacker.sqlite else f"'{identity}'"


def moves(attacker: Attacker, delta: int, day: str = "2026-11-20", which: UUID = NEW) -> str:
    return (
        "INSERT INTO share_movement (centre_id, transaction_id, member_id, effective_on,"
        f" delta_satang) SELECT centre_id, {key(attacker, which)}, member_id, '{day}', {delta}"
        f" FROM share_movement WHERE transaction_id = {key(attacker, BOUGHT)}"
    )


def header(
    attacker: Attacker,
    kind: str,
    satang: int,
    *,
    day: str = "2026-11-20",
    reverses: UUID | None = None,
    plan: UUID | None = None,
    movements: int = 1,
) -> str:
    new = key(attacker, NEW)
    back = "NULL" if reverses is None else key(attacker, reverses)
    signed = "NULL" if plan is None else key(attacker, plan)
    return (
        "INSERT INTO share_transaction (centre_id, id, transaction_no, kind, effective_on,"
        " recorded_on, member_id, amount_satang, movements, place, source_type, source_id,"
        " reverses_id, subscription_id, note, recorded_name, recorded_at, digest, content)"
        f" SELECT centre_id, {new}, 'S-2569-00099', '{kind}', '{day}', '2026-11-21', member_id,"
        f" {satang}, {movements}, 'safe', source_type, {new}, {back}, {signed}, note,"
        " recorded_name, recorded_at, digest, content FROM share_transaction"
        f" WHERE id = {key(attacker, BOUGHT)}"
    )


def test_a_transaction_is_what_its_movements_are(attacker: Attacker) -> None:
    for delta, kind, satang, movements in (
        (100_00, "buy", 200_00, 1),
        (100_00, "buy", 100_00, 2),
        (-100_00, "buy", 100_00, 1),
        (100_00, "withdraw", 100_00, 1),
        (100_00, "transfer", 100_00, 1),
        (-100_00, "credited", 100_00, 1),
    ):
        attacker.refused(
            WHOLE,
            moves(attacker, delta),
            header(attacker, kind, satang, movements=movements),
        )
    attacker.refused(WHOLE, header(attacker, "buy", 100_00))
    attacker.runs(moves(attacker, 100_00), header(attacker, "buy", 100_00))


def test_nobody_falls_below_nothing_on_any_day(attacker: Attacker) -> None:
    attacker.refused(BELOW, moves(attacker, -1_200_01), header(attacker, "withdraw", 1_200_01))
    early = "2026-11-19"
    attacker.refused(BELOW, moves(attacker, -1, early), header(attacker, "withdraw", 1, day=early))
    attacker.runs(moves(attacker, -1_200_00), header(attacker, "withdraw", 1_200_00))


def test_a_recorded_transaction_takes_no_more(attacker: Attacker) -> None:
    attacker.refused(
        "shares: a recorded transaction takes no more movements",
        "INSERT INTO share_movement (centre_id, transaction_id, member_id, effective_on,"
        f" delta_satang) SELECT centre_id, {key(attacker, BOUGHT)}, {key(attacker, OTHER)},"
        " effective_on, 1 FROM share_movement LIMIT 1",
    )


def test_a_reversal_is_exact_and_once(attacker: Attacker) -> None:
    attacker.refused(
        OPPOSITE, moves(attacker, -1), header(attacker, "reversal", 1, reverses=BOUGHT)
    )
    attacker.refused(
        OPPOSITE,
        moves(attacker, -999_99),
        header(attacker, "reversal", 1_000_00, reverses=BOUGHT),
    )
    attacker.refused(
        OPPOSITE,
        moves(attacker, -1_000_00, "2026-11-19"),
        header(attacker, "reversal", 1_000_00, day="2026-11-19", reverses=BOUGHT),
    )
    attacker.runs(
        moves(attacker, -1_000_00), header(attacker, "reversal", 1_000_00, reverses=BOUGHT)
    )


def test_no_instalment_is_above_what_was_signed_for(attacker: Attacker) -> None:
    words = "shares: more than was subscribed"
    attacker.refused(
        words, moves(attacker, 300_01), header(attacker, "instalment", 300_01, plan=PLAN)
    )
    attacker.runs(moves(attacker, 300_00), header(attacker, "instalment", 300_00, plan=PLAN))


def test_nothing_is_entered_in_a_locked_month(attacker: Attacker) -> None:
    lock = "INSERT INTO accounting_period (centre_id, id, state) VALUES ({c}, 202601, 'closed')"
    centre_id = attacker.rows("share_movement")[0][0]
    trigger = "guard_accounting_period"
    names = [name for name in _triggers(attacker) if name.startswith(trigger)]
    assert names
    _past_period_guards(attacker, names, lock.format(c=centre_id))
    day = "2026-01-15"
    attacker.refused(
        "shares: the month of this day is locked",
        moves(attacker, 100_00, day),
        header(attacker, "buy", 100_00, day=day),
    )


def _triggers(attacker: Attacker) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if attacker.sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with attacker.session() as connection:
        return list(connection.exec_driver_sql(query).scalars())


def _past_period_guards(attacker: Attacker, names: list[str], statement: str) -> None:
    if attacker.sqlite:
        attacker.runs(*[f"DROP TRIGGER {name}" for name in names], statement)
    else:
        attacker.runs("SET LOCAL session_replication_role = replica", statement)


def test_heirs_have_the_whole_and_no_later_company(attacker: Attacker) -> None:
    whole = "shares: the parts of the heirs are the whole"
    new = key(attacker, NEW)
    heir = (
        "INSERT INTO share_heir (centre_id, nomination_id, line_no, name, relationship,"
        f" part_basis_points) SELECT centre_id, {{which}}, {{line}}, name, relationship, {{part}}"
        f" FROM share_heir WHERE nomination_id = {key(attacker, NOMINATION)}"
    )
    nomination = (
        "INSERT INTO share_nomination (centre_id, id, member_id, nominated_on, heirs, digest,"
        f" recorded_at) SELECT centre_id, {new}, member_id, nominated_on, {{heirs}}, digest,"
        " recorded_at FROM share_nomination"
    )
    for part, heirs in ((9_999, 1), (10_000, 2)):
        attacker.refused(
            whole,
            heir.format(which=new, line=1, part=part),
            nomination.format(heirs=heirs),
        )
    attacker.refused(whole, nomination.format(heirs=1))
    attacker.refused(
        "shares: a recorded nomination takes no more heirs",
        heir.format(which=key(attacker, NOMINATION), line=2, part=1),
    )
    attacker.runs(heir.format(which=new, line=1, part=10_000), nomination.format(heirs=1))


def test_a_certificate_is_for_shares_held_without_another(attacker: Attacker) -> None:
    new = key(attacker, NEW)
    more = (
        "INSERT INTO share_certificate (centre_id, id, certificate_no, member_id, shares,"
        f" par_satang, issued_on, issued_at) SELECT centre_id, {new}, 'SC-2569-00099', member_id,"
        " {shares}, par_satang, issued_on, issued_at FROM share_certificate"
        " WHERE certificate_no = 'SC-2569-00002'"
    )
    attacker.refused("shares: a certificate is for shares held", more.format(shares=3))
    attacker.runs(more.format(shares=2))
