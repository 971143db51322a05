"""Passwords at rest: argon2id, and the same time for people we don't know.

What must stay true: at most four hashes are worked out at once, so that a storm of sign-ins can't
take the memory the counter needs; an unknown name costs as much time as a wrong password.
"""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from core.ids import new_secret
from members.rules.passwords import same_form

# The minimum OWASP names for argon2id: 19 MiB, two passes, one lane; about 17 ms on an old PC.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
_AT_ONCE = BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    with _AT_ONCE:
        return _HASHER.hash(same_form(password))


def verify_password(stored: str, password: str) -> bool:
    """Tell whether a password is the stored one."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored, same_form(password))
        except (Argon2Error, InvalidHashError):
            return False


def waste_time(password: str) -> None:
    """Do for an unknown name the work a known one would cost."""
    verify_password(_nobodys_hash(), password)


def needs_rehash(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return hash_password(new_secret())
