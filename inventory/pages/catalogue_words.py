"""Words of the catalogue's choices, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


def licence_kinds() -> list[tuple[str, str]]:
    """Return the kinds of licence with their names."""
    return [
        ("fda", _("Food serial number (FDA)")),
        ("community", _("Community product standard")),
        ("organic", _("Organic")),
        ("gi", _("Geographical indication (GI)")),
        ("gap", _("Good agricultural practice (GAP)")),
        ("fertiliser", _("Fertiliser registration")),
        ("water", _("Drinking water licence")),
        ("other", _("Another licence")),
    ]


def scale_kinds() -> list[tuple[str, str]]:
    """Return what a scale's label may say."""
    return [("weight", _("Weight")), ("price", _("Price")), ("pieces", _("Pieces"))]


def price_sources() -> dict[str, str]:
    """Return through which door a price came."""
    return {
        "page": _("on a page"),
        "api": _("by a program"),
        "file": _("from a file"),
        "system": _("at setting up"),
    }
