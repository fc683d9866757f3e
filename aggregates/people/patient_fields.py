"""What a patient's card tells: its fields, each with the check that brings it into its stored form (PAT-1, PAT-2)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from aggregates.people.person import (
    SEX_LABELS,
    PersonName,
    birth_date,
    date_of_paper,
    email,
    name_part,
    number_of_paper,
    person_name,
    snils,
)
from aggregates.phones import phone
from aggregates.values import MOST_COMMENT, Scalar, WrongValue, one_of, only_known, reference, text

POLICY_KINDS = {"": "не указан", "oms": "ОМС", "dms": "ДМС"}
DOCUMENT_KINDS = {
    "": "не указан",
    "passport": "паспорт гражданина РФ",
    "foreign_passport": "паспорт иностранного гражданина",
    "birth_certificate": "свидетельство о рождении",
    "residence_permit": "вид на жительство",
    "other": "другой документ",
}
MOST_PHONES = 500
"""Characters of further telephones."""
REPRESENTATIVE = "representative_"
"""Begins the fields of the legal representative."""

Check = Callable[[str, object, date], Scalar]
"""(field, written, today) → the stored form; WrongValue."""


def _line(limit: int) -> Check:
    return lambda field, value, _: " ".join(text(field, value, limit=limit).split())


def _choice(allowed: Mapping[str, str]) -> Check:
    return lambda field, value, _: one_of(field, value, allowed)


def _undated(check: Callable[[str, object], str]) -> Check:
    return lambda field, value, _: check(field, value)


DETAILS: dict[str, Check] = {
    "source_id": lambda field, value, _: reference(field, value) or "",
    "other_phones": lambda field, value, _: text(field, value, limit=MOST_PHONES, lines=True),
    "email": _undated(email),
    "city": _line(200),
    "street": _line(200),
    "house": _line(40),
    "flat": _line(40),
    "snils": _undated(snils),
    "passport_series": _undated(number_of_paper),
    "passport_number": _undated(number_of_paper),
    "passport_issued_on": date_of_paper,
    "passport_issued_by": _line(300),
    "policy_kind": _choice(POLICY_KINDS),
    "policy_number": _undated(number_of_paper),
    "policy_insurer": _line(200),
    "representative_family_name": _undated(name_part),
    "representative_given_name": _undated(name_part),
    "representative_patronymic": _undated(name_part),
    "representative_relation": _line(100),
    "representative_birth_date": birth_date,
    "representative_document_kind": _choice(DOCUMENT_KINDS),
    "representative_document_series": _undated(number_of_paper),
    "representative_document_number": _undated(number_of_paper),
    "representative_document_issued_on": date_of_paper,
    "representative_document_issued_by": _line(300),
    "representative_snils": _undated(snils),
    "representative_phone": _undated(phone),
    "representative_address": _line(400),
}
"""Fields beside those that a card had from the beginning: empty texts where nothing is known."""

NO_DETAILS: dict[str, Scalar] = dict.fromkeys(DETAILS, "")
EMPTY: dict[str, Scalar] = {
    "card_number": "",
    **PersonName().fields(),
    "phone": "",
    "birth_date": "",
    "sex": "",
    "comment": "",
    **NO_DETAILS,
}
"""A card of which nothing is known, in the order in which its changes are told."""


MOST_CATEGORIES = 20


def category_ids(chosen: Iterable[UUID]) -> tuple[UUID, ...]:
    """The patient's categories in one order, so that the same ones are no change. WrongValue."""
    ids = tuple(sorted(set(chosen)))
    if len(ids) > MOST_CATEGORIES:
        raise WrongValue("categories", f"У пациента не больше {MOST_CATEGORIES} категорий. Оставьте главные.")
    return ids


def checked(card: Mapping[str, Any], today: date) -> dict[str, Scalar]:
    """All fields of a card in stored form. WrongValue."""
    only_known(card, EMPTY)
    return {
        "card_number": text("card_number", card["card_number"], limit=40, required=True),
        **person_name(card["family_name"], card["given_name"], card["patronymic"]).fields(),
        "phone": phone("phone", card["phone"]),
        "birth_date": birth_date("birth_date", card["birth_date"], today),
        "sex": one_of("sex", card["sex"], SEX_LABELS),
        "comment": text("comment", card["comment"], limit=MOST_COMMENT, lines=True),
        **{field: check(field, card[field], today) for field, check in DETAILS.items()},
    }
