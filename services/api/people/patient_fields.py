"""The fields of a patient's card beside name, phone, birth date and number, as the API takes and gives them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from aggregates.people.person import Sex
from services.api.shapes import WITHOUT_CONTROLS, Comment, Email, Name, Ref, Shape, ShortText

Written = Annotated[str, StringConstraints(max_length=40), WITHOUT_CONTROLS]
"""As a person wrote it; the card's own rules (`aggregates/people/person.py`) say in words what is wrong with it."""
BirthDate = Written
"""Partial: "", "1999", "1999-01", "1999-01-15", "--01-15" (day and month without year)."""
Phone = Written
"""Ten digits after +7 or 8, however they are parted; given as "+79161234567"."""
PaperDate = Written
"""The day on which a paper was issued ("2019-01-15"), or ""."""
PaperNumber = Written
Snils = Written
"""Eleven digits, however they are parted; given as digits."""
Line = Annotated[str, StringConstraints(max_length=500), WITHOUT_CONTROLS]
CardNumber = Annotated[str, StringConstraints(max_length=40), WITHOUT_CONTROLS]
PolicyKind = Literal["", "oms", "dms"]
DocumentKind = Literal["", "passport", "foreign_passport", "birth_certificate", "residence_permit", "other"]


class Category(Shape):
    """One of the patient's categories, with its colour (#7a5b00)."""

    id: UUID
    name: str
    color: str


class Details(Shape):
    """What may be told of a patient; what is left out stays, or is unknown in a new card.

    `source_id`: of the catalogue of sources, null for none; `categories`: ids of patients' categories, all of them.
    """

    source_id: UUID | None = None
    categories: Annotated[list[UUID], Field(max_length=20)] | None = None
    other_phones: Line | None = None
    email: Email | None = None
    city: ShortText | None = None
    street: ShortText | None = None
    house: PaperNumber | None = None
    flat: PaperNumber | None = None
    snils: Snils | None = None
    passport_series: PaperNumber | None = None
    passport_number: PaperNumber | None = None
    passport_issued_on: PaperDate | None = None
    passport_issued_by: Line | None = None
    policy_kind: PolicyKind | None = None
    policy_number: PaperNumber | None = None
    policy_insurer: ShortText | None = None
    representative_family_name: Name | None = None
    representative_given_name: Name | None = None
    representative_patronymic: Name | None = None
    representative_relation: Name | None = None
    representative_birth_date: BirthDate | None = None
    representative_document_kind: DocumentKind | None = None
    representative_document_series: PaperNumber | None = None
    representative_document_number: PaperNumber | None = None
    representative_document_issued_on: PaperDate | None = None
    representative_document_issued_by: Line | None = None
    representative_snils: Snils | None = None
    representative_phone: Phone | None = None
    representative_address: Line | None = None


class DetailsShown(Shape):
    """The same as a card tells them: empty where nothing is known."""

    source: Ref | None
    other_phones: str
    email: str
    city: str
    street: str
    house: str
    flat: str
    snils: str
    passport_series: str
    passport_number: str
    passport_issued_on: str
    passport_issued_by: str
    policy_kind: PolicyKind
    policy_number: str
    policy_insurer: str
    representative_family_name: str
    representative_given_name: str
    representative_patronymic: str
    representative_relation: str
    representative_birth_date: str
    representative_document_kind: DocumentKind
    representative_document_series: str
    representative_document_number: str
    representative_document_issued_on: str
    representative_document_issued_by: str
    representative_snils: str
    representative_phone: str
    representative_address: str


class NewPatient(Details):
    """At least one part of the name is needed; without a card number the next free one is given."""

    family_name: Name = ""
    given_name: Name = ""
    patronymic: Name = ""
    phone: Phone = ""
    birth_date: BirthDate = ""
    sex: Sex = ""
    card_number: CardNumber = ""
    comment: Comment = ""
