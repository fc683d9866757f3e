"""An employee's data for the personnel department. All parts are optional, and each is declared once: in `StaffRecord`."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from aggregates.federal_dictionaries import POSITIONS, SPECIALITIES, TITLES
from aggregates.fields import COMMENT, DIGITS, FLAG, REFERENCE, Field, Kind, fields_of, of
from aggregates.people.person import BIRTH_DATE, MOST_NUMBER, PAPER_DATE, SNILS, number_of_paper
from aggregates.phones import phone
from aggregates.requisites import INN, inn
from aggregates.values import Scalar, WrongValue, text

_INTERNAL_NUMBER = re.compile(r"[0-9]{1,6}")
_PASSPORT = re.compile(r"[0-9]{10}")
MOST_PHONES = 5


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


PERSONS_INN = Kind(type="inn", check=_persons_inn, limit=INN.limit)
PASSPORT = Kind(type="paper_number", check=_passport, limit=MOST_NUMBER)
PHONES = Kind(type="phones", check=_phones, limit=200)
INTERNAL_NUMBER = Kind(type="digits", check=_internal_number, limit=6)


class StaffRecord(msgspec.Struct, frozen=True):
    """References are ids of catalogue entries; other parts are in their stored form."""

    position_id: Annotated[UUID | None, of("Должность", REFERENCE, refers="position")] = None
    position_code: Annotated[str, of("Идентификатор должности", DIGITS, dictionary=POSITIONS)] = ""
    speciality_code: Annotated[str, of("Идентификатор специальности", DIGITS, dictionary=SPECIALITIES)] = ""
    snils: Annotated[str, of("СНИЛС", SNILS)] = ""
    inn: Annotated[str, of("ИНН", PERSONS_INN)] = ""
    birth_date: Annotated[str, of("Дата рождения", BIRTH_DATE)] = ""
    """Perhaps partial, see `person.birth_date`."""
    passport_number: Annotated[str, of("Паспорт: серия и номер", PASSPORT)] = ""
    passport_issued_on: Annotated[str, of("Паспорт: дата выдачи", PAPER_DATE)] = ""
    passport_issued_by: Annotated[str, of("Паспорт: кем выдан", limit=300)] = ""
    other_phones: Annotated[str, of("Дополнительные телефоны", PHONES)] = ""
    """Further phones, separated by ", "."""
    internal_number: Annotated[str, of("Внутренний номер", INTERNAL_NUMBER)] = ""
    """Extension of the office phone; unique among active employees."""
    show_calls: Annotated[bool, of("Показывать входящие звонки", FLAG)] = False
    """Whether incoming calls are shown to the employee."""
    warehouse_id: Annotated[UUID | None, of("Склад", REFERENCE, refers="warehouse")] = None
    """Where they take materials from: before the warehouse of the settings, what their visits write off leaves it."""
    comment: Annotated[str, of("Комментарий", COMMENT)] = ""

    def fields(self) -> dict[str, Scalar]:
        """The parts as fields of a card, references as texts."""
        parts = {name: getattr(self, name) for name in STAFF_FIELDS}
        return {name: str(value) if isinstance(value, UUID) else value for name, value in parts.items()}


STAFF_FIELDS = fields_of(StaffRecord)
NOTHING_KNOWN = StaffRecord()
CODES = {field.name: field.dictionary for field in STAFF_FIELDS.values() if field.dictionary}
"""Field → OID of the federal dictionary of its codes."""


def code_refused(field: str, code: str, *, outdated: bool) -> WrongValue:
    """The refusal of a code: its dictionary doesn't have it, or it is outdated."""
    reason = f"Код {code} больше не действует" if outdated else f"Кода {code} нет"
    return WrongValue(field, f"{reason} в справочнике «{TITLES[CODES[field]]}». Выберите значение из списка.")


def record_of(fields: Mapping[str, Scalar]) -> StaffRecord:
    """The record from a card's checked fields."""
    return msgspec.convert({name: fields[name] for name in STAFF_FIELDS}, StaffRecord)
