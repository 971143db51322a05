"""Who uses an installation, and who may have it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import in_use


@pytest.fixture(autouse=True)
def nothing_is_held() -> Iterator[None]:
    yield
    in_use.let_go()


def test_many_use_it_and_nobody_takes_it_from_them(tmp_path: Path) -> None:
    assert in_use.mark(tmp_path)
    assert in_use.mark(tmp_path)
    assert not in_use.take(tmp_path)
    in_use.let_go()
    assert in_use.take(tmp_path)


def test_nobody_starts_while_it_is_taken(tmp_path: Path) -> None:
    assert in_use.take(tmp_path)
    assert not in_use.mark(tmp_path)
