"""What patients' cards know of the people whom a tax certificate names."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

_FROM_DOCUMENT = {"passport": "21", "birth_certificate": "03", "foreign_passport": "10", "residence_permit": "12", "other": "91"}
"""Kinds of a representative's document → the tax office's codes."""
_CARDS = """SELECT patient_id, family_name, given_name, patronymic, birth_date, details
  FROM patients WHERE patient_id = ANY(%s)"""


class CertifiedPerson(msgspec.Struct, frozen=True, gc=False):
    """A person as a certificate's form takes it. Cards know no ИНН of patients; `birth_date` may be partial."""

    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""
    birth_date: str = ""
    inn: str = ""
    document_kind: str = ""
    document_number: str = ""
    document_issued_on: str = ""


def of_cards(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, tuple[CertifiedPerson, CertifiedPerson | None]]:
    """Card → the person, and the legal representative where the card names one."""
    found = {}
    for id_, family_name, given_name, patronymic, born, details in conn.execute(_CARDS, (list(ids),)).fetchall():
        number = " ".join(filter(None, (details.get("passport_series"), details.get("passport_number"))))
        document = ("21", number, str(details.get("passport_issued_on") or "")) if number else ("", "", "")
        person = CertifiedPerson(family_name, given_name, patronymic, born, "", *document)
        found[id_] = (person, _representative(details))
    return found


def _representative(details: Mapping[str, Any]) -> CertifiedPerson | None:
    def of(part: str) -> str:
        return str(details.get(f"representative_{part}") or "")

    if not of("family_name"):
        return None
    number = " ".join(filter(None, (of("document_series"), of("document_number"))))
    document = (_FROM_DOCUMENT.get(of("document_kind"), ""), number, of("document_issued_on")) if number else ("", "", "")
    return CertifiedPerson(of("family_name"), of("given_name"), of("patronymic"), of("birth_date"), "", *document)
