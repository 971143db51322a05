"""Paying producers as pages: who is owed, the vouchers, the voucher form and its paper.

What must stay true: nothing typed is lost when a voucher is refused, and sending the form twice
pays once, because its id is made with the empty form.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from marshmallow import ValidationError

from accounting.services import cash_drawers, ledger, rooms
from core import clock
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.money import half_up_div
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from core.web.problems import flattened
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.rules.buying import oldest_first, withheld
from inventory.rules.payouts import DueLine, PaidLine, Recipient
from inventory.schemas.buying import OldestForm
from inventory.schemas.payouts import WAYS, PayForm, PayLineForm
from inventory.services import payouts, receipts
from inventory.services.buying import suppliers, vouchers
from inventory.services.payouts import Due, PayoutDoc, PayProducer
from members.services import access, payment_details

Row = dict[str, Any]
ROWS_MAX = 500


@blueprint.get("/payouts")
def payout_list(centre_id: int) -> str:
    """Show who can be paid, by number."""
    page = payouts.dues_listing(current_actor(centre_id), window(), sought())
    return render_template(
        "payouts/payouts.html", **listed(page, "inventory.payout_list", centre_id=centre_id)
    )


@blueprint.get("/payouts/paid")
def paid_list(centre_id: int) -> str:
    """Show the vouchers, newest first."""
    page = payouts.listing(current_actor(centre_id), window(), sought())
    return render_template(
        "payouts/paid.html", **listed(page, "inventory.paid_list", centre_id=centre_id)
    )


@blueprint.route("/producers/<uuid:producer_id>/pay", methods=["GET", "POST"])
def payout_new(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Pay a producer."""
    actor = current_actor(centre_id)
    access.require(actor, "payout.record")
    due = payouts.due(actor, producer_id)
    if request.method != "POST":
        given = {"id": str(uuid7()), "way": _usual_way(centre_id, producer_id)}
        grid = actor.centre.cash_rounding_satang if given["way"] == "safe" else 0
        return _form(Form(given=given), due, _first_rows(due, grid), actor)
    rows = _typed_rows(due)
    form = read_form(PayForm, keep=("sum", "oldest", "oldest_amount", "rows", *_cells(len(rows))))
    form.given["oldest_amount"] = request.form.get("oldest_amount", "")
    if "oldest" in request.form:
        rows = _longest_due(rows, due, form)
    lines = _lines(rows, form)
    if form.ok and "sum" not in request.form and "oldest" not in request.form:
        method, paid_from = WAYS[form.data.pop("way")]
        recipient = _recipient(form.data)
        command = PayProducer(
            producer_id=producer_id,
            method=method,
            paid_from=paid_from,
            lines=tuple(lines),
            recipient=recipient,
            withheld_satang=form.data.pop("withheld"),
            withheld_basis_points=suppliers.of(centre_id, producer_id).withholding_basis_points,
            **form.data,
        )
        try:
            document = in_transaction(payouts.pay, command, actor)
        except DomainError as refusal:
            _refuse(form, rows, refusal)
        else:
            flash(_("Paid under %(number)s.", number=document.payout_no), "success")
            where = url_for("inventory.payout", centre_id=centre_id, payout_id=document.id)
            return redirect(where, 303)
    total = sum(line.signed_satang for line in lines)
    return _form(form, due, rows, actor, total)


@blueprint.get("/payouts/<uuid:payout_id>")
def payout(centre_id: int, payout_id: UUID) -> str:
    """Show a voucher with its entry."""
    actor = current_actor(centre_id)
    found = payouts.get(payout_id, actor)
    return render_template(
        "payouts/payout.html",
        payout=found,
        refunds=_refund_numbers(centre_id, found),
        entries=ledger.entry_of(centre_id, payouts.SOURCE, payout_id),
        voucher_id=vouchers.made_for("payout", payout_id, centre_id),
    )


@blueprint.get("/payouts/<uuid:payout_id>/voucher.pdf")
def payout_voucher(centre_id: int, payout_id: UUID) -> ResponseReturnValue:
    """Return the voucher to print and sign: A5, or A4 with `?paper=a4`; always in Thai."""
    actor = current_actor(centre_id)
    found = payouts.get(payout_id, actor)
    with force_locale("th"):
        html = render_template(
            "documents/payout_voucher.html",
            locale="th",
            payout=found,
            refunds=_refund_numbers(centre_id, found),
            number=found.payout_no,
            document_date=found.business_date,
            amount_words=baht_text(found.amount_satang),
            paper="a4" if request.args.get("paper") == "a4" else "a5",
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.payout_no}.pdf"'
    return response


# --- the form --------------------------------------------------------------------------------


def _form(
    form: Form, due: Due, rows: list[Row], actor: Actor, total: int | None = None
) -> ResponseReturnValue:
    details = payment_details.of(actor.centre_id, [due.producer.id])[due.producer.id]
    refunds = [("refund", row["line"].document_id) for row in rows]
    page = render_template(
        "payouts/pay.html",
        form=form,
        errors=form.errors,
        due=due,
        rows=rows,
        refunds=rooms.numbers_of(actor.centre_id, refunds),
        details=details,
        shifts=cash_drawers.choices(actor.centre_id),
        total=total,
        supplier=suppliers.of(actor.centre_id, due.producer.id),
        hold_back=_hold_back(actor.centre_id, due, rows),
    )
    return page, form.status


