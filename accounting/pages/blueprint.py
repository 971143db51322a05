"""The one blueprint all pages of the books belong to, and what their addresses share."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, request, url_for

from accounting.rules import sources
from core.web.auth import safe_next
from core.web.words import translated

blueprint = Blueprint("accounting", __name__, url_prefix="/c/<int:centre_id>")

BACK_LENGTH_MAX = 600


def here(row: str = "") -> str:
    """Return this page's own address with its filters, for the way back from a page it opens.

    It carries its own way back along, as long as that is ours and the address stays short.
    """
    asked = request.args.to_dict()
    for carried in (asked, {name: asked[name] for name in asked if name != "back"}):
        address = f"{request.path}?{urlencode(carried)}" if carried else request.path
        if len(address) <= BACK_LENGTH_MAX and ("back" not in carried or way_back("")):
            return address + row
    return request.path


def way_back(otherwise: str) -> str:
    """Return where the reader came from, when it is an address of ours; else the usual place."""
    asked = request.args.get("back")
    return safe_next(asked, otherwise) if asked and len(asked) <= 2 * BACK_LENGTH_MAX else otherwise


def entry_url(centre_id: int, entry_id: UUID) -> str:
    """Return an entry's page, which leads back to the very row it was opened from."""
    return url_for(
        "accounting.entry", centre_id=centre_id, entry_id=entry_id, back=here(f"#e-{entry_id}")
    )


def account_url(centre_id: int, account_id: UUID, **query: Any) -> str:
    """Return an account's ledger, which leads back to the very row it was opened from."""
    return url_for(
        "accounting.account_ledger",
        centre_id=centre_id,
        account_id=account_id,
        back=here(f"#a-{account_id}"),
        **query,
    )


@blueprint.app_template_filter("entry_kind")
def kind_words(kind: str) -> str:
    """Return what a kind of entry is called."""
    return translated(sources.KINDS.get(kind, kind))


@blueprint.app_template_filter("document_words")
def document_words(source_type: str) -> str:
    """Return what a type of document is called."""
    return translated(sources.DOCUMENTS.get(source_type, source_type))


@blueprint.app_context_processor
def _addresses() -> dict[str, Any]:
    return {"entry_url": entry_url, "account_url": account_url}
