"""An employee's data for the personnel department. All parts are optional."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

from aggregates.federal_dictionaries import POSITIONS, SPECIALITIES, TITLES
from aggregates.fields import COMMENT, DIGITS, FLAG, REFERENCE, Field, Kind
from aggregates.people.person import BIRTH_DATE, MOST_NUMBER, PAPER_DATE, SNILS, number_of_paper
from aggregates.phones import phone
from aggregates.requisites import INN, inn
from aggregates.values import Scalar, WrongValue, text

_INTERNAL_NUMBER = re.compile(r"[0-9]{1,6}")
_PASSPORT = re.compile(r"[0-9]{10}")
MOST_PHONES = 5


class StaffRecord(msgspec.Struct, frozen=True):
    """References are ids of catalogue entries; other parts are in their stored form."""

    position_id: UUID | None = None
    position_code: str = ""
    """Codes of position and speciality in the federal dictionaries."""
    speciality_code: str = ""
    snils: str = ""
    inn: str = ""
    birth_date: str = ""
    """Perhaps partial, see `person.birth_date`."""
    passport_number: str = ""
    passport_issued_on: str = ""
    passport_issued_by: str = ""
    other_phones: str = ""
    """Further phones, separated by ", "."""
    internal_number: str = ""
    """Extension of the office phone; unique among active employees."""
    show_calls: bool = False
    """Whether incoming calls are shown to the employee."""
    warehouse_id: UUID | None = None
    """Where they take materials from."""
    comment: str = ""

    def fields(self) -> dict[str, Scalar]:
        """The parts as fields of a card, references as texts."""
        parts = msgspec.structs.asdict(self)
        return {name: str(value) if isinstance(value, UUID) else value for name, value in parts.items()}


NOTHING_KNOWN = StaffRecord()


def code_refused(field: str, code: str, *, outdated: bool) -> WrongValue:
    """The refusal of a code: its dictionary doesn't have it, or it is outdated."""
    reason = f"Код {code} больше не действует" if outdated else f"Кода {code} нет"
    return WrongValue(field, f"{reason} в справочнике «{TITLES[CODES[field]]}». Выберите значение из списка.")


def record_of(fields: Mapping[str, Scalar]) -> StaffRecord:
    """The record from a card's checked fields."""
    return msgspec.convert({name: fields[name] for name in StaffRecord.__struct_fields__}, StaffRecord)


def _persons_inn(field: Field, value: object, _: date) -> Scalar:
    written = inn(field.name, value)
    if len(written) == 10:
        raise WrongValue(field.name, "В ИНН человека 12 цифр, из 10 бывает только у организации.")
    return written


def _passport(field: Field, value: object, _: date) -> Scalar:
    written = number_of_paper(field.name, value)
    if written and _PASSPORT.fullmatch(written) is None:
        raise WrongValue(field.name, "В серии и номере паспорта 10 цифр, например 45 12 345678.")
    return written


def _phones(field: Field, value: object, _: date) -> Scalar:
    numbers = [part for part in text(field.name, value, limit=field.longest).split(",") if part.strip()]
    if len(numbers) > MOST_PHONES:
        raise WrongValue(field.name, f"Дополнительных телефонов не больше {MOST_PHONES}.")
    return ", ".join(dict.fromkeys(phone(field.name, number) for number in numbers))


def _internal_number(field: Field, value: object, _: date) -> Scalar:
    written = text(field.name, value, limit=20)
    if written and _INTERNAL_NUMBER.fullmatch(written) is None:
        raise WrongValue(field.name, "Внутренний номер – от 1 до 6 цифр, например 101.")
    return written


STAFF_FIELDS = (
    Field(name="position_id", label="Должность", kind=REFERENCE, refers="position"),
    Field(name="position_code", label="Идентификатор должности", kind=DIGITS, dictionary=POSITIONS),
    Field(name="speciality_code", label="Идентификатор специальности", kind=DIGITS, dictionary=SPECIALITIES),
    Field(name="snils", label="СНИЛС", kind=SNILS),
    Field(name="inn", label="ИНН", kind=Kind(type="inn", check=_persons_inn, limit=INN.limit)),
    Field(name="birth_date", label="Дата рождения", kind=BIRTH_DATE),
    Field(
        name="passport_number",
        label="Паспорт: серия и номер",
        kind=Kind(type="paper_number", check=_passport, limit=MOST_NUMBER),
    ),
    Field(name="passport_issued_on", label="Паспорт: дата выдачи", kind=PAPER_DATE),
    Field(name="passport_issued_by", label="Паспорт: кем выдан", limit=300),
    Field(name="other_phones", label="Дополнительные телефоны", kind=Kind(type="phones", check=_phones, limit=200)),
    Field(name="internal_number", label="Внутренний номер", kind=Kind(type="digits", check=_internal_number, limit=6)),
    Field(name="show_calls", label="Показывать входящие звонки", kind=FLAG),
    Field(name="warehouse_id", label="Склад", kind=REFERENCE, refers="warehouse"),
    Field(name="comment", label="Комментарий", kind=COMMENT),
)
"""The fields of `StaffRecord`."""
CODES = {field.name: field.dictionary for field in STAFF_FIELDS if field.dictionary}
"""Field → OID of the federal dictionary of its codes."""
