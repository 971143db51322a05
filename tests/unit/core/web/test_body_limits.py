"""A body is at most 1 MB, unless the very view takes files; form fields never are larger."""

from __future__ import annotations

import io

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from core.web import limits

MB = 1024 * 1024


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("limits")
    limits.init_app(app)

    @app.post("/small")
    def small() -> str:
        return str(len(request.files["paper"].read()))

    @app.post("/large")
    @limits.takes_files(5 * MB)
    def large() -> str:
        return str(len(request.files["paper"].read()))

    # What reads the form before the view, as the CSRF check does.
    app.before_request(lambda: request.form.get("csrf_token") and None)
    return app.test_client()


def send(client: FlaskClient, path: str, size: int, **fields: str) -> int:
    paper = FileStorage(io.BytesIO(b"x" * size), "paper.jpg")
    boundary, body = encode_multipart({**fields, "paper": paper})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(path, data=body, content_type=kind).status_code


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/small", MB // 2, 200),
        ("/small", MB + 1, 413),
        ("/large", 4 * MB, 200),
        ("/large", 5 * MB, 413),  # the frame of the form counts too
        ("/large", 20 * MB, 413),
    ],
)
def test_only_a_view_that_takes_files_takes_large_bodies(
    client: FlaskClient, path: str, size: int, status: int
) -> None:
    assert send(client, path, size) == status


def test_a_field_stays_within_the_common_limit(client: FlaskClient) -> None:
    assert send(client, "/large", 10, note="x" * (MB + 1)) == 413
