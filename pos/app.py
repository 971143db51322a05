"""Put the rooms together: the only composition root.

What must stay true: nothing but this file (and the migrations) knows all rooms at once.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import accounting.api
import accounting.models
import accounting.pages
import inventory.api
import inventory.models
import inventory.pages
import members.api
import members.models
import members.pages
import pos.api
import pos.models
import pos.pages
from accounting.rules import book_tasks, closing_tasks
from accounting.services import (
    cash_drawers,
    contributors,
    money_matters,
    rooms,
    tax_matters,
    voucher_matters,
)
from accounting.services import tie_outs as book_ties
from accounting.services.bank import month_close as bank_close
from accounting.services.vouchers import reading as vouchers
from core import bell, web
from core import db as database
from core.config import Settings, from_environment
from core.web import jobs
from inventory.rules import settlement_tasks
from inventory.services import book_registers, documents
from inventory.services import month_close as goods_close
from inventory.services import tie_outs as goods_ties
from members.services import access
from pos.rules import archive_tasks
from pos.rules.reports import KINDS
from pos.services import errands, reports, tills, vat_bases
from pos.services import month_close as counter_close

ROOMS = (members, accounting, inventory, pos)
TASKS = {**settlement_tasks.TASKS, **closing_tasks.TASKS, **book_tasks.TASKS, **archive_tasks.TASKS}
MATTERS = (
    counter_close.matters,
    voucher_matters.matters,
    goods_close.matters,
    bank_close.matters,
    money_matters.matters,
    tax_matters.matters,
)
TIES = (counter_close.ties, goods_ties.ties, bank_close.ties, book_ties.ties)
"""Who speaks in the close of a month, in the order of its checklist."""


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings` (by default those of the environment).

    Raises BadSettings when the environment holds a setting we don't know or can't use.
    """
    settings = settings or from_environment()
    home = Path(__file__).parent
    app = Flask("pos", root_path=str(home), template_folder=str(home.parent / "templates"))
    app.config["SUNRUAM"] = settings
    database.init_app(app, settings)
    bell.init_app(app, settings)
    menu = [*jobs.MENU, *(item for room in ROOMS for item in room.pages.MENU)]
    api = web.init_app(app, settings, gate=members.pages.gate(settings), menu_items=menu)
    for room in ROOMS:
        app.register_blueprint(room.pages.blueprint)
        api.register_blueprint(room.api.blueprint)
    app.extensions["sunruam_counter"] = errands.counter()
    numbers = (errands.numbers, documents.numbers, vouchers.numbers)
    rooms.appoint(numbers, book_registers.REGISTERS, (vat_bases.of,))
    contributors.appoint(MATTERS, TIES)
    cash_drawers.appoint(tills.names)
    desk = jobs.Desk(KINDS, reports.request, reports.choices, access.require, TASKS)
    jobs.register(app, api, desk)
    return app
