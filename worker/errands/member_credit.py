"""Credit members who chose so, for whoever asked; the file lists who was credited and who not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.services.member_payments import bulk
from accounting.services.member_payments.bulk import Credited, CreditMany
from core.actor import Actor
from core.jobs import JobFile
from core.sheets import Table, baht_figure
from worker.reports.document import Progress, csv_file


def credit(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Credit the last of them and tell of all; raise what `bulk.credit` raises."""
    command = _command(params)
    last = bulk.credit(command, actor, progress)
    paid, satang = bulk.came_of(command, actor)
    came = replace(last, paid=paid, satang=satang)
    with force_locale(actor.locale):
        return csv_file(_table(came, f"credited_{command.way}"))


def some(params: Mapping[str, Any], actor: Actor, progress: Progress) -> bool:
    """Credit some of them; tell whether there are more. Raises what `bulk.credit` raises."""
    return bulk.credit(_command(params), actor, progress).to_go > 0


def _command(params: Mapping[str, Any]) -> CreditMany:
    return CreditMany(UUID(params["order_id"]), params["way"])


def _table(came: Credited, name: str) -> Table:
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
    return Table(name, (_("Number"), _("Member"), _("Amount (baht)")), rows)
