"""The backup the worker makes at night on one PC: one a day, tried out, and a failure is told."""

from __future__ import annotations

import logging
from datetime import datetime, time
from pathlib import Path

import pytest

from core import backups, clock
from core.config import Settings, from_environment
from migrations.run import initialise
from worker import upkeep


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty embedded installation; the clock stands at noon of today."""
    monkeypatch.setenv("SUNRUAM_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SUNRUAM_BROKER_URL", "memory://")
    monkeypatch.setenv("SUNRUAM_BACKUP_TO", str(tmp_path / "stick"))
    noon = datetime.combine(clock.today(), time(12), clock.BANGKOK)
    monkeypatch.setattr(clock, "now", lambda: noon)
    made = from_environment()
    initialise(made)
    return made


def test_a_day_gets_one_backup(settings: Settings, tmp_path: Path) -> None:
    assert upkeep.back_up(settings)
    [made] = backups.all_in(tmp_path / "stick")
    (tmp_path / "copy").mkdir()
    backups.unpack(made, tmp_path / "copy")
    assert not upkeep.back_up(settings)


def test_a_fault_is_told_without_its_words(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "stick").write_text("a file where a folder should be")
    with caplog.at_level(logging.ERROR):
        assert not upkeep.back_up(settings)
    [told] = [one.getMessage() for one in caplog.records if one.name == "worker.upkeep"]
    assert told.startswith("Tonight's backup failed")
    assert "Traceback" not in told
