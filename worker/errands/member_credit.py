"""Credit members who chose so, for whoever asked; the file lists who was credited and who not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.services.member_payments import bulk
from accounting.services.member_payments.bulk import Credited, CreditMany
from core.actor import Actor
from core.jobs import JobFile
from core.sheets import baht_figure, csv_lines
from worker.reports.document import Progress


def credit(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Credit them, raise what `bulk.credit` raises."""
    command = CreditMany(UUID(params["order_id"]), params["way"])
    came = bulk.credit(command, actor, progress)
    with force_locale(actor.locale):
        content = "".join(csv_lines(*_table(came))).encode()
    return JobFile(f"credited_{command.way}.csv", "text/csv; charset=utf-8", content)


def _table(came: Credited) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    why = {
        "died": _("has died: pay the heirs"),
        "not_member": _("is no longer a member"),
        "at_bank": _("waits in a bank file"),
        "above_cap": _("would hold more shares than the rules allow"),
    }
    rows: list[tuple[Any, ...]] = [
        (str(came.paid), _("members credited, in all"), baht_figure(came.satang))
    ]
    rows += [(card.member_no, f"{card.name}: {why[key]}", "") for card, key in came.left_out]
    return (_("Number"), _("Member"), _("Amount (baht)")), rows
