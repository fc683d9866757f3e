"""The test registry itself, without the web: operations of N3.Health «ИЭМК» over what was taken, with the rules in between."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import msgspec

from services.test_servers.emk_cards import PATIENT, card_errors, card_facts, card_xml, change_errors
from services.test_servers.emk_cases import (
    Demands,
    Verify,
    case_errors,
    present,
    record_errors,
    record_warnings,
    signer_snils,
    step_errors,
)
from services.test_servers.emk_faults import (
    CLOSED,
    EXISTS,
    NO_ACCESS,
    UNKNOWN,
    W_PLANTED,
    Entry,
    Reply,
    detailed,
    framework_fault,
    inside,
    missing,
    response,
)
from services.test_servers.emk_reading import Node, RequestReader, Unreadable
from services.test_servers.emk_store import Taken, TakenCard, TakenCase, TakenDocument, TakenFile

TEMPURI = "http://tempuri.org/"
SERVICES = {
    "PixService.svc": ("IPixService", frozenset({"AddPatient", "UpdatePatient", "GetPatient", "GetPatientByGlobalId"})),
    "EMKService.svc": (
        "IEmkService",
        frozenset({"AddCase", "UpdateCase", "CreateCase", "CloseCase", "AddMedRecord", "AddStepToCase", "CancelCase"}),
    ),
}
MOST_FOUND = 100
OUTSIDE = "вне случая: "
"""Before a patient's id: the documents that belong to no case."""
_VERSION = (
    '<GetVersionResult xmlns:v="http://schemas.datacontract.org/2004/07/N3.Shared.Core">'
    "<v:DatabaseVersion>тестовая</v:DatabaseVersion><v:ServiceVersion>Denta</v:ServiceVersion></GetVersionResult>"
)
_PLANTED = [Entry("MedRecords", "Замечание по просьбе", W_PLANTED)]
_NAME_PARTS = ("FamilyName", "GivenName", "MiddleName")


