"""Schemas and fields for every edge: strict, bounded, and kind to Thai typing.

What must stay true: nothing unknown, unbounded or of a wrong type passes; whole numbers are never
floats; text is stored in its one spelling; Thai digits are read as the digits they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import marshmallow as ma

from core.dates import NotADate, parse_date
from core.errors import N_
from core.money import SATANG_MAX
from core.quantity import MILLI, QUANTITY_MAX
from core.text import ascii_digits, normalise
from core.web.words import Words

NUMBER_MAX = 2**53 - 1
"""The largest whole number a script reads exactly."""
ITEMS_MAX = 500
_YES, _NO = frozenset({"true", "1", "on"}), frozenset({"false", "0", ""})

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"(-?)([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{0,6}))?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_NEEDED = N_("This is needed")
_EMPTY = N_("This may not be empty")
_UNKNOWN = N_("This field is not known")
_NOT_AN_OBJECT = N_("This must be an object")
_NOT_A_LIST = N_("This must be a list")
_NOT_A_NUMBER = N_("Write a whole number")
_NOT_A_PERCENT = N_("Write a percentage, for example 80 or 7.5")
_NOT_AN_AMOUNT = N_("Write an amount, for example 1,234.50")
_NOT_A_QUANTITY = N_("Write a quantity, for example 1.5")
_TOO_SMALL = N_("This must be at least %(minimum)s")
_TOO_LARGE = N_("This must be at most %(maximum)s")
_TOO_SMALL_BAHT = N_("This must be at least %(minimum_satang)s baht")
_TOO_LARGE_BAHT = N_("This must be at most %(maximum_satang)s baht")
_TOO_SMALL_QUANTITY = N_("This must be at least %(minimum_milli)s")
_TOO_LARGE_QUANTITY = N_("This must be at most %(maximum_milli)s")
_NOT_TEXT = N_("Write text")
_TOO_LONG = N_("Write at most %(maximum)s characters")
_TOO_SHORT = N_("Write at least %(minimum)s characters")
_BAD_CHARACTER = N_("This has characters that can't be kept")
_NOT_AN_ID = N_("This is not an id")
_NOT_A_DATE = N_("Write day, month and year, for example 9 Oct 2025 or 09/10/2568.")
_NOT_A_MOMENT = N_("Write date and time with a time zone, for example 2025-10-09T02:15:00Z")
_NOT_A_CHOICE = N_("Choose one of the offered values")
_NOT_YES_NO = N_("This must be true or false")
_TOO_MANY = N_("At most %(maximum)s rows fit here")
_TOO_FEW = N_("At least %(minimum)s rows are needed")
_WRONG_FORM = N_("This is not written in the right form")


def _messages(**own: str) -> dict[str, str | list[Any] | dict[Any, Any]]:
    return {"required": _NEEDED, "null": _EMPTY, "validator_failed": _WRONG_FORM, **own}


def refuse(msgid: str, *, at: str = "_schema", **facts: Any) -> ma.ValidationError:
    """Return the error of one value; its sentence is translated when it leaves.

    A check over several fields belongs into `@ma.validates_schema` (it only runs when each field is
    right by itself) and says `at` which field it stands.
    """
    return ma.ValidationError([Words(msgid, **facts)], field_name=at)


class Schema(ma.Schema):
    """The base of all schemas: an unknown field is an error, not a shrug."""

    error_messages = dict(unknown=_UNKNOWN, type=_NOT_AN_OBJECT)  # noqa: C408, RUF012

    class Meta:
        unknown = ma.RAISE


# --- whole numbers ---------------------------------------------------------------------------


class IntegerField(ma.fields.Integer):
    """A whole number between two limits: 12, "12" or "๑๒"; never 12.0, true or 1e3."""

    default_error_messages = _messages(invalid=_NOT_A_NUMBER)
    too_small, too_large, unit = _TOO_SMALL, _TOO_LARGE, ""

    def __init__(self, minimum: int = 0, maximum: int = NUMBER_MAX, **options: Any) -> None:
        super().__init__(**_described(options, minimum=minimum, maximum=maximum))
        self.minimum, self.maximum = minimum, maximum

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = self._read(value)
        if number < self.minimum:
            low: dict[str, Any] = {"minimum" + self.unit: self.minimum}
            raise refuse(self.too_small, **low)
        if number > self.maximum:
            high: dict[str, Any] = {"maximum" + self.unit: self.maximum}
            raise refuse(self.too_large, **high)
        return number

    def _read(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and len(value) <= 40:
            digits = ascii_digits(value).strip()
            if _WHOLE.fullmatch(digits):
                return int(digits)
        raise refuse(_NOT_A_NUMBER)


class SatangField(IntegerField):
    """An amount in satang, 0 to a billion baht unless told otherwise."""

    too_small, too_large, unit = _TOO_SMALL_BAHT, _TOO_LARGE_BAHT, "_satang"

    def __init__(self, minimum: int = 0, maximum: int = SATANG_MAX, **options: Any) -> None:
        super().__init__(minimum, maximum, **options)


class MilliField(IntegerField):
    """A quantity in thousandths, above zero unless told otherwise."""

    too_small, too_large, unit = _TOO_SMALL_QUANTITY, _TOO_LARGE_QUANTITY, "_milli"

    def __init__(self, minimum: int = 1, maximum: int = QUANTITY_MAX, **options: Any) -> None:
        super().__init__(minimum, maximum, **options)


class BahtField(SatangField):
    """An amount typed into a form, "1,234.50" or "๑๒.๒๕", read as satang."""

    def _read(self, value: Any) -> int:
        return _scaled(value, 100, _NOT_AN_AMOUNT)


class QuantityField(MilliField):
    """A quantity typed into a form, "1.5" or "0.237", read as thousandths."""

    def _read(self, value: Any) -> int:
        return _scaled(value, MILLI, _NOT_A_QUANTITY)


def _scaled(value: Any, scale: int, msgid: str) -> int:
    """Read a decimal exactly; more places than `scale` holds are refused, not rounded."""
    text = ascii_digits(value).strip() if isinstance(value, str) and len(value) <= 40 else ""
    found = _DECIMAL.fullmatch(text)
    if not found:
        raise refuse(msgid)
    sign, whole, part = found[1], found[2].replace(",", ""), (found[3] or "").rstrip("0")
    places = len(str(scale)) - 1
    if len(part) > places:
        raise refuse(msgid)
    number = int(whole) * scale + int(part.ljust(places, "0"))
    return -number if sign else number


class PercentField(IntegerField):
    """A percentage typed into a form, "80" or "7.5", read as basis points.

    With `places` 4 it is read as millionths: "77.292" is 772,920.
    """

    too_large = N_("This must be at most 100 percent")

    def __init__(self, places: int = 2, **options: Any) -> None:
        self.scale = 10**places
        super().__init__(0, 100 * self.scale, **options)

    def _read(self, value: Any) -> int:
        return _scaled(value, self.scale, _NOT_A_PERCENT)


# --- text ------------------------------------------------------------------------------------


class TextField(ma.fields.String):
    """Text in its one spelling, up to `longest` characters; no control characters.

    A required text may not be blank. `lines` keeps line ends; `digits` turns ๐-๙ into 0-9 (numbers
    that are text: phones, register numbers); `verbatim` keeps all as it was typed (passwords).
    """

    default_error_messages = _messages(invalid=_NOT_TEXT)

    def __init__(
        self,
        longest: int,
        *,
        shortest: int = 0,
        pattern: str | None = None,
        lines: bool = False,
        digits: bool = False,
        verbatim: bool = False,
        **options: Any,
    ) -> None:
        shortest = max(shortest, 1) if options.get("required") else shortest
        documented: dict[str, Any] = {"maxLength": longest}
        documented |= {"minLength": shortest} if shortest else {}
        documented |= {"pattern": f"^(?:{pattern})$"} if pattern else {}
        super().__init__(**_described(options, **documented))
        self.longest, self.shortest = longest, shortest
        self.lines, self.digits, self.verbatim = lines, digits, verbatim
        self.pattern = re.compile(pattern) if pattern else None

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise refuse(_NOT_TEXT)
        # Before any work on it: normalising takes time by length.
        if len(value) > self.longest * 4 + 100:
            raise refuse(_TOO_LONG, maximum=self.longest)
        _refuse_unkeepable(value)
        text = self._spelt(value)
        if len(text) > self.longest:
            raise refuse(_TOO_LONG, maximum=self.longest)
        if len(text) < self.shortest:
            raise refuse(_EMPTY if not text else _TOO_SHORT, minimum=self.shortest)
        if self.pattern and text and not self.pattern.fullmatch(text):
            raise refuse(_WRONG_FORM)
        return text

    def _spelt(self, value: str) -> str:
        if self.verbatim:
            return value
        if self.lines:
            return "\n".join(normalise(line) for line in value.splitlines()).strip("\n")
        return ascii_digits(normalise(value)) if self.digits else normalise(value)


def _refuse_unkeepable(value: str) -> None:
    for char in value:
        category = unicodedata.category(char)
        if (category == "Cc" and char not in "\t\n\r") or category == "Cs" or char == "\ufffd":
            raise refuse(_BAD_CHARACTER)


class OneOf(TextField):
    """One of a list of words."""

    def __init__(self, choices: Iterable[str], **options: Any) -> None:
        self.choices = tuple(choices)
        options["metadata"] = {**options.get("metadata", {}), "enum": list(self.choices)}
        super().__init__(max(map(len, self.choices)), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise refuse(_NOT_A_CHOICE)
        return value


# --- ids, days, moments, lists ---------------------------------------------------------------


class UuidField(ma.fields.UUID):
    """An id in its one written form."""

    default_error_messages = _messages(invalid_uuid=_NOT_AN_ID)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID:
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise refuse(_NOT_AN_ID)
        return UUID(value)


class DateField(ma.fields.Date):
    """A day in either era, as people or programs write it; sent out as YYYY-MM-DD."""

    default_error_messages = _messages(invalid=_NOT_A_DATE)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str):
            raise refuse(_NOT_A_DATE)
        try:
            return parse_date(value)
        except NotADate:
            raise refuse(_NOT_A_DATE) from None


class MomentField(ma.fields.DateTime):
    """A moment with its time zone (RFC 3339); sent out in UTC."""

    default_error_messages = _messages(invalid=_NOT_A_MOMENT)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
            if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2200:
                raise ValueError(value)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise refuse(_NOT_A_MOMENT) from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        return str(value.astimezone(UTC).isoformat()).replace("+00:00", "Z")


class BooleanField(ma.fields.Boolean):
    """true or false; a ticked box of a form ("1") is true."""

    default_error_messages = _messages(invalid=_NOT_YES_NO)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in _YES | _NO:
            return value in _YES
        raise refuse(_NOT_YES_NO)


class ListField(ma.fields.List[Any]):
    """A list with a limit; the limit is checked before any of its items is read."""

    default_error_messages = _messages(invalid=_NOT_A_LIST)

    def __init__(
        self,
        inner: ma.fields.Field[Any] | type[ma.fields.Field[Any]],
        *,
        fewest: int = 0,
        most: int = ITEMS_MAX,
        **options: Any,
    ) -> None:
        super().__init__(inner, **_described(options, minItems=fewest, maxItems=most))
        self.fewest, self.most = fewest, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            if len(value) > self.most:
                raise refuse(_TOO_MANY, maximum=self.most)
            if len(value) < self.fewest:
                raise refuse(_TOO_FEW, minimum=self.fewest)
        return super()._deserialize(value, attr, data, **kwargs)


class NestedField(ma.fields.Nested):
    """An object inside an object."""

    default_error_messages = _messages(type=_NOT_AN_OBJECT)


def _described(options: Mapping[str, Any], **documented: Any) -> dict[str, Any]:
    """Put the limits of a field into the OpenAPI document."""
    return {**options, "metadata": {**documented, **options.get("metadata", {})}}
