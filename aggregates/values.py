"""What fields hold: checked texts, their changes, and the refusal of a wrong value."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from aggregates.kernel import DomainError

T = TypeVar("T")
Scalar = str | int | bool | None


class FieldChange(msgspec.Struct, frozen=True):
    """One field's old and new value. Money is its decimal text."""

    field: str
    old: Scalar
    new: Scalar


class Change(msgspec.Struct, Generic[T], frozen=True):
    """Old and new value of something larger than a scalar."""

    old: T
    new: T


class WrongValue(DomainError):
    """A field holds what it can't: facts `field`, `reason` (a Russian sentence)."""

    code: ClassVar[str] = "wrong_value"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field=field, reason=reason)

    @property
    def sentence(self) -> str:
        return str(self.facts["reason"])


def field_changes(old: Mapping[str, Scalar], new: Mapping[str, Scalar]) -> tuple[FieldChange, ...]:
    """The fields of `new` that differ from `old`, in the order of `new`."""
    return tuple(FieldChange(field, old[field], value) for field, value in new.items() if old[field] != value)


def only_known(fields: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a field that the card doesn't have."""
    allowed = frozenset(known)
    for field in fields:
        if field not in allowed:
            raise WrongValue(field, f"Поля «{field}» нет в карточке.")


_UNSEEN = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u206f\ufeff]")
_JOINERS = "\u200c\u200d"
"""Kept between what they join, such as the parts of an emoji."""


def seen(written: str) -> str:
    """A text without what is pasted along and can't be seen: spaces of no width, soft hyphens, marks of direction. It would
    make two of one name, and be neither found nor missed.
    """
    return written if written.isascii() else _UNSEEN.sub("", written).strip(_JOINERS)


def text(field: str, value: object, *, limit: int, required: bool = False, lines: bool = False) -> str:
    """Text in one form: NFC, trimmed, printable, without what can't be seen. `lines` allows line breaks and tabs."""
    if not isinstance(value, str):
        raise WrongValue(field, "Здесь нужен текст.")
    # most fields of most cards are empty, and most texts hold nothing but what can be printed
    if value and not value.isprintable():
        value = seen(value.replace("\r\n", "\n"))
    result = unicodedata.normalize("NFC", value).strip() if value else ""
    for character in () if result.isprintable() else result:
        if unicodedata.category(character) in {"Cc", "Cs"} and not (lines and character in "\n\t"):
            raise WrongValue(field, "В тексте есть недопустимый символ. Уберите его и сохраните снова.")
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


MOST_MONEY = Decimal("99999999.99")
KOPECK = Decimal("0.01")


def money(field: str, value: object) -> Decimal:
    """Rubles with kopecks, from 0: a Decimal of two places; texts and whole numbers are taken, floats never."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise WrongValue(field, "Укажите сумму в рублях, например 1500,00.")
    try:
        amount = Decimal(_unspaced(value) if isinstance(value, str) else value)
    except InvalidOperation:
        raise WrongValue(field, "Укажите сумму в рублях, например 1500,00.") from None
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY or amount != amount.quantize(KOPECK):
        raise WrongValue(field, "Сумма должна быть от 0 до 99 999 999,99 рубля, не точнее копейки.")
    return amount.quantize(KOPECK)


MOST_FACTOR = Decimal(1_000_000)


def factor(field: str, value: object) -> str:
    """A positive number of up to six places as its decimal text: how many of something."""
    reason = "Укажите число больше нуля, например 10 или 0,5."
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise WrongValue(field, reason)
    try:
        number = Decimal(_unspaced(value) if isinstance(value, str) else value)
    except InvalidOperation:
        raise WrongValue(field, reason) from None
    if not number.is_finite() or not 0 < number <= MOST_FACTOR or number != round(number, 6):
        raise WrongValue(field, reason)
    return f"{number.normalize():f}"


def _unspaced(number: str) -> str:
    """A number as people write it, 1 500,50 with whatever kind of space, for Decimal."""
    return "".join(number.split()).replace(",", ".")


def one_of(field: str, value: object, allowed: Iterable[Scalar]) -> Scalar:
    choices = tuple(allowed)
    for choice in choices:
        if choice == value and type(choice) is type(value):
            return choice
    raise WrongValue(field, "Такого значения нет в списке. Выберите одно из предложенных.")


def reference(field: str, value: object) -> str | None:
    """The id of something as text, or None."""
    if value is None or value == "":
        return None
    try:
        return str(value if isinstance(value, UUID) else UUID(str(value)))
    except ValueError:
        raise WrongValue(field, "Выберите значение из справочника.") from None
