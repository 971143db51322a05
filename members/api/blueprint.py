"""The blueprint all of this room's API hangs on."""

from __future__ import annotations

from core.web.api import CENTRE_URL, Blueprint

blueprint = Blueprint(
    "members_api",
    __name__,
    url_prefix=CENTRE_URL,
    description="Members, producers, users and their rights, settings, the audit trail",
)
