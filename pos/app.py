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
from accounting.services.credit import numbers as credit_numbers
from accounting.services.credit import personal as credit_people
from accounting.services.credit import tying
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
from core.web import health, jobs
from inventory.rules import settlement_tasks
from inventory.services import book_registers, documents, member_goods, separation, supply
from inventory.services import month_close as goods_close
from inventory.services import patronage as deliveries
from inventory.services import tie_outs as goods_ties
from inventory.services.buying import personal_data as suppliers_data
from inventory.services.catalogue import categories, running_offers
from inventory.services.joint_rounds import handed
from inventory.services.joint_rounds import personal_data as round_people
from inventory.services.moving_in import products as products_in
from inventory.services.moving_in import stock as stock_in
from members.rules import moving_tasks
from members.services import access, erasure, merging
from members.services.moving_in import people as people_in
from members.services.moving_in import producers as producers_in
from members.services.moving_in import tables as moving_in
from migrations.run import is_current
from pos.rules import archive_tasks, day_tasks, welfare_tasks
from pos.rules.reports import KINDS
from pos.services import (
    errands,
    handing_out,
    product_offers,
    reports,
    shift,
    tender_checks,
    tills,
    vat_bases,
)
from pos.services import month_close as counter_close
from pos.services import patronage as purchases
from pos.services import personal_data as counter_data
from pos.services.day_figures import settings as day_settings

ROOMS = (members, accounting, inventory, pos)
TASKS = {
    **settlement_tasks.TASKS,
    **closing_tasks.TASKS,
    **book_tasks.TASKS,
    **meeting_tasks.TASKS,
    **surplus_tasks.TASKS,
    **member_payment_tasks.TASKS,
    **archive_tasks.TASKS,
    **moving_tasks.TASKS,
    **welfare_tasks.TASKS,
    **day_tasks.TASKS,
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
    tender_checks.matters,
)
TIES = (
    counter_close.ties,
    tender_checks.ties,
    goods_ties.ties,
    bank_close.ties,
    book_ties.ties,
    fund_matters.ties,
)
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
    health.register(app, is_current)
    _appoint()
    desk = jobs.Desk(KINDS, reports.request, reports.choices, access.require, TASKS)
    jobs.register(app, api, desk)
    return app


def _appoint() -> None:
    """Let rooms above answer what rooms below ask."""
    contributors.MATTERS.appoint(*MATTERS)
    contributors.TIES.appoint(*TIES)
    tying.COUNTER.appoint(tender_checks.purses)
    rooms.NUMBERS.appoint(
        credit_numbers.numbers,
        errands.numbers,
        documents.numbers,
        vouchers.numbers,
        shares.numbers,
        member_papers.numbers,
    )
    rooms.REGISTERS.appoint(*book_registers.REGISTERS)
    rooms.BASES.appoint(vat_bases.of)
    moving_in.TABLES.appoint(products_in.TABLE, people_in.TABLE, producers_in.TABLE, stock_in.TABLE)
    merging.CARRIERS.appoint(book_data.carry)
    keepers = (
        *(book_data, share_people, pay_people, credit_people, counter_data),
        *(suppliers_data, round_people, fund_people),
    )
    erasure.TELLS.appoint(*(keeper.tell for keeper in keepers))
    erasure.OPENS.appoint(book_data.still_open)
    erasure.FORGETS.appoint(fund_people.forget, pay_people.forget, suppliers_data.forget)
    patronage_sources.SOURCES.appoint(purchases.SOURCE, deliveries.SOURCE)
    income.GOODS.appoint(member_goods.paid)
    running_offers.OFFERS.appoint(product_offers.of_product)
    categories.NAMED_BY.appoint(product_offers.naming)
    separation.LOWERING.appoint(product_offers.at_producers_expense)
    cash_drawers.TILL_NAMES.appoint(tills.names)
    cash_drawers.OPEN_TILL.appoint(shift.open_till)
    cash_drawers.OPENED.appoint(errands.open_drawers)
    handed.HANDED.appoint(handing_out.sales_of)
    supply.SETTINGS.appoint(day_settings.supply_of)
