"""The web offers exactly what the worker makes."""

from __future__ import annotations

from core.web.jobs import FIELDS
from pos.rules.reports import KINDS
from worker.reports import REPORTS


def test_offered_reports_are_the_ones_that_are_made() -> None:
    assert set(KINDS) == set(REPORTS)


def test_every_parameter_has_a_field_and_no_name_of_ours() -> None:
    for kind in KINDS.values():
        for parameter in kind.parameters:
            assert parameter.kind in FIELDS
            assert parameter.name not in {"name", "subject", "locale"}
