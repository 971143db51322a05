"""What the server does before its first request."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from migrations.run import initialise
from pos import serve
from tests.templates import settings_for


def test_what_is_made_at_the_start_is_not_looked_through_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collector stopped a request for 0.3 s now and then, to find everything still in use."""
    settings = settings_for(f"sqlite:///{tmp_path / 'sunruam.db'}", tmp_path)
    initialise(settings)
    monkeypatch.setattr(serve, "from_environment", lambda: settings)
    monkeypatch.setattr(serve.logs, "init", lambda _settings: None)
    before = gc.get_freeze_count()
    app = serve.make()
    assert gc.get_freeze_count() - before > len(app.view_functions)
    assert app.test_client().get("/health/live").status_code == 200
