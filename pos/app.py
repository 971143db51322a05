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
from accounting.rules import (
    book_tasks,
    closing_tasks,
    meeting_tasks,
    member_payment_tasks,
    surplus_tasks,
)
from accounting.services import (
    cash_drawers,
    contributors,
    money_matters,
    rooms,
    tax_matters,
    voucher_matters,
)
from accounting.services import personal_data as book_data
from accounting.services import tie_outs as book_ties
from accounting.services.bank import month_close as bank_close
from accounting.services.funds import matters as fund_matters
from accounting.services.funds import personal as fund_people
from accounting.services.member_payments import documents as member_papers
from accounting.services.member_payments import income
from accounting.services.member_payments import matters as paying_matters
from accounting.services.member_payments import personal as pay_people
from accounting.services.shares import personal as share_people
from accounting.services.shares import reading as shares
from accounting.services.surplus import patronage_sources
from accounting.services.vouchers import reading as vouchers
from core import bell, web
from core import db as database
from core.config import Settings, from_environment
from core.web import jobs
from inventory.rules import settlement_tasks
from inventory.services import book_registers, documents, member_goods
from inventory.services import month_close as goods_close
from inventory.services import patronage as deliveries
from inventory.services import tie_outs as goods_ties
from members.services import access, erasure, merging
from pos.rules import archive_tasks, welfare_tasks
from pos.rules.reports import KINDS
from pos.services import errands, reports, shift, tills, vat_bases
from pos.services import month_close as counter_close
from pos.services import patronage as purchases
from pos.services import personal_data as counter_data

ROOMS = (members, accounting, inventory, pos)
TASKS = {
    **settlement_tasks.TASKS,
    **closing_tasks.TASKS,
    **book_tasks.TASKS,
    **meeting_tasks.TASKS,
    **surplus_tasks.TASKS,
    **member_payment_tasks.TASKS,
    **archive_tasks.TASKS,
    **welfare_tasks.TASKS,
}
MATTERS = (
    counter_close.matters,
    voucher_matters.matters,
    goods_close.matters,
    bank_close.matters,
    money_matters.matters,
    fund_matters.matters,
    tax_matters.matters,
    paying_matters.matters,
)
TIES = (counter_close.ties, goods_ties.ties, bank_close.ties, book_ties.ties, fund_matters.ties)
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
    app.register_blueprint(pos.pages.founding.blueprint)
    _appoint()
    desk = jobs.Desk(KINDS, reports.request, reports.choices, access.require, TASKS)
    jobs.register(app, api, desk)
    return app


def _appoint() -> None:
    """Let rooms above answer what rooms below ask."""
    contributors.MATTERS.appoint(*MATTERS)
    contributors.TIES.appoint(*TIES)
    rooms.NUMBERS.appoint(
        errands.numbers, documents.numbers, vouchers.numbers, shares.numbers, member_papers.numbers
    )
    rooms.REGISTERS.appoint(*book_registers.REGISTERS)
    rooms.BASES.appoint(vat_bases.of)
    merging.CARRIERS.appoint(book_data.carry)
    keepers = (book_data, share_people, pay_people, counter_data, fund_people)
    erasure.TELLS.appoint(*(keeper.tell for keeper in keepers))
    erasure.OPENS.appoint(book_data.still_open)
    erasure.FORGETS.appoint(fund_people.forget, pay_people.forget)
    patronage_sources.SOURCES.appoint(purchases.SOURCE, deliveries.SOURCE)
    income.GOODS.appoint(member_goods.paid)
    cash_drawers.TILL_NAMES.appoint(tills.names)
    cash_drawers.OPEN_TILL.appoint(shift.open_till)
    cash_drawers.OPENED.appoint(errands.open_drawers)
