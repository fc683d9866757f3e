"""The gateway of the federal registry against our test server, over real HTTP: each outcome, lost and late answers, secrets."""

import logging
import re
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from hashlib import sha256

import httpx2
import msgspec
import pytest

from aggregates.people.person import PersonName
from commands.ports.outside import OutsideAway, WrongSetting
from commands.ports.state_registry import (
    Accepted,
    AcceptedWithRemarks,
    AlreadyThere,
    NotTaken,
    NotUnderstood,
    OutcomeUnknown,
    QuestionRefused,
    Refused,
    RegisteredCard,
    Remark,
)
from gateways.n3_health.connection import RegistryConnection
from gateways.n3_health.exchange import Patience
from gateways.n3_health.n3_health import N3Health
from tests.gateways.registry_papers import CARD, DIARY, GUID, ORGANISATION, PDF, Stand, diary, running

pytestmark = pytest.mark.spec("EGZ-14")
WAITS = Patience(connect=5.0, silence=20.0, whole=30.0)


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    with running() as stand:
        yield stand


@pytest.fixture
def stand(shared: Stand) -> Stand:
    shared.registry.taken.cards.clear()
    shared.registry.taken.cases.clear()
    shared.behaviour.change({"next": [], "rates": {}, "pause": 0.3})
    return shared


@pytest.fixture
def gateway(stand: Stand) -> Iterator[N3Health]:
    with stand.gateway() as gateway:
        yield gateway


@pytest.fixture
def known(gateway: N3Health) -> N3Health:
    """The patient's card is there."""
    assert gateway.add_card(CARD) == Accepted()
    return gateway


def test_a_card_is_accepted_once_and_then_updated(gateway: N3Health) -> None:
    assert gateway.add_card(CARD) == Accepted()
    there = gateway.add_card(CARD)
    assert isinstance(there, AlreadyThere)
    assert [remark.code for remark in there.remarks] == [31]
    married = msgspec.structs.replace(CARD, name=PersonName("Былинин", "Илья", "Петрович"))
    assert gateway.update_card(married) == Accepted()
    assert [card.name.family_name for card in gateway.cards(CARD.id)] == ["Былинин"]


def test_a_card_is_found_as_the_registry_has_it(known: N3Health) -> None:
    (card,) = known.cards(CARD.id)
    assert card.global_id
    assert msgspec.structs.replace(card, global_id="") == RegisteredCard(CARD.id, "", CARD.name, "2015-06-01", "male", CARD.snils)
    assert known.cards("somebody else") == ()


def test_the_registry_says_its_versions(gateway: N3Health) -> None:
    assert gateway.versions().service == "Denta"


def test_a_diary_is_accepted_with_its_file_and_signatures(known: N3Health, stand: Stand) -> None:
    assert known.add_case(DIARY) == Accepted()
    (case,) = stand.registry.taken.cases.values()
    assert (case.id, case.patient_id, case.diagnosis, case.state) == (DIARY.id, CARD.id, "K04.0", "finished")
    (document,) = case.documents
    pdf, text = document.files
    assert (pdf.sha256, pdf.signers, pdf.by_organisation) == (sha256(PDF).hexdigest(), (DIARY.doctor.snils,), True)
    assert (text.media, text.by_organisation) == ("text/plain", False)
    assert stand.registry.taken.content(pdf.sha256) == PDF


def test_a_repeated_diary_is_there_once(known: N3Health, stand: Stand) -> None:
    assert known.add_case(DIARY) == Accepted()
    assert isinstance(known.add_case(DIARY), AlreadyThere)
    assert stand.cases == [DIARY.id]


def test_a_diary_before_the_card_is_refused(gateway: N3Health, stand: Stand) -> None:
    refused = gateway.add_case(DIARY)
    assert isinstance(refused, Refused)
    assert [error.path for error in refused.errors] == ["IdPatientMis"]
    assert stand.cases == []


