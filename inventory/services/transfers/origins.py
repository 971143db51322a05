"""Who and what a producer and a product of another centre are in our own registers.

What must stay true: one of theirs is one of ours for ever; what came from here and comes back is
who and what it was; whoever is not known here yet is entered with the name and phone known there.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from core.actor import Actor, Centre
from core.db import db
from core.errors import N_, DomainError
from core.ids import uuid7
from inventory.models import ProducerOrigin, Product, ProductBarcode, ProductOrigin
from inventory.services import catalogue
from inventory.services.catalogue import ProductDoc, ProductFacts, SaveProduct, barcodes
from members.services import producers
from members.services.producers import NewProducer, ProducerCard


class ProductUnlike(DomainError):
    """What arrives is sold by another measure than the product it shall become."""

    code, status, title = "product-unlike", 409, N_("These are not the same goods")
    detail = N_("%(theirs)s is sold by another unit than %(ours)s. Choose another product.")


def producer_here(sender: Centre, producer_id: UUID, actor: Actor) -> ProducerCard:
    """Return the producer of the actor's centre that a sender's producer is; enter a new one.

    Raises Forbidden (entering one needs that right).
    """
    known = _linked(ProducerOrigin, "producer_id", sender, producer_id, actor)
    if known is not None:
        return producers.get(actor.centre_id, known)
    theirs = producers.get(sender.id, producer_id)
    ours = _same_person(theirs, actor)
    if ours is None:
        new = NewProducer(
            name=theirs.name,
            kind=theirs.kind,
            phone=theirs.phone,
            split_basis_points=theirs.split_basis_points,
        )
        ours = producers.create(new, actor)
    _link(ProducerOrigin, "producer_id", sender, producer_id, ours.id, actor)
    return ours


def product_here(
    sender: Centre, product_id: UUID, chosen_id: UUID | None, actor: Actor
) -> ProductDoc:
    """Return the product of the actor's centre that a sender's product is; make a new one.

    `chosen_id` is what the receiver says it is. Raises ProductUnlike, NotFound, Forbidden.
    """
    theirs = catalogue.get_doc(sender.id, product_id)
    linked = _linked(ProductOrigin, "product_id", sender, product_id, actor)
    ours_id = chosen_id or linked or _same_goods(theirs, actor)
    if ours_id is None:
        ours_id = catalogue.save(SaveProduct(uuid7(), _facts(theirs, sender, actor)), actor)[0].id
    ours = catalogue.get_doc(actor.centre_id, ours_id)
    if (ours.sold_by, ours.unit) != (theirs.sold_by, theirs.unit):
        raise ProductUnlike(theirs=theirs.name_th, ours=ours.name_th)
    if linked is None:
        _link(ProductOrigin, "product_id", sender, product_id, ours.id, actor)
    return ours


def suggested(sender: Centre, product_id: UUID, actor: Actor) -> UUID | None:
    """Return which of our products theirs would become; None when a new one would be made."""
    linked = _linked(ProductOrigin, "product_id", sender, product_id, actor)
    return linked or _same_goods(catalogue.get_doc(sender.id, product_id), actor)


def _linked(model: Any, column: str, sender: Centre, theirs: UUID, actor: Actor) -> UUID | None:
    """Return ours by the link kept here, or by the one kept there for what once came from us."""
    here = select(getattr(model, column)).where(
        model.centre_id == actor.centre_id,
        model.from_centre_id == sender.id,
        getattr(model, f"from_{column}") == theirs,
    )
    there = (
        select(getattr(model, f"from_{column}"))
        .where(
            model.centre_id == sender.id,
            model.from_centre_id == actor.centre_id,
            getattr(model, column) == theirs,
        )
        .order_by(getattr(model, f"from_{column}"))
        .limit(1)
    )
    return db.session.scalar(here) or db.session.scalar(there)


def _link(model: Any, column: str, sender: Centre, theirs: UUID, ours: UUID, actor: Actor) -> None:
    db.session.execute(
        insert(model).values(
            centre_id=actor.centre_id,
            from_centre_id=sender.id,
            **{column: ours, f"from_{column}": theirs},
        )
    )


def _same_person(theirs: ProducerCard, actor: Actor) -> ProducerCard | None:
    """Return the one producer here with the same name and phone; a name alone is not enough."""
    if not theirs.phone:
        return None
    found = producers.search(actor.centre_id, theirs.phone)
    same = [one for one in found if (one.name, one.phone) == (theirs.name, theirs.phone)]
    return same[0] if len(same) == 1 else None


def _same_goods(theirs: ProductDoc, actor: Actor) -> UUID | None:
    """Return our product with the same barcode, or with the same code and name."""
    alike = select(Product.id).where(
        Product.centre_id == actor.centre_id,
        Product.sold_by == theirs.sold_by,
        Product.unit == theirs.unit,
    )
    if theirs.barcodes:
        found = db.session.scalar(
            alike.where(
                Product.id == ProductBarcode.product_id,
                ProductBarcode.centre_id == actor.centre_id,
                ProductBarcode.unit_id.is_(None),
                ProductBarcode.barcode.in_(theirs.barcodes),
            ).limit(1)
        )
        if found is not None:
            return found
    return db.session.scalar(
        alike.where(Product.code == theirs.code, Product.name_th == theirs.name_th)
    )


def _facts(theirs: ProductDoc, sender: Centre, actor: Actor) -> ProductFacts:
    taken = select(Product.id).where(Product.centre_id == actor.centre_id)
    code = theirs.code
    ours = db.session.scalar(taken.where(Product.code == code)) is not None
    if ours or not barcodes.free(actor.centre_id, (code,)):
        code = f"{sender.code[:8]}-{uuid7().hex[-8:]}".upper()
    return ProductFacts(
        code=code,
        name_th=theirs.name_th,
        name_en=theirs.name_en,
        sold_by=theirs.sold_by,
        unit=theirs.unit,
        price_satang=theirs.price_satang,
        barcodes=barcodes.free(actor.centre_id, theirs.barcodes),
        category=theirs.category_th,
        picture=theirs.picture,
        tax_code=theirs.tax_code,
    )
