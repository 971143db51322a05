"""What the share register keeps about a member beside the books, for whoever asks to see it.

What must stay true: everybody a member named is told to that member; a nomination stays as it was
written, for it is the paper an inheritance rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from accounting.models import ShareHeir, ShareNomination
from core.db import db
from core.errors import N_
from core.sheets import baht_figure
from members.services.erasure import Section


def tell(centre_id: int, members: Sequence[UUID], _producers: Sequence[UUID]) -> Iterator[Section]:
    """Yield whom a member ever named as heirs, by day; a part is told in percent."""
    rows = db.session.execute(
        select(
            ShareNomination.nominated_on,
            ShareHeir.name,
            ShareHeir.relationship,
            ShareHeir.part_basis_points,
        )
        .join(
            ShareHeir,
            (ShareHeir.centre_id == ShareNomination.centre_id)
            & (ShareHeir.nomination_id == ShareNomination.id),
        )
        .where(ShareNomination.centre_id == centre_id, ShareNomination.member_id.in_(members))
        .order_by(ShareNomination.nominated_on, ShareNomination.id, ShareHeir.line_no)
    )
    yield Section(
        N_("Heirs named"),
        (N_("Date"), N_("Name"), N_("Relationship"), N_("Part (percent)")),
        # Basis points are hundredths of a percent as satang are of a baht.
        tuple((*row[:3], baht_figure(row.part_basis_points)) for row in rows),
    )
