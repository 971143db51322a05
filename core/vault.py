"""The installation's own lock: encrypts the few facts that nobody may read from a stolen database.

What must stay true: keys are derived from a secret outside the database (SUNRUAM_PERSON_KEY, else
SUNRUAM_SECRET_KEY), one for each use; a sealed text opens only where it was sealed; `mark` says
that two texts are the same without saying what they are.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from core.config import Settings
from core.errors import N_, DomainError

VERSION = "v1."
_NONCE_BYTES, _KEY_BYTES = 12, 32


class CanNotOpen(DomainError):
    """Sealed under another secret, moved, or tampered with."""

    code, status, title = "can-not-open", 409, N_("This can't be read with this machine's key")
    detail = N_(
        "It was locked with another key, or changed since. Give the service the key it had"
        " (SUNRUAM_PERSON_KEY), or enter the number again."
    )


def seal(plain: str, place: str) -> str:
    """Return `plain` encrypted for a place (who it is of); each time another text."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key("seal")).encrypt(nonce, plain.encode(), place.encode())
    return VERSION + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def unseal(sealed: str, place: str) -> str:
    """Return what was sealed for a place; raises CanNotOpen."""
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(VERSION))
        plain = AESGCM(_key("seal")).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        raise CanNotOpen from None
    return plain.decode()


def mark(plain: str, place: str) -> str:
    """Return a keyed digest: equal for equal texts of a place, and for no others."""
    return hmac.digest(_key("mark"), f"{place}\0{plain}".encode(), "sha256").hex()


def _key(use: str) -> bytes:
    settings: Settings = current_app.config["SUNRUAM"]
    return _derived(settings.person_key or settings.secret_key, use)


@lru_cache(maxsize=8)
def _derived(secret: str, use: str) -> bytes:
    info = f"sunruam person {use} {VERSION}".encode()
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(secret.encode())
