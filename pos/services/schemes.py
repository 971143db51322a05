"""Schemes of the state that pay at the till: the register, and whether one pays for a bill.

What must stay true: a payment of a scheme names it and its reference (the terminal's slip); it pays
for the goods the scheme allows and no more than it pays on one bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from accounting.rules import coupons as coupon_rules
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from members.services import access
from pos.models import Scheme
from pos.services.sale_rows import RecordPayment


class SchemeCodeTaken(DomainError):
    """Another scheme of the centre has this code."""

    code, status, title = "scheme-code-taken", 409, N_("This code is taken")
    detail = N_("Another scheme has it. Choose another code.")


class SchemeChanged(DomainError):
    """Somebody changed the scheme since the form was opened."""

    code, status, title = "scheme-changed", 409, N_("Someone else changed this scheme")
    detail = N_("Open the page again and look at what it says now.")


class SchemeClosed(DomainError):
    """The scheme doesn't pay any more."""

    code, status, title = "scheme-closed", 409, N_("This scheme is no longer taken")
    detail = N_("Take another payment.")


class SchemeReferenceNeeded(DomainError):
    """The scheme pays by a slip with a number."""

    code, status, title = "scheme-reference-needed", 422, N_("Enter the number on the slip")
    detail = N_("The scheme pays only what its slip proves. Type the slip's number.")


class AboveSchemeLimit(DomainError):
    """More than the scheme pays on one bill."""

    code, status, title = "scheme-above-limit", 409, N_("More than this scheme pays on a bill")
    detail = N_("It pays at most %(limit_satang)s baht. Take the rest another way.")


@dataclass(frozen=True, slots=True)
class SaveScheme:
    """A scheme as it shall be; `version` 0 adds it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    categories: tuple[str, ...] = ()
    bill_max_satang: int | None = None
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class SchemeCard:
    """A scheme as it is."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    categories: tuple[str, ...]
    bill_max_satang: int | None
    active: bool
    version: int


def save(command: SaveScheme, actor: Actor) -> SchemeCard:
    """Add or change a scheme; the same again changes nothing.

    Raises SchemeCodeTaken, SchemeChanged, Forbidden.
    """
    access.require(actor, "scheme.change")
    centre_id = actor.centre_id
    every = listing(centre_id)
    known = next((one for one in every if one.id == command.id), None)
    if any(one.code == command.code and one.id != command.id for one in every):
        raise SchemeCodeTaken(field="code")
    wanted: dict[str, Any] = {
        "name_th": command.name_th.strip(),
        "name_en": command.name_en.strip(),
        "categories": sorted(set(command.categories)),
        "bill_max_satang": command.bill_max_satang,
        "active": command.active,
    }
    key = {"centre_id": centre_id, "id": command.id}
    if known is None:
        db.session.execute(insert(Scheme).values(**key, code=command.code, **wanted, version=1))
    else:
        is_now = {name: getattr(known, name) for name in wanted}
        if is_now | {"categories": list(known.categories)} == wanted:
            return known
        if known.version != command.version or known.code != command.code:
            raise SchemeChanged(version=known.version)
        db.session.execute(
            update(Scheme)
            .where(Scheme.centre_id == centre_id, Scheme.id == command.id)
            .values(**wanted, version=known.version + 1)
            .execution_options(synchronize_session=False)
        )
    audit.record(actor, "scheme.changed", "scheme", command.id, code=command.code)
    return card(centre_id, command.id)


def listing(centre_id: int, *, only_active: bool = False) -> list[SchemeCard]:
    """Return the centre's schemes by code."""
    query = select(*_COLUMNS).where(Scheme.centre_id == centre_id).order_by(Scheme.code)
    if only_active:
        query = query.where(Scheme.active.is_(True))
    return [_card(row) for row in db.session.execute(query)]


def card(centre_id: int, scheme_id: UUID) -> SchemeCard:
    """Return a scheme; raise NotFound."""
    query = select(*_COLUMNS).where(Scheme.centre_id == centre_id, Scheme.id == scheme_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(what="scheme")
    return _card(row)


def require_pays(
    payment: RecordPayment,
    goods: Any,
    centre_id: int,
    remarks: list[str],
    *,
    late: bool,
) -> SchemeCard:
    """Return the scheme of a payment; a late sale is only remarked on.

    Raises SchemeClosed, SchemeReferenceNeeded, AboveSchemeLimit, GoodsNotCovered, NotFound.
    """
    assert payment.scheme_id is not None
    scheme = card(centre_id, payment.scheme_id)
    if not payment.reference.strip():
        raise SchemeReferenceNeeded
    payable = coupon_rules.covered(scheme.categories, goods)
    refusal = _refusal(scheme, payment.amount_satang, payable)
    if refusal is not None:
        if not late:
            raise refusal
        remarks.append(refusal.code)
    return scheme


def _refusal(scheme: SchemeCard, satang: int, payable: int) -> DomainError | None:
    if not scheme.active:
        return SchemeClosed()
    if scheme.bill_max_satang is not None and satang > scheme.bill_max_satang:
        return AboveSchemeLimit(limit_satang=scheme.bill_max_satang)
    if satang > payable:
        return coupon_rules.GoodsNotCovered(covered_satang=payable)
    return None


_COLUMNS = tuple(getattr(Scheme, name) for name in SchemeCard.__dataclass_fields__)


def _card(row: Any) -> SchemeCard:
    values = {name: getattr(row, name) for name in SchemeCard.__dataclass_fields__}
    return SchemeCard(**values | {"categories": tuple(row.categories)})