def test_errors_are_listed_from_the_whole_tree(known: N3Health) -> None:
    without = msgspec.structs.replace(DIARY.diagnosis, code="")
    refused = known.add_case(msgspec.structs.replace(DIARY, result=0, diagnosis=without))
    assert isinstance(refused, Refused)
    assert [(error.path, error.message) for error in refused.errors if not error.wraps] == [
        ("IdCaseResult", "Не заполнено обязательное поле IdCaseResult"),
        ("MedRecords/ClinicMainDiagnosis/DiagnosisInfo/MkbCode", "Не заполнено обязательное поле MkbCode"),
    ]
    assert [error.path for error in refused.errors if error.wraps] == [
        "MedRecords", "MedRecords/ClinicMainDiagnosis", "MedRecords/ClinicMainDiagnosis/DiagnosisInfo",
    ]  # fmt: skip


def test_a_diary_without_text_is_accepted_with_a_remark(known: N3Health, stand: Stand) -> None:
    document = msgspec.structs.replace(DIARY.document, text="")
    assert known.add_case(msgspec.structs.replace(DIARY, document=document)) == AcceptedWithRemarks(
        (
            Remark("ConsultNote", "Поле содержит ошибки", 8, wraps=True),
            Remark("ConsultNote/Attachments", "Есть PDF, нет TXT", 2135),
        )
    )
    assert stand.cases == [DIARY.id]


def test_a_new_version_of_a_document_names_the_one_that_it_corrects(known: N3Health, stand: Stand) -> None:
    assert known.add_case(DIARY) == Accepted()
    corrected = msgspec.structs.replace(DIARY.document, id="document-7/2", pdf=PDF + b"2", corrects=(DIARY.document.id,))
    assert known.add_document(CARD.id, DIARY.id, corrected) == Accepted()
    assert isinstance(known.add_document(CARD.id, DIARY.id, corrected), AlreadyThere)
    (case,) = stand.registry.taken.cases.values()
    assert [(one.id, one.corrects) for one in case.documents] == [("document-7", ()), ("document-7/2", ("document-7",))]
    stranger = msgspec.structs.replace(corrected, id="document-8", corrects=("document-0",))
    assert isinstance(known.add_document(CARD.id, DIARY.id, stranger), Refused)


def test_a_document_that_is_there_in_another_case_does_not_count_as_the_case(known: N3Health, stand: Stand) -> None:
    assert known.add_case(DIARY) == Accepted()
    assert isinstance(known.add_case(msgspec.structs.replace(DIARY, id="case-8")), Refused)
    assert stand.cases == [DIARY.id]


def test_a_case_is_sent_again_and_cancelled(known: N3Health, stand: Stand) -> None:
    assert isinstance(known.update_case(DIARY), Refused)
    assert known.add_case(DIARY) == Accepted()
    assert known.update_case(msgspec.structs.replace(DIARY, epicrisis="Иное")) == Accepted()
    assert known.cancel_case(CARD.id, DIARY.id) == Accepted()
    assert isinstance(known.update_case(DIARY), Refused)
    assert [case.state for case in stand.registry.taken.cases.values()] == ["cancelled"]


# --- trouble --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "outcome", "taken"),
    [
        ("lose_answer", OutcomeUnknown, True),
        ("cut", OutcomeUnknown, False),
        ("garbage", OutcomeUnknown, True),
        ("server_error", OutcomeUnknown, False),
        ("unavailable", OutcomeUnknown, False),
        ("internal_fault", OutcomeUnknown, False),
        ("refusal", Refused, False),
        ("warning", AcceptedWithRemarks, True),
    ],
)
def test_after_any_trouble_the_same_diary_is_there_once(
    known: N3Health, stand: Stand, trouble: str, outcome: type, taken: bool
) -> None:
    stand.behaviour.change({"next": [trouble]})
    assert isinstance(known.add_case(DIARY), outcome)
    assert stand.cases == ([DIARY.id] if taken else [])
    assert isinstance(known.add_case(DIARY), AlreadyThere if taken else Accepted)
    assert stand.cases == [DIARY.id]


