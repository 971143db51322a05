"""What a joint round asked for, what came, and what was given out, as a plot by product."""

from __future__ import annotations

from flask_babel import gettext as _
from markupsafe import Markup

from core.web import plots, show
from core.web.plots import Series
from inventory.services.joint_rounds.reading import RoundDoc

ITEMS_MOST = 8


def amounts(found: RoundDoc) -> Markup | str:
    """Draw asked, came and given of the first items, each in its own unit; '' before the sharing.

    Came is what lay there to be shared: given and left over.
    """
    if found.sharing is None:
        return ""
    given: dict[int, int] = {}
    came: dict[int, int] = {}
    for share in found.sharing.shares:
        came[share.item_no] = came.get(share.item_no, 0) + share.given_milli
        if share.order_id is not None:
            given[share.item_no] = given.get(share.item_no, 0) + share.given_milli
    items = found.items[:ITEMS_MOST]
    english = show.language() == "en"
    labels = [item.name_en if english and item.name_en else item.name_th for item in items]
    series = [
        Series(_("Wanted"), [item.asked_base_milli for item in items]),
        Series(_("What came"), [came.get(item.item_no, 0) for item in items]),
        Series(_("Given"), [given.get(item.item_no, 0) for item in items]),
    ]
    title = _("Asked, came and given, in each product's own unit")
    return plots.fitting(
        lambda width: plots.groups(
            labels, series, title=title, axis=show.quantity, step_least=1000, width=width
        )
    )
