"""The centre's settings and the audit trail over HTTP."""

from __future__ import annotations

from typing import Any

from core.actor import Centre, TaxSetting
from core.db import in_transaction
from core.paging import Page
from core.web.api import etag_of, require_version
from core.web.auth import current_actor
from members.api.blueprint import blueprint
from members.schemas.people import AuditArgs, AuditPageOut
from members.schemas.settings import CentreIn, CentreOut, TaxSettingIn
from members.services import access, audit_trail, centres
from members.services.audit_trail import AuditEntry
from members.services.centres import ChangeCentre


@blueprint.get("/settings")
@blueprint.response(200, CentreOut)
def get_settings(centre_id: int) -> tuple[Centre, dict[str, str]]:
    """Read the centre's settings."""
    actor = current_actor(centre_id)
    access.require(actor, "settings.read")
    return actor.centre, etag_of(actor.centre.version)


@blueprint.put("/settings")
@blueprint.arguments(CentreIn)
@blueprint.response(200, CentreOut)
def put_settings(data: dict[str, Any], centre_id: int) -> tuple[Centre, dict[str, str]]:
    """Change the centre's settings (`If-Match`)."""
    actor = current_actor(centre_id)
    command = ChangeCentre(version=require_version(), **data)
    centre = in_transaction(centres.change, command, actor)
    return centre, etag_of(centre.version)


@blueprint.post("/tax_settings")
@blueprint.arguments(TaxSettingIn)
@blueprint.response(201, CentreOut)
def add_tax_setting(data: dict[str, Any], centre_id: int) -> Centre:
    """Let the centre stand to VAT in a new way, from today or a later day on."""
    return in_transaction(centres.set_tax, TaxSetting(**data), current_actor(centre_id))


@blueprint.get("/audit_events")
@blueprint.arguments(AuditArgs, location="query")
@blueprint.response(200, AuditPageOut)
def list_audit_events(args: dict[str, Any], centre_id: int) -> Page[AuditEntry]:
    """Read who did what, latest first."""
    return audit_trail.listing(current_actor(centre_id), **args)
