"""The federal registry ЕГИСЗ: patients' cards and signed diaries go there, and each is either accepted or refused with reasons.

A sender repeats what may have been taken, unchanged and under the same ids: the registry answers `AlreadyThere` then. There
is no other way to learn whether a case was taken: the contract has no question for cases, only for cards (`cards`).
"""

from datetime import date, datetime
from typing import Protocol

import msgspec

from aggregates.people.person import PersonName, Sex

# --- what is sent ---------------------------------------------------------------------------------------------------------
# Codes are numbers of the dictionaries that the comments name; moments are the clinic's wall clock, without a zone.


class IdentityPaper(msgspec.Struct, frozen=True):
    """A paper that identifies a person, except СНИЛС, which is a field of the person."""

    kind: int
    """1.2.643.2.69.1.1.1.6"""
    number: str
    series: str = ""
    name: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


class Contact(msgspec.Struct, frozen=True):
    kind: int
    value: str


class RegistryAddress(msgspec.Struct, frozen=True):
    kind: int
    text: str
    """The whole address as people write it."""
    postal_code: str = ""
    house: str = ""
    flat: str = ""


class Representative(msgspec.Struct, frozen=True):
    """The legal representative. A card carries the name, relation and contacts; a case the rest too, except contacts."""

    id: str
    name: PersonName
    relation: int
    """1.2.643.5.1.13.2.7.1.15"""
    sex: Sex = ""
    birth_date: date | None = None
    snils: str = ""
    papers: tuple[IdentityPaper, ...] = ()
    contacts: tuple[Contact, ...] = ()
    basis: str = ""
    """The paper that makes them the representative."""


class PatientCard(msgspec.Struct, frozen=True):
    """The contract has room for a full birth date only: a card with a partial one can't be sent."""

    id: str
    name: PersonName
    birth_date: date
    sex: Sex
    snils: str = ""
    papers: tuple[IdentityPaper, ...] = ()
    addresses: tuple[RegistryAddress, ...] = ()
    contacts: tuple[Contact, ...] = ()
    representative: Representative | None = None


class Doctor(msgspec.Struct, frozen=True):
    id: str
    name: PersonName
    snils: str
    position: int
    """1.2.643.5.1.13.13.11.1002"""
    speciality: int
    """1.2.643.5.1.13.13.11.1066"""
    sex: Sex = ""
    birth_date: date | None = None


class Diagnosis(msgspec.Struct, frozen=True):
    code: str
    """МКБ-10"""
    kind: int
    """1.2.643.2.69.1.1.1.26: 1 main, 3 complication"""
    comment: str
    set_at: datetime
    disease_character: int
    """1.2.643.2.69.1.1.1.8"""


class PersonalSignature(msgspec.Struct, frozen=True):
    doctor: Doctor
    signature: bytes
    """Detached CAdES-BES over the document's PDF, DER."""


class SignedDocument(msgspec.Struct, frozen=True):
    """`pdf` are the signed bytes, and the sent ones."""

    id: str
    header: str
    created_at: datetime
    author: Doctor
    pdf: bytes
    text: str
    """The same as plain text; the registry remarks on a document without it."""
    signatures: tuple[PersonalSignature, ...]
    organisation_signature: bytes
    corrects: tuple[str, ...] = ()
    """Ids of sent documents of which this is a new version."""


class CaseStep(msgspec.Struct, frozen=True):
    """The visit."""

    id: str
    started_at: datetime
    ended_at: datetime
    place: int
    """1.2.643.2.69.1.1.1.18"""
    purpose: int
    """1.2.643.2.69.1.1.1.19"""


