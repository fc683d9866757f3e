"""What the personnel department knows of an employee beside name and contacts. Every part may be left empty."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from aggregates.federal_dictionaries import POSITIONS, SPECIALITIES, TITLES
from aggregates.people.person import birth_date, date_of_paper, number_of_paper, snils
from aggregates.phones import phone
from aggregates.requisites import inn
from aggregates.values import MOST_COMMENT, Scalar, WrongValue, flag, reference, text

_INTERNAL_NUMBER = re.compile(r"[0-9]{1,6}")
_PASSPORT = re.compile(r"[0-9]{10}")
MOST_PHONES = 5


class StaffRecord(msgspec.Struct, frozen=True):
    """References are ids of catalogue entries; other parts stand in the one form in which they are stored."""

    position_id: UUID | None = None
    position_code: str = ""
    """Identifier of the position, and of the speciality: digits of the federal dictionaries."""
    speciality_code: str = ""
    snils: str = ""
    inn: str = ""
    birth_date: str = ""
    """Known in part, as `people.birth_date` says."""
    passport_number: str = ""
    passport_issued_on: str = ""
    passport_issued_by: str = ""
    other_phones: str = ""
    """Beside the first one, divided by ", "."""
    internal_number: str = ""
    """Of the telephone at work; unique among kept employees."""
    show_calls: bool = False
    """Incoming calls are shown to them."""
    warehouse_id: UUID | None = None
    """From which they take materials."""
    comment: str = ""

    def fields(self) -> dict[str, Scalar]:
        """The parts as a card holds them, references as texts."""
        parts = msgspec.structs.asdict(self)
        return {name: str(value) if isinstance(value, UUID) else value for name, value in parts.items()}


CODES = {"position_code": POSITIONS, "speciality_code": SPECIALITIES}
"""Field → OID of the federal dictionary that its code is of, where that dictionary is loaded."""

STAFF_FIELDS = frozenset(StaffRecord.__struct_fields__)
NOTHING_KNOWN = StaffRecord()


def code_refused(field: str, code: str, *, outdated: bool) -> WrongValue:
    """Why a code isn't taken: its dictionary doesn't have it, or not any more."""
    says = f"Код {code} больше не действует" if outdated else f"Кода {code} нет"
    return WrongValue(field, f"{says} в справочнике «{TITLES[CODES[field]]}». Выберите значение из списка.")


def record_of(fields: Mapping[str, Scalar]) -> StaffRecord:
    """The record that a card's checked fields make up."""
    return msgspec.convert({name: fields[name] for name in STAFF_FIELDS}, StaffRecord)


def checked_record(card: Mapping[str, Any], today: date) -> dict[str, Scalar]:
    """The parts of the card that belong here, checked. WrongValue."""
    return {
        "position_id": reference("position_id", card["position_id"]),
        "position_code": _digits("position_code", card["position_code"]),
        "speciality_code": _digits("speciality_code", card["speciality_code"]),
        "snils": snils("snils", card["snils"]),
        "inn": _persons_inn(card["inn"]),
        "birth_date": birth_date("birth_date", card["birth_date"], today),
        "passport_number": _passport(card["passport_number"]),
        "passport_issued_on": date_of_paper("passport_issued_on", card["passport_issued_on"], today),
        "passport_issued_by": text("passport_issued_by", card["passport_issued_by"], limit=300),
        "other_phones": _phones(card["other_phones"]),
        "internal_number": _internal_number(card["internal_number"]),
        "show_calls": flag("show_calls", card["show_calls"]),
        "warehouse_id": reference("warehouse_id", card["warehouse_id"]),
        "comment": text("comment", card["comment"], limit=MOST_COMMENT, lines=True),
    }


def _digits(field: str, value: object) -> str:
    written = text(field, value, limit=20)
    if written and not (written.isascii() and written.isdigit()):
        raise WrongValue(field, "Идентификатор состоит из одних цифр.")
    return written


def _persons_inn(value: object) -> str:
    written = inn("inn", value)
    if len(written) == 10:
        raise WrongValue("inn", "В ИНН человека 12 цифр, из 10 бывает только у организации.")
    return written


def _passport(value: object) -> str:
    written = number_of_paper("passport_number", value)
    if written and _PASSPORT.fullmatch(written) is None:
        raise WrongValue("passport_number", "В серии и номере паспорта 10 цифр, например 45 12 345678.")
    return written


def _phones(value: object) -> str:
    numbers = [part for part in text("other_phones", value, limit=200).split(",") if part.strip()]
    if len(numbers) > MOST_PHONES:
        raise WrongValue("other_phones", f"Дополнительных телефонов не больше {MOST_PHONES}.")
    return ", ".join(dict.fromkeys(phone("other_phones", number) for number in numbers))


def _internal_number(value: object) -> str:
    written = text("internal_number", value, limit=20)
    if written and _INTERNAL_NUMBER.fullmatch(written) is None:
        raise WrongValue("internal_number", "Внутренний номер – от 1 до 6 цифр, например 101.")
    return written
