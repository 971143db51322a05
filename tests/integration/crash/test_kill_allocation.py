"""The process that posts an allocation is killed (SIGKILL) before it commits: nothing is posted."""

from __future__ import annotations

from flask import Flask

from accounting.services.surplus import allocations, posting
from core import clock
from core.actor import Actor, Centre
from core.config import Settings
from core.db import db, in_transaction
from pos.services import verify
from tests.allocating import a_year, approve, measured, past_year
from tests.starting import told_before_killed

POSTS = """
import sys, time
from pathlib import Path
from uuid import UUID
from core.actor import system_actor
from core.db import in_transaction
from accounting.services.surplus import posting
from members.services import centres
from pos import create_app
from tests.templates import settings_for

url, folder, centre_id, allocation_id = sys.argv[1:]

def tell(done, total):
    print(done, flush=True)
    time.sleep(60)  # killed here, everything written, nothing committed

with create_app(settings_for(url, Path(folder))).app_context():
    actor = system_actor(centres.get(int(centre_id)))
    in_transaction(posting.post, UUID(allocation_id), actor, tell)
"""


def test_a_posting_killed_before_its_commit_is_done_once_after(
    app: Flask, settings: Settings, centre: Centre, accountant: Actor, manager: Actor
) -> None:
    a_year(manager, accountant, year=past_year())
    card = measured(accountant, year=past_year(), on=clock.today(), retained_basis_points=2_500)
    approve(card, accountant)
    approve(card, manager)

    arguments = [settings.database_url, str(settings.var), str(centre.id), str(card.id)]
    db.session.remove()
    assert told_before_killed(POSTS, *arguments, lines=1) == ["3"]
    assert allocations.card(card.id, manager).state == allocations.APPROVED
    assert allocations.entries(card.id, manager) == []

    assert in_transaction(posting.post, card.id, manager)
    assert not in_transaction(posting.post, card.id, manager)
    checked = {finding.check: finding.ok for finding in verify.run(centre.id)}
    for name in ("uses of a surplus", "have their entries", "two people", "members' parts"):
        assert [ok for check, ok in checked.items() if name in check].count(False) == 0, name
