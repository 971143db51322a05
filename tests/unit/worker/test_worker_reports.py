"""The web offers exactly what the worker makes."""

from __future__ import annotations

from core.web.jobs import FIELDS
from pos.app import TASKS
from pos.rules.reports import KINDS
from worker.errands import ERRANDS
from worker.reports import BATCHES, REPORTS


def test_offered_reports_are_the_ones_that_are_made() -> None:
    drawn = {task.name for task in TASKS.values() if not task.acts}
    assert set(KINDS) | drawn == set(REPORTS) | set(BATCHES)
    assert not set(REPORTS) & set(BATCHES)


def test_errands_are_the_tasks_that_act() -> None:
    assert set(ERRANDS) == {task.name for task in TASKS.values() if task.acts}
    assert not set(ERRANDS) & (set(REPORTS) | set(BATCHES))


def test_every_parameter_has_a_field_and_no_name_of_ours() -> None:
    for kind in KINDS.values():
        for parameter in kind.parameters:
            assert parameter.kind in FIELDS
            assert parameter.name not in {"name", "subject", "locale"}
