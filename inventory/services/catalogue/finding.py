"""What a search reads of a product: its names, its codes and the names of its category.

What must stay true: whoever changes one of these has them written anew in the same transaction.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, select, update

from core.db import db
from core.text import skeleton
from inventory.models import Product, ProductBarcode, ProductCategory


def write_anew(centre_id: int, which: ColumnElement[bool]) -> None:
    """Write what is searched of the products meant; three statements however many there are."""
    meant = (Product.centre_id == centre_id, which)
    codes: dict[UUID, list[str]] = {}
    for product_id, barcode in db.session.execute(
        select(ProductBarcode.product_id, ProductBarcode.barcode)
        .join(
            Product,
            and_(
                Product.centre_id == ProductBarcode.centre_id,
                Product.id == ProductBarcode.product_id,
            ),
        )
        .where(*meant)
        .order_by(ProductBarcode.barcode)
    ):
        codes.setdefault(product_id, []).append(barcode)
    of_category = and_(
        ProductCategory.centre_id == Product.centre_id, ProductCategory.key == Product.category
    )
    named = (ProductCategory.name_th.label("category_th"), ProductCategory.name_en)
    found = [
        {
            "product_id": row.id,
            "words": _words(
                *(row.name_th, row.product_en, row.code, *codes.get(row.id, ())),
                *((row.category_th, row.name_en) if row.category_th else (row.category,)),
            ),
        }
        for row in db.session.execute(
            select(
                *(Product.id, Product.name_th, Product.name_en.label("product_en")),
                *(Product.code, Product.category, *named),
            )
            .outerjoin(ProductCategory, of_category)
            .where(*meant)
        )
    ]
    if found:
        db.session.connection().execute(
            update(Product)
            .where(Product.centre_id == centre_id, Product.id == bindparam("product_id"))
            .values(search_key=bindparam("words")),
            found,
        )
        db.session.expire_all()


def _words(*words: Any) -> str:
    return " ".join(dict.fromkeys(skeleton(word) for word in words if word))
