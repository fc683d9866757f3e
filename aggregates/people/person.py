"""What identifies a person: name, e-mail, a partial birth date, СНИЛС, papers. Each has one stored form."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from aggregates.fields import Field, Kind
from aggregates.values import HYPHENS, WrongValue, text

NAME_LIMIT = 100
MOST_EMAIL, MOST_NUMBER, MOST_DATE = 254, 40, len("1999-01-15")
"""Most characters of an e-mail, a paper's number, a date as typed."""
Sex = Literal["", "male", "female"]
SEX_LABELS: dict[Sex, str] = {"": "не указан", "male": "мужской", "female": "женский"}

_SEPARATORS = re.compile(rf"[{HYPHENS}\s().]")
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]+@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
_BIRTH = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?|--(?P<month2>[0-9]{2})-(?P<day2>[0-9]{2})"
)
EARLIEST_BIRTH = 1890


class PersonName(msgspec.Struct, frozen=True):
    """Family name, given name, patronymic; at least one isn't empty."""

    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""

    @property
    def full(self) -> str:
        """Such as Иванов Пётр Сергеевич."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)

    @property
    def short(self) -> str:
        """Such as Иванов П. С.; the full form if there is no family name."""
        if not self.family_name:
            return self.full
        return " ".join([self.family_name, *(f"{part[0]}." for part in (self.given_name, self.patronymic) if part)])

    @staticmethod
    def of(card: Mapping[str, Any]) -> "PersonName":
        """The name of a checked card."""
        return PersonName(*(str(card[part]) for part in PersonName.__struct_fields__))

    def fields(self) -> dict[str, str]:
        return {"family_name": self.family_name, "given_name": self.given_name, "patronymic": self.patronymic}


def require_name(card: Mapping[str, Any]) -> None:
    """Raise WrongValue for a card without any part of a name."""
    if not any(card[part] for part in PersonName.__struct_fields__):
        raise WrongValue("family_name", "Укажите фамилию, имя или отчество – хотя бы одно.")


def name_part(field: str, value: object) -> str:
    """One part of a name, or "": NFC, single spaces."""
    return " ".join(text(field, value, limit=NAME_LIMIT).split())


def email(field: str, value: object, *, required: bool = False) -> str:
    """An e-mail address in lower case, or "" where it isn't required."""
    written = text(field, value, limit=MOST_EMAIL, required=required).lower()
    if written and _EMAIL.fullmatch(written) is None:
        raise WrongValue(field, "Проверьте адрес электронной почты, например anna@klinika.ru.")
    return written


def birth_date(field: str, value: object, today: date) -> str:
    """A birth date, perhaps partial: "", "1999", "1999-01", "1999-01-15" or "--01-15"; not after `today`."""
    written = text(field, value, limit=MOST_NUMBER)
    if not written:
        return ""
    match = _BIRTH.fullmatch(written)
    if match is None:
        raise WrongValue(field, "Дата рождения записывается как 1999, 1999-01, 1999-01-15 или --01-15 (без года).")
    year = int(match["year"]) if match["year"] else None
    month, day = match["month"] or match["month2"], match["day"] or match["day2"]
    # without a year, February 29 is valid: check against a leap year
    right = month is None or (1 <= int(month) <= 12 and (day is None or 1 <= int(day) <= monthrange(year or 2000, int(month))[1]))
    if not right or (year is not None and year < EARLIEST_BIRTH):
        raise WrongValue(field, "Такой даты рождения не бывает. Проверьте год, месяц и день.")
    if year is not None and (year, int(month or 0), int(day or 0)) > (today.year, today.month, today.day):
        raise WrongValue(field, "Дата рождения не может быть в будущем.")
    return written


def date_of_paper(field: str, value: object, today: date) -> str:
    """The day on which a paper was issued as "1999-01-15", or ""; not after `today`."""
    written = text(field, value, limit=MOST_NUMBER)
    if written and (len(written) != len("1999-01-15") or written.startswith("-")):
        raise WrongValue(field, "Укажите день, месяц и год выдачи.")
    try:
        return birth_date(field, written, today)
    except WrongValue:
        raise WrongValue(field, "Такой даты выдачи не бывает. Проверьте день, месяц и год.") from None


def number_of_paper(field: str, value: object) -> str:
    """A series or number of a paper, or "". Spaces and hyphens between digits are removed."""
    written = " ".join(text(field, value, limit=MOST_NUMBER).upper().split())
    bare = _SEPARATORS.sub("", written)
    return bare if bare.isdecimal() else written


def snils(field: str, value: object) -> str:
    """A СНИЛС as eleven digits, or ""; the last two are checked."""
    written = text(field, value, limit=MOST_NUMBER)
    if not written:
        return ""
    digits = _SEPARATORS.sub("", written)
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 11):
        raise WrongValue(field, "В СНИЛС 11 цифр, например 112-233-445 95.")
    if digits[:9] == "000000000" or (digits[:9] > _LAST_UNCHECKED and int(digits[9:]) != check_number(digits[:9])):
        raise WrongValue(field, "СНИЛС записан с ошибкой: контрольное число не сходится. Сверьте его с документом.")
    return digits


_LAST_UNCHECKED = "001001998"
"""Numbers up to this one were issued without a check number."""


def check_number(nine: str) -> int:
    """The check number of a СНИЛС: digits weighted 9 … 1, modulo 101, of which 100 is written as 00."""
    return sum(int(digit) * weight for digit, weight in zip(nine, range(9, 0, -1), strict=True)) % 101 % 100


NAME_PART = Kind(type="text", check=lambda field, value, _: name_part(field.name, value), limit=NAME_LIMIT)
EMAIL = Kind(type="email", check=lambda field, value, _: email(field.name, value), limit=MOST_EMAIL)
BIRTH_DATE = Kind(type="birth_date", check=lambda field, value, today: birth_date(field.name, value, today), limit=MOST_DATE)
PAPER_DATE = Kind(type="paper_date", check=lambda field, value, today: date_of_paper(field.name, value, today), limit=MOST_DATE)
PAPER_NUMBER = Kind(type="paper_number", check=lambda field, value, _: number_of_paper(field.name, value), limit=MOST_NUMBER)
SNILS = Kind(type="snils", check=lambda field, value, _: snils(field.name, value), limit=MOST_NUMBER)

NAME_FIELDS = (
    Field(name="family_name", label="Фамилия", kind=NAME_PART),
    Field(name="given_name", label="Имя", kind=NAME_PART),
    Field(name="patronymic", label="Отчество", kind=NAME_PART),
)
