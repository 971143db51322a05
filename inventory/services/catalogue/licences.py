"""Numbers an authority gave a product (อย., มผช., organic, GI …), and when they run out.

What must stay true: a licence in use that has run out, or soon will, is on the list of warnings
until it is renewed (another day, or another number) or put out of use by somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, or_, select

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from core.text import ascii_digits, normalise
from inventory.models import Product, ProductLicence
from inventory.services.catalogue import products, versioned
from inventory.services.catalogue.listing import LICENCE_WARNED_DAYS
from members.services import access

NO_END = date(9999, 12, 31)


class LicenceDaysTurned(DomainError):
    """A licence would end before it began."""

    code, status, title = "licence-days-turned", 422, N_("The licence ends before it begins")
    detail = N_("Look at both days again.")


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """What people enter of a licence; `expires_on` is the last day it holds, None for no end."""

    kind: str
    number: str
    issued_on: date | None = None
    expires_on: date | None = None
    note: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class SaveLicence:
    """Make the licence (`version` None) or change the version that was seen."""

    id: UUID
    product_id: UUID
    facts: LicenceFacts
    version: int | None = None


@dataclass(frozen=True, slots=True)
class LicenceDoc:
    """A licence whole, with its product's name."""

    id: UUID
    product_id: UUID
    name_th: str
    name_en: str
    on_sale: bool
    kind: str
    number: str
    issued_on: date | None
    expires_on: date | None
    note: str
    active: bool
    version: int
    days_left: int | None
    """Until the last day; negative once it has run out, None without an end."""

    @property
    def state(self) -> str:
        """`ended` (out of use), `expired`, `expiring` or `valid`."""
        if not self.active:
            return "ended"
        if self.days_left is None or self.days_left > LICENCE_WARNED_DAYS:
            return "valid"
        return "expiring" if self.days_left >= 0 else "expired"


def of(product_id: UUID, actor: Actor) -> list[LicenceDoc]:
    """Return a product's licences, those in use first, the next to run out first."""
    access.require(actor, "product.read")
    rows = db.session.execute(_with_products(actor).where(Product.id == product_id)).all()
    docs = [_doc(*row) for row in rows]
    return sorted(docs, key=lambda one: (not one.active, one.expires_on or NO_END, str(one.id)))


def get(licence_id: UUID, actor: Actor) -> LicenceDoc:
    """Return one licence. Raises NotFound, Forbidden."""
    access.require(actor, "product.read")
    row = db.session.execute(_with_products(actor).where(ProductLicence.id == licence_id)).first()
    if row is None:
        raise NotFound(what="product_licence")
    return _doc(*row)


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, *, warned: bool = False
) -> Page[LicenceDoc]:
    """Return the licences in use, the next to run out first; `warned`: only those warned of."""
    access.require(actor, "product.read")
    texts = (ProductLicence.number, Product.name_th, Product.name_en)
    narrowed = matching(sought, day=ProductLicence.expires_on, text=texts)
    query = _with_products(actor).where(ProductLicence.active, *narrowed)
    if warned:
        until = clock.today() + timedelta(days=LICENCE_WARNED_DAYS)
        query = query.where(ProductLicence.expires_on <= until)
    after = uuid_or_none(window.after)
    last = None if after is None else db.session.get(ProductLicence, (actor.centre_id, after))
    if last is not None and last.expires_on is not None:
        query = query.where(
            or_(
                ProductLicence.expires_on > last.expires_on,
                and_(ProductLicence.expires_on == last.expires_on, ProductLicence.id > last.id),
                ProductLicence.expires_on.is_(None),
            )
        )
    elif last is not None:
        query = query.where(ProductLicence.expires_on.is_(None), ProductLicence.id > last.id)
    ordered = query.order_by(
        ProductLicence.expires_on.is_(None), ProductLicence.expires_on, ProductLicence.id
    )
    rows = [_doc(*row) for row in db.session.execute(ordered.limit(window.limit + 1))]
    return page_of(rows, window, lambda one: str(one.id))


def warned_of(centre_id: int) -> int:
    """Return how many licences in use have run out or soon will, for a note on other pages."""
    until = clock.today() + timedelta(days=LICENCE_WARNED_DAYS)
    found = db.session.scalars(
        select(ProductLicence.id).where(
            ProductLicence.centre_id == centre_id,
            ProductLicence.active,
            ProductLicence.expires_on <= until,
        )
    )
    return len(found.all())


def save(command: SaveLicence, actor: Actor) -> tuple[LicenceDoc, bool]:
    """Make a licence, or change the version of it that was seen; return it and whether it is new.

    Raises LicenceDaysTurned, NotFound, VersionRequired, ChangedMeanwhile, Forbidden.
    """
    access.require(actor, "product.change")
    products.get_doc(actor.centre_id, command.product_id)
    values = _spelt(command.facts)
    earlier = db.session.get(ProductLicence, (actor.centre_id, command.id), populate_existing=True)
    if earlier is None:
        if command.version is not None:
            raise NotFound(what="product_licence")
        db.session.execute(
            insert(ProductLicence).values(
                centre_id=actor.centre_id,
                id=command.id,
                product_id=command.product_id,
                version=1,
                **values,
            )
        )
        audit.record(
            actor, "licence.created", "product", command.product_id, number=values["number"]
        )
        return get(command.id, actor), True
    if earlier.product_id != command.product_id:
        raise NotFound(what="product_licence")
    changed = {
        name: [str(getattr(earlier, name)), str(value)]
        for name, value in values.items()
        if getattr(earlier, name) != value
    }
    if changed or command.version is not None:
        versioned.require_seen(command.version, earlier.version)
    if changed:
        key = {"centre_id": actor.centre_id, "id": command.id}
        versioned.change(ProductLicence, key, earlier.version, values)
        audit.record(actor, "licence.changed", "product", command.product_id, changed=changed)
    return get(command.id, actor), False


def _with_products(actor: Actor) -> Any:
    return (
        select(ProductLicence, Product.name_th, Product.name_en, Product.active)
        .join(
            Product,
            and_(
                Product.centre_id == ProductLicence.centre_id,
                Product.id == ProductLicence.product_id,
            ),
        )
        .where(ProductLicence.centre_id == actor.centre_id)
    )


def _spelt(facts: LicenceFacts) -> dict[str, Any]:
    if facts.issued_on and facts.expires_on and facts.expires_on < facts.issued_on:
        raise LicenceDaysTurned(field="expires_on")
    return {
        "kind": facts.kind,
        "number": ascii_digits(normalise(facts.number)),
        "issued_on": facts.issued_on,
        "expires_on": facts.expires_on,
        "note": normalise(facts.note),
        "active": facts.active,
    }


def _doc(row: ProductLicence, name_th: str, name_en: str, on_sale: bool) -> LicenceDoc:
    return LicenceDoc(
        id=row.id,
        product_id=row.product_id,
        name_th=name_th,
        name_en=name_en,
        on_sale=on_sale,
        kind=row.kind,
        number=row.number,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        note=row.note,
        active=row.active,
        version=row.version,
        days_left=None if row.expires_on is None else (row.expires_on - clock.today()).days,
    )
