"""The door: signing in and out, choosing a centre, and the first page of each.

What must stay true: sign-in never says whether a name is known, and goes on only to our own pages.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.db import in_transaction
from core.errors import DomainError, SignInRequired
from core.web import auth, i18n
from core.web.auth import current_actor, current_person
from core.web.csrf import public_form
from core.web.forms import Form, read_form
from members.pages.blueprint import CENTRE, blueprint
from members.schemas.people import SignInForm
from members.services import sessions
from members.services.sessions import Browser


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the door; whoever is inside already goes on."""
    going_to = auth.safe_next(request.args.get("next"))
    try:
        current_person()
    except SignInRequired:
        return _door(Form(given={"next": going_to}))
    return redirect(going_to)


@blueprint.post("/sign-in", endpoint="sign_in_now")
@public_form
def sign_in_now() -> ResponseReturnValue:
    """Let someone in, with a new session in place of an old one."""
    form = read_form(SignInForm)
    if not form.ok:
        return _door(form)
    try:
        attempt = in_transaction(sessions.reserve, form.data["username"], request.remote_addr or "")
        who = sessions.judge(attempt, form.data["password"])
        token = in_transaction(sessions.open_session, who, _browser())
    except DomainError as refusal:
        form.refuse(refusal)
        return _door(form)
    response = redirect(auth.safe_next(form.data["next"]), 303)
    auth.start_session(response, token)
    i18n.speak(response, i18n.kept() or who.locale)
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session, here and in the database."""
    token = auth.session_token()
    if token is not None:
        in_transaction(sessions.close, token)
    response = redirect(url_for("members.sign_in"), 303)
    auth.end_session(response)
    return response


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """Go to the one centre someone works in, or show those there are."""
    person = current_person()
    if len(person.places) == 1:
        return redirect(url_for("members.home", centre_id=person.places[0].centre_id))
    return render_template("members/places.html", places=person.places)


@blueprint.get(CENTRE + "/")
def home(centre_id: int) -> str:
    """Show big tiles to the work this reader may do here."""
    current_actor(centre_id)
    return render_template("home.html")


def _door(form: Form) -> ResponseReturnValue:
    page = render_template(
        "sign_in.html", form=form, errors=form.errors, by_phone=request.args.get("by") == "phone"
    )
    return page, form.status


def _browser() -> Browser:
    seconds = current_app.config["SUNRUAM_SESSION_SECONDS"]
    return Browser(
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        lasts=timedelta(seconds=seconds),
        old_token=auth.session_token(),
    )
