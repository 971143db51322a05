"""What a sale was flagged for, in words: on its page, in the day's list, and in its file."""

from __future__ import annotations

from flask_babel import gettext as _


def in_words(flag: str) -> str:
    """Return the sentence of a flag; «oversold:2» is the flag and the line it stands on."""
    name, _colon, line = flag.partition(":")
    words = {
        "oversold": _("Sold more than was on the shelf: line %(line)s", line=line),
        "price-changed": _(
            "Sold at the price told at the counter, which had changed meanwhile: line %(line)s",
            line=line,
        ),
        "not-for-sale": _("Sold, though no longer on sale when it came: line %(line)s", line=line),
        "offer-over": _("Sold by a promotion that was over when it came: line %(line)s", line=line),
        "fund-short": _(
            "The fund no longer held this discount, so the centre bears it: line %(line)s",
            line=line,
        ),
        "late": _(
            "This came after its shift was counted. Its cash was in that count, so it is taken out"
            " of over and short."
        ),
        "clock-skew": _("The till's clock differs from the server's by more than ten minutes"),
        "discount-above-limit": _("Discount above the limit"),
        "credit-over-limit": _("The member owes more than the limit"),
        "credit-none": _("Sold on account to a member who has none"),
        "credit-suspended": _("Sold on account though the account is suspended"),
        "credit-overdue": _("Sold on account though a bill was overdue"),
        "purse-short": _("The purse didn't hold this much any more: the member owes the rest"),
        "coupon-expired": _("The coupon had expired: the centre bears it"),
        "coupon-used": _("The coupon was used up: the centre bears what it lacked"),
        "coupon-of-another": _("The coupon is made out to another member"),
        "goods-not-covered": _("Paid by a scheme or coupon that doesn't pay for all these goods"),
        "scheme-closed": _("Paid by a scheme that is no longer taken"),
        "scheme-above-limit": _("A scheme paid more than it pays on a bill"),
    }
    return words.get(name, flag)
