"""Invented people, their cards and diaries, as the registry gets them; and a test registry over real HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import msgspec
import uvicorn

from aggregates.people.person import PersonName
from commands.ports.state_registry import (
    CaseStep,
    Contact,
    Diagnosis,
    Diary,
    Doctor,
    IdentityPaper,
    PatientCard,
    PersonalSignature,
    RegistryAddress,
    Representative,
    SignedDocument,
)
from gateways.n3_health.connection import RegistryConnection
from gateways.n3_health.exchange import Patience
from gateways.n3_health.n3_health import N3Health
from services.test_servers.emk_cases import Verify, present
from services.test_servers.emk_registry import EmkRegistry
from services.test_servers.emk_server import Behaviour, CuttingProtocol, server

GUID = "0a1b2c3d-1111-4222-8333-944455556666"
ORGANISATION = "77778888-9999-4aaa-8bbb-ccccddddeeee"
PDF = b"%PDF-1.7\nthe signed file\n%%EOF\n"
PATIENCE = Patience(connect=5.0, silence=20.0, whole=30.0)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{clock}")


REPRESENTATIVE = Representative(
    id="representative-7",
    name=PersonName("Сказкина", "Ольга", "Львовна"),
    relation=2,
    sex="female",
    birth_date=date(1985, 3, 8),
    snils="11223344595",
    contacts=(Contact(1, "+79990000007"),),
    basis="Свидетельство о рождении",
)
CARD = PatientCard(
    id="patient-7",
    name=PersonName("Сказкин", "Илья", "Петрович"),
    birth_date=date(2015, 6, 1),
    sex="male",
    snils="08765430300",
    papers=(IdentityPaper(kind=3, number="123456", series="II-АБ", name="Свидетельство о рождении", issued_on=date(2015, 6, 9)),),
    addresses=(RegistryAddress(kind=2, text="г. Кострома, ул. Выдуманная, д. 1 & 2", postal_code="156000", house="1", flat="2"),),
    contacts=(Contact(1, "+79990000007"),),
    representative=REPRESENTATIVE,
)
DOCTOR = Doctor(
    id="doctor-3",
    name=PersonName("Зубов", "Кирилл", "Ильич"),
    snils="11600000059",
    position=45,
    speciality=14,
    sex="male",
    birth_date=date(1979, 12, 31),
)
DIARY = Diary(
    id="case-7",
    patient_id=CARD.id,
    card_number="000007",
    opened_at=at("10:00"),
    closed_at=at("10:40"),
    aid_type=1,
    payment_type=4,
    confidentiality=1,
    doctor_confidentiality=1,
    curator_confidentiality=1,
    result=2,
    epicrisis="Пульпит зуба 3.6 вылечен",
    admission_condition=3,
    visit_order=1,
    case_purpose=5,
    case_type=2,
    ambulatory_result=6,
    doctor=DOCTOR,
    step=CaseStep("step-7", at("10:00"), at("10:40"), place=1, purpose=7),
    diagnosis=Diagnosis("K04.0", 1, "Пульпит <острый>", at("10:15"), disease_character=1),
    complications=(Diagnosis("K04.4", 3, "Периодонтит", at("10:20"), disease_character=1),),
    document=SignedDocument(
        id="document-7",
        header="Дневник приёма",
        created_at=at("10:38"),
        author=DOCTOR,
        pdf=PDF,
        text="Дневник приёма",
        signatures=(PersonalSignature(DOCTOR, b"signature of the doctor"),),
        organisation_signature=b"signature of the clinic",
    ),
    representative=REPRESENTATIVE,
)


def diary(number: int, patient: str = CARD.id) -> Diary:
    """Another case of the patient."""
    document = msgspec.structs.replace(DIARY.document, id=f"document-{number}")
    return msgspec.structs.replace(DIARY, id=f"case-{number}", patient_id=patient, document=document)


class Stand:
    """A test registry that listens on a port."""

    def __init__(self, file: Path | None, verify: Verify) -> None:
        self.registry = EmkRegistry(GUID, ORGANISATION, file, verify)
        self.behaviour = Behaviour()
        self.behaviour.pause = 0.3
        application = server(self.registry, self.behaviour)
        self._server = uvicorn.Server(
            uvicorn.Config(application, port=0, http=CuttingProtocol, log_level="error", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run)

    def start(self) -> None:
        self._thread.start()
        end = time.monotonic() + 30
        while not self._server.started:
            assert time.monotonic() < end
            time.sleep(0.005)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def gateway(self, patience: Patience = PATIENCE, *, guid: str = GUID, organisation: str = ORGANISATION) -> N3Health:
        return N3Health(RegistryConnection.of(f"{self.page}/emk", guid, organisation), patience)

    @property
    def cases(self) -> list[str]:
        return list(self.registry.taken.cases)


@contextmanager
def running(file: Path | None = None, verify: Verify = present) -> Iterator[Stand]:
    stand = Stand(file, verify)
    stand.start()
    try:
        yield stand
    finally:
        stand.stop()