@pytest.mark.parametrize(("trouble", "taken"), [("slow", False), ("slow_answer", True)])
def test_an_answer_that_does_not_come_leaves_the_outcome_unknown(
    known: N3Health, stand: Stand, trouble: str, taken: bool
) -> None:
    stand.behaviour.change({"next": [trouble], "pause": 2})
    with stand.gateway(Patience(connect=5, silence=0.2, whole=30)) as impatient:
        assert impatient.add_case(DIARY) == OutcomeUnknown("ReadTimeout")
    assert isinstance(known.add_case(DIARY), AlreadyThere if taken else Accepted)


def test_many_diaries_under_planted_faults_are_all_there_once(known: N3Health, stand: Stand) -> None:
    stand.behaviour.change({"rates": {"lose_answer": 0.1, "server_error": 0.05, "cut": 0.05, "garbage": 0.05}, "seed": 3})
    for number in range(40):
        while isinstance(outcome := known.add_case(diary(number)), OutcomeUnknown | NotTaken):
            pass
        assert isinstance(outcome, Accepted | AlreadyThere)
    assert stand.cases == [f"case-{number}" for number in range(40)]


def test_nobody_there_is_surely_not_taken() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        connection = RegistryConnection.of(f"http://127.0.0.1:{closed.getsockname()[1]}", GUID, ORGANISATION)
        with N3Health(connection, WAITS) as gateway:
            assert gateway.add_card(CARD) == NotTaken("ConnectError")
            with pytest.raises(OutsideAway):
                gateway.cards(CARD.id)


Handler = Callable[[socket.socket], None]


