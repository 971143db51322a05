"""The books as pages."""

from uuid import UUID

from flask import Blueprint

blueprint = Blueprint("accounting", __name__, url_prefix="/c/<int:centre_id>")
MENU = ()


@blueprint.get("/journal/<uuid:entry_id>")
def entry(centre_id: int, entry_id: UUID) -> str:
    return ""