def _hold_back(centre_id: int, due: Due, rows: list[Row]) -> int:
    """Return the tax to hold back of the purchases ticked, by the supplier's usual rate.

    The base is the price without the VAT that was claimed with it.
    """
    rate = suppliers.of(centre_id, due.producer.id).withholding_basis_points
    bought = [row["line"] for row in rows if row["ticked"] and row["line"].kind == "outright"]
    if not rate or not bought:
        return 0
    taxes = {one.document_id: receipts.of(centre_id, one.document_id) for one in bought}
    return sum(
        withheld(
            half_up_div(one.left_satang * taxes[one.document_id].cost_satang, one.total_satang),
            rate,
        )
        for one in bought
        if one.total_satang
    )


def _longest_due(rows: list[Row], due: Due, form: Form) -> list[Row]:
    """Tick what an amount pays of purchases, the longest due first; nothing is paid yet."""
    try:
        typed = OldestForm().load({"oldest_amount": form.given["oldest_amount"]})
        chosen = oldest_first(due.lines, typed["oldest_amount"])
    except ValidationError as error:
        form.status = 422
        for _path, message in flattened(error.messages):
            form.errors.setdefault("oldest_amount", translated(message))
        return rows
    except DomainError as refusal:
        form.status = refusal.status
        form.errors["oldest_amount"] = translated(refusal.detail or refusal.title, refusal.facts)
        return rows
    paid = {f"{line.kind}:{line.document_id}": line.amount_satang for line in chosen}
    return [
        {**row, "ticked": row["key"] in paid, "amount": show.baht(paid[row["key"]])}
        if row["key"] in paid
        else {**row, "ticked": False}
        for row in rows
    ]


def _recipient(data: dict[str, Any]) -> Recipient | None:
    """Take who gets the money out of what was typed; None for the producer."""
    kind = data.pop("recipient_kind")
    name, relation = data.pop("recipient_name"), data.pop("recipient_relation")
    return None if kind == "producer" else Recipient(kind, name, relation)


def _usual_way(centre_id: int, producer_id: UUID) -> str:
    """Return how the producer is reached best: PromptPay, transfer, or cash from the safe."""
    details = payment_details.of(centre_id, [producer_id])[producer_id]
    if details.promptpay_id:
        return "promptpay"
    return "transfer" if details.bank_account else "safe"


def _first_rows(due: Due, grid: int) -> list[Row]:
    """Return all that is due, advances unticked: netting those is somebody's decision.

    In cash what no coin can pay (`grid` is the smallest) is left for the next voucher.
    """
    rest = due.payable_satang % grid if grid else 0
    larger = [line for line in due.lines if line.sign > 0 and line.left_satang > rest]
    smaller = larger[-1] if larger else None
    return [
        {
            "line": line,
            "key": f"{line.kind}:{line.document_id}",
            "ticked": line.kind != "advance",
            "amount": show.baht(line.left_satang - (rest if line is smaller else 0)),
        }
        for line in due.lines
    ]


def _typed_rows(due: Due) -> list[Row]:
    """Return the rows as they were sent; what was paid meanwhile is there with nothing left."""
    known = {f"{line.kind}:{line.document_id}": line for line in due.lines}
    count = request.form.get("rows", "")
    rows = []
    for number in range(1, min(int(count), ROWS_MAX) + 1 if _is_number(count) else 1):
        key = request.form.get(f"line_{number}", "")
        line = known.get(key) or _gone(key)
        if line is not None:
            amount = request.form.get(f"amount_{number}", "").strip()
            ticked = f"pay_{number}" in request.form
            rows.append({"line": line, "key": key, "ticked": ticked, "amount": amount})
    return rows


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


def _gone(key: str) -> DueLine | None:
    """Return a document that is no longer due, so that sending a form again finds its voucher."""
    kind, _colon, document = key.partition(":")
    try:
        read = PayLineForm().load({"kind": kind, "document_id": document, "amount": "1"})
    except ValidationError:
        return None
    return DueLine(read["kind"], read["document_id"], "–", clock.today(), 0, 0)


def _cells(count: int) -> list[str]:
    return [
        f"{cell}_{number}"
        for number in range(1, count + 1)
        for cell in ("line", "pay", "amount", "number")
    ]


def _lines(rows: list[Row], form: Form) -> list[PaidLine]:
    """Read the ticked rows; what is wrong goes beside its amount."""
    lines = []
    for number, row in enumerate(rows, start=1):
        if not row["ticked"]:
            continue
        typed = {"kind": row["line"].kind, "document_id": str(row["line"].document_id)}
        try:
            read = PayLineForm().load({**typed, "amount": row["amount"]})
        except ValidationError as error:
            form.status = 422
            for _path, message in flattened(error.messages):
                form.errors.setdefault(f"amount_{number}", translated(message))
            continue
        lines.append(PaidLine(read["kind"], read["document_id"], read["amount"]))
    return lines


def _refuse(form: Form, rows: list[Row], refusal: DomainError) -> None:
    """Show a refusal of a line beside its amount, any other above the form."""
    for number, row in enumerate(rows, start=1):
        if refusal.facts.get("document_id") == str(row["line"].document_id):
            form.status = refusal.status
            sentence = translated(refusal.detail or refusal.title, refusal.facts)
            form.errors[f"amount_{number}"] = sentence
            return
    form.refuse(refusal)


def _refund_numbers(centre_id: int, found: PayoutDoc) -> dict[rooms.Key, str]:
    refunds = [("refund", line.document_id) for line in found.lines if line.kind == "recovery"]
    return rooms.numbers_of(centre_id, refunds)
