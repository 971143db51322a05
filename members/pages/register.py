"""Members, producers and villages as pages: find, enter, change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import Schema

from core import clock
from core.actor import Actor
from core.dates import format_date
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.paging import Page
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from members.pages import choices
from members.pages.blueprint import CENTRE, blueprint
from members.rules.membership import PRODUCER_KINDS
from members.rules.persons import TITLES
from members.rules.roles import allowed
from members.schemas.register import MemberForm, ProducerForm, VillageIn
from members.services import access, groups, members, pins, producers, standing, villages
from members.services.members import ChangeMember, MemberDetail, NewMember
from members.services.producers import ChangeProducer, NewProducer, ProducerCard
from members.services.villages import NewVillage


def _read(schema: type[Schema]) -> Form:
    return read_form(schema) if request.method == "POST" else Form()


def _list_page(
    template: str, endpoint: str, centre_id: int, page: Page[Any], **more: object
) -> str:
    return render_template(
        template,
        **listed(page, endpoint, centre_id=centre_id),
        **more,
    )


# --- members ---------------------------------------------------------------------------------


@blueprint.get(CENTRE + "/members")
def member_list(centre_id: int) -> str:
    """Show the register of members, or those a search finds."""
    actor = current_actor(centre_id)
    page = members.listing(actor, sought().text, window())
    return _list_page("members/members.html", "members.member_list", centre_id, page)


@blueprint.route(CENTRE + "/members/new", methods=["GET", "POST"])
def member_new(centre_id: int) -> ResponseReturnValue:
    """Enter a member."""
    actor = current_actor(centre_id)
    access.require(actor, "member.change")
    form = _read(MemberForm)
    if form.given and form.ok:
        data = {k: v for k, v in form.data.items() if k != "version"}
        try:
            member = in_transaction(members.create, NewMember(**data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s is member %(no)s.", name=member.name, no=member.member_no), "success")
            return redirect(url_for("members.member_list", centre_id=centre_id), 303)
    return member_page(form, actor)


@blueprint.route(CENTRE + "/members/<uuid:member_id>", methods=["GET", "POST"])
def member(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Show a member; change what is known."""
    actor = current_actor(centre_id)
    if request.method == "POST":
        access.require(actor, "member.change")
    known = members.get(member_id, actor)
    form = _read(MemberForm)
    if form.given and form.ok:
        try:
            # The days are facts of the timeline, not of this form.
            days = {"joined_on": known.joined_on, "resigned_on": known.resigned_on}
            command = ChangeMember(member_id=member_id, **form.data | days)
            in_transaction(members.change, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            return redirect(url_for("members.member_list", centre_id=centre_id), 303)
    return member_page(form, actor, known)


def member_page(form: Form, actor: Actor, known: MemberDetail | None = None) -> ResponseReturnValue:
    """Show a member with the timeline, whichever form of the page was sent."""
    given = dict(form.given)
    if known is not None and "first_name" not in given:
        form.given = asdict(known) | given
    page = render_template(
        "members/member.html",
        form=form,
        errors=form.errors,
        member=known,
        villages=choices.villages(actor.centre_id),
        titles=TITLES,
        changes=allowed(actor.roles, "member.change"),
        facts=standing.timeline(known.id, actor) if known else (),
        fact_words=choices.fact_kinds(),
        standing_words=choices.standings(),
        now=standing.of(known.id, actor.centre_id, clock.today()) if known else None,
        today=format_date(clock.today(), show.language(), "form"),
        fact_id=given.get("fact_id") or uuid7(),
    )
    return page, form.status


# --- producers -------------------------------------------------------------------------------


@blueprint.get(CENTRE + "/producers")
def producer_list(centre_id: int) -> str:
    """Show the register of producers, or those a search finds."""
    actor = current_actor(centre_id)
    page = producers.listing(actor, sought().text, window())
    return _list_page(
        "members/producers.html",
        "members.producer_list",
        centre_id,
        page,
        states=standing.producers_on(centre_id, clock.today()),
        standing_words={kind: choices.producer_standings(kind) for kind in PRODUCER_KINDS},
    )


@blueprint.route(CENTRE + "/producers/new", methods=["GET", "POST"])
def producer_new(centre_id: int) -> ResponseReturnValue:
    """Enter a producer."""
    actor = current_actor(centre_id)
    access.require(actor, "producer.change")
    form = _read(ProducerForm)
    if form.given and form.ok:
        try:
            data = _producer_data(form, actor)
            new = NewProducer(**data, joined_on=form.data["joined_on"])
            producer = in_transaction(producers.create, new, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            words = _("%(name)s is producer %(no)s.", name=producer.name, no=producer.producer_no)
            flash(words, "success")
            return redirect(url_for("members.producer_list", centre_id=centre_id), 303)
    if not form.given:
        form.given = {"kind": "person", "split_basis_points": "80"}
    return producer_page(form, actor)


@blueprint.route(CENTRE + "/producers/<uuid:producer_id>", methods=["GET", "POST"])
def producer(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Show a producer; change what is known."""
    actor = current_actor(centre_id)
    access.require(actor, "producer.read")
    if request.method == "POST":
        access.require(actor, "producer.change")
    known = producers.get(centre_id, producer_id)
    form = _read(ProducerForm)
    if form.given and form.ok:
        try:
            command = ChangeProducer(
                producer_id=producer_id,
                version=form.data["version"],
                **_producer_data(form, actor),
            )
            in_transaction(producers.change, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            return redirect(url_for("members.producer_list", centre_id=centre_id), 303)
    return producer_page(form, actor, known)


def _producer_data(form: Form, actor: Actor) -> dict[str, Any]:
    """The command's fields; the member is typed by number."""
    left_out = {"version", "joined_on", "member_no"}
    data = {name: value for name, value in form.data.items() if name not in left_out}
    if form.data["member_no"]:
        data["member_id"] = members.by_number(actor.centre_id, form.data["member_no"]).id
    return data


def producer_page(
    form: Form, actor: Actor, known: ProducerCard | None = None
) -> ResponseReturnValue:
    """Show a producer, whichever form of the page was sent."""
    typed = dict(form.given)
    if known is not None and "name" not in typed:
        card = members.names(actor.centre_id, {known.member_id}).get(known.member_id or UUID(int=0))
        form.given = asdict(known) | {
            "split_basis_points": show.percent(known.split_basis_points),
            "member_no": card.member_no if card else "",
            **typed,
        }
    kind = known.kind if known else "person"
    page = render_template(
        "members/producer.html",
        form=form,
        errors=form.errors,
        producer=known,
        kinds=choices.producer_kinds(),
        villages=choices.villages(actor.centre_id),
        changes=allowed(actor.roles, "producer.change"),
        pin=pins.state(known.id, actor) if known else None,
        group=groups.people_of(known.id, actor) if known and known.kind == "group" else None,
        facts=standing.producer_timeline(known.id, actor) if known else (),
        fact_words=choices.producer_fact_kinds(kind),
        standing_words=choices.producer_standings(kind),
        now=standing.of_producer(known.id, actor.centre_id, clock.today()) if known else None,
        fact_id=typed.get("fact_id") or uuid7(),
        today=format_date(clock.today(), show.language(), "form"),
    )
    return page, form.status


# --- villages --------------------------------------------------------------------------------


@blueprint.route(CENTRE + "/villages", methods=["GET", "POST"])
def village_list(centre_id: int) -> ResponseReturnValue:
    """Show the villages of the area; add one."""
    actor = current_actor(centre_id)
    access.require(actor, "member.read")
    if request.method == "POST":
        access.require(actor, "member.change")
    form = _read(VillageIn)
    if form.given and form.ok:
        try:
            in_transaction(villages.create, NewVillage(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The village was added."), "success")
            return redirect(url_for("members.village_list", centre_id=centre_id), 303)
    page = render_template(
        "members/villages.html",
        form=form,
        errors=form.errors,
        villages=villages.listing(centre_id),
        changes=allowed(actor.roles, "member.change"),
    )
    return page, form.status
