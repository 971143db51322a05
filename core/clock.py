"""The one clock. Services ask `now()`; tests and the demo replace it with `travel`.

Stored times are UTC and aware; a business date is the day in Bangkok (UTC+7, no daylight saving).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return _source()


def business_date(moment: datetime) -> date:
    """Return the day in Bangkok on which an aware moment falls."""
    assert moment.tzinfo is not None
    return moment.astimezone(BANGKOK).date()


def today() -> date:
    """Return today's business date."""
    return business_date(now())


@contextmanager
def travel(source: Callable[[], datetime]) -> Iterator[None]:
    """Take the time from `source` inside the block: for tests and for building the demo."""
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before
