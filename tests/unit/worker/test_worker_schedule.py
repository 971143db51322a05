"""Chores are done at once and again, and one that fails stops none."""

from __future__ import annotations

import threading

from worker.schedule import CLEAN, DAYS, DUE, PACKS, SEAL, SWEEP, Clockwork, beat_schedule


def test_every_chore_is_done_at_once_even_after_one_failed() -> None:
    done = threading.Event()

    def failing() -> None:
        raise OSError("the database is away")

    clockwork = Clockwork({failing: 3600, done.set: 3600})
    clockwork.start()
    assert done.wait(10)
    clockwork.stop()


def test_a_chore_is_done_again() -> None:
    times = threading.Semaphore(0)
    clockwork = Clockwork({times.release: 0})
    clockwork.start()
    assert all(times.acquire(timeout=10) for _ in range(3))
    clockwork.stop()


def test_beat_drops_chores_that_pile_up() -> None:
    schedule = beat_schedule()
    assert set(schedule) == {SWEEP, CLEAN, SEAL, PACKS, DUE, DAYS}
    assert all(one["options"]["expires"] <= one["schedule"] for one in schedule.values())