@dataclass
class EmkRegistry:
    """`guid`, `organisation`: what a client has to give. `file`: where it keeps what it takes."""

    guid: str
    organisation: str
    file: Path | None = None
    verify: Verify = present
    taken: Taken = field(init=False)

    def __post_init__(self) -> None:
        self.taken = Taken(self.file)
        self._demands = Demands(self.organisation, self.verify)
        self._reader = RequestReader()
        self._lock = threading.Lock()
        self._operations: Mapping[str, Callable[[Node, bool], Reply]] = {
            "AddPatient": self._add_patient,
            "UpdatePatient": self._update_patient,
            "GetPatient": self._get_patient,
            "GetPatientByGlobalId": self._get_patient_by_global_id,
            "AddCase": self._add_case,
            "UpdateCase": self._update_case,
            "CreateCase": self._create_case,
            "CloseCase": self._close_case,
            "AddMedRecord": self._add_med_record,
            "AddStepToCase": self._add_step_to_case,
            "CancelCase": self._cancel_case,
        }

    def answer(self, service: str, action: str, body: bytes, *, warn: bool = False) -> Reply:
        """`action`: of the header, without quotes. `warn`: what is taken is answered with a warning."""
        with self._lock:
            try:
                request = self._reader.read(body)
            except Unreadable as error:
                return framework_fault("DeserializationFailed", f"The formatter threw an exception: {error}")
            if action != self._action(service, request.name):
                return framework_fault("ActionNotSupported", f"The message with Action '{action}' cannot be processed")
            if request.name == "GetVersion":
                return response("GetVersion", _VERSION)
            if errors := self._access(request):
                return detailed("Fault", errors)
            return self._operations[request.name](request, warn)

    # --- who asks, and for what -------------------------------------------------------------------------------------------

    @staticmethod
    def _action(service: str, operation: str) -> str | None:
        interface, operations = SERVICES.get(service, ("", frozenset()))
        if operation == "GetVersion":
            return f"{TEMPURI}IServiceSupport/GetVersion"
        return f"{TEMPURI}{interface}/{operation}" if operation in operations else None

    def _access(self, request: Node) -> list[Entry]:
        if request.text("guid").lower() != self.guid.lower():
            return [Entry("guid", f"Неизвестная система {request.text('guid')}", NO_ACCESS)]
        clinic = request.text("idLPU") or request.text("idLpu")
        if (request.node("caseDto") or request.node("createCaseDto")) is None and clinic != self.organisation:
            return [Entry("idLpu", "Неизвестная организация", NO_ACCESS)]
        return []

    # --- cards ------------------------------------------------------------------------------------------------------------

    def _add_patient(self, request: Node, warn: bool) -> Reply:
        del warn  # the contract has no warnings of cards
        card = request.node("patient")
        if card is None:
            return detailed("Fault", [missing("patient")])
        if errors := card_errors(card):
            return detailed("Fault", errors)
        facts = card_facts(card)
        if facts.id in self.taken.cards:
            return detailed("Fault", [Entry("IdPatientMIS", "Пациент с таким идентификатором уже есть", EXISTS)])
        global_id = str(uuid5(NAMESPACE_URL, f"denta:emk:{facts.id}"))
        self.taken.put_card(TakenCard(facts, global_id, card.xml(), _now()))
        return response("AddPatient")

    def _update_patient(self, request: Node, warn: bool) -> Reply:
        del warn
        card = request.node("patient")
        if card is None:
            return detailed("Fault", [missing("patient")])
        if errors := card_errors(card):
            return detailed("Fault", errors)
        facts = card_facts(card)
        known = self.taken.cards.get(facts.id)
        if known is None:
            return detailed("Fault", [Entry("IdPatientMIS", "Пациента с таким идентификатором нет", UNKNOWN)])
        if errors := change_errors(known.facts, facts):
            return detailed("Fault", errors)
        new = TakenCard(facts, known.global_id, card.xml(), _now(), known.updates + 1)
        self.taken.put_card(new)
        return response("UpdatePatient")

    def _get_patient(self, request: Node, warn: bool) -> Reply:
        del warn
        asked = request.node("patient")
        if asked is None:
            return detailed("Fault", [missing("patient")])
        facts = card_facts(asked)
        given = msgspec.structs.astuple(facts)
        if not any(map(_is_given, given)):
            return detailed("Fault", [missing("IdPatientMIS")])
        found = [
            card
            for card in self.taken.cards.values()
            if all(not _is_given(one) or one == its for one, its in zip(given, msgspec.structs.astuple(card.facts), strict=True))
        ]
        cards = "".join(card_xml(card.xml, card.global_id, f"{{{PATIENT}}}PatientDto") for card in found[:MOST_FOUND])
        return response("GetPatient", f"<GetPatientResult>{cards}</GetPatientResult>")

    def _get_patient_by_global_id(self, request: Node, warn: bool) -> Reply:
        del warn
        for card in self.taken.cards.values():
            if card.global_id == request.text("patientId"):
                result = card_xml(card.xml, card.global_id, f"{{{TEMPURI}}}GetPatientByGlobalIdResult")
                return response("GetPatientByGlobalId", result)
        return detailed("Fault", [Entry("patientId", "Пациента с таким идентификатором нет", UNKNOWN)])

    # --- cases ------------------------------------------------------------------------------------------------------------

    def _add_case(self, request: Node, warn: bool) -> Reply:
        return self._new_case(request, "caseDto", warn=warn, finished=True)

    def _create_case(self, request: Node, warn: bool) -> Reply:
        return self._new_case(request, "createCaseDto", warn=warn, finished=False)

    def _new_case(self, request: Node, parameter: str, *, warn: bool, finished: bool) -> Reply:
        case = request.node(parameter)
        if case is None:
            return detailed("Fault", [missing(parameter)])
        if errors := case_errors(case, self._demands, finished=finished) or self._strangers(case.text("IdPatientMis")):
            return detailed("Fault", errors)
        if case.text("IdCaseMis") in self.taken.cases:
            return detailed("Fault", [Entry("IdCaseMis", "Случай с таким идентификатором уже есть", EXISTS)])
        if errors := self._repeated(case.nodes("MedRecords")):
            return detailed("Fault", errors)
        return self._take_case(request.name, case, None, warn=warn, finished=finished)

    def _update_case(self, request: Node, warn: bool) -> Reply:
        return self._finished_again(request, warn, of_states=("open", "finished"))

    def _close_case(self, request: Node, warn: bool) -> Reply:
        return self._finished_again(request, warn, of_states=("open",))

    def _finished_again(self, request: Node, warn: bool, of_states: Sequence[str]) -> Reply:
        case = request.node("caseDto")
        if case is None:
            return detailed("Fault", [missing("caseDto")])
        if errors := case_errors(case, self._demands, finished=True):
            return detailed("Fault", errors)
        known = self._known(case.text("IdPatientMis"), case.text("IdCaseMis"), of_states)
        if isinstance(known, Entry):
            return detailed("Fault", [known])
        theirs = {document.id for document in known.documents}
        if errors := self._repeated(case.nodes("MedRecords"), but=theirs):
            return detailed("Fault", errors)
        return self._take_case(request.name, case, known, warn=warn, finished=True)

    def _take_case(self, operation: str, case: Node, known: TakenCase | None, *, warn: bool, finished: bool) -> Reply:
        records = case.nodes("MedRecords")
        doctor = case.node("DoctorInCharge") or (case.node("Author") or case).node("Doctor")
        warnings = record_warnings(records) + (_PLANTED if warn else [])
        diagnoses = [record.text("DiagnosisInfo", "MkbCode") for record in records if record.type == "ClinicMainDiagnosis"]
        self.taken.put_case(
            TakenCase(
                id=case.text("IdCaseMis"),
                patient_id=case.text("IdPatientMis"),
                state="finished" if finished else "open",
                at=_now(),
                opened=case.text("OpenDate"),
                closed=case.text("CloseDate"),
                diagnosis=diagnoses[0] if diagnoses else "",
                doctor=" ".join(doctor.text("Person", "HumanName", part) for part in _NAME_PARTS) if doctor else "",
                steps=(known.steps if known else ()) + tuple(step.text("IdStepMis") for step in case.nodes("Steps")),
                documents=self._documents(records),
                warned=bool(warnings),
                updates=known.updates + 1 if known else 0,
            )
        )
        return detailed("Warning", warnings) if warnings else response(operation)

    def _add_med_record(self, request: Node, warn: bool) -> Reply:
        record, patient_id, case_id = request.node("medRecord"), request.text("idPatientMis"), request.text("idCaseMis")
        if record is None:
            return detailed("Fault", [missing("medRecord")])
        if errors := record_errors(record, self._demands) or self._strangers(patient_id) or self._repeated([record]):
            return detailed("Fault", errors)
        known: TakenCase | Entry
        if case_id:
            known = self._known(patient_id, case_id, ("open", "finished"))
        else:
            outside = OUTSIDE + patient_id
            known = self.taken.cases.get(outside) or TakenCase(outside, patient_id, "open", _now())
        if isinstance(known, Entry):
            return detailed("Fault", [known])
        warnings = record_warnings([record]) + (_PLANTED if warn else [])
        documents = known.documents + self._documents([record])
        self.taken.put_case(msgspec.structs.replace(known, documents=documents, at=_now(), warned=known.warned or bool(warnings)))
        return detailed("Warning", warnings) if warnings else response("AddMedRecord")

    def _add_step_to_case(self, request: Node, warn: bool) -> Reply:
        step = request.node("step")
        if step is None:
            return detailed("Fault", [missing("step")])
        if errors := step_errors(step):
            return detailed("Fault", errors)
        known = self._known(request.text("idPatientMis"), request.text("idCaseMis"), ("open",))
        if isinstance(known, Entry):
            return detailed("Fault", [known])
        if step.text("IdStepMis") in known.steps:
            return detailed("Fault", [Entry("IdStepMis", "Посещение с таким идентификатором уже есть", EXISTS)])
        self.taken.put_case(msgspec.structs.replace(known, steps=(*known.steps, step.text("IdStepMis")), at=_now()))
        return detailed("Warning", _PLANTED) if warn else response("AddStepToCase")

    def _cancel_case(self, request: Node, warn: bool) -> Reply:
        del warn  # the contract has no warnings of it
        known = self._known(request.text("idPatientMis"), request.text("idCaseMis"), ("open", "finished"))
        if isinstance(known, Entry):
            return detailed("Fault", [known])
        self.taken.put_case(msgspec.structs.replace(known, state="cancelled", at=_now()))
        return response("CancelCase")

    # --- what is there ----------------------------------------------------------------------------------------------------

    def _strangers(self, patient_id: str) -> list[Entry]:
        if patient_id in self.taken.cards:
            return []
        return [Entry("IdPatientMis", "Карта пациента ещё не передана", UNKNOWN)]

    def _known(self, patient_id: str, case_id: str, of_states: Sequence[str]) -> TakenCase | Entry:
        """The case, or why nothing can be done to it."""
        case = self.taken.cases.get(case_id)
        if case is None or case.patient_id != patient_id:
            return Entry("IdCaseMis", "Случая с таким идентификатором у пациента нет", UNKNOWN)
        return case if case.state in of_states else Entry("IdCaseMis", "Случай уже завершён или отменён", CLOSED)

    def _repeated(self, records: Sequence[Node], but: set[str] | None = None) -> list[Entry]:
        """Documents that are there in other cases, or correct what isn't there."""
        there = set(self.taken.document_ids())
        errors = []
        for record in records:
            if record.text("IdDocumentMis") in there - (but or set()):
                errors.append(Entry("IdDocumentMis", "Документ с таким идентификатором уже есть", EXISTS))
            if any((related.element.text or "").strip() not in there for related in record.nodes("RelatedMedDoc")):
                errors.append(Entry("RelatedMedDoc", "Исправляемого документа нет", UNKNOWN))
        return inside("MedRecords", errors)

    def _documents(self, records: Sequence[Node]) -> tuple[TakenDocument, ...]:
        return tuple(
            TakenDocument(
                id=record.text("IdDocumentMis"),
                header=record.text("Header"),
                created=record.text("CreationDate"),
                files=tuple(self._file(file) for file in record.nodes("Attachments")),
                corrects=tuple((related.element.text or "").strip() for related in record.nodes("RelatedMedDoc")),
            )
            for record in records
            if record.type == "ConsultNote"
        )

    def _file(self, file: Node) -> TakenFile:
        taken = self.taken.put_file(file.file("Data"), file.text("MimeType"))
        signers = tuple(signer_snils(sign) for sign in file.nodes("PersonalSigns"))
        return msgspec.structs.replace(taken, signers=signers, by_organisation=bool(file.text("OrganizationSign")))


def _is_given(fact: object) -> bool:
    return any(fact) if isinstance(fact, tuple) else bool(fact)


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")  # noqa: DTZ005  for people at this machine
