"""The root of every refusal.

A `DomainError` is the world's refusal (4xx) and carries a stable code a program can act on, a
sentence a person can read, and facts. Our own mistakes are `assert`s and end as a 500. Subclasses
stand beside the rule or service that refuses; only the few shared by all rooms are here.
"""

from __future__ import annotations

from typing import Any, ClassVar


def N_(message: str) -> str:  # noqa: N802 - the extractor's conventional name
    """Mark an English msgid for translation at the edge, where the reader's language is known."""
    return message


class DomainError(Exception):
    """A refusal with a stable `code`, an HTTP `status`, a translatable `title` and facts.

    `detail` is an optional translatable sentence saying what to do; `%(fact)s` placeholders are
    filled from the facts. Facts become members of the problem document, so they must be JSON.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[str] = N_("This can't be done")
    detail: ClassVar[str | None] = None
    overtaken = False
    """Somebody else's commit came between the question and the act: the same work, run again, asks
    anew and may succeed. Set on one refusal, not on a class."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class NotFound(DomainError):
    """Nothing of this kind here; another centre's rows look just the same as none."""

    code, status, title = "not-found", 404, N_("Not found")
    detail = N_("Check the number or go back to the list.")


class Forbidden(DomainError):
    """The reader is known but lacks the right; `permission` names it."""

    code, status, title = "forbidden", 403, N_("You don't have the right to do this")
    detail = N_("Ask the manager to give you this right.")


class SignInRequired(DomainError):
    """No session, or one that ended."""

    code, status, title = "sign-in-required", 401, N_("Please sign in")
    detail = N_("Your session has ended. Sign in again; nothing you entered is lost.")


class Invalid(DomainError):
    """The request's words are wrong; `errors` lists pointer and detail for each."""

    code, status, title = "invalid", 422, N_("Some of what was entered is not right")
    detail = N_("Correct the marked fields and send again.")


class ChangedMeanwhile(DomainError):
    """Two people on one record: the version named in If-Match is not today's."""

    code, status, title = "changed-meanwhile", 412, N_("Someone else changed this record")
    detail = N_("Open it again to see the change, then make yours.")


class VersionRequired(DomainError):
    """A change of a shared record must say which version it saw."""

    code, status, title = "version-required", 428, N_("The version you saw is missing")
    detail = N_("Send If-Match with the ETag you got when reading.")


class DifferentContent(DomainError):
    """The same document id came again with other content; `differs` names the fields."""

    code, status, title = (
        "content-differs",
        409,
        N_("This id was already used for another entry"),
    )
    detail = N_("The first one is kept. Enter this as a new document.")
