"""The API's own description: valid, complete, and the same as the committed copy."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.openapi import DOCS, openapi_text


def test_the_committed_description_is_the_one_served(app: Flask) -> None:
    committed = (DOCS / "openapi.json").read_text(encoding="utf-8")
    assert committed == openapi_text(app), (
        "the API changed: run `make openapi` and look at the diff"
    )


def test_it_is_openapi_3_1_and_open_to_everybody(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    assert document["security"]


def test_every_operation_says_what_it_does_and_how_it_refuses(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            assert operation.get("summary"), (method, path)
            assert "default" in operation["responses"], (method, path)


def test_every_route_of_the_api_is_described(app: Flask, client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").get_json()["paths"]
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/centres/"):
            path = rule.rule
            for name in rule.arguments:
                for kind in ("int:", "uuid:", "string:", ""):
                    path = path.replace(f"<{kind}{name}>", f"{{{name}}}")
            assert path in described, rule.rule


def test_nothing_unknown_is_taken_in(client: FlaskClient) -> None:
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    for name, schema in schemas.items():
        if name.endswith("In"):
            assert schema["additionalProperties"] is False, name
