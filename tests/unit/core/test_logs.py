"""A line of the log tells when, where and how bad; never what people typed."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from core import logs

NAME = "สมชาย ใจดี"


def record_of(error: BaseException | None = None, **facts: object) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("shop", logging.ERROR, __file__, 1, "It failed", (), info)
    record.facts = facts
    return record


def raised() -> BaseException:
    try:
        int(NAME)
    except ValueError as error:
        return error
    raise AssertionError


def refused_by_a_database() -> BaseException:
    engine = create_engine("sqlite://", hide_parameters=True)
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE person (name TEXT UNIQUE)"))
        add = text("INSERT INTO person VALUES (:name)")
        connection.execute(add, {"name": NAME})
        with pytest.raises(IntegrityError) as refusal:
            connection.execute(add, {"name": NAME})
    return refusal.value


@pytest.mark.parametrize("form", [logs.AsJson(), logs.AsText()])
@pytest.mark.parametrize("fault", [raised, refused_by_a_database])
def test_an_error_is_told_by_kind_and_place_without_its_words(form, fault) -> None:
    error = fault()
    assert NAME in str(error) or NAME in str(getattr(error, "params", ""))
    line = form.format(record_of(error))
    assert NAME not in line
    assert type(error).__name__ in line
    assert fault.__name__ in line


def test_a_line_for_machines_is_one_json_document_with_its_facts() -> None:
    with logs.about(request_id="r1"), logs.about(job="j1"):
        line = logs.AsJson().format(record_of(route="/c/<int:centre_id>/", ms=3.1))
    told = json.loads(line)
    assert told["level"] == "error"
    assert told["message"] == "It failed"
    assert (told["request_id"], told["job"]) == ("r1", "j1")
    assert (told["route"], told["ms"]) == ("/c/<int:centre_id>/", 3.1)
    assert "\n" not in line


def test_what_a_line_is_about_ends_with_its_block() -> None:
    with logs.about(request_id="r1"):
        pass
    assert "r1" not in logs.AsJson().format(record_of())


def test_the_cause_of_an_error_is_told_too() -> None:
    try:
        try:
            int(NAME)
        except ValueError as cause:
            raise LookupError from cause
    except LookupError:
        error = sys.exc_info()[1]
    assert error is not None
    kinds = [each["kind"] for each in logs.told(error)]
    assert kinds == ["builtins.LookupError", "builtins.ValueError"]


def test_a_library_does_not_fill_its_words_with_what_it_choked_on() -> None:
    record = record_of(raised())
    record.name, record.msg, record.args = "celery.app.trace", "Task raised: %s", (NAME,)
    line = logs.AsJson().format(record)
    assert NAME not in line
    assert "ValueError" in line
    record.name = "worker.upkeep"
    assert NAME in logs.AsJson().format(record)
