"""What the test registry demands of a case, its visits, diagnoses and documents. A given function verifies signatures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.test_servers.emk_cards import SNILS, paper_errors
from services.test_servers.emk_faults import SIGNATURE, W_NO_TEXT, W_WRAPPER, Entry, inside, missing, wrong
from services.test_servers.emk_reading import Node

MOST_TEXT = 255
"""Characters of a header, an epicrisis, a comment."""
_ALWAYS = (
    "OpenDate", "HistoryNumber", "IdCaseMis", "IdCaseAidType", "IdPaymentType", "Confidentiality", "DoctorConfidentiality",
    "CuratorConfidentiality", "IdLpu", "IdPatientMis", "CaseVisitType", "IdCaseType",
)  # fmt: skip
_FINISHED = ("CloseDate", "IdCaseResult", "Comment", "AdmissionCondition", "IdCasePurpose", "IdAmbResult")
_CODES = frozenset(
    {"IdCaseAidType", "IdPaymentType", "Confidentiality", "DoctorConfidentiality", "CuratorConfidentiality", "CaseVisitType",
     "IdCaseType", "IdCaseResult", "AdmissionCondition", "IdCasePurpose", "IdAmbResult", "IdVisitPlace", "IdVisitPurpose",
     "IdDiseaseType", "IdDiagnosisType", "IdSpeciality", "IdPosition", "IdRole"}
)  # fmt: skip
"""A zero in one of them is a member that was left out."""
MAIN, COMPLICATION = "1", "3"


@dataclass(frozen=True)
class Signer:
    """In whose name a signature has to be."""

    kind: Literal["doctor", "organisation"]
    snils: str = ""
    """Of a doctor."""


Verify = Callable[[bytes, bytes, Signer], str | None]
"""Content, signature, signer → what is wrong with the signature; None if it is good."""


def present(_content: bytes, signature: bytes, _signer: Signer) -> str | None:
    """The least that can be asked of a signature, without cryptography."""
    return None if signature else "подпись пуста"


@dataclass(frozen=True)
class Demands:
    organisation: str
    """IdLpu of the clinic."""
    verify: Verify = present


def case_errors(case: Node, demands: Demands, *, finished: bool) -> list[Entry]:
    """`finished`: by AddCase, UpdateCase and CloseCase; CreateCase only opens one."""
    if case.type != "CaseAmb":
        return [wrong("caseDto", "Принимаются амбулаторные случаи: i:type CaseAmb")]
    errors = _required(case, _ALWAYS + (_FINISHED if finished else ()))
    errors += _too_long(case, "Comment")
    if case.text("IdLpu") not in {"", demands.organisation}:
        errors.append(wrong("IdLpu", "Случай другой организации"))
    errors += _order(case, "OpenDate", "CloseDate")
    for member in ("Author", "Authenticator"):
        errors += _participant(case, member)
    if not finished:
        return errors
    errors += _staff(case, "DoctorInCharge")
    if (guardian := case.node("Guardian")) is not None:
        errors += inside("Guardian", _guardian(guardian))
    steps = case.nodes("Steps")
    errors += [missing("Steps")] if not steps else inside("Steps", [entry for step in steps for entry in step_errors(step)])
    records = case.nodes("MedRecords")
    diagnoses = [record for record in records if record.type == "ClinicMainDiagnosis"]
    documents = [record for record in records if record.type == "ConsultNote"]
    if len(diagnoses) != 1:
        errors += inside("MedRecords", [Entry("ClinicMainDiagnosis", "Нужен один основной диагноз", 2)])
    if not documents:
        errors += inside("MedRecords", [Entry("ConsultNote", "Нужен документ", 2)])
    return errors + inside("MedRecords", [entry for record in records for entry in record_errors(record, demands)])


def step_errors(step: Node) -> list[Entry]:
    required = ("DateStart", "DateEnd", "IdPaymentType", "IdStepMis", "IdVisitPlace", "IdVisitPurpose")
    errors = _required(step, required) + _order(step, "DateStart", "DateEnd") + _staff(step, "Doctor")
    return inside("StepAmb", errors)


def record_errors(record: Node, demands: Demands) -> list[Entry]:
    match record.type:
        case "ClinicMainDiagnosis":
            return inside(record.type, _diagnosis(record, MAIN))
        case "ConsultNote":
            return inside(record.type, _document(record, demands))
        case "":
            return [wrong("MedRecord", "Запись без i:type пуста")]
        case _:
            return [wrong(record.type, "Такие записи тестовый регистр не принимает")]


def record_warnings(records: Iterable[Node]) -> list[Entry]:
    """A document that has a PDF and no text."""
    lacking = Entry("Attachments", "Есть PDF, нет TXT", W_NO_TEXT)
    return [
        warning
        for record in records
        if record.type == "ConsultNote" and "text/plain" not in {file.text("MimeType") for file in record.nodes("Attachments")}
        for warning in inside("ConsultNote", [lacking], W_WRAPPER)
    ]


def _diagnosis(diagnosis: Node, kind: str) -> list[Entry]:
    errors = _staff(diagnosis, "Doctor")
    info = diagnosis.node("DiagnosisInfo")
    if info is None:
        return [*errors, missing("DiagnosisInfo")]
    own = _required(info, ("IdDiseaseType", "DiagnosedDate", "IdDiagnosisType", "Comment", "MkbCode")) + _too_long(
        info, "Comment"
    )
    if kind == MAIN and info.text("IdDiagnosisType") not in {"", "0", kind}:
        own.append(wrong("IdDiagnosisType", "Основной диагноз: 1"))
    errors += inside("DiagnosisInfo", own)
    for complication in diagnosis.nodes("Complications"):
        errors += inside("Complications", _diagnosis(complication, COMPLICATION))
    return errors


def _document(document: Node, demands: Demands) -> list[Entry]:
    errors = _required(document, ("CreationDate", "Header", "IdDocumentMis")) + _too_long(document, "Header")
    errors += _staff(document, "Author")
    files = document.nodes("Attachments")
    pdfs = [file for file in files if file.text("MimeType") == "application/pdf"]
    if len(pdfs) != 1:
        errors += inside("Attachments", [wrong("MimeType", "Нужен один файл application/pdf")])
    for pdf in pdfs:
        errors += inside("Attachments", _pdf(pdf, demands.verify))
    if any(file.text("MimeType") not in {"application/pdf", "text/plain"} for file in files):
        errors += inside("Attachments", [wrong("MimeType", "application/pdf или text/plain")])
    return errors


def _pdf(pdf: Node, verify: Verify) -> list[Entry]:
    content = pdf.file("Data")
    errors = [] if content.startswith(b"%PDF-") else [wrong("Data", "Это не PDF")]
    signs = pdf.nodes("PersonalSigns")
    if not signs:
        errors.append(missing("PersonalSigns"))
    for sign in signs:
        doctor = _staff(sign, "Doctor")
        snils = "" if doctor else signer_snils(sign)
        if fault := verify(content, sign.file("Sign"), Signer("doctor", snils)):
            doctor = [*doctor, Entry("Sign", f"Подпись врача: {fault}", SIGNATURE)]
        errors += inside("PersonalSigns", doctor)
    if not pdf.text("OrganizationSign"):
        errors.append(missing("OrganizationSign"))
    elif fault := verify(content, pdf.file("OrganizationSign"), Signer("organisation")):
        errors.append(Entry("OrganizationSign", f"Подпись организации: {fault}", SIGNATURE))
    return errors


def signer_snils(sign: Node) -> str:
    """СНИЛС of the doctor of a PersonalSign, or ""."""
    doctor = sign.node("Doctor")
    person = doctor and doctor.node("Person")
    papers = person.nodes("Documents") if person else []
    return next((paper.text("DocN") for paper in papers if paper.text("IdDocumentType") == SNILS), "")


def _participant(case: Node, member: str) -> list[Entry]:
    participant = case.node(member)
    if participant is None:
        return [missing(member)]
    return inside(member, _required(participant, ("IdRole",)) + _staff(participant, "Doctor"))


def _staff(owner: Node, member: str) -> list[Entry]:
    staff = owner.node(member)
    if staff is None:
        return [missing(member)]
    person = staff.node("Person")
    errors = _required(staff, ("IdSpeciality", "IdPosition"))
    return inside(member, errors + ([missing("Person")] if person is None else _person(person, snils=True)))


def _guardian(guardian: Node) -> list[Entry]:
    person = guardian.node("Person")
    errors = _required(guardian, ("IdRelationType",))
    return errors + ([missing("Person")] if person is None else _person(person, snils=False))


def _person(person: Node, *, snils: bool) -> list[Entry]:
    errors = [missing(name) for name in ("FamilyName", "GivenName") if not person.text("HumanName", name)]
    papers = person.nodes("Documents")
    if snils and SNILS not in {paper.text("IdDocumentType") for paper in papers}:
        errors.append(Entry("Documents", "У врача нет СНИЛС", 2))
    return inside("Person", errors + _required(person, ("IdPersonMis",)) + paper_errors(papers))


def _required(node: Node, names: Sequence[str]) -> list[Entry]:
    return [missing(name) for name in names if node.text(name) in ({"", "0"} if name in _CODES else {""})]


def _too_long(node: Node, name: str) -> list[Entry]:
    return [wrong(name, f"Не больше {MOST_TEXT} знаков")] if len(node.text(name)) > MOST_TEXT else []


def _order(node: Node, first: str, then: str) -> list[Entry]:
    begin, end = node.text(first), node.text(then)
    return [wrong(then, f"{then} раньше {first}")] if begin and end and end < begin else []
