"""Numbers that money is sent to: PromptPay and Thai bank accounts.

What must stay true: only a number that can be someone's is ever accepted; it is kept as ASCII
digits alone. Pure.
"""

from __future__ import annotations

import re

from core.identity import is_thai_id
from core.text import ascii_digits

BANKS: dict[str, tuple[str, str]] = {
    "002": ("กรุงเทพ", "Bangkok Bank"),
    "004": ("กสิกรไทย", "Kasikornbank"),
    "006": ("กรุงไทย", "Krungthai Bank"),
    "011": ("ทหารไทยธนชาต", "TMBThanachart Bank"),
    "014": ("ไทยพาณิชย์", "Siam Commercial Bank"),
    "022": ("ซีไอเอ็มบี ไทย", "CIMB Thai Bank"),
    "024": ("ยูโอบี", "United Overseas Bank (Thai)"),
    "025": ("กรุงศรีอยุธยา", "Bank of Ayudhya"),
    "030": ("ออมสิน", "Government Savings Bank"),
    "033": ("อาคารสงเคราะห์", "Government Housing Bank"),
    "034": ("ธ.ก.ส.", "Bank for Agriculture (BAAC)"),
    "066": ("อิสลามแห่งประเทศไทย", "Islamic Bank of Thailand"),
    "067": ("ทิสโก้", "TISCO Bank"),
    "069": ("เกียรตินาคินภัทร", "Kiatnakin Phatra Bank"),
    "073": ("แลนด์ แอนด์ เฮ้าส์", "Land and Houses Bank"),
}
"""The Bank of Thailand's code of a bank → its name in Thai and in English."""

_SEPARATORS = re.compile(r"[\s().-]")
_MOBILE = re.compile(r"0[689][0-9]{8}")
_EWALLET = re.compile(r"[0-9]{15}")
_ACCOUNT = re.compile(r"[0-9]{10,15}")


def bare(text: str) -> str:
    """Drop separators people write; anything else stays, to be refused by its rule."""
    return _SEPARATORS.sub("", ascii_digits(text))


def mobile(text: str) -> str | None:
    """Return a Thai mobile number as ten digits (+66 81… too), or None when it is none."""
    national = re.sub(r"^(?:\+|00)?66(?=[0-9]{9}$)", "0", bare(text))
    return national if _MOBILE.fullmatch(national) else None


def ewallet(text: str) -> str | None:
    """Return the fifteen digits of an e-wallet, or None."""
    digits = bare(text)
    return digits if _EWALLET.fullmatch(digits) else None


def promptpay(text: str) -> str | None:
    """Return a PromptPay id of any kind (mobile, national or tax id, e-wallet), or None."""
    digits = bare(text)
    return mobile(text) or (digits if is_thai_id(digits) else None) or ewallet(text)


def bank_account(text: str) -> str | None:
    """Return the digits of a bank account, or None when there are too few or too many."""
    digits = bare(text)
    return digits if _ACCOUNT.fullmatch(digits) else None
