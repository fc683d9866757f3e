"""Patients, representatives and doctors in the terms of the contract."""

from collections.abc import Iterable
from typing import Literal

from aggregates.people.person import PersonName, Sex
from commands.ports.state_registry import Contact, Doctor, IdentityPaper, PatientCard, RegistryAddress, Representative
from gateways.n3_health.envelope import Record

SNILS = 223
"""Its kind among papers."""
SEXES: dict[int, Sex] = {1: "male", 2: "female"}
_SEX_CODES: dict[Sex, int] = {sex: code for code, sex in SEXES.items()}
_ROLE = 3
"""Doctor, of 1.2.643.5.1.13.2.7.1.30."""
PaperType = Literal["DocumentDto", "IdentityDocument"]
"""Of a card, of people in a case."""


def patient(card: PatientCard) -> Record:
    return Record(
        "PatientDto",
        {
            "IdPatientMIS": card.id,
            **_name(card.name),
            "BirthDate": card.birth_date,
            "Sex": _SEX_CODES.get(card.sex),
            "Documents": papers("DocumentDto", card.snils, card.papers),
            "Addresses": tuple(map(_address, card.addresses)) or None,
            "Contacts": _contacts(card.contacts),
            "ContactPerson": None if card.representative is None else _contact_person(card.representative),
        },
    )


def guardian(person: Representative) -> Record:
    return Record(
        "Guardian",
        {
            "Person": _person(person.id, person.name, person.sex, person.birth_date, person.snils, person.papers),
            "IdRelationType": person.relation,
            "UnderlyingDocument": person.basis or None,
        },
    )


def staff(doctor: Doctor, organisation: str) -> Record:
    """`organisation`: IdLpu."""
    return Record(
        "MedicalStaff",
        {
            "Person": _person(doctor.id, doctor.name, doctor.sex, doctor.birth_date, doctor.snils, ()),
            "IdLpu": organisation,
            "IdSpeciality": doctor.speciality,
            "IdPosition": doctor.position,
        },
    )


def participant(doctor: Doctor, organisation: str) -> Record:
    return Record("Participant", {"Doctor": staff(doctor, organisation), "IdRole": _ROLE})


def papers(type_: PaperType, snils: str, others: Iterable[IdentityPaper]) -> tuple[Record, ...] | None:
    """With СНИЛС (eleven digits) first; None without any."""
    first = Record(type_, {"DocN": snils, "DocumentName": "СНИЛС", "IdDocumentType": SNILS, "ProviderName": "ПФР"})
    return (*((first,) if snils else ()), *(_paper(type_, other) for other in others)) or None


def _paper(type_: PaperType, paper: IdentityPaper) -> Record:
    return Record(
        type_,
        {
            "IdDocumentType": paper.kind,
            "DocN": paper.number,
            "DocS": paper.series or None,
            "DocumentName": paper.name or None,
            "ProviderName": paper.issuer or None,
            "IssuedDate": paper.issued_on,
            "ExpiredDate": paper.expires_on,
        },
    )


def _person(id_: str, name: PersonName, sex: Sex, birth_date: object, snils: str, others: Iterable[IdentityPaper]) -> Record:
    return Record(
        "PersonWithIdentity",
        {
            "HumanName": Record("HumanName", _name(name)),
            "Sex": _SEX_CODES.get(sex),
            "Birthdate": birth_date,
            "IdPersonMis": id_,
            "Documents": papers("IdentityDocument", snils, others),
        },
    )


def _name(name: PersonName) -> dict[str, object]:
    return {"FamilyName": name.family_name, "GivenName": name.given_name, "MiddleName": name.patronymic or None}


def _address(address: RegistryAddress) -> Record:
    index = address.postal_code
    return Record(
        "AddressDto",
        {
            "IdAddressType": address.kind,
            "StringAddress": address.text,
            "PostalCode": int(index) if index.isascii() and index.isdecimal() and len(index) == 6 else None,
            "Building": address.house or None,
            "Appartment": address.flat or None,
        },
    )


def _contacts(contacts: Iterable[Contact]) -> tuple[Record, ...] | None:
    return tuple(Record("ContactDto", {"ContactValue": one.value, "IdContactType": one.kind}) for one in contacts) or None


def _contact_person(person: Representative) -> Record:
    return Record(
        "ContactPersonDto",
        {
            **_name(person.name),
            "IdPersonMis": person.id,
            "IdRelationType": person.relation,
            "ContactList": _contacts(person.contacts),
        },
    )
