"""Pictures of products: drawn anew from what was uploaded, one large and one small.

What must stay true: nothing that was sent is kept or served; it is drawn anew, so it holds a
picture and nothing else (no place it was taken, no other file behind it), and a file too large to
unpack is refused by its header.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from PIL import Image, ImageOps
from sqlalchemy import delete, insert, select

from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError, NotFound
from inventory.models import ProductPicture
from inventory.services.catalogue import products
from members.services import access

BYTES_MAX = 8 * 1024 * 1024
"""Of the file sent: a telephone's picture."""
PIXELS_MAX = 40_000_000
"""Of the picture sent, by its header, before any of it is unpacked."""
SIDE = 1024
"""Pixels of the longer side of what is kept."""
THUMB_SIDE = 192
"""Of the small one on the till's buttons, at two pixels a point."""
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/webp"
_BROKEN: tuple[type[Exception], ...] = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError),
    *(struct.error, zlib.error, RuntimeError, AssertionError, MemoryError),
)
"""What Pillow's readers make of broken files; to us all of it means the same."""


class NotAPicture(DomainError):
    """The file is no picture we read, whatever it is called, or it is broken."""

    code, status, title = "not-a-picture", 422, N_("This file is not a picture")
    detail = N_("Choose a JPEG, PNG or WebP picture that opens on your device.")


class PictureTooLarge(DomainError):
    """The file, or the picture inside it, passes the limit."""

    code, status, title = "picture-too-large", 413, N_("This picture is too large")
    detail = N_("Take a smaller one: at most 8 MB and 40 million points.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture made anew, as WebP."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 of the large one."""
        return sha256(self.content).hexdigest()


def draw(data: bytes) -> Drawn:
    """Return the picture in a file, made anew and made small. Raises NotAPicture, PictureTooLarge.

    Work outside the transaction: it takes a moment.
    """
    if len(data) > BYTES_MAX:
        raise PictureTooLarge(field="picture_file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as sent:
                if sent.width * sent.height > PIXELS_MAX:
                    raise PictureTooLarge(field="picture_file")
                sent.draft("RGB", (SIDE, SIDE))
                upright = ImageOps.exif_transpose(sent)
                clear = upright.has_transparency_data
                plain = upright.convert("RGBA" if clear else "RGB")
    except Image.DecompressionBombError:
        raise PictureTooLarge(field="picture_file") from None
    except _BROKEN:
        raise NotAPicture(field="picture_file") from None
    plain.thumbnail((SIDE, SIDE))
    small = plain.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    return Drawn(_webp(plain), _webp(small), plain.width, plain.height)


def put(product_id: UUID, drawn: Drawn, actor: Actor) -> str:
    """Let this be the product's picture; return its digest. Raises NotFound, Forbidden."""
    access.require(actor, "product.change")
    products.get_doc(actor.centre_id, product_id)
    serialise_on(product_id)
    if digest_of(actor.centre_id, product_id) == drawn.digest:
        return drawn.digest
    _take_away(product_id, actor)
    db.session.execute(
        insert(ProductPicture).values(
            centre_id=actor.centre_id,
            product_id=product_id,
            content=drawn.content,
            thumbnail=drawn.thumbnail,
            width=drawn.width,
            height=drawn.height,
            digest=drawn.digest,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
        )
    )
    audit.record(actor, "picture.put", "product", product_id, digest=drawn.digest)
    return drawn.digest


def remove(product_id: UUID, actor: Actor) -> None:
    """Take the picture away; the sign (an emoji) is shown again. Raises NotFound, Forbidden."""
    access.require(actor, "product.change")
    products.get_doc(actor.centre_id, product_id)
    digest = digest_of(actor.centre_id, product_id)
    if digest:
        _take_away(product_id, actor)
        audit.record(actor, "picture.removed", "product", product_id, digest=digest)


def digest_of(centre_id: int, product_id: UUID) -> str:
    """Return which picture a product has now, '' when none."""
    return (
        db.session.scalar(
            select(ProductPicture.digest).where(
                ProductPicture.centre_id == centre_id, ProductPicture.product_id == product_id
            )
        )
        or ""
    )


def digests_of(centre_id: int, product_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the pictures of several products; those without are missing."""
    rows = db.session.execute(
        select(ProductPicture.product_id, ProductPicture.digest).where(
            ProductPicture.centre_id == centre_id,
            ProductPicture.product_id.in_(sorted(product_ids)),
        )
    )
    return {product_id: digest for product_id, digest in rows}


def fetch(product_id: UUID, actor: Actor, *, small: bool) -> tuple[bytes, str]:
    """Return the bytes (WebP) and the digest. Raises NotFound, Forbidden."""
    access.require(actor, "product.read")
    column = ProductPicture.thumbnail if small else ProductPicture.content
    row = db.session.execute(
        select(column, ProductPicture.digest).where(
            ProductPicture.centre_id == actor.centre_id, ProductPicture.product_id == product_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="product_picture")
    return row[0], row[1]


def _take_away(product_id: UUID, actor: Actor) -> None:
    db.session.execute(
        delete(ProductPicture)
        .where(ProductPicture.centre_id == actor.centre_id, ProductPicture.product_id == product_id)
        .execution_options(synchronize_session=False)
    )


def _webp(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=80, method=4)
    return made.getvalue()
