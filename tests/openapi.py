"""Write the documents made from the code: `make openapi` → docs/openapi.json and docs/errors.md.

The tests compare both, so that a change of the API is seen in review.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from flask import Flask

import pos.services.archive.adopting  # noqa: F401 - used by the command line only
import worker.errands
import worker.reports  # noqa: F401
from core.config import Settings, complete
from core.web.problems import catalogue_text
from pos import create_app

DOCS = Path(__file__).parents[1] / "docs"


def openapi_text(app: Flask) -> str:
    """Return the OpenAPI document as it is committed."""
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return json.dumps(api.spec.to_dict(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write both documents anew."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(complete(Settings(var=Path(folder))))
        with app.app_context():
            DOCS.mkdir(exist_ok=True)
            (DOCS / "openapi.json").write_text(openapi_text(app), encoding="utf-8")
            (DOCS / "errors.md").write_text(catalogue_text(), encoding="utf-8")
    sys.stdout.write("docs/openapi.json and docs/errors.md written\n")


if __name__ == "__main__":
    main()
