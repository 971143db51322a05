"""Members with shares in tests: bought as people do, or put in as another document would."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from accounting.services.shares import crediting, recording
from accounting.services.shares.crediting import ShareCredit
from accounting.services.shares.reading import TransactionCard
from accounting.services.shares.recording import BuyShares
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember


def member_named(actor: Actor, name: str, joined_on: date | None = None) -> UUID:
    new = NewMember(first_name=name, joined_on=joined_on or date(2025, 1, 1))
    return in_transaction(members.create, new, actor).id


def buy_shares(
    actor: Actor, member_id: UUID, shares: int, on: date | None = None
) -> TransactionCard:
    """Buy shares into the safe."""
    command = BuyShares(uuid7(), member_id, shares, on or clock.today(), "safe")
    return in_transaction(recording.buy, command, actor)


def put_shares(actor: Actor, day: date, member_id: UUID, satang: int) -> UUID:
    """Post share capital and enter it, as a document of another kind does; return its id."""
    source_id = uuid7()
    lines = (
        NewLine(Purpose.CASH_SAFE, debit=satang),
        NewLine(Purpose.SHARE_CAPITAL, credit=satang, member_id=member_id),
    )
    entry = NewEntry("opening", "opening", source_id, day, clock.now(), lines)
    credits_ = [ShareCredit(member_id, satang)]

    def both() -> None:
        ledger.post(entry, actor)
        crediting.credit(credits_, on=day, source_type="opening", source_id=source_id, actor=actor)

    in_transaction(both)
    return source_id
