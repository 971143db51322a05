"""The demo is the same shop for the same seed, another for another, and `verify` holds on it."""

from __future__ import annotations

from pathlib import Path

from core.actor import system_actor
from core.db import db
from members.services import centres
from migrations.run import initialise
from pos import create_app
from pos.services import export, verify
from pos.services.demo import build
from tests.conftest import settings_for


def books(folder: Path, seed: int) -> dict[str, str]:
    """Build four days of trade and return the centre's tables as text."""
    folder.mkdir()
    settings = settings_for(f"sqlite:///{folder / 'demo.db'}", folder)
    initialise(settings)
    with create_app(settings).app_context():
        build.sin_phrae_thong(seed=seed, days=4, tell=lambda _words: None)
        [centre] = centres.listing()
        assert [one for one in verify.run(centre.id) if not one.ok] == []
        written = [name for name, _ in export.write_all(system_actor(centre), folder)]
        db.session.remove()
        db.engine.dispose()
    return {name: (folder / name).read_text(encoding="utf-8") for name in written}


def test_the_same_seed_is_the_same_shop(tmp_path: Path) -> None:
    first = books(tmp_path / "a", seed=7)
    assert books(tmp_path / "b", seed=7) == first
    assert books(tmp_path / "c", seed=8)["journal.csv"] != first["journal.csv"]
    assert first["products.csv"].count("\n") == 41
    assert "น้ำผึ้งป่า" in first["sales.csv"] + first["products.csv"]