class Diary(msgspec.Struct, frozen=True):
    """A finished out-patient case: one visit, its diagnosis and the signed document."""

    id: str
    patient_id: str
    card_number: str
    opened_at: datetime
    closed_at: datetime
    aid_type: int
    """1.2.643.2.69.1.1.1.16"""
    payment_type: int
    """1.2.643.2.69.1.1.1.32"""
    confidentiality: int
    """1.2.643.5.1.13.2.7.1.9: for the patient and representatives, and below for doctors and curators"""
    doctor_confidentiality: int
    curator_confidentiality: int
    result: int
    """1.2.643.5.1.13.2.1.1.688"""
    epicrisis: str
    admission_condition: int
    """1.2.643.5.1.13.13.11.1006"""
    visit_order: int
    """1.2.643.5.1.13.13.11.1007"""
    case_purpose: int
    """1.2.643.5.1.13.2.1.1.106"""
    case_type: int
    """1.2.643.2.69.1.1.1.35"""
    ambulatory_result: int
    """1.2.643.2.69.1.1.1.17"""
    doctor: Doctor
    """In charge, author and authenticator."""
    step: CaseStep
    diagnosis: Diagnosis
    document: SignedDocument
    complications: tuple[Diagnosis, ...] = ()
    representative: Representative | None = None


# --- what comes of it -----------------------------------------------------------------------------------------------------


class Remark(msgspec.Struct, frozen=True):
    """One entry of an answer's tree. `path`: names of members, outermost first, with «/» between them."""

    path: str
    message: str
    code: int | None = None
    wraps: bool = False
    """There are entries inside it, which follow; by itself it usually says only that."""


class Accepted(msgspec.Struct, frozen=True):
    pass


class AcceptedWithRemarks(msgspec.Struct, frozen=True):
    remarks: tuple[Remark, ...]


class AlreadyThere(msgspec.Struct, frozen=True):
    """Taken before, under the same id: a card is to be updated, a case needs nothing."""

    remarks: tuple[Remark, ...]


class Refused(msgspec.Struct, frozen=True):
    """Because of what is in it: to be corrected by people, not to be repeated."""

    errors: tuple[Remark, ...]


class NotTaken(msgspec.Struct, frozen=True):
    """The registry can't have taken it; to be sent again later. `reason` holds no personal data."""

    reason: str


class OutcomeUnknown(msgspec.Struct, frozen=True):
    """It may have been taken; to be sent again later, unchanged. `reason` holds no personal data."""

    reason: str


class NotUnderstood(msgspec.Struct, frozen=True):
    """The program's makers have to mend it: the message or a value isn't what the contract allows. Not to be repeated."""

    code: str
    text: str


Outcome = Accepted | AcceptedWithRemarks | AlreadyThere | Refused | NotTaken | OutcomeUnknown | NotUnderstood


class RegisteredCard(msgspec.Struct, frozen=True):
    """A card as the registry has it."""

    id: str
    global_id: str
    name: PersonName
    birth_date: str
    """As written there, without a time: usually 1999-01-15."""
    sex: Sex
    snils: str


class RegistryVersions(msgspec.Struct, frozen=True):
    service: str
    database: str


class QuestionRefused(Exception):
    """A question got no answer because of what was asked, or of who asks."""

    def __init__(self, why: Refused | NotUnderstood) -> None:
        super().__init__(type(why).__name__)
        self.why = why


class StateRegistry(Protocol):
    """Thread-safe. No method raises because of what the registry answers, except questions: OutsideAway, QuestionRefused."""

    def add_card(self, card: PatientCard) -> Outcome:
        """A patient's first transfer."""

    def update_card(self, card: PatientCard) -> Outcome: ...

    def cards(self, patient_id: str) -> tuple[RegisteredCard, ...]:
        """The patient's card as it is there; none if it isn't."""

    def add_case(self, diary: Diary) -> Outcome: ...

    def update_case(self, diary: Diary) -> Outcome:
        """The whole case again, in the place of what is there."""

    def add_document(self, patient_id: str, case_id: str, document: SignedDocument) -> Outcome:
        """One more document in a case that is there, such as a new version of one."""

    def cancel_case(self, patient_id: str, case_id: str) -> Outcome: ...

    def versions(self) -> RegistryVersions:
        """Of the registry's programs; the cheapest way to see whether it answers."""

    def close(self) -> None: ...
