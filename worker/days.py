"""The days that are over, added up centre by centre; and the papers of the day.

What must stay true: a day is a transaction of its own, so on SQLite nobody at a till waits for more
than one; a round ends after a while, so that other chores have their turn, and goes on in the next.
"""

from __future__ import annotations

import logging
import time

from sqlalchemy.exc import DBAPIError

from core.db import in_transaction
from core.errors import DomainError
from members.services import centres
from pos.services.day_figures import report, rolling

ROUND_SECONDS = 60

log = logging.getLogger(__name__)


def add_up_days() -> int:
    """Add up what is due and ask for due papers; return how many days were added up."""
    done, until = 0, time.monotonic() + ROUND_SECONDS
    for centre in centres.listing():
        try:
            for day in rolling.due(centre.id):
                if time.monotonic() > until:
                    return done
                in_transaction(rolling.roll, centre.id, day)
                done += 1
            in_transaction(report.ask_if_due, centre)
        except (DBAPIError, DomainError):
            log.exception("Centre %s: its days wait for the next round", centre.id)
    return done
