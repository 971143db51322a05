"""Upkeep of the books, centre by centre: seals, papers of locked months, entries that are due.

What must stay true: a run of entries is a transaction of its own, so on SQLite nobody at a till
waits for more than one; a centre that can't be sealed now leaves the others sealed.
"""

from __future__ import annotations

import logging
import subprocess
import sys

from flask_babel import force_locale
from sqlalchemy.exc import DBAPIError

from accounting.rules.meetings import AGENDA
from accounting.services import sealing
from accounting.services.closing import pack
from accounting.services.meetings import packs as meeting_packs
from accounting.services.vouchers import accruals, templates
from core import backups, clock
from core.actor import system_actor
from core.config import Settings
from core.db import in_transaction
from core.errors import DomainError
from core.web.words import translated
from members.services import centres

log = logging.getLogger(__name__)


def seal_books() -> int:
    """Seal every centre's entries; return how many were. Runs in an app's context."""
    sealed = 0
    ids = [centre.id for centre in centres.listing()]
    for centre_id in ids:
        try:
            while run := in_transaction(sealing.seal_run, centre_id):
                sealed += run
        except DBAPIError:
            log.exception("Centre %s was not sealed; it will be tried again", centre_id)
    return sealed


def make_packs() -> int:
    """Ask for the papers of locked months that have none; return how many were asked for."""
    made = 0
    for centre in centres.listing():
        try:
            made += in_transaction(pack.request_missing, centre)
        except (DBAPIError, DomainError):
            log.exception("Centre %s got no paper; it will be tried again", centre.id)
    return made


def make_meeting_papers() -> int:
    """Call meetings that are near and ask for their papers; return how many were asked for."""
    made = 0
    with force_locale("th"):
        agenda = tuple(translated(point) for point in AGENDA)
    for centre in centres.listing():
        try:
            made += in_transaction(meeting_packs.make_due, centre, agenda)
        except (DBAPIError, DomainError):
            log.exception("Centre %s got no meeting paper; it will be tried again", centre.id)
    return made


def do_due_entries() -> int:
    """Draft the recurring entries that are due and take back due accruals; return how many."""
    done = 0
    for centre in centres.listing():
        actor = system_actor(centre)
        try:
            done += in_transaction(templates.make_due, actor)
            done += in_transaction(accruals.take_back_due, actor)
        except (DBAPIError, DomainError):
            log.exception("Centre %s: what is due waits for the next round", centre.id)
    return done


def back_up(settings: Settings) -> bool:
    """Make tonight's backup, if it is due; tell whether one was made.

    In a process of its own: it tries the copy out, and must not stand in the way of other chores.
    """
    if not settings.backup_to or not backups.is_due(settings.backup_to, clock.now()):
        return False
    command = [sys.executable, "-m", "pos.cli", "backup", "--to", str(settings.backup_to)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        # A refusal is in our words (a folder that is away); those of a fault may quote anything.
        fault = "Traceback" in done.stderr
        said = "run `sunruam backup` by hand to see why" if fault else done.stderr.strip()[-500:]
        log.error("Tonight's backup failed: %s", said)
    return done.returncode == 0
