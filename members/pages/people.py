"""Users and their rights, and the tokens of machines, as pages."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.pages import choices
from members.pages.blueprint import CENTRE, blueprint
from members.rules.roles import allowed
from members.schemas.people import PasswordIn, TokenIn, UserForm
from members.services import access, passwords, producers, sessions, tokens, users
from members.services.tokens import NewToken
from members.services.users import ChangeUser, NewUser

USERS = CENTRE + "/users"


@blueprint.get(USERS)
def user_list(centre_id: int) -> str:
    """Show everyone with a role in the centre."""
    actor = current_actor(centre_id)
    return render_template(
        "members/users.html", users=users.listing(actor), role_words=dict(choices.roles())
    )


@blueprint.route(USERS + "/new", methods=["GET", "POST"])
def user_new(centre_id: int) -> ResponseReturnValue:
    """Let a person in."""
    actor = current_actor(centre_id)
    access.require(actor, "user.manage")
    form = _read_user()
    if form.given and form.ok:
        try:
            data = form.data
            new = NewUser(
                username=data["username"],
                display_name=data["display_name"],
                password=data["password"],
                roles=tuple(data["roles"]),
                producer_id=_producer_id(data["producer_no"], actor),
                locale=data["locale"],
            )
            user = in_transaction(users.create, new, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s may sign in now.", name=user.display_name), "success")
            return redirect(url_for("members.user_list", centre_id=centre_id), 303)
    return _user_page(form, actor)


@blueprint.route(USERS + "/<uuid:user_id>", methods=["GET", "POST"])
def user(centre_id: int, user_id: UUID) -> ResponseReturnValue:
    """Show a user; change name, roles, and whether the user may sign in."""
    actor = current_actor(centre_id)
    if request.method == "POST":
        access.require(actor, "user.manage")
    known = users.get(user_id, actor)
    form = _read_user()
    if form.given and form.ok:
        data = form.data
        try:
            command = ChangeUser(
                user_id=user_id,
                version=data["version"],
                display_name=data["display_name"],
                roles=tuple(data["roles"]),
                producer_id=_producer_id(data["producer_no"], actor),
                active=data["active"],
            )
            in_transaction(users.change, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            return redirect(url_for("members.user_list", centre_id=centre_id), 303)
    if not form.given:
        form.given = asdict(known) | {"producer_no": _producer_no(known.producer_id, actor)}
    return _user_page(form, actor, known)


@blueprint.post(USERS + "/<uuid:user_id>/password")
def user_password(centre_id: int, user_id: UUID) -> ResponseReturnValue:
    """Give a user a new password."""
    actor = current_actor(centre_id)
    access.require(actor, "user.manage")
    known = users.get(user_id, actor)
    form = read_form(PasswordIn)
    if form.ok:
        try:
            in_transaction(passwords.set_password, user_id, form.data["password"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The new password is set; the user was signed out everywhere."), "success")
            return redirect(url_for("members.user", centre_id=centre_id, user_id=user_id), 303)
    form.given = asdict(known) | {"producer_no": _producer_no(known.producer_id, actor)}
    return _user_page(form, actor, known)


@blueprint.post(USERS + "/<uuid:user_id>/sessions/<session_id>/end")
def user_session_end(centre_id: int, user_id: UUID, session_id: str) -> ResponseReturnValue:
    """End one session of a user."""
    actor = current_actor(centre_id)
    in_transaction(sessions.revoke_of_colleague, user_id, session_id, actor)
    flash(_("That place was signed out."), "success")
    return redirect(url_for("members.user", centre_id=centre_id, user_id=user_id), 303)


def _read_user() -> Form:
    return read_form(UserForm) if request.method == "POST" else Form()


def _user_page(
    form: Form, actor: Actor, known: users.UserCard | None = None
) -> ResponseReturnValue:
    manages = allowed(actor.roles, "user.manage")
    page = render_template(
        "members/user.html",
        form=form,
        errors=form.errors,
        user=known,
        roles=choices.roles(),
        languages=choices.languages(),
        manages=manages,
        sessions=sessions.of_colleague(known.id, actor) if known and manages else [],
    )
    return page, form.status


def _producer_id(producer_no: str, actor: Actor) -> UUID | None:
    return producers.by_number(actor.centre_id, producer_no).id if producer_no else None


def _producer_no(producer_id: UUID | None, actor: Actor) -> str:
    return producers.get(actor.centre_id, producer_id).producer_no if producer_id else ""


# --- tokens ----------------------------------------------------------------------------------


@blueprint.route(CENTRE + "/tokens", methods=["GET", "POST"])
def token_list(centre_id: int) -> ResponseReturnValue:
    """Show the tokens of machines; make one, which is shown this once."""
    actor = current_actor(centre_id)
    form = read_form(TokenIn) if request.method == "POST" else Form()
    made = None
    if form.given and form.ok:
        try:
            made = in_transaction(tokens.create, NewToken(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            form = Form()
    page = render_template(
        "members/tokens.html",
        form=form,
        errors=form.errors,
        made=made,
        tokens=tokens.listing(actor),
        users=[user for user in users.listing(actor) if user.active],
    )
    return page, form.status


@blueprint.post(CENTRE + "/tokens/<uuid:token_id>/end")
def token_end(centre_id: int, token_id: UUID) -> ResponseReturnValue:
    """End a token."""
    in_transaction(tokens.revoke, token_id, current_actor(centre_id))
    flash(_("The token no longer opens anything."), "success")
    return redirect(url_for("members.token_list", centre_id=centre_id), 303)
