"""Facts that are words themselves, alone or in a list, are said in the reader's language."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale

from core.web.words import translated


def test_msgids_among_names_are_translated_and_names_stay(app: Flask) -> None:
    with app.test_request_context(), force_locale("th"):
        said = translated(
            "%(changes_words)s.", {"changes_words": ["ป้าแดง", "Products moved to another group"]}
        )
        assert said.startswith("ป้าแดง · ")
        assert "Products" not in said
