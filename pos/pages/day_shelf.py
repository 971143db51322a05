"""What sells best and least, what to order or ask for, and what is near its day, as tables."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from core.web import show
from pos.pages.day_sheet import (
    BAHT,
    COUNT,
    MILLI,
    PART,
    WORDS,
    Asked,
    Row,
    Sheet,
    name_of,
    titles,
)
from pos.services.day_figures import goods
from pos.services.day_figures.goods import Hint, Seller

SHOWN = 50


def best(asked: Asked) -> Sheet:
    """Return what brought most in the period."""
    found = [one for one in goods.sellers(asked.read, asked.actor) if one.figures.net_satang > 0]
    return _sellers("best", found[:SHOWN])


def slow(asked: Asked) -> Sheet:
    """Return what lies here and sold least in the period."""
    found = goods.slow(goods.sellers(asked.read, asked.actor))
    return _sellers("slow", found[:SHOWN])


def _sellers(view: str, found: list[Seller]) -> Sheet:
    rows = tuple(
        Row(
            (
                name_of(one.product),
                one.figures.net_milli,
                one.figures.net_satang,
                one.on_hand_milli,
                one.product.unit,
                one.sell_through,
            ),
            {"product": str(one.product.id)},
        )
        for one in found
    )
    columns = (
        (_("Product"), WORDS),
        (_("Sold"), MILLI),
        (_("Net takings"), BAHT),
        (_("Left now"), MILLI),
        (_("Unit"), WORDS),
        (_("Sold of what there was %"), PART),
    )
    note = _("Sold ÷ (sold in these days + left now).")
    return Sheet(view, titles()[view], columns, rows, note)


def order(asked: Asked) -> Sheet:
    """Return own goods that will be gone before more could come."""
    found = [one for one in goods.hints(asked.actor) if one.producer is None]
    return _hints("order", found, _("Order about"))


def bring(asked: Asked) -> Sheet:
    """Return goods on consignment that will be gone before more could come, by producer."""
    found = [one for one in goods.hints(asked.actor) if one.producer is not None]
    return _hints("bring", found, _("Ask for about"))


def _hints(view: str, found: list[Hint], wanted: str) -> Sheet:
    producer = view == "bring"
    rows = tuple(
        Row(
            (
                name_of(one.product),
                *((one.producer.name, one.producer.phone) if producer and one.producer else ()),
                one.pace.sold_milli,
                one.pace.days,
                one.pace.on_hand_milli,
                *(() if producer else (one.pace.coming_milli,)),
                one.pace.cover_days,
                one.pace.suggested_milli,
                one.product.unit,
            ),
            link=_link(one),
        )
        for one in found
    )
    columns = (
        (_("Product"), WORDS),
        *(((_("Producer"), WORDS), (_("Phone"), WORDS)) if producer else ()),
        (_("Sold"), MILLI),
        (_("in days"), COUNT),
        (_("Left now"), MILLI),
        *(() if producer else ((_("On order"), MILLI),)),
        (_("Enough for days"), COUNT),
        (wanted, MILLI),
        (_("Unit"), WORDS),
    )
    supply = found[0].pace.supply if found else None
    note = (
        _(
            "Asked for when gone, or not enough for %(lead)s days; enough for %(all)s days.",
            lead=supply.lead_days,
            all=supply.lead_days + supply.cover_days,
        )
        if supply
        else ""
    )
    return Sheet(view, titles()[view], columns, rows, note)


def _link(one: Hint) -> tuple[str, dict[str, UUID]]:
    if one.producer is not None:
        return "inventory.account", {"producer_id": one.producer.id}
    return "inventory.stock_of", {"product_id": one.product.id}


def expiring(asked: Asked) -> Sheet:
    """Return lots whose day is past or near."""
    rows = tuple(
        Row(
            (
                name_of(one.product),
                one.lot.lot_no,
                one.producer.name if one.producer else "",
                one.lot.on_hand_milli,
                one.product.unit,
                show.day(one.lot.expires_on),
                one.days_left,
                one.lot.value_satang,
            ),
            link=("inventory.lot", {"lot_id": one.lot.id}),
        )
        for one in goods.expiring(asked.actor)
    )
    columns = (
        (_("Product"), WORDS),
        (_("Lot"), WORDS),
        (_("Producer"), WORDS),
        (_("Left now"), MILLI),
        (_("Unit"), WORDS),
        (_("Best before"), WORDS),
        (_("Days left"), COUNT),
        (_("Book value"), BAHT),
    )
    return Sheet("expiring", titles()["expiring"], columns, rows)
