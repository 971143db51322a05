"""The reader's language, and the filters through which every value is shown.

The language is, first found: `?lang=` (kept in a cookie), that cookie, the signed-in user's own,
for programs `Accept-Language`, else Thai. What must stay true: finding it never asks the database.
Filters: `baht`, `quantity`, `number`, `percent`, `thai_date`, `thai_datetime`,
`thai_month`, and `translated` for msgids that rules hand up.
"""

from __future__ import annotations

from flask import Flask, has_request_context, request
from flask_babel import Babel, refresh
from werkzeug.wrappers import Response

from core import clock
from core.web import auth, show
from core.web.words import translated, without_facts

LANGUAGES = ("th", "en")
LANGUAGE_COOKIE = "sunruam_lang"
PARAMETER = "lang"
_YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Translate `app`; its catalogue lies in `translations` beside its package."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "th")
    Babel(app, default_locale="th", locale_selector=chosen)
    # A request never inherits the language another one left in a shared app context.
    app.before_request(_forget_language)
    app.after_request(_keep_choice)
    app.jinja_env.globals["printed_at"] = clock.now
    app.jinja_env.filters.update(
        baht=show.baht,
        quantity=show.quantity,
        number=show.number,
        percent=show.percent,
        thai_date=show.day,
        thai_datetime=show.moment,
        thai_month=show.month,
        translated=translated,
        meaning=without_facts,
    )


def chosen() -> str | None:
    """Return the reader's language; None (the default) outside of a request."""
    if not has_request_context():
        return None
    if (language := kept()) is not None:
        return language
    actor, person = auth.known_actor(), auth.known_person()
    own = actor.locale if actor else person.locale if person else None
    if own is None or auth.bearer_token() is not None:
        # A program has no language of its own; it says which one its reader wants.
        asked = request.accept_languages if request.path.startswith("/api/") else None
        own = (asked.best_match(LANGUAGES) if asked else None) or own
    return own if own in LANGUAGES else None


def kept() -> str | None:
    """Return the language this browser was told to use, in the address or before."""
    for language in (request.args.get(PARAMETER), request.cookies.get(LANGUAGE_COOKIE)):
        if language in LANGUAGES:
            return language
    return None


def speak(response: Response, language: str) -> None:
    """Keep a language in the browser: at sign-in, the user's own."""
    if language in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, samesite="Lax", path="/"
        )


def _forget_language() -> None:
    refresh()


def _keep_choice(response: Response) -> Response:
    language = request.args.get(PARAMETER)
    if language is not None:
        speak(response, language)
    return response
