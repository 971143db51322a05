"""Matches that were made, and undone, as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from accounting.models import BankMatch, BankMatchItem, BankMatchLine
from accounting.services import chart, ledger
from accounting.services.bank import open_items
from accounting.services.bank.matching import SOURCE
from accounting.services.bank.open_items import OpenItem, OpenLine
from accounting.services.chart import AccountCard
from accounting.services.ledger import EntryCard
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access


@dataclass(frozen=True, slots=True)
class MatchCard:
    """A match in a list."""

    id: UUID
    account_id: UUID
    kind: str
    how: str
    amount_satang: int
    matched_at: datetime
    matched_name: str
    live: bool | None
    undone_at: datetime | None
    undone_name: str | None

    @property
    def may_be_undone(self) -> bool:
        return self.live is not None and self.how != "undo"


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match with both its sides and what it posted."""

    card: MatchCard
    account: AccountCard
    lines: tuple[OpenLine, ...]
    items: tuple[OpenItem, ...]
    entries: tuple[EntryCard, ...]


_CARD = tuple(getattr(BankMatch, name) for name in MatchCard.__dataclass_fields__)


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[MatchCard]:
    """Return matches, latest first. Raises Forbidden."""
    access.require(actor, "bank.read")
    narrowed = matching(sought, day=BankMatch.matched_at, text=(BankMatch.matched_name,))
    query = select(*_CARD).where(BankMatch.centre_id == actor.centre_id, *narrowed)
    after = uuid_or_none(window.after or "")
    last = None
    if after is not None:
        last = db.session.scalar(
            select(BankMatch.matched_at).where(
                BankMatch.centre_id == actor.centre_id, BankMatch.id == after
            )
        )
    if last is not None:
        same = (BankMatch.matched_at == last) & (BankMatch.id < after)
        query = query.where((BankMatch.matched_at < last) | same)
    query = query.order_by(BankMatch.matched_at.desc(), BankMatch.id.desc())
    rows = [MatchCard(*row) for row in db.session.execute(query.limit(window.limit + 1))]
    return page_of(rows, window, lambda card: str(card.id))


def get(match_id: UUID, actor: Actor) -> MatchView:
    """Return one match. Raises Forbidden, NotFound."""
    access.require(actor, "bank.read")
    centre_id = actor.centre_id
    row = db.session.execute(
        select(*_CARD).where(BankMatch.centre_id == centre_id, BankMatch.id == match_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="bank_match")
    card = MatchCard(*row)
    line_ids = db.session.scalars(
        select(BankMatchLine.line_id).where(
            BankMatchLine.centre_id == centre_id, BankMatchLine.match_id == match_id
        )
    ).all()
    keys = db.session.execute(
        select(BankMatchItem.entry_id, BankMatchItem.line_no).where(
            BankMatchItem.centre_id == centre_id, BankMatchItem.match_id == match_id
        )
    ).all()
    return MatchView(
        card,
        chart.get(centre_id, card.account_id),
        tuple(open_items.lines_by_id(centre_id, line_ids)),
        tuple(open_items.items_by_key(centre_id, [(one, line_no) for one, line_no in keys])),
        tuple(ledger.entry_of(centre_id, SOURCE, match_id)),
    )


def match_of(line_id: UUID, actor: Actor) -> UUID | None:
    """Return the match that counts in which a bank line stands, if any. Raises Forbidden."""
    access.require(actor, "bank.read")
    return db.session.scalar(
        select(BankMatchLine.match_id).where(
            BankMatchLine.centre_id == actor.centre_id,
            BankMatchLine.line_id == line_id,
            BankMatchLine.live.is_not(None),
        )
    )
