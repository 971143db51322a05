"""One's own page: password, language, and where one is signed in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.web import i18n
from core.web.auth import current_person, session_token
from core.web.forms import Form, read_form
from members.pages.blueprint import blueprint
from members.schemas.people import LocaleIn, OwnPasswordForm
from members.services import grants, sessions, users


@blueprint.get("/profile")
def profile() -> ResponseReturnValue:
    """Show one's own page."""
    return _page(Form())


@blueprint.post("/profile/password")
def profile_password() -> ResponseReturnValue:
    """Change one's own password; other sessions and all tokens end."""
    person, token = current_person(), session_token()
    form = read_form(OwnPasswordForm, keep=("username",))  # for the browser's keyring
    if form.ok and form.data["password"] != form.data["password_again"]:
        form.status = 422
        form.errors["password_again"] = _("The two new passwords differ")
    if form.ok and token is not None:
        try:
            attempt = in_transaction(sessions.reserve, person.username, request.remote_addr or "")
            in_transaction(
                sessions.change_own_password,
                attempt,
                person.user_id,
                form.data["present_password"],
                form.data["password"],
                token,
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The password was changed; other places were signed out."), "success")
            return redirect(url_for("members.profile"), 303)
    return _page(form)


@blueprint.post("/profile/language")
def profile_language() -> ResponseReturnValue:
    """Choose one's own language, here and wherever one signs in next."""
    person = current_person()
    form = read_form(LocaleIn)
    if not form.ok:
        return _page(form)
    in_transaction(users.set_own_locale, person.user_id, form.data["locale"])
    response = redirect(url_for("members.profile"), 303)
    i18n.speak(response, form.data["locale"])
    return response


@blueprint.post("/profile/sessions/<session_id>/end")
def profile_session_end(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    person = current_person()
    in_transaction(sessions.revoke, person.user_id, session_id)
    flash(_("That place was signed out."), "success")
    return redirect(url_for("members.profile"), 303)


def _page(form: Form) -> ResponseReturnValue:
    person = current_person()
    page = render_template(
        "members/profile.html",
        form=form,
        errors=form.errors,
        person=person,
        by_pin=grants.signs_in_by_pin(person.user_id),
        sessions=sessions.of_user(person.user_id, session_token()),
    )
    return page, form.status
