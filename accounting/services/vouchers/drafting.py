"""Drafts of vouchers: written, changed, discarded; nothing of it counts yet.

What must stay true: a draft that is kept passes every rule of the day it was kept; two people never
overwrite each other's words unseen; what is decided is changed by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from accounting.models import Voucher
from accounting.rules import vouchers as rules
from accounting.rules.periods import PeriodClosed, period_of
from accounting.rules.vouchers import VoucherContent
from accounting.services import activities, chart, funds, periods
from accounting.services.vouchers import reading
from accounting.services.vouchers.reading import DISCARDED, DRAFT, VoucherCard
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of, digest_of
from core.errors import N_, ChangedMeanwhile, DifferentContent, DomainError
from members.services import access, members, producers


class NoLongerADraft(DomainError):
    """A voucher that waits or was decided is not changed."""

    code, status, title = "voucher-not-a-draft", 409, N_("This voucher is no longer a draft")
    detail = N_("Open it to see where it stands; a posted one is corrected by a new entry.")


class NotOfThisCentre(DomainError):
    """A line names a fund, activity or person the centre does not have."""

    code, status, title = "voucher-unknown-key", 422, N_("A line names something unknown here")
    detail = N_("Choose the fund or activity from the list, or write the number again.")


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """A voucher as it was written; `version` is the one the person saw, 0 for a new one."""

    id: UUID
    content: VoucherContent
    version: int = 0
    corrects_id: UUID | None = None


def save(command: SaveDraft, actor: Actor) -> VoucherCard:
    """Keep a draft, new or changed; the same content again changes nothing.

    Raises BadVoucher, PeriodClosed, NoLongerADraft, ChangedMeanwhile, DifferentContent, Forbidden.
    """
    access.require(actor, "voucher.record")
    serialise_on(command.id)
    total = checked(command.content, actor.centre_id)
    known = db.session.get(Voucher, (actor.centre_id, command.id), populate_existing=True)
    values = written(command.content, total, actor)
    if known is None:
        insert_draft(command.id, values, actor, corrects_id=command.corrects_id)
    elif known.digest == values["digest"] and known.state != DISCARDED:
        return reading.card_of(known)
    else:
        _change(known, command, values, actor)
    return reading.card_of(reading.row_of(actor.centre_id, command.id))


def _change(known: Voucher, command: SaveDraft, values: dict[str, Any], actor: Actor) -> None:
    if known.state != DRAFT:
        raise NoLongerADraft
    if known.kind != command.content.kind or command.version == 0:
        raise DifferentContent(id=str(command.id))
    if known.version != command.version:
        raise ChangedMeanwhile
    change(actor.centre_id, command.id, **values, version=known.version + 1)
    audit.record(actor, "voucher.change", "voucher", command.id, version=known.version + 1)


def discard(voucher_id: UUID, actor: Actor) -> None:
    """Throw a draft away; again changes nothing. Raises NoLongerADraft, NotFound, Forbidden."""
    access.require(actor, "voucher.record")
    serialise_on(voucher_id)
    row = db.session.get(Voucher, (actor.centre_id, voucher_id), populate_existing=True)
    if row is not None and row.state == DISCARDED:
        return
    if reading.row_of(actor.centre_id, voucher_id).state != DRAFT:
        raise NoLongerADraft
    change(actor.centre_id, voucher_id, state=DISCARDED)
    audit.record(actor, "voucher.discard", "voucher", voucher_id)


# --- shared with the other parts of vouchers ---------------------------------------------------


def checked(content: VoucherContent, centre_id: int, today: date | None = None) -> int:
    """Return the total of a content that may be kept and posted today; raise what is wrong."""
    accounts = {card.id: card for card in chart.listing(centre_id)}
    total = rules.check(content, accounts, today or clock.today())
    _require_keys(content, centre_id)
    if not periods.is_open(centre_id, content.business_date):
        raise PeriodClosed(field="business_date", period_id=period_of(content.business_date))
    return total


def _require_keys(content: VoucherContent, centre_id: int) -> None:
    known = {
        "fund": {one.id for one in funds.listing(centre_id, of_members=False)},
        "activity": {one.id for one in activities.listing(centre_id)},
        "member": set(members.names(centre_id, {line.member_id for line in content.lines})),
        "producer": set(producers.names(centre_id, {line.producer_id for line in content.lines})),
    }
    for place, line in enumerate(content.lines, start=1):
        for name, ids in known.items():
            key = getattr(line, f"{name}_id")
            if key is not None and key not in ids:
                at = "person" if name in rules.BY_HAND else name
                raise NotOfThisCentre(field=f"{at}-{place}", line=place)


def written(content: VoucherContent, total: int, actor: Actor) -> dict[str, Any]:
    """Return the columns that say what was written, by whom and when."""
    kept = content_of(content)
    return {
        "business_date": content.business_date,
        "total_satang": total,
        "party": content.party,
        "note": content.note,
        "content": kept,
        "digest": digest_of(kept),
        "reverse_on": content.reverse_on,
        "prepared_by": actor.user_id,
        "prepared_name": actor.name,
        "prepared_at": clock.now(),
    }


def insert_draft(voucher_id: UUID, values: dict[str, Any], actor: Actor, **links: Any) -> None:
    """Write the row of a new draft; its kind is that of its content unless told."""
    columns = {"kind": values["content"]["kind"]} | values | links
    db.session.execute(
        insert(Voucher).values(
            centre_id=actor.centre_id,
            id=voucher_id,
            state=DRAFT,
            decided_name="",
            reason="",
            version=1,
            **columns,
        )
    )
    audit.record(actor, "voucher.draft", "voucher", voucher_id, satang=values["total_satang"])


def change(centre_id: int, voucher_id: UUID, **values: Any) -> None:
    """Change the columns of a voucher; the guards say which may."""
    db.session.execute(
        update(Voucher)
        .where(Voucher.centre_id == centre_id, Voucher.id == voucher_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def dated(content: VoucherContent, day: date) -> VoucherContent:
    """Return the content with another day; an accrual then goes back in the month after it."""
    reverse_on = rules.first_of_next_month(day) if content.reverse_on else None
    return replace(content, business_date=day, reverse_on=reverse_on)
