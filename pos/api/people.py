"""Who stands at the till, over HTTP: handing it on by PIN, and a manager's word at it.

What must stay true: both work only in a browser with a session and the key of an enrolled device in
its cookies; a machine's token has neither and is sent away.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import after_this_request, current_app, request
from werkzeug.wrappers import Response

from core.actor import Actor
from core.db import in_transaction
from core.errors import SignInRequired
from core.web import auth
from core.web.auth import current_actor
from members.services import access, sessions, staff_pins, users
from members.services.sessions import Browser, Recognised
from pos.api.blueprint import blueprint
from pos.schemas.people import (
    OverrideIn,
    OverrideOut,
    SwitchIn,
    SwitchOut,
    TillPeopleOut,
    TillPeopleQuery,
)
from pos.services import overrides, till_devices, till_pins
from pos.services.overrides import GrantOverride, Override
from pos.services.till_devices import NotEnrolled
from pos.services.till_pins import Try


@blueprint.get("/till_people")
@blueprint.arguments(TillPeopleQuery, location="query")
@blueprint.response(200, TillPeopleOut)
def get_till_people(query: dict[str, Any], centre_id: int) -> dict[str, Any]:
    """Return who may take the till over, and whether PINs work on this machine."""
    actor = current_actor(centre_id)
    access.require(actor, "sale.record")
    people = staff_pins.people(centre_id)
    try:
        device_id = till_devices.at(centre_id, query["till_id"], device_key())
    except NotEnrolled:
        shut, enrolled = set(), False
    else:
        shut = till_pins.shut(centre_id, device_id, {one.user_id for one in people if one.has_pin})
        enrolled = True
    return {
        "enrolled": enrolled,
        "people": [
            {
                "user_id": one.user_id,
                "name": one.name,
                "has_pin": one.has_pin,
                "pin_shut": one.user_id in shut,
                "gives_overrides": one.gives_overrides,
            }
            for one in people
        ],
    }


@blueprint.post("/till_switch")
@blueprint.arguments(SwitchIn)
@blueprint.response(200, SwitchOut)
def post_till_switch(body: dict[str, Any], centre_id: int) -> dict[str, Any]:
    """Hand the till on: from now on documents are another person's."""
    actor, old_token = _at_a_browser(centre_id)
    made, who = _judged(body, actor)
    if who is None:
        token = in_transaction(till_pins.switch_by_pin, made, old_token, _browser(), actor)
    else:
        browser = _browser(old_token)
        token = in_transaction(till_pins.switch_by_password, made, who, browser, actor)

    @after_this_request
    def give(response: Response) -> Response:
        auth.start_session(response, token)
        return response

    return {"user_id": made.person.user_id, "name": made.person.name}


@blueprint.put("/overrides/<uuid:override_id>")
@blueprint.arguments(OverrideIn)
@blueprint.response(200, OverrideOut)
def put_override(body: dict[str, Any], centre_id: int, override_id: UUID) -> Override:
    """Let one document go beyond a limit, by a manager's PIN or password at the till."""
    actor, _ = _at_a_browser(centre_id)
    made, who = _judged(body, actor)
    limits = {
        overrides.DISCOUNT: actor.centre.discount_limit_satang,
        overrides.REFUND: actor.centre.refund_limit_satang,
    }
    command = GrantOverride(
        id=override_id,
        kind=body["kind"],
        document_id=body["document_id"],
        till_id=body["till_id"],
        reason=body["reason"],
        asked_satang=body["asked_satang"],
        limit_satang=limits.get(body["kind"]),
        facts={"total_satang": body["total_satang"], "about": body["about"]},
    )
    # On its own: what was right is right, whether or not they may let this through.
    if who is None:
        in_transaction(till_pins.confirm, made, actor, by_pin=True)
    else:
        in_transaction(till_pins.right_password, made, who.attempt, actor)
    giver = staff_pins.as_actor(made.person, actor)
    return in_transaction(overrides.grant, command, giver, actor)


def _judged(body: dict[str, Any], actor: Actor) -> tuple[Try, Recognised | None]:
    """Count and look at the PIN or the password of the person named.

    Raises NotEnrolled, WrongPin, PinShut, NoPin, SignInRefused, TooManyTries, NotFound.
    """
    by_pin = bool(body["pin"])
    till_id, user_id = body["till_id"], body["user_id"]
    made = in_transaction(till_pins.reserve, till_id, device_key(), user_id, actor, by_pin=by_pin)
    if by_pin:
        till_pins.judge(made, body["pin"])
        return made, None
    username = users.username_of(user_id)
    attempt = in_transaction(sessions.reserve, username, request.remote_addr or "")
    return made, sessions.judge(attempt, body["password"])


def device_key() -> str | None:
    """Return the key in the cookie of an enrolled device."""
    key = request.cookies.get(auth.cookie_name(till_devices.COOKIE))
    return key if key and len(key) <= 200 else None


def _at_a_browser(centre_id: int) -> tuple[Actor, str]:
    token = None if auth.bearer_token() is not None else auth.session_token()
    if token is None:
        raise SignInRequired
    return current_actor(centre_id), token


def _browser(old_token: str | None = None) -> Browser:
    seconds = current_app.config["SUNRUAM_SESSION_SECONDS"]
    return Browser(
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        lasts=timedelta(seconds=seconds),
        old_token=old_token,
    )
