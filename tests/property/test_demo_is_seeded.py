"""The demo is the same shop for the same seed, another for another, and `verify` holds on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.actor import system_actor
from core.db import db
from members.services import centres
from pos.services import export, verify
from pos.services.demo import build
from tests.installations import installation
from tests.templates import run_folder


def books(run: Path, folder: Path, seed: int) -> dict[str, str]:
    """Build two days of trade and return the centre's tables as text."""
    folder.mkdir()
    with installation("sqlite", run, folder) as app, app.app_context():
        build.sin_phrae_thong(seed=seed, days=2, tell=lambda _words: None)
        [centre] = centres.listing()
        assert [one for one in verify.run(centre.id) if not one.ok] == []
        written = [name for name, _ in export.write_all(system_actor(centre), folder)]
        db.session.remove()
    return {name: (folder / name).read_text(encoding="utf-8") for name in written}


def test_the_same_seed_is_the_same_shop(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = run_folder(tmp_path_factory)
    first = books(run, tmp_path / "a", seed=7)
    assert books(run, tmp_path / "b", seed=7) == first
    assert books(run, tmp_path / "c", seed=8)["journal.csv"] != first["journal.csv"]
    assert first["products.csv"].count("\n") > 40  # those of the village, and what is made of them
    assert "น้ำผึ้งป่า" in first["sales.csv"] + first["products.csv"]