def peer(handler: Handler) -> tuple[str, threading.Thread]:
    """A server of one connection that does what the test wants."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            connection, _ = listener.accept()
            with connection:
                handler(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}", thread


def test_a_request_that_did_not_get_through_is_surely_not_taken() -> None:
    def half(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset, whatever is still on its way

    address, thread = peer(half)
    big = msgspec.structs.replace(DIARY, document=msgspec.structs.replace(DIARY.document, pdf=bytes(30_000_000)))
    with N3Health(RegistryConnection.of(address, GUID, ORGANISATION), WAITS) as gateway:
        assert isinstance(gateway.add_case(big), NotTaken)
    thread.join()


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_trickles_is_given_up(answer: bytes) -> None:
    over = threading.Event()

    def trickle(connection: socket.socket) -> None:
        connection.recv(1_000_000)
        connection.sendall(answer)
        for _ in range(400):
            if over.wait(0.02):
                return
            try:
                connection.sendall(b" " if answer else b"H")
            except OSError:
                return

    address, thread = peer(trickle)
    started = time.monotonic()
    try:
        with N3Health(RegistryConnection.of(address, GUID, ORGANISATION), Patience(5, 20, 0.5)) as gateway:
            assert isinstance(gateway.add_card(CARD), OutcomeUnknown)
    finally:
        over.set()
        thread.join()
    assert time.monotonic() - started < 7


def test_a_big_document_goes_through(known: N3Health, stand: Stand) -> None:
    pdf = PDF + bytes(30_000_000)
    big = msgspec.structs.replace(DIARY, document=msgspec.structs.replace(DIARY.document, pdf=pdf))
    assert known.add_case(big) == Accepted()
    (case,) = stand.registry.taken.cases.values()
    assert case.documents[0].files[0].sha256 == sha256(pdf).hexdigest()


def test_a_big_document_is_sent_in_little_memory() -> None:
    def swallow(connection: socket.socket) -> None:
        while not (part := connection.recv(1_000_000)).endswith(b"</soap:Envelope>"):
            assert part
        connection.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")

    address, thread = peer(swallow)
    big = msgspec.structs.replace(DIARY, document=msgspec.structs.replace(DIARY.document, pdf=bytes(30_000_000)))
    with N3Health(RegistryConnection.of(address, GUID, ORGANISATION), WAITS) as gateway:
        tracemalloc.start()
        try:
            assert gateway.add_case(big) == OutcomeUnknown("HTTP 503")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    thread.join()
    assert peak < 6_000_000


# --- settings and secrets -------------------------------------------------------------------------------------------------


def test_a_wrong_token_is_refused_and_not_repeated_to_anybody(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "deadbeef-0000-4000-8000-00000000beef"
    with stand.gateway(guid=secret) as gateway:
        refused = gateway.add_card(CARD)
        with pytest.raises(QuestionRefused) as question:
            gateway.cards(CARD.id)
        stand.behaviour.change({"next": ["cut"]})
        with pytest.raises(OutsideAway) as away:
            gateway.cards(CARD.id)
        shown = [refused, question.value, question.value.why, away.value, away.value.__cause__, gateway, gateway._connection]
    assert isinstance(refused, Refused)
    assert refused.errors[0].message == "Неизвестная система …"
    texts = "\n".join([*map(repr, shown), *map(str, shown), caplog.text])
    assert caplog.text
    for private in (secret, CARD.name.family_name, CARD.snils):
        assert private not in texts


def test_another_clinic_is_refused(stand: Stand) -> None:
    with stand.gateway(organisation="another") as gateway:
        assert isinstance(gateway.add_card(CARD), Refused)
        assert isinstance(gateway.add_case(DIARY), Refused)
    assert not stand.registry.taken.cards


def test_a_value_that_the_contract_has_no_room_for_is_not_sent(gateway: N3Health, stand: Stand) -> None:
    stand.behaviour.change({"next": ["server_error"]})
    unsaid = gateway.add_card(msgspec.structs.replace(CARD, name=PersonName("Сказ\x01кин", "Илья")))
    assert unsaid == NotUnderstood("Unwritable", "AddPatient/patient/FamilyName: a character that XML can't carry")
    assert stand.behaviour.next == ["server_error"]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("ftp://b2b.example.ru/emk", "нужен адрес"),
        ("b2b.example.ru/emk", "нужен адрес"),
        ("https://", "нужен адрес"),
        ("https://b2b.example.ru:99999/emk", "нужен адрес"),
        ("https://[::1/emk", "нужен адрес"),
        ("https://me:secret@b2b.example.ru/emk", "нужен адрес"),
        ("https://b2b.example.ru/emk?wsdl", "нужен адрес"),
        ("https://b2b.example.ru/emk/PixService.svc", "имя службы"),
        ("http://b2b.example.ru/emk", "https"),
    ],
)
def test_a_wrong_address_is_named(address: str, named: str) -> None:
    with pytest.raises(WrongSetting, match=re.escape(named)):
        RegistryConnection.of(address, GUID, ORGANISATION)


def test_through_a_tunnel_http_is_allowed() -> None:
    assert RegistryConnection.of("http://b2b.example.ru/emk/", GUID, ORGANISATION, through_tunnel=True).address.endswith("/emk")


@pytest.mark.parametrize(("guid", "organisation", "named"), [("", "x", "GUID"), ("x", " ", "IdLpu"), ("a\x00", "x", "GUID")])
def test_what_the_operator_issues_is_required(guid: str, organisation: str, named: str) -> None:
    with pytest.raises(WrongSetting, match=named):
        RegistryConnection.of("https://b2b.example.ru/emk", guid, organisation)


def test_the_services_are_at_the_addresses_of_the_contract() -> None:
    asked: list[tuple[str, str, str]] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append((str(request.url), request.headers["SOAPAction"], request.headers["Content-Type"]))
        assert len(request.read()) == int(request.headers["Content-Length"])
        assert "Transfer-Encoding" not in request.headers
        return httpx2.Response(503, stream=httpx2.ByteStream(b""))

    connection = RegistryConnection.of("https://b2b.example.ru/emk", GUID, ORGANISATION)
    with N3Health(connection, client=httpx2.Client(transport=httpx2.MockTransport(respond))) as gateway:
        gateway.add_card(CARD)
        gateway.add_case(DIARY)
    media = "text/xml; charset=utf-8"
    assert asked == [
        ("https://b2b.example.ru/emk/PixService.svc", '"http://tempuri.org/IPixService/AddPatient"', media),
        ("https://b2b.example.ru/emk/EMKService.svc", '"http://tempuri.org/IEmkService/AddCase"', media),
    ]
