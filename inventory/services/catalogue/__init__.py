"""The catalogue: products, the units and prices they are sold by, what is scanned, what is shown.

What must stay true: a price changes only through this package, and every change is kept.
"""

from __future__ import annotations

from inventory.services.catalogue.barcodes import CodeTaken
from inventory.services.catalogue.cards import (
    BarcodeCard,
    ProductCard,
    ShelfCard,
    TierCard,
    UnitCard,
    for_sale,
    shelf,
)
from inventory.services.catalogue.listing import Wanted, listing
from inventory.services.catalogue.products import (
    ProductDoc,
    ProductFacts,
    SaveProduct,
    get,
    get_doc,
    names,
    save,
)

__all__ = [
    "BarcodeCard",
    "CodeTaken",
    "ProductCard",
    "ProductDoc",
    "ProductFacts",
    "SaveProduct",
    "ShelfCard",
    "TierCard",
    "UnitCard",
    "Wanted",
    "for_sale",
    "get",
    "get_doc",
    "listing",
    "names",
    "save",
    "shelf",
]
