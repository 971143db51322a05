"""A bare application: only the language, no database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from core.web import i18n


@pytest.fixture
def bare_app() -> Iterator[Flask]:
    app = Flask("pos")
    i18n.init_app(app)
    with app.test_request_context("/?lang=en"):
        yield app
