"""How a centre keeps its books until its people decide otherwise. Pure data.

Sources: the VAT threshold of 1.8 million baht a year (Revenue Code s.85/1, Royal Decree 432), and
three working days for the cash report (Director-General's Notice on the exemption of community
enterprises, with the form of Notice 161).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BookSettingsCard:
    """Limits and warnings of the books; money in satang."""

    approval_limit_satang: int = 500_000
    turnover_limit_satang: int = 180_000_000
    moved_percent: int = 20
    cash_report_days: int = 3
    aged_payable_days: int = 60
    meeting_day: int = 9
    version: int = 0
