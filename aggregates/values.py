"""Values of fields: checking texts and numbers, changes, and the refusal of wrong values."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Generic, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from aggregates.kernel import DomainError

NAMESPACE_DENTA = uuid5(NAMESPACE_URL, "urn:denta")


T = TypeVar("T")
Scalar = str | int | bool | None


class FieldChange(msgspec.Struct, frozen=True):
    """One field's old and new value. Money is its decimal text."""

    field: str
    old: Scalar
    new: Scalar


class Change(msgspec.Struct, Generic[T], frozen=True):
    """Old and new value of something that isn't a scalar."""

    old: T
    new: T


def change_to(old: T, new: T | None) -> Change[T] | None:
    """The change from old to new; None if new is None or equal."""
    return None if new is None or new == old else Change(old, new)


class WrongValue(DomainError):
    """A field has a wrong value. Facts: `field`, `reason` (a Russian sentence)."""

    code: ClassVar[str] = "wrong_value"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field=field, reason=reason)

    @property
    def sentence(self) -> str:
        return str(self.facts["reason"])

    @property
    def each(self) -> "tuple[WrongValue, ...]":
        """All faults, one by one."""
        return (self,)


class WrongValues(WrongValue):
    """Several fields have wrong values. Facts: `field` and `reason` of the first; `fields`: `field` and `reason` of each."""

    def __init__(self, wrong: Sequence[WrongValue]) -> None:
        super().__init__(wrong[0].facts["field"], wrong[0].facts["reason"])
        self.facts["fields"] = [{"field": one.facts["field"], "reason": one.facts["reason"]} for one in wrong]

    @property
    def sentence(self) -> str:
        return " ".join(dict.fromkeys(one.sentence for one in self.each))

    @property
    def each(self) -> tuple[WrongValue, ...]:
        return tuple(WrongValue(one["field"], one["reason"]) for one in self.facts["fields"])


def field_changes(old: Mapping[str, Scalar], new: Mapping[str, Scalar]) -> tuple[FieldChange, ...]:
    """The fields of `new` that differ from `old`, in the order of `new`."""
    return tuple(FieldChange(field, old[field], value) for field, value in new.items() if old[field] != value)


def only_known(fields: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a field that the card doesn't have."""
    allowed = frozenset(known)
    for field in fields:
        if field not in allowed:
            raise WrongValue(field, f"Поля «{field}» нет в карточке.")


HYPHENS = "-‐‑‒–—―−⁃﹘﹣－"  # noqa: RUF001
"""Characters that people paste for a hyphen; a plain one comes first, for use in a regex set."""
_ORDINARY = re.compile("[ -~А-яЁё№«»–—]*")
"""Fast path: characters that need no cleaning."""
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_WORDS_OWN = str.maketrans({"\x07": "\t", "\x1c": "\t", "\x1d": "\t", "\x1e": "-", "\u2800": " "})
"""Word's end of cell and non-breaking hyphen; the blank Braille pattern."""
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters that draw nothing: Hangul fillers, the blank Braille pattern."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # widths, hyphens, directions
    "\u034f\u17b4\u17b5\u115f\u1160\u3164\uffa0\ufff0-\ufffc"  # joiners of glyphs, fillers, notes between the lines
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # shorthand, music, tags
    "\x00-\x06\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # control characters that mean nothing in a text
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "\ufdd0-\ufdef]"  # noncharacters, which Excel files can't contain
)
_JOINERS = "\u200c\u200d"
_OF_OTHERS = re.compile(
    "[\u200c\u200d]+(?=[0-9A-Za-z\u0400-\u04ff]|$)|(?<=[0-9A-Za-z\u0400-\u04ff])[\u200c\u200d]+|(?<=[A-Za-z\u0400-\u04ff])[\ufe00-\ufe0f]+"
)
"""Joiners and variation selectors next to Latin or Cyrillic letters; emoji and other scripts need them."""
_MOST_MARKS = 4
"""Combining marks on one letter; no language in use here has more."""


def strip_invisible(written: str) -> str:
    """A text without characters that nobody sees and that get pasted by accident: zero-width spaces, soft hyphens, direction
    marks, meaningless control characters. With them one name would become two that look the same.
    """
    if _ORDINARY.fullmatch(written):
        return written
    return _OF_OTHERS.sub("", _UNSEEN.sub("", written.translate(_WORDS_OWN))).strip(_JOINERS)


def cleaned(written: str, *, lines: bool = False) -> str:
    """A text in one form: NFC, trimmed, without invisible characters and surplus combining marks.

    Any line or page break becomes a newline; without `lines`, newlines and tabs become spaces.
    """
    if _ORDINARY.fullmatch(written):
        return written.strip()
    written = strip_invisible(_BREAKS.sub("\n", written))
    if not lines:
        written = written.replace("\n", " ").replace("\t", " ")
    return _unpiled(unicodedata.normalize("NFC", written)).strip()


def without_controls(written: str) -> str:
    """A text without control characters; line and page breaks become newlines. Other invisible characters are left to the field's
    own check.
    """
    if written.isprintable():
        return written
    return _CONTROLS.sub("", _BREAKS.sub("\n", written).translate(_WORDS_OWN))


