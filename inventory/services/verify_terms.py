"""Is every producer's part what was agreed? Each sale is worked out again from its lot's terms.

What must stay true: the lifetime total of a producer is the sum of frozen terms applied to lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import and_, select

from core.db import db
from core.findings import Finding
from inventory.models import ConsignmentTerms, Lot, StockMove
from inventory.rules.terms import terms_of
from inventory.services.comparing import Key, compared, gapless


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield whether every sale's share and levy are the lot's frozen terms."""
    shares: dict[Key, int] = {}
    levies: dict[Key, int] = {}
    agreed_shares: dict[Key, int] = {}
    agreed_levies: dict[Key, int] = {}
    for move in _sold(centre_id):
        key = (move.source_id, move.move_no)
        agreed = terms_of(move.terms, move.split_basis_points).outcome(
            move.base_satang, move.quantity_milli, move.borne_satang
        )
        shares[key], agreed_shares[key] = move.share_satang, agreed.share_satang
        levies[key], agreed_levies[key] = move.levy_satang, agreed.levy_satang
    yield compared("shares equal frozen terms", centre_id, agreed_shares, shares, "sale")
    yield compared("levies equal frozen terms", centre_id, agreed_levies, levies, "sale")
    yield gapless(centre_id, "terms", ConsignmentTerms, ConsignmentTerms.terms_no, "CT-")


def _sold(centre_id: int) -> Iterable[Any]:
    return db.session.execute(
        select(
            StockMove.source_id,
            StockMove.move_no,
            StockMove.quantity_milli,
            StockMove.base_satang,
            StockMove.share_satang,
            StockMove.levy_satang,
            StockMove.borne_satang,
            Lot.split_basis_points,
            Lot.terms,
        )
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .where(
            StockMove.centre_id == centre_id,
            StockMove.source_type == "sale",
            Lot.ownership == "consigned",
        )
    )
