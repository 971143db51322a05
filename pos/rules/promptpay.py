"""PromptPay QR payloads (EMVCo TLV): what a customer's bank app reads from the counter's screen.

What must stay true: no payload is ever made for a number that can't exist, since the money would
go to nobody or to a stranger. A plain PromptPay QR confirms nothing; the seller looks at the phone.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence

from core import payment_ids
from core.errors import N_, DomainError
from core.identity import is_thai_id
from core.money import SATANG_MAX

Field = tuple[str, str]

_CREDIT_TRANSFER, _BILL_PAYMENT = "A000000677010111", "A000000677010112"
_PROXY_TAGS = {"phone": "01", "id": "02", "ewallet": "03"}  # id: of a person or a taxpayer
_CHECKSUM_HEAD = "6304"


class PromptPayRefused(DomainError):
    """The root of this module's refusals."""

    code, status, title = "promptpay-refused", 422, N_("A PromptPay QR can't be made")
    detail = N_("Check the PromptPay number in the centre's settings.")


class UnknownKind(PromptPayRefused):
    """PromptPay is reached by phone number, national or tax id, or e-wallet; `kind` is none."""

    code, title = (
        "promptpay-kind",
        N_("Choose phone number, national or tax ID, or e-wallet"),
    )


class NotAMobileNumber(PromptPayRefused):
    """A Thai mobile number is 0, then 6, 8 or 9, then eight more digits."""

    code, title = "promptpay-phone", N_("This is not a Thai mobile number")


class NotANationalId(PromptPayRefused):
    """Thirteen digits whose last one checks the others."""

    code, title = "promptpay-national-id", N_("This is not a valid 13-digit ID")


class NotAnEWallet(PromptPayRefused):
    """An e-wallet number has fifteen digits."""

    code, title = "promptpay-e-wallet", N_("This is not a 15-digit e-wallet number")


class BadAmount(PromptPayRefused):
    """Zero or less would silently become a QR without an amount at some banks."""

    code, title = "promptpay-amount", N_("The amount must be more than zero")
    detail = N_("Enter the amount to be paid.")


def payload(kind: str, identifier: str, amount_satang: int | None) -> str:
    """Return the text of a credit-transfer QR; without an amount it may be used again and again."""
    if kind not in _PROXY_TAGS:
        raise UnknownKind(kind=kind)
    return credit_transfer(_PROXY_TAGS[kind], _proxy(kind, identifier), amount_satang)


def credit_transfer(proxy_tag: str, proxy: str, amount_satang: int | None) -> str:
    """Return the payload for a proxy already written as PromptPay wants it."""
    account = encode([("00", _CREDIT_TRANSFER), (proxy_tag, proxy)])
    return _payment(("29", account), amount_satang)


def encode(fields: Sequence[Field]) -> str:
    """Write tag, two-digit length and value of each field."""
    assert all(len(value) <= 99 for _, value in fields)
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in fields)


def checksum(text: str) -> str:
    """Return CRC-16/CCITT-FALSE as four capital hexadecimal digits, zeros in front kept."""
    return f"{binascii.crc_hqx(text.encode('ascii'), 0xFFFF):04X}"


def _payment(account: Field, amount_satang: int | None) -> str:
    usable_once = amount_satang is not None
    fields = [("00", "01"), ("01", "12" if usable_once else "11"), account]
    fields += [("58", "TH"), ("53", "764")]
    if amount_satang is not None:
        fields.append(("54", _amount(amount_satang)))
    body = encode(fields) + _CHECKSUM_HEAD
    return body + checksum(body)


def _amount(satang: int) -> str:
    if not 0 < satang <= SATANG_MAX:
        raise BadAmount(amount_satang=satang)
    baht, rest = divmod(satang, 100)
    return f"{baht}.{rest:02d}"


def _proxy(kind: str, identifier: str) -> str:
    """Return the number as PromptPay wants it, or refuse what can't be anyone's."""
    if kind == "phone":
        national = payment_ids.mobile(identifier)
        if national is None:
            raise NotAMobileNumber
        return f"0066{national[1:]}"
    if kind == "id":
        digits = payment_ids.bare(identifier)
        if not is_thai_id(digits):
            raise NotANationalId
        return digits
    wallet = payment_ids.ewallet(identifier)
    if wallet is None:
        raise NotAnEWallet
    return wallet
