"""Templates that fill a draft, and recurring entries that become drafts when due.

What must stay true: a due day of a template makes at most one draft, however often the chore runs;
drafts are never posted by themselves, so a person sees every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.models import Voucher, VoucherTemplate
from accounting.rules import vouchers as rules
from accounting.rules.vouchers import MONTHS, VoucherContent, content_from
from accounting.services.vouchers import drafting, reading
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid7
from members.services import access

CATCH_UP_MAX = 36
"""So many due days of one template at most are made up at a time."""


class BadSchedule(DomainError):
    """A schedule that can't be understood."""

    code, status, title = "bad-schedule", 422, N_("This schedule is not complete")
    detail = N_("Choose how often, the day of the month and the first day.")


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """A template made from a voucher's content; with `every` it recurs from `start` on."""

    id: UUID
    name: str
    voucher_id: UUID
    every: str = ""
    day_of_month: int = 1
    start: date | None = None


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """A template as lists show it."""

    id: UUID
    name: str
    kind: str
    content: VoucherContent
    every: str
    day_of_month: int
    next_due: date | None
    active: bool

    @property
    def total_satang(self) -> int:
        """What it comes to."""
        return self.content.total


def listing(actor: Actor) -> list[TemplateCard]:
    """Return the templates in use by name. Raises Forbidden."""
    access.require(actor, "voucher.read")
    rows = db.session.scalars(
        select(VoucherTemplate)
        .where(VoucherTemplate.centre_id == actor.centre_id, VoucherTemplate.active.is_(True))
        .order_by(VoucherTemplate.name, VoucherTemplate.id)
    )
    return [_card(row) for row in rows]


def get(template_id: UUID, actor: Actor) -> TemplateCard:
    """Return one template. Raises NotFound, Forbidden."""
    access.require(actor, "voucher.read")
    return _card(_row(actor.centre_id, template_id))


def save(command: SaveTemplate, actor: Actor) -> TemplateCard:
    """Make a template of a voucher; the same id again changes nothing.

    Raises BadSchedule, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "voucher.record")
    if command.every and (command.every not in MONTHS or command.start is None):
        raise BadSchedule(field="every")
    known = db.session.get(VoucherTemplate, (actor.centre_id, command.id))
    if known is not None:
        if (known.name, known.every) != (command.name, command.every):
            raise DifferentContent(id=str(command.id))
        return _card(known)
    view = reading.get(command.voucher_id, actor)
    if view.content is None:
        raise NotFound(what="voucher")
    start = command.start
    due = rules.first_due(start, command.day_of_month) if command.every and start else None
    db.session.execute(
        insert(VoucherTemplate).values(
            centre_id=actor.centre_id,
            id=command.id,
            name=command.name,
            kind=view.content.kind,
            content=content_of(view.content),
            every=command.every,
            day_of_month=command.day_of_month,
            next_due=due,
            active=True,
        )
    )
    audit.record(actor, "voucher_template.create", "voucher_template", command.id)
    return _card(_row(actor.centre_id, command.id))


def retire(template_id: UUID, actor: Actor) -> None:
    """Put a template out of use; its drafts stay. Raises NotFound, Forbidden."""
    access.require(actor, "voucher.record")
    _row(actor.centre_id, template_id)
    _change(actor.centre_id, template_id, active=False)
    audit.record(actor, "voucher_template.retire", "voucher_template", template_id)


def filled(template: TemplateCard, day: date) -> VoucherContent:
    """Return a template's content for a day."""
    return drafting.dated(template.content, day)


# --- recurring -------------------------------------------------------------------------------


def due(centre_id: int, until: date) -> list[TemplateCard]:
    """Return the recurring templates whose next day is due, the earliest first."""
    rows = db.session.scalars(
        select(VoucherTemplate)
        .where(
            VoucherTemplate.centre_id == centre_id,
            VoucherTemplate.active.is_(True),
            VoucherTemplate.next_due <= until,
        )
        .order_by(VoucherTemplate.next_due, VoucherTemplate.id)
        .execution_options(populate_existing=True)
    )
    return [_card(row) for row in rows]


def make_due(actor: Actor, until: date | None = None) -> int:
    """Make the drafts that are due by a day (today); return how many. Raises Forbidden."""
    access.require(actor, "voucher.record")
    last = min(until or clock.today(), clock.today())
    return sum(_make(one, last, actor) for one in due(actor.centre_id, last))


def _make(template: TemplateCard, last: date, actor: Actor) -> int:
    serialise_on(template.id)
    # Another chore may have been quicker while we waited.
    template = _card(_row(actor.centre_id, template.id))
    made = 0
    day = template.next_due
    while template.active and day is not None and day <= last and made < CATCH_UP_MAX:
        if not _has(actor.centre_id, template.id, day):
            content = replace(filled(template, day), note=template.content.note or template.name)
            values = drafting.written(content, content.total, actor)
            drafting.insert_draft(uuid7(), values, actor, template_id=template.id, due_on=day)
        made += 1
        day = rules.due_after(day, template.every, template.day_of_month)
    if made:
        _change(actor.centre_id, template.id, next_due=day)
    return made


def _has(centre_id: int, template_id: UUID, day: date) -> bool:
    found = select(Voucher.id).where(
        Voucher.centre_id == centre_id, Voucher.template_id == template_id, Voucher.due_on == day
    )
    return db.session.scalar(found) is not None


def _change(centre_id: int, template_id: UUID, **values: object) -> None:
    db.session.execute(
        update(VoucherTemplate)
        .where(VoucherTemplate.centre_id == centre_id, VoucherTemplate.id == template_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _row(centre_id: int, template_id: UUID) -> VoucherTemplate:
    row = db.session.get(VoucherTemplate, (centre_id, template_id), populate_existing=True)
    if row is None:
        raise NotFound(what="voucher_template")
    return row


def _card(row: VoucherTemplate) -> TemplateCard:
    return TemplateCard(
        row.id,
        row.name,
        row.kind,
        content_from(row.content),
        row.every,
        row.day_of_month,
        row.next_due,
        row.active,
    )
