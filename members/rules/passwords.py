"""What a password must be: long enough, not the name, not one everybody tries first.

What must stay true: nothing here demands signs or digits; length and being unguessed are all that
helps. A password is compared in one Unicode form, whatever keyboard typed it.
"""

from __future__ import annotations

import unicodedata

from core.errors import N_, DomainError

LENGTH_MIN = 8
LENGTH_MAX = 128
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_FIRST_TRIED = frozenset(
    (
        *("password", "passw0rd", "p@ssw0rd", "password1", "welcome1", "iloveyou", "sunshine"),
        *("princess", "football", "baseball", "superman", "trustno1", "letmein1", "admin123"),
        *("administrator", "sunruam", "sunruam1", "1q2w3e4r", "1qaz2wsx", "qwerty123"),
        *("abcd1234", "a1b2c3d4", "abc12345", "q1w2e3r4", "thailand", "changeme", "default1"),
        *("guest1234", "test1234", "cashier1", "manager1"),
        *("รหัสผ่าน", "สวัสดีครับ", "สวัสดีค่ะ", "ประเทศไทย"),
    )
)


class WeakPassword(DomainError):
    """The password would be guessed: too short, the name itself, or among the first tried."""

    code, status, title = "weak-password", 422, N_("This password is too easy to guess")
    detail = N_("Use at least %(length_min)s characters that are not a name or a row of keys.")


def same_form(password: str) -> str:
    """Return the password in the one form that is hashed."""
    return unicodedata.normalize("NFC", password)


def check(password: str, username: str) -> None:
    """Raise `WeakPassword` unless the password will do."""
    plain = same_form(password)
    low = plain.lower()
    too_short = not LENGTH_MIN <= len(plain) <= LENGTH_MAX
    guessed = low in _FIRST_TRIED or len(set(low)) < 4 or any(low in run for run in _RUNS)
    names_user = low == username.lower() or (len(username) >= 6 and username.lower() in low)
    if too_short or guessed or names_user:
        raise WeakPassword(field="password", length_min=LENGTH_MIN)
