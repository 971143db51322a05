"""The register of persons as pages: find, enter, change; a household; a national id.

What must stay true: who may not change a person sees no more than is needed to know who is meant;
a number shown in full is shown once, on an answer nobody keeps.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.dates import format_date
from core.db import in_transaction
from core.errors import DomainError
from core.identity import format_thai_id
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from members.pages import choices
from members.pages.blueprint import CENTRE, blueprint
from members.rules.persons import TITLES, buddhist_year_of, format_birth
from members.rules.roles import allowed
from members.schemas.persons import JoinForm, NationalIdForm, PersonForm
from members.services import access, groups, members, national_ids, people, registering
from members.services.members import NewMember
from members.services.people import KINDS, PersonDetail
from members.services.registering import ChangePerson, NewPerson

PERSON = CENTRE + "/persons/<uuid:person_id>"


@blueprint.get(CENTRE + "/persons")
def person_list(centre_id: int) -> str:
    """Show the register of persons, or those a search finds."""
    actor = current_actor(centre_id)
    query = sought(own=("kind",)).text
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = people.listing(actor, query, kind, window())

    return render_template(
        "members/persons.html",
        kind=kind,
        kinds=choices.person_kinds(),
        **listed(page, "members.person_list", centre_id=centre_id),
    )


@blueprint.route(CENTRE + "/persons/new", methods=["GET", "POST"])
def person_new(centre_id: int) -> ResponseReturnValue:
    """Write a person down who is neither member nor producer yet."""
    actor = current_actor(centre_id)
    access.require(actor, "member.change")
    form = read_form(PersonForm, keep=("person_id",)) if request.method == "POST" else Form()
    person_id = _id_of_form()
    if form.given and form.ok:
        form.data.pop("version")
        try:
            new = NewPerson(person_id=person_id, **form.data)
            person = in_transaction(registering.create, new, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s is in the register now.", name=person.name), "success")
            return redirect(_person_url(centre_id, person.id), 303)
    return person_page(form, actor, None, person_id)


@blueprint.route(PERSON, methods=["GET", "POST"])
def person(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Show a person; change what is known."""
    actor = current_actor(centre_id)
    if request.method == "POST":
        access.require(actor, "member.change")
    known = people.get(person_id, actor)
    form = read_form(PersonForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        try:
            command = ChangePerson(person_id=person_id, **form.data)
            in_transaction(registering.change, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            return redirect(_person_url(centre_id, person_id), 303)
    return person_page(form, actor, known, person_id)


@blueprint.post(PERSON + "/national-id")
def person_national_id(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Keep a person's national id, or take it away."""
    actor = current_actor(centre_id)
    access.require(actor, "person.identify")
    known = people.get(person_id, actor)
    form = read_form(NationalIdForm)
    if form.ok:
        try:
            in_transaction(national_ids.put, person_id, form.data["national_id"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            return redirect(_person_url(centre_id, person_id), 303)
    typed, form.given = form.given.get("national_id", ""), {}
    return person_page(form, actor, known, person_id, typed_id=typed)


@blueprint.post(PERSON + "/national-id/show")
def person_national_id_show(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Show a person's national id in full, once; the look is in the audit trail."""
    actor = current_actor(centre_id)
    known = people.get(person_id, actor)
    shown = format_thai_id(in_transaction(national_ids.reveal, person_id, actor))
    page, status = person_page(Form(), actor, known, person_id, shown_id=shown)
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post(PERSON + "/join")
def person_join(centre_id: int, person_id: UUID) -> ResponseReturnValue:
    """Make a person of the register a member."""
    actor = current_actor(centre_id)
    access.require(actor, "member.change")
    known = people.get(person_id, actor)
    form = read_form(JoinForm)
    if form.ok:
        facts = {
            name: getattr(known, name)
            for name in (
                *("title", "first_name", "last_name", "nickname"),
                *("phone", "house_no", "village_id"),
            )
        }
        new = NewMember(person_id=person_id, joined_on=form.data["joined_on"], **facts)
        try:
            member = in_transaction(members.create, new, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s is member %(no)s.", name=member.name, no=member.member_no), "success")
            where = url_for("members.member", centre_id=centre_id, member_id=member.id)
            return redirect(where, 303)
    typed, form.given = form.given.get("joined_on", ""), {}
    return person_page(form, actor, known, person_id, typed_joined=typed)


@blueprint.get(CENTRE + "/households/<uuid:household_id>")
def household(centre_id: int, household_id: UUID) -> str:
    """Show a house and the people of it."""
    card = people.household(household_id, current_actor(centre_id))
    return render_template("members/household.html", household=card)


def _id_of_form() -> UUID:
    """The id the empty form was given: the same form sent twice is one person."""
    try:
        return UUID(request.form.get("person_id", ""))
    except ValueError:
        return uuid7()


def _person_url(centre_id: int, person_id: UUID) -> str:
    return url_for("members.person", centre_id=centre_id, person_id=person_id)


def person_page(
    form: Form, actor: Actor, known: PersonDetail | None, person_id: UUID, **more: Any
) -> tuple[str, int]:
    """Show a person, whichever form of the page was sent."""
    changes = allowed(actor.roles, "member.change")
    sees_more = changes or allowed(actor.roles, "person.identify")
    if known and not form.given:
        form.given = asdict(known) | {
            "birth_year": buddhist_year_of(known.birth),
            "birth_month": known.birth.month,
            "birth_day": known.birth.day,
        }
    masked = ""
    if known and sees_more and known.has_national_id:
        masked = _masked(known.id, actor)
    page = render_template(
        "members/person.html",
        form=form,
        errors=form.errors,
        person=known,
        person_id=person_id,
        born=format_birth(known.birth) if known else "",
        masked=masked,
        sees_more=sees_more,
        changes=changes and not (known and (known.erased_at or known.merged_into_id)),
        titles=TITLES,
        months=choices.month_names(),
        villages=choices.villages(actor.centre_id),
        guardians=_guardians(known, actor),
        groups=groups.all_groups(actor.centre_id) if known else (),
        today=format_date(clock.today(), show.language(), "form"),
        group_member_id=uuid7(),
        **more,
    )
    return page, form.status


def _masked(person_id: UUID, actor: Actor) -> str:
    """A number locked with another key must not keep the page from being read."""
    try:
        return national_ids.masked(person_id, actor.centre_id)
    except DomainError:
        return _("kept, but this machine's key can't read it")


def _guardians(known: PersonDetail | None, actor: Actor) -> list[tuple[str, str]]:
    """Offer the people of the house, and whoever is the guardian now."""
    if known is None:
        return []
    found: dict[str, str] = {}
    if known.household_id is not None:
        house = people.household(known.household_id, actor)
        found = {str(one.id): one.name for one in house.people if one.id != known.id}
    if known.guardian_person_id is not None:
        found[str(known.guardian_person_id)] = people.get(known.guardian_person_id, actor).name
    return list(found.items())
