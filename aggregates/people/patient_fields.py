"""The fields of a patient's card (PAT-1, PAT-2)."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.fields import CHOICE, COMMENT, LINE, LINES, REFERENCE_TEXT, TEXT, Field, Fields
from aggregates.people.person import (
    BIRTH_DATE,
    EMAIL,
    NAME_FIELDS,
    NAME_PART,
    PAPER_DATE,
    PAPER_NUMBER,
    SEX_LABELS,
    SNILS,
    require_name,
)
from aggregates.phones import PHONE
from aggregates.values import Scalar, WrongValue

POLICY_KINDS = {"": "не указан", "oms": "ОМС", "dms": "ДМС"}
DOCUMENT_KINDS = {
    "": "не указан",
    "passport": "паспорт гражданина РФ",
    "foreign_passport": "паспорт иностранного гражданина",
    "birth_certificate": "свидетельство о рождении",
    "residence_permit": "вид на жительство",
    "other": "другой документ",
}
_REPRESENTATIVE = (
    Field(name="representative_family_name", label="Представитель, фамилия", kind=NAME_PART),
    Field(name="representative_given_name", label="Представитель, имя", kind=NAME_PART),
    Field(name="representative_patronymic", label="Представитель, отчество", kind=NAME_PART),
    Field(name="representative_relation", label="Представитель, кем приходится", kind=LINE, limit=100),
    Field(name="representative_birth_date", label="Представитель, дата рождения", kind=BIRTH_DATE),
    Field(name="representative_document_kind", label="Представитель, документ", kind=CHOICE, choices=DOCUMENT_KINDS),
    Field(name="representative_document_series", label="Представитель, серия документа", kind=PAPER_NUMBER),
    Field(name="representative_document_number", label="Представитель, номер документа", kind=PAPER_NUMBER),
    Field(name="representative_document_issued_on", label="Представитель, дата выдачи документа", kind=PAPER_DATE),
    Field(name="representative_document_issued_by", label="Представитель, кем выдан документ", kind=LINE, limit=300),
    Field(name="representative_snils", label="Представитель, СНИЛС", kind=SNILS),
    Field(name="representative_phone", label="Представитель, телефон", kind=PHONE),
    Field(name="representative_address", label="Представитель, адрес", kind=LINE, limit=400),
)
"""Of the legal representative."""
DETAILS = Fields(
    Field(name="source_id", label="Источник", kind=REFERENCE_TEXT, refers="source"),
    Field(name="other_phones", label="Другие телефоны", kind=LINES, limit=500),
    Field(name="email", label="E-mail", kind=EMAIL),
    Field(name="city", label="Город", kind=LINE),
    Field(name="street", label="Улица", kind=LINE),
    Field(name="house", label="Дом", kind=LINE, limit=40),
    Field(name="flat", label="Квартира", kind=LINE, limit=40),
    Field(name="snils", label="СНИЛС", kind=SNILS),
    Field(name="passport_series", label="Паспорт, серия", kind=PAPER_NUMBER),
    Field(name="passport_number", label="Паспорт, номер", kind=PAPER_NUMBER),
    Field(name="passport_issued_on", label="Паспорт, дата выдачи", kind=PAPER_DATE),
    Field(name="passport_issued_by", label="Паспорт, кем выдан", kind=LINE, limit=300),
    Field(name="policy_kind", label="Полис, вид", kind=CHOICE, choices=POLICY_KINDS),
    Field(name="policy_number", label="Полис, номер", kind=PAPER_NUMBER),
    Field(name="policy_insurer", label="Полис, страховая компания", kind=LINE),
    *_REPRESENTATIVE,
)
"""Fields added after the first version of cards; "" if unknown."""
NO_DETAILS: dict[str, Scalar] = DETAILS.empty
PATIENT_FIELDS = Fields(
    Field(name="card_number", label="Номер карты", kind=TEXT, limit=40, required=True),
    *NAME_FIELDS,
    Field(name="phone", label="Телефон", kind=PHONE),
    Field(name="birth_date", label="Дата рождения", kind=BIRTH_DATE),
    Field(name="sex", label="Пол", kind=CHOICE, choices=SEX_LABELS),
    Field(name="comment", label="Комментарий", kind=COMMENT),
    *DETAILS.values(),
    together=require_name,
)
"""All fields of a card but its categories, in the order in which changes are listed."""
REPRESENTATIVE_FIELDS = tuple(field.name for field in _REPRESENTATIVE)

MOST_CATEGORIES = 20


def category_ids(chosen: Iterable[UUID]) -> tuple[UUID, ...]:
    """The patient's categories, sorted, so that the same ones are no change. WrongValue."""
    ids = tuple(sorted(set(chosen)))
    if len(ids) > MOST_CATEGORIES:
        raise WrongValue("categories", f"У пациента не больше {MOST_CATEGORIES} категорий. Оставьте главные.")
    return ids
