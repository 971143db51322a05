"""What is scanned for a product or one of its units; in a centre a code means one thing.

What must stay true: a code stands for one product of a centre (the database's key says so too), and
is never the code of another product, for the till finds goods by either.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select

from core import audit
from core.actor import Actor
from core.db import db, insert_rows
from core.errors import N_, DomainError
from core.text import ascii_digits, normalise
from inventory.models import Product, ProductBarcode

BARCODES_MAX = 20
"""Codes a product (or a unit) may have."""


class CodeTaken(DomainError):
    """Another product of the centre has this code or barcode."""

    code, status, title = "code-taken", 409, N_("Another product has this code")
    detail = N_("%(taken_by)s has it. Choose another code, or change that product.")


def spelt(barcodes: Sequence[str]) -> tuple[str, ...]:
    """Return codes in their one spelling, each once, none empty, sorted."""
    words = (ascii_digits(normalise(one)).replace(" ", "") for one in barcodes)
    return tuple(sorted({word for word in words if word}))


def of(centre_id: int, product_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return the codes of the products' own units, sorted; one statement."""
    found: dict[UUID, list[str]] = {}
    for product_id, barcode in db.session.execute(
        select(ProductBarcode.product_id, ProductBarcode.barcode)
        .where(
            ProductBarcode.centre_id == centre_id,
            ProductBarcode.product_id.in_(sorted(product_ids)),
            ProductBarcode.unit_id.is_(None),
        )
        .order_by(ProductBarcode.barcode)
    ):
        found.setdefault(product_id, []).append(barcode)
    return {product_id: tuple(codes) for product_id, codes in found.items()}


def of_units(centre_id: int, product_id: UUID) -> dict[UUID, tuple[str, ...]]:
    """Return the codes of a product's other units by unit, sorted."""
    found: dict[UUID, list[str]] = {}
    for unit_id, barcode in db.session.execute(
        select(ProductBarcode.unit_id, ProductBarcode.barcode)
        .where(
            ProductBarcode.centre_id == centre_id,
            ProductBarcode.product_id == product_id,
            ProductBarcode.unit_id.is_not(None),
        )
        .order_by(ProductBarcode.barcode)
    ):
        assert unit_id is not None
        found.setdefault(unit_id, []).append(barcode)
    return {unit_id: tuple(codes) for unit_id, codes in found.items()}


def free(centre_id: int, barcodes: Collection[str]) -> tuple[str, ...]:
    """Return those codes that stand for nothing yet in a centre."""
    taken = set(
        db.session.scalars(
            select(ProductBarcode.barcode).where(
                ProductBarcode.centre_id == centre_id, ProductBarcode.barcode.in_(barcodes)
            )
        )
    )
    return tuple(one for one in barcodes if one not in taken)


def put(
    product_id: UUID, unit_id: UUID | None, barcodes: Sequence[str], actor: Actor
) -> dict[str, list[str]]:
    """Let exactly these codes stand for a product's own or other unit; return what changed.

    Raises CodeTaken.
    """
    mine = (
        ProductBarcode.unit_id.is_(None) if unit_id is None else ProductBarcode.unit_id == unit_id
    )
    of_this = (
        ProductBarcode.centre_id == actor.centre_id,
        ProductBarcode.product_id == product_id,
        mine,
    )
    there = set(db.session.scalars(select(ProductBarcode.barcode).where(*of_this)))
    gone, new = sorted(there - set(barcodes)), sorted(set(barcodes) - there)
    if gone:
        db.session.execute(
            delete(ProductBarcode)
            .where(*of_this, ProductBarcode.barcode.in_(gone))
            .execution_options(synchronize_session=False)
        )
    if new:
        require_free(product_id, new, actor)
        insert_rows(
            ProductBarcode,
            [
                {
                    "centre_id": actor.centre_id,
                    "barcode": one,
                    "product_id": product_id,
                    "unit_id": unit_id,
                }
                for one in new
            ],
        )
    changed = {"added": new, "removed": gone}
    if there and (gone or new):
        audit.record(actor, "barcodes.changed", "product", product_id, **changed)
    return changed


def require_free(product_id: UUID, barcodes: Sequence[str], actor: Actor) -> None:
    """Raise CodeTaken when a code already stands for anything else here."""
    taken = db.session.execute(
        select(ProductBarcode.barcode, Product.name_th)
        .join(
            Product,
            (Product.centre_id == ProductBarcode.centre_id)
            & (Product.id == ProductBarcode.product_id),
        )
        .where(ProductBarcode.centre_id == actor.centre_id, ProductBarcode.barcode.in_(barcodes))
        .limit(1)
    ).first()
    if taken is None:
        taken = db.session.execute(
            select(Product.code, Product.name_th)
            .where(
                Product.centre_id == actor.centre_id,
                Product.id != product_id,
                Product.code.in_(barcodes),
            )
            .limit(1)
        ).first()
    if taken is not None:
        raise CodeTaken(field="barcodes", taken_by=taken.name_th, barcode=taken[0])
