"""Reports the worker makes: gather, decide with a pure rule, draw the document.

What must stay true: `REPORTS` and `BATCHES` have exactly the names of `pos.rules.reports`, which
the web offers, and of the tasks that don't act. A report reads and draws, it never posts or changes
anything; what acts is in `worker.errands`. A batch is a report of many PDFs, kept one by one.
"""

from __future__ import annotations

from accounting.rules.book_tasks import BOOKS
from accounting.rules.closing_tasks import CLOSE_PACK
from accounting.rules.meeting_tasks import MEETING_PACK
from accounting.rules.member_payment_tasks import MEMBER_STATEMENTS
from inventory.rules.settlement_tasks import STATEMENTS
from pos.rules.archive_tasks import ARCHIVE
from pos.rules.day_tasks import DAY_REPORT
from pos.rules.welfare_tasks import WELFARE_REPORT, WELFARE_TABLE
from worker.reports import (
    archive,
    books,
    close_pack,
    day_report,
    meeting_pack,
    member_statements,
    settlement_statements,
    shift_summary,
    welfare,
)
from worker.reports.document import Batch, Progress, Report

__all__ = ["BATCHES", "REPORTS", "Batch", "Progress", "Report"]

REPORTS: dict[str, Report] = {
    "shift_summary": shift_summary.build,
    CLOSE_PACK: close_pack.build,
    MEETING_PACK: meeting_pack.build,
    BOOKS: books.build,
    ARCHIVE: archive.build,
    WELFARE_REPORT: welfare.build,
    WELFARE_TABLE: welfare.build_table,
    DAY_REPORT: day_report.build,
}

BATCHES: dict[str, Batch] = {
    STATEMENTS: Batch(settlement_statements.name, settlement_statements.parts),
    MEMBER_STATEMENTS: Batch(member_statements.name, member_statements.parts),
}
