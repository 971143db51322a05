"""What `sunruam verify` reports: one finding a check, both sums and the first bad document."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check over one centre.

    `expected` and `actual` are the two sums that should agree, in satang, thousandths or rows.
    When they don't, `document_type` and `document_id` name the first offending document.
    """

    check: str
    centre_id: int
    ok: bool
    expected: int = 0
    actual: int = 0
    document_type: str = ""
    document_id: UUID | str = ""
    detail: str = ""
