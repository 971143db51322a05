"""The share register as pages: everyone's shares, a member's passbook, the documents, the rules.

What must stay true: every figure opens the transactions it is made of, and each transaction its
entry in the books.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages import book_files
from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.pages.resolution_choices import resolution_choices
from accounting.rules import sources
from accounting.rules.shares import ShareRules, percent
from accounting.schemas.shares import ShareRuleForm
from accounting.services import ledger
from accounting.services.meetings import resolutions
from accounting.services.shares import (
    certificates,
    heirs,
    overview,
    plans,
    reading,
    register,
    rules,
)
from accounting.services.shares.rules import SetShareRules
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.words import translated
from members.services import access, standing
from members.services.members import MemberCard


@blueprint.app_template_filter("share_kind")
def share_kind(kind: str) -> str:
    """Return what a kind of share transaction is called."""
    return translated(overview.KIND_WORDS.get(kind, kind))


@blueprint.get("/shares")
def shares(centre_id: int) -> str:
    """Show the members with their shares, by name."""
    actor = current_actor(centre_id)
    text = request.args.get("q", "")[:100]
    page = overview.listing(actor, text, window())

    return render_template(
        "shares/register.html",
        sums=overview.sums(actor),
        text=text,
        **listed(page, "accounting.shares", centre_id=centre_id, q=text or None),
    )


@blueprint.get("/shares/register.csv")
def share_register_csv(centre_id: int) -> Response:
    """Return the register as a file."""
    return _register_as("csv", centre_id)


@blueprint.get("/shares/register.xlsx")
def share_register_xlsx(centre_id: int) -> Response:
    """Return the register as a workbook."""
    return _register_as("xlsx", centre_id)


@blueprint.get("/shares/register.pdf")
def share_register_pdf(centre_id: int) -> Response:
    """Return the register on paper."""
    return _register_as("pdf", centre_id)


def _register_as(form: str, centre_id: int) -> Response:
    actor = current_actor(centre_id)
    return book_files.answer(overview.register_book(actor), actor.centre, form, "share-register")


@blueprint.get("/shares/members/<uuid:member_id>")
def share_passbook(centre_id: int, member_id: UUID) -> str:
    """Show a member's passbook, with what can be done."""
    actor = current_actor(centre_id)
    access.require(actor, "share.read")
    member = member_of(centre_id, member_id)
    today = clock.today()
    held = register.balance(centre_id, member_id, today)
    valid = rules.on(actor, today)
    state = standing.on(centre_id, today).get(member_id)
    return render_template(
        "shares/passbook.html",
        member=member,
        state=state.state if state else "not_yet",
        rows=reading.passbook(centre_id, member_id),
        held=held,
        whole_shares=held // valid.par_satang,
        par=valid.par_satang,
        total=overview.sums(actor).total_satang,
        plans=plans.of_member(centre_id, member_id),
        nomination=heirs.current(centre_id, member_id),
        certificates=certificates.of_member(centre_id, member_id),
        to_certify=certificates.to_certify(actor, member_id),
        new_id=uuid7(),
        percent=percent,
    )


@blueprint.get("/shares/members/<uuid:member_id>/passbook.pdf")
def share_passbook_pdf(centre_id: int, member_id: UUID) -> Response:
    """Return a member's passbook on paper."""
    actor = current_actor(centre_id)
    access.require(actor, "share.read")
    member = member_of(centre_id, member_id)
    book = overview.passbook_book(member, actor)
    return book_files.pdf_response(book, actor.centre, "share-passbook")


@blueprint.get("/shares/transactions")
def share_transactions(centre_id: int) -> str:
    """Show every transaction, the latest entered first."""
    actor = current_actor(centre_id)
    page = reading.listing(actor, window(), sought())
    people = overview.names(centre_id, page.items)

    return render_template(
        "shares/transactions.html",
        people=people,
        **listed(page, "accounting.share_transactions", centre_id=centre_id),
    )


@blueprint.get("/shares/transactions/<uuid:transaction_id>")
def share_transaction(centre_id: int, transaction_id: UUID) -> str:
    """Show one transaction: whom it moved, its money and its entry."""
    actor = current_actor(centre_id)
    found = reading.view(transaction_id, actor)
    card = found.card
    resolution = card.resolution_id and resolutions.card(centre_id, card.resolution_id)
    return render_template(
        "shares/transaction.html",
        found=found,
        card=card,
        resolution=resolution,
        source_url=None
        if card.own
        else sources.address_of(centre_id, card.source_type, card.source_id),
        plan=plans.card(centre_id, card.subscription_id) if card.subscription_id else None,
        entries=ledger.entry_of(centre_id, card.source_type, card.source_id),
        can_take_back=card.own and card.kind != "reversal" and found.reversed_by is None,
    )


# --- rules -----------------------------------------------------------------------------------


@blueprint.route("/shares/rules", methods=["GET", "POST"])
def share_rules(centre_id: int) -> ResponseReturnValue:
    """Show the rules by date; add new ones."""
    actor = current_actor(centre_id)
    access.require(actor, "share.read")
    if request.method != "POST":
        return _rules_page(Form(given=_rules_given(rules.on(actor, clock.today()))), actor)
    access.require(actor, "share_rule.change")
    form = read_form(ShareRuleForm)
    if form.ok:
        try:
            in_transaction(rules.set_rules, _rules_command(form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The share rules were added."), "success")
            return redirect(url_for("accounting.share_rules", centre_id=centre_id), 303)
    return _rules_page(form, actor)


def _rules_command(data: dict[str, Any]) -> SetShareRules:
    valid = ShareRules(
        par_satang=data["par"],
        least_shares=data["least_shares"],
        most_shares=data["most_shares"],
        largest_part_basis_points=data["largest_part"] or None,
        transfer_needs_approval=data["transfer_needs_approval"],
        withdraw_while_member=data["withdraw_while_member"],
    )
    return SetShareRules(data["id"], data["valid_from"], valid, data["resolution_id"], data["note"])


def _rules_given(valid: ShareRules) -> dict[str, Any]:
    part = valid.largest_part_basis_points
    baht, satang = divmod(valid.par_satang, 100)
    return {
        "id": str(uuid7()),
        "valid_from": typed(clock.today()),
        "par": f"{baht}.{satang:02d}" if satang else str(baht),
        "least_shares": valid.least_shares,
        "most_shares": valid.most_shares or "",
        "largest_part": "" if part is None else percent(part),
        "transfer_needs_approval": "1" if valid.transfer_needs_approval else "",
        "withdraw_while_member": "1" if valid.withdraw_while_member else "",
    }


def _rules_page(form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "shares/rules.html",
        form=form,
        errors=form.errors,
        rows=rules.listing(actor),
        valid=rules.card_on(actor, clock.today()),
        resolutions=resolution_choices(actor.centre_id),
        percent=percent,
    )
    return page, form.status


# --- shared with the forms and papers ----------------------------------------------------------


def member_of(centre_id: int, member_id: UUID) -> MemberCard:
    """Return a member's card; raise NotFound for a stranger."""
    found = overview.member_card(centre_id, member_id)
    if found is None:
        raise NotFound(what="member")
    return found
