"""Forms of the share register: one task per screen, for one member.

What must stay true: nothing typed is lost when something is refused, and sending a form twice
enters it once, because its id is made with the empty form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError

from accounting.pages import share_takers
from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.pages.resolution_choices import resolution_choices
from accounting.pages.shares import member_of
from accounting.rules.shares import Heir, percent
from accounting.schemas.shares import (
    BuyForm,
    CarryForm,
    HeirForm,
    InheritForm,
    InstalmentForm,
    NominationForm,
    ReasonForm,
    SubscribeForm,
    TakeBackShareForm,
    TransferForm,
    WithdrawForm,
)
from accounting.services import cash_drawers
from accounting.services.shares import (
    correcting,
    heirs,
    plans,
    reading,
    recording,
    register,
    rules,
)
from accounting.services.shares.correcting import CarryShares, TakeBack
from accounting.services.shares.heirs import Inherit, Nominate
from accounting.services.shares.plans import Subscribe
from accounting.services.shares.recording import (
    BuyShares,
    PayInstalment,
    TransferShares,
    WithdrawShares,
)
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.problems import flattened
from core.web.words import translated
from members.services import access
from members.services.members import MemberCard

HEIRS_MAX = 8
Work = Callable[[dict[str, Any], Actor], Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do with a member's shares: its form, what it enters, and what is shown."""

    schema: type[Schema]
    enter: Work
    template: str
    permission: str = "share.record"


# --- tasks of one member -----------------------------------------------------------------------


