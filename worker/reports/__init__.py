"""Reports the worker makes: gather, decide with a pure rule, draw the document.

What must stay true: `REPORTS` has exactly the names of `pos.rules.reports`, which the web offers; a
report reads and draws, it never posts or changes anything.
"""

from __future__ import annotations

from worker.reports import shift_summary
from worker.reports.document import Progress, Report

__all__ = ["REPORTS", "Progress", "Report"]

REPORTS: dict[str, Report] = {"shift_summary": shift_summary.build}
