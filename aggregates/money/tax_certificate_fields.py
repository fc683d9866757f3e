"""The fields of a tax certificate: who paid, for whom, who signs (FIN-6).

A person is named by family and given name and the whole birth date, and by the ИНН or else by a document.
"""

from collections.abc import Mapping
from typing import Any

from aggregates.day import DATE
from aggregates.fields import CHOICE, FLAG, LINE, Faults, Field, Fields
from aggregates.people.person import BIRTH_DATE, MOST_DATE, NAME_PART, PAPER_DATE, PAPER_NUMBER
from aggregates.requisites import PERSON_INN
from aggregates.values import WrongValue

DOCUMENT_CODES: dict[str | int | bool, str] = {
    "": "не указан",
    "21": "паспорт гражданина РФ",
    "03": "свидетельство о рождении",
    "07": "военный билет",
    "10": "паспорт иностранного гражданина",
    "12": "вид на жительство",
    "91": "иной документ",
}
"""Kinds of identity documents by the tax office's codes."""
PERSON_PARTS = (
    "family_name",
    "given_name",
    "patronymic",
    "birth_date",
    "inn",
    "document_kind",
    "document_number",
    "document_issued_on",
)


def _person(who: str, title: str) -> tuple[Field, ...]:
    return (
        Field(name=f"{who}_family_name", label=f"{title}, фамилия", kind=NAME_PART),
        Field(name=f"{who}_given_name", label=f"{title}, имя", kind=NAME_PART),
        Field(name=f"{who}_patronymic", label=f"{title}, отчество", kind=NAME_PART),
        Field(name=f"{who}_birth_date", label=f"{title}, дата рождения", kind=BIRTH_DATE),
        Field(name=f"{who}_inn", label=f"{title}, ИНН", kind=PERSON_INN),
        Field(name=f"{who}_document_kind", label=f"{title}, документ", kind=CHOICE, choices=DOCUMENT_CODES),
        Field(name=f"{who}_document_number", label=f"{title}, серия и номер документа", kind=PAPER_NUMBER),
        Field(name=f"{who}_document_issued_on", label=f"{title}, дата выдачи документа", kind=PAPER_DATE),
    )


def person_of(card: Mapping[str, Any], who: str) -> dict[str, str]:
    """The parts of a person on a card, by `PERSON_PARTS`. `who`: payer or patient."""
    return {part: str(card[f"{who}_{part}"]) for part in PERSON_PARTS}


def _together(card: Mapping[str, Any]) -> None:
    faults = Faults()
    people = ("payer",) if card["same_person"] is True else ("payer", "patient")
    for who in people:
        for wrong in _faults_of(card, who):
            faults.add(wrong)
    if len(str(card["signer"]).split()) < 2:
        faults.add(WrongValue("signer", "Укажите фамилию и имя того, кто подписывает."))
    faults.refuse()


def _faults_of(card: Mapping[str, Any], who: str) -> list[WrongValue]:
    """What is missing of a person. What is wrong in itself was refused at its own field."""
    found = [WrongValue(f"{who}_{part}", "Это поле нужно заполнить.") for part in PERSON_PARTS[:2] if not card[f"{who}_{part}"]]
    born = str(card[f"{who}_birth_date"])
    if len(born) != MOST_DATE or born.startswith("-"):
        found.append(WrongValue(f"{who}_birth_date", "Укажите день, месяц и год рождения."))
    if not card[f"{who}_inn"]:
        missing = [part for part in PERSON_PARTS[5:] if not card[f"{who}_{part}"]]
        if len(missing) == len(PERSON_PARTS[5:]):
            found.append(WrongValue(f"{who}_inn", "Укажите ИНН или документ, удостоверяющий личность."))
        else:
            found += [WrongValue(f"{who}_{part}", "Без ИНН нужен документ целиком.") for part in missing]
    return found


TAX_CERTIFICATE_FIELDS = Fields(
    Field(name="issued_on", label="Дата справки", kind=DATE, required=True),
    Field(name="same_person", label="Налогоплательщик и пациент – одно лицо", kind=FLAG),
    *_person("payer", "Налогоплательщик"),
    *_person("patient", "Пациент"),
    Field(name="signer", label="Подписывает", kind=LINE, required=True),
    Field(name="signer_authority", label="Документ о полномочиях", kind=LINE),
    together=_together,
)
"""`signer_authority`: of a deputy, such as a power of attorney; empty: the head signs."""
