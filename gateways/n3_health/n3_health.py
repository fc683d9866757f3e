"""The federal registry by the platform N3.Health «ИЭМК»: SOAP 1.1 over HTTP."""

from collections.abc import Mapping
from typing import Self

import httpx2

from commands.ports.outside import OutsideAway
from commands.ports.state_registry import (
    Diary,
    NotTaken,
    NotUnderstood,
    Outcome,
    OutcomeUnknown,
    PatientCard,
    QuestionRefused,
    Refused,
    RegisteredCard,
    RegistryVersions,
    SignedDocument,
)
from gateways.n3_health import answers, cases, people
from gateways.n3_health.connection import RegistryConnection
from gateways.n3_health.contract import OPERATIONS
from gateways.n3_health.envelope import Record, Unwritable, envelope
from gateways.n3_health.exchange import Answer, NoAnswer, Patience, exchange, http_client

UNWRITABLE = "Unwritable"
"""Code of what the contract has no room for."""


class N3Health:
    """`commands.ports.state_registry.StateRegistry`. Thread-safe."""

    def __init__(
        self, connection: RegistryConnection, patience: Patience | None = None, client: httpx2.Client | None = None
    ) -> None:
        self._connection = connection
        self._patience = patience or Patience()
        self._client = client or http_client(self._patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def add_card(self, card: PatientCard) -> Outcome:
        return self._sent("AddPatient", {"idLPU": self._lpu, "patient": people.patient(card)})

    def update_card(self, card: PatientCard) -> Outcome:
        return self._sent("UpdatePatient", {"idLPU": self._lpu, "patient": people.patient(card)})

    def add_case(self, diary: Diary) -> Outcome:
        return self._sent("AddCase", {"caseDto": cases.case(diary, self._lpu)})

    def update_case(self, diary: Diary) -> Outcome:
        return self._sent("UpdateCase", {"caseDto": cases.case(diary, self._lpu)})

    def add_document(self, patient_id: str, case_id: str, document: SignedDocument) -> Outcome:
        place = {"idLpu": self._lpu, "idPatientMis": patient_id, "idCaseMis": case_id}
        return self._sent("AddMedRecord", {**place, "medRecord": cases.document(document, self._lpu)})

    def cancel_case(self, patient_id: str, case_id: str) -> Outcome:
        return self._sent("CancelCase", {"idLpu": self._lpu, "idPatientMis": patient_id, "idCaseMis": case_id})

    def cards(self, patient_id: str) -> tuple[RegisteredCard, ...]:
        asked = Record("PatientDto", {"IdPatientMIS": patient_id})
        found = self._asked("GetPatient", {"idLPU": self._lpu, "patient": asked, "idSource": "Reg"})
        return () if found.root is None else answers.cards(found.root)

    def versions(self) -> RegistryVersions:
        found = self._asked("GetVersion", {})
        return RegistryVersions("", "") if found.root is None else answers.versions(found.root)

    # --- the wire -------------------------------------------------------------------------------------------------------

    @property
    def _lpu(self) -> str:
        return self._connection.organisation

    def _sent(self, name: str, arguments: Mapping[str, object]) -> Outcome:
        try:
            answer = self._exchange(name, arguments)
        except Unwritable as error:
            return NotUnderstood(UNWRITABLE, str(error))
        except NoAnswer as error:
            return OutcomeUnknown(str(error)) if error.all_sent else NotTaken(str(error))
        return answers.outcome(name, answer.status, answer.root)

    def _asked(self, name: str, arguments: Mapping[str, object]) -> Answer:
        """A response of the operation. OutsideAway, QuestionRefused."""
        try:
            answer = self._exchange(name, arguments)
        except Unwritable as error:
            raise QuestionRefused(NotUnderstood(UNWRITABLE, str(error))) from None
        except NoAnswer as error:
            raise OutsideAway(f"registry: {error}") from None
        match answers.outcome(name, answer.status, answer.root):
            case Refused() | NotUnderstood() as refusal:
                raise QuestionRefused(refusal)
            case NotTaken(reason) | OutcomeUnknown(reason):
                raise OutsideAway(f"registry: {reason}")
        return answer

    def _exchange(self, name: str, arguments: Mapping[str, object]) -> Answer:
        connection, operation = self._connection, OPERATIONS[name]
        token = {"guid": connection.guid} if operation.parameters else {}
        request = envelope(operation, {**token, **arguments})
        return exchange(self._client, connection.address, operation, request, secret=connection.guid, patience=self._patience)