def _unpiled(written: str) -> str:
    """Without combining marks that have no base letter, and those beyond the first few of a letter."""
    if not any(unicodedata.category(character)[0] == "M" for character in written):
        return written
    characters, more = [], 0
    for character in written:
        if unicodedata.category(character)[0] != "M":
            more = 0 if character.isspace() else _MOST_MARKS
        elif more:
            more -= 1
        else:
            continue
        characters.append(character)
    return "".join(characters)


def text(field: str, value: object, *, limit: int, required: bool = False, lines: bool = False) -> str:
    """The cleaned text; `lines` allows line breaks and tabs. WrongValue, also for a text that isn't empty but invisible."""
    if not isinstance(value, str):
        raise WrongValue(field, "Здесь нужен текст.")
    result = cleaned(value, lines=lines) if value else ""
    if not _ORDINARY.fullmatch(value):
        categories = {unicodedata.category(character) for character in result}
        if "Cs" in categories:
            raise WrongValue(field, "В тексте есть недопустимый символ. Уберите его и сохраните снова.")
        unseen = any(c in _BLANK or unicodedata.category(c)[0] == "M" for c in value)
        if all(category[0] == "Z" or category in {"Cc", "Cf"} for category in categories) and (categories or unseen):
            raise WrongValue(field, "Здесь только знаки, которых не видно. Введите текст или очистите поле.")
    if len(result) > limit:
        raise WrongValue(field, f"Текст длиннее {limit} знаков. Сократите его.")
    if required and not result:
        raise WrongValue(field, "Это поле нужно заполнить.")
    return result


def flag(field: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValue(field, "Здесь нужно «да» или «нет».")
    return value


def whole(field: str, value: object, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise WrongValue(field, f"Укажите целое число от {least} до {most}.")
    return value


MOST_COMMENT = 4000
"""Characters of a comment."""
MOST_MONEY = Decimal("99999999.99")
KOPECK = Decimal("0.01")


def money(field: str, value: object) -> Decimal:
    """Rubles, from 0, as a Decimal with two places; accepts text and integers, never floats."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise WrongValue(field, "Укажите сумму в рублях, например 1500,00.")
    try:
        amount = _decimal(value)
    except InvalidOperation:
        raise WrongValue(field, "Укажите сумму в рублях, например 1500,00.") from None
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY or amount != amount.quantize(KOPECK):
        raise WrongValue(field, "Сумма должна быть от 0 до 99 999 999,99 рубля, не точнее копейки.")
    return amount.quantize(KOPECK)


MOST_FACTOR = Decimal(1_000_000)
MOST_FACTOR_WRITTEN = 20
"""Characters of a factor as typed."""


def factor(field: str, value: object) -> str:
    """A positive number with up to six decimal places, as decimal text."""
    reason = "Укажите число больше нуля, например 10 или 0,5."
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise WrongValue(field, reason)
    if isinstance(value, str):
        value = text(field, value, limit=MOST_FACTOR_WRITTEN)
    try:
        number = _decimal(value)
    except InvalidOperation:
        raise WrongValue(field, reason) from None
    if not number.is_finite() or not 0 < number <= MOST_FACTOR or number != round(number, 6):
        raise WrongValue(field, reason)
    return f"{number.normalize():f}"


MOST_QUANTITY = Decimal(1_000_000)
QUANTITY_PLACES = Decimal("0.0001")


def quantity(field: str, value: object, *, least: Decimal = QUANTITY_PLACES) -> Decimal:
    """A quantity of goods with up to four decimal places, without trailing zeros; accepts text and integers, never floats."""
    reason = f"Укажите количество {'от 0' if least == 0 else 'больше нуля'} до 1 000 000, не точнее 0,0001."
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise WrongValue(field, reason)
    try:
        number = _decimal(value)
    except InvalidOperation:
        raise WrongValue(field, reason) from None
    if not number.is_finite() or not least <= number <= MOST_QUANTITY or number != number.quantize(QUANTITY_PLACES):
        raise WrongValue(field, reason)
    return Decimal(f"{number.normalize():f}")


_DECIMAL = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:\s[0-9]{3})+)(?:[.,][0-9]+)?")


def _decimal(number: Decimal | int | str) -> Decimal:
    """Parse a number as people write it: 1 500,50, with any space between thousands. InvalidOperation."""
    if isinstance(number, str):
        if _DECIMAL.fullmatch(number.strip()) is None:
            raise InvalidOperation
        number = "".join(number.split()).replace(",", ".")
    found = Decimal(number)
    return found or abs(found)  # -0 is written as 0


def one_of(field: str, value: object, allowed: Iterable[Scalar]) -> Scalar:
    choices = tuple(allowed)
    for choice in choices:
        if choice == value and type(choice) is type(value):
            return choice
    raise WrongValue(field, "Такого значения нет в списке. Выберите одно из предложенных.")


def reference(field: str, value: object) -> str | None:
    """An id as text, or None."""
    if value is None or value == "":
        return None
    try:
        return str(value if isinstance(value, UUID) else UUID(str(value)))
    except ValueError:
        raise WrongValue(field, "Выберите значение из справочника.") from None
