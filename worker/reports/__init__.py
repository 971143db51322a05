"""Reports the worker makes: gather, decide with a pure rule, draw the document.

What must stay true: `REPORTS` has exactly the names of `pos.rules.reports`, which the web offers,
and of the tasks that don't act. A report reads and draws, it never posts or changes anything; what
acts is in `worker.errands`.
"""

from __future__ import annotations

from accounting.rules.book_tasks import BOOKS
from accounting.rules.closing_tasks import CLOSE_PACK
from inventory.rules.settlement_tasks import STATEMENTS
from pos.rules.archive_tasks import ARCHIVE
from worker.reports import archive, books, close_pack, settlement_statements, shift_summary
from worker.reports.document import Progress, Report

__all__ = ["REPORTS", "Progress", "Report"]

REPORTS: dict[str, Report] = {
    "shift_summary": shift_summary.build,
    STATEMENTS: settlement_statements.build,
    CLOSE_PACK: close_pack.build,
    BOOKS: books.build,
    ARCHIVE: archive.build,
}
