"""The reports that can be asked for: their names, and what each must be told. Pure.

What must stay true: `worker.reports.REPORTS` makes exactly these; a test compares the names.
"""

from __future__ import annotations

from core.errors import N_
from core.reports import Parameter, ReportKind

SHIFT_SUMMARY = "shift_summary"

KINDS: dict[str, ReportKind] = {
    kind.name: kind
    for kind in (
        ReportKind(
            name=SHIFT_SUMMARY,
            title=N_("Shift report"),
            hint=N_("Takings, refunds, cash in and out, and the count of a closed shift."),
            parameters=(Parameter("shift_id", "uuid", N_("Shift")),),
        ),
    )
}
