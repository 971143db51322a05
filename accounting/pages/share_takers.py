"""Who takes shares over: found by nickname, any part of a name, phone or number, without a script.

What must stay true: a number typed whole is that member; whoever is found by anything else is shown
and chosen first, and a choice counts only for the words it was offered for.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from core.text import ascii_digits
from core.web.forms import Form
from members.services import members
from members.services.members import MemberCard

FOUND_MAX = 8


def choose(form: Form, centre_id: int, giver_id: UUID) -> list[MemberCard]:
    """Put who was meant into the form's data as `to_member_id`, None when nobody was.

    While that is open the form is refused beside its field; returned are those it may be.
    """
    words = form.data.pop("to_member_no")
    chosen, offered_for = form.data.pop("to_member_id"), form.data.pop("offered_for")
    form.data["to_member_id"] = chosen if words and words == offered_for else None
    if not words or form.data["to_member_id"]:
        return []
    found = members.search(centre_id, words, FOUND_MAX)
    if found and found[0].member_no == ascii_digits(words).strip():
        form.data["to_member_id"] = found[0].id
        return []
    others = [one for one in found if one.id != giver_id]
    form.status = 422
    form.errors["to_member_no"] = (
        _("Choose who is meant, and send it again.")
        if others
        else _("Nobody is found under this. Write it otherwise.")
    )
    return others
