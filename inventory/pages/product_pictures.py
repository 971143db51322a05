"""The picture of a product: brought, shown, taken away."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.limits import takes_files
from inventory.pages.blueprint import blueprint
from inventory.pages.products import product_page
from inventory.services import catalogue
from inventory.services.catalogue import pictures
from members.services import access

FRAME_BYTES = 4096
"""What a form adds around its file."""
A_YEAR = "private, max-age=31536000, immutable"


@blueprint.post("/products/<uuid:product_id>/picture")
@takes_files(pictures.BYTES_MAX + FRAME_BYTES)
def picture_put(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Take a picture in; what is not one is refused and the old one stays."""
    actor = current_actor(centre_id)
    access.require(actor, "product.change")
    sent = request.files.get("picture_file")
    data = sent.stream.read(pictures.BYTES_MAX + 1) if sent else b""
    try:
        in_transaction(pictures.put, product_id, pictures.draw(data), actor)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        form = Form(names=frozenset({"picture_file"}))
        form.refuse(refusal)
        return product_page(form, actor, catalogue.get(product_id, actor))
    flash(_("The picture is kept."), "success")
    return redirect(_back(centre_id, product_id), 303)


@blueprint.post("/products/<uuid:product_id>/picture/remove")
def picture_remove(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Take the picture away; the sign is shown again."""
    in_transaction(pictures.remove, product_id, current_actor(centre_id))
    flash(_("The picture was taken away."), "success")
    return redirect(_back(centre_id, product_id), 303)


@blueprint.get("/products/<uuid:product_id>/picture")
def picture(centre_id: int, product_id: UUID) -> Response:
    """Return the picture; an address that names its version may be kept for long."""
    return _answer(centre_id, product_id, small=False)


@blueprint.get("/products/<uuid:product_id>/thumbnail")
def thumbnail(centre_id: int, product_id: UUID) -> Response:
    """Return the small one, for lists and the till's buttons."""
    return _answer(centre_id, product_id, small=True)


def _answer(centre_id: int, product_id: UUID, *, small: bool) -> Response:
    data, digest = pictures.fetch(product_id, current_actor(centre_id), small=small)
    response = make_response(data)
    response.content_type = pictures.MEDIA_TYPE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    named = request.args.get("v") == digest
    response.headers["Cache-Control"] = A_YEAR if named else "private, no-cache"
    response.set_etag(f"{digest[:32]}{'-s' if small else ''}")
    response.make_conditional(request)
    return response


def _back(centre_id: int, product_id: UUID) -> str:
    return url_for("inventory.product", centre_id=centre_id, product_id=product_id)