@blueprint.route("/shares/members/<uuid:member_id>/buy", methods=["GET", "POST"])
def share_buy(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Sell whole shares to a member."""

    def enter(data: dict[str, Any], actor: Actor) -> Any:
        return in_transaction(recording.buy, BuyShares(member_id=member_id, **data), actor)

    return _task(Task(BuyForm, enter, "shares/buy.html"), centre_id, member_id)


@blueprint.route("/shares/members/<uuid:member_id>/withdraw", methods=["GET", "POST"])
def share_withdraw(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Take a member's shares back for money."""

    def enter(data: dict[str, Any], actor: Actor) -> Any:
        command = WithdrawShares(member_id=member_id, **data)
        return in_transaction(recording.withdraw, command, actor)

    return _task(Task(WithdrawForm, enter, "shares/withdraw.html"), centre_id, member_id)


@blueprint.route("/shares/members/<uuid:member_id>/transfer", methods=["GET", "POST"])
def share_transfer(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Pass a member's shares on to another."""

    def enter(data: dict[str, Any], actor: Actor) -> Any:
        command = TransferShares(member_id=member_id, **data)
        return in_transaction(recording.transfer, command, actor)

    return _task(Task(TransferForm, enter, "shares/transfer.html"), centre_id, member_id)


@blueprint.route("/shares/members/<uuid:member_id>/subscribe", methods=["GET", "POST"])
def share_subscribe(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Let a member sign for shares to be paid by and by."""

    def enter(data: dict[str, Any], actor: Actor) -> Any:
        return in_transaction(plans.subscribe, Subscribe(member_id=member_id, **data), actor)

    return _task(Task(SubscribeForm, enter, "shares/subscribe.html"), centre_id, member_id)


@blueprint.route("/shares/members/<uuid:member_id>/carry", methods=["GET", "POST"])
def share_carry(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Enter what the old books say of a member's shares."""

    def enter(data: dict[str, Any], actor: Actor) -> Any:
        amount = data.pop("amount")
        command = CarryShares(member_id=member_id, amount_satang=amount, **data)
        return in_transaction(correcting.carry, command, actor)

    task = Task(CarryForm, enter, "shares/carry.html", "opening.post")
    return _task(task, centre_id, member_id)


@blueprint.route("/shares/members/<uuid:member_id>/inherit", methods=["GET", "POST"])
def share_inherit(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Give an heir's part of a dead member's shares."""

    def enter(data: dict[str, Any], actor: Actor) -> Any:
        if data["to_member_id"]:
            data |= {"place": "none", "shift_id": None}
        command = Inherit(member_id=member_id, **data)
        return in_transaction(heirs.inherit, command, actor)

    return _task(Task(InheritForm, enter, "shares/inherit.html"), centre_id, member_id)


@blueprint.route("/shares/subscriptions/<uuid:subscription_id>/pay", methods=["GET", "POST"])
def share_instalment(centre_id: int, subscription_id: UUID) -> ResponseReturnValue:
    """Take an instalment."""
    plan = plans.card(centre_id, subscription_id)

    def enter(data: dict[str, Any], actor: Actor) -> Any:
        amount = data.pop("amount")
        command = PayInstalment(subscription_id=plan.id, amount_satang=amount, **data)
        return in_transaction(recording.pay_instalment, command, actor)

    task = Task(InstalmentForm, enter, "shares/instalment.html")
    return _task(task, centre_id, plan.member_id, plan=plan)


@blueprint.post("/shares/subscriptions/<uuid:subscription_id>/give-up")
def share_give_up(centre_id: int, subscription_id: UUID) -> ResponseReturnValue:
    """End a subscription that won't be paid."""
    actor = current_actor(centre_id)
    access.require(actor, "share.record")
    form = read_form(ReasonForm)
    reason = form.data.get("reason") or "-"
    plan = in_transaction(plans.give_up, subscription_id, reason, actor)
    flash(_("The subscription %(number)s was ended.", number=plan.subscription_no), "success")
    return redirect(_passbook(centre_id, plan.member_id), 303)


@blueprint.route("/shares/transactions/<uuid:transaction_id>/take-back", methods=["GET", "POST"])
def share_take_back(centre_id: int, transaction_id: UUID) -> ResponseReturnValue:
    """Take a transaction back."""
    actor = current_actor(centre_id)
    access.require(actor, "share.record")
    card = reading.card_of(centre_id, transaction_id)
    form = Form(given={"id": str(uuid7())})
    if request.method == "POST":
        form = read_form(TakeBackShareForm)
        if form.ok:
            command = TakeBack(transaction_id=transaction_id, **form.data)
            try:
                made = in_transaction(correcting.take_back, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                return redirect(_said(centre_id, made), 303)
    page = render_template("shares/take_back.html", form=form, errors=form.errors, card=card)
    return page, form.status


# --- heirs ---------------------------------------------------------------------------------------


@blueprint.route("/shares/members/<uuid:member_id>/heirs", methods=["GET", "POST"])
def share_heirs(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Show whom a member names as heirs; name others."""
    actor = current_actor(centre_id)
    access.require(actor, "share.read")
    member = member_of(centre_id, member_id)
    if request.method != "POST":
        given = {"id": str(uuid7()), "on": typed(clock.today())}
        return _heirs_page(Form(given=given), _named(centre_id, member_id), member, actor)
    access.require(actor, "share.record")
    form = read_form(NominationForm, keep=_heir_cells())
    rows = _typed_heirs()
    named = _heirs_of(rows, form)
    if form.ok:
        try:
            command = Nominate(form.data["id"], member_id, form.data["on"], named)
            in_transaction(heirs.nominate, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The heirs were entered."), "success")
            return redirect(_passbook(centre_id, member_id), 303)
    return _heirs_page(form, rows, member, actor)


def _heirs_page(
    form: Form, rows: list[dict[str, str]], member: MemberCard, actor: Actor
) -> ResponseReturnValue:
    page = render_template(
        "shares/heirs.html",
        form=form,
        errors=form.errors,
        rows=rows,
        member=member,
        history=heirs.history(actor.centre_id, member.id),
        percent=percent,
    )
    return page, form.status


def _heir_cells() -> tuple[str, ...]:
    numbers = range(1, HEIRS_MAX + 1)
    return tuple(f"{cell}-{n}" for n in numbers for cell in ("name", "relationship", "part"))


def _named(centre_id: int, member_id: UUID) -> list[dict[str, str]]:
    known = heirs.current(centre_id, member_id)
    rows = [
        {
            "name": heir.name,
            "relationship": heir.relationship,
            "part": percent(heir.part_basis_points),
        }
        for heir in (known.heirs if known else ())
    ]
    return _filled_up(rows)


def _filled_up(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    empty = {"name": "", "relationship": "", "part": ""}
    return rows + [dict(empty) for _place in range(HEIRS_MAX - len(rows))]


def _typed_heirs() -> list[dict[str, str]]:
    return [
        {
            cell: request.form.get(f"{cell}-{number}", "").strip()[:200]
            for cell in ("name", "relationship", "part")
        }
        for number in range(1, HEIRS_MAX + 1)
    ]


def _heirs_of(rows: list[dict[str, str]], form: Form) -> tuple[Heir, ...]:
    """Read the rows with something in them; what is wrong goes beside its cell."""
    found = []
    for number, row in enumerate(rows, start=1):
        given = {name: value for name, value in row.items() if value}
        if not given:
            continue
        try:
            read = HeirForm().load(given)
        except ValidationError as error:
            form.status = 422
            for path, message in flattened(error.messages):
                form.errors.setdefault(f"{path[0]}-{number}", translated(message))
            continue
        found.append(Heir(read["name"], read["relationship"], read["part"]))
    return tuple(found)


# --- shared --------------------------------------------------------------------------------------


def _task(task: Task, centre_id: int, member_id: UUID, **more: Any) -> ResponseReturnValue:
    """Show a task's form, or enter what was sent and go where it shows."""
    actor = current_actor(centre_id)
    access.require(actor, task.permission)
    member = member_of(centre_id, member_id)
    form = Form(given={"id": str(uuid7()), "on": typed(clock.today()), "place": "safe"})
    found: list[MemberCard] = []
    if request.method == "POST":
        form = read_form(task.schema)
        if form.ok and "to_member_no" in form.data:
            found = share_takers.choose(form, centre_id, member_id)
        if form.ok:
            try:
                made = task.enter(dict(form.data), actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                return redirect(_said(centre_id, made), 303)
    today = clock.today()
    page = render_template(
        task.template,
        form=form,
        errors=form.errors,
        member=member,
        found=found,
        held=register.balance(centre_id, member_id, today),
        valid=rules.on(actor, today),
        shifts=cash_drawers.choices(centre_id),
        resolutions=resolution_choices(centre_id),
        parts=heirs.parts(centre_id, member_id),
        back_url=_passbook(centre_id, member_id),
        **more,
    )
    return page, form.status


def _said(centre_id: int, made: Any) -> str:
    """Say what was entered, and return where it is shown."""
    if isinstance(made, plans.PlanCard):
        flash(_("Signed for under %(number)s.", number=made.subscription_no), "success")
        return _passbook(centre_id, made.member_id)
    flash(_("Entered under %(number)s.", number=made.transaction_no), "success")
    return url_for("accounting.share_transaction", centre_id=centre_id, transaction_id=made.id)


def _passbook(centre_id: int, member_id: UUID) -> str:
    return url_for("accounting.share_passbook", centre_id=centre_id, member_id=member_id)
