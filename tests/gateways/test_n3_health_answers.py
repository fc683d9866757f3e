"""What answers of the federal registry mean, however they are written, and that none of them does any harm."""

import gzip
import random
import time
import tracemalloc

import httpx2
import pytest

from commands.ports.outside import OutsideAway
from commands.ports.state_registry import (
    Accepted,
    AcceptedWithRemarks,
    AlreadyThere,
    NotTaken,
    NotUnderstood,
    Outcome,
    OutcomeUnknown,
    QuestionRefused,
    Refused,
    Remark,
)
from gateways.n3_health.answers import MOST_MESSAGE, MOST_REMARKS
from gateways.n3_health.connection import RegistryConnection
from gateways.n3_health.n3_health import N3Health
from gateways.n3_health.xml_answer import MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS, AnswerReader, UnreadableAnswer
from services.test_servers.emk_faults import Entry, detailed, framework_fault, response
from tests.depth import examples
from tests.gateways.registry_papers import CARD, DIARY, GUID, ORGANISATION

pytestmark = pytest.mark.spec("EGZ-14")
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
COMMON = "http://schemas.datacontract.org/2004/07/N3.EMK.Dto.Common"
OUTCOMES = (Accepted, AcceptedWithRemarks, AlreadyThere, Refused, NotTaken, OutcomeUnknown, NotUnderstood)


def gateway(answer: httpx2.Response | Exception) -> N3Health:
    def respond(_: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    connection = RegistryConnection.of("https://b2b.example.ru/emk", GUID, ORGANISATION)
    return N3Health(connection, client=httpx2.Client(transport=httpx2.MockTransport(respond)))


def answered(status: int, body: bytes, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(body))


def case(status: int, body: bytes | str, **headers: str) -> Outcome:
    """What AddCase comes to."""
    return gateway(answered(status, body.encode() if isinstance(body, str) else body, **headers)).add_case(DIARY)


def fault(detail: str, code: str = "s:Client", text: str = "The creator of this fault did not specify a Reason.") -> str:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>{code}</faultcode>'
        f'<faultstring xml:lang="en-US">{text}</faultstring>{detail}</s:Fault></s:Body></s:Envelope>'
    )


NESTED = fault(f"""
<detail><ArrayOfRequestFault xmlns="{COMMON}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
  <RequestFault><PropertyName>MedRecords</PropertyName><Message>Поле содержит ошибки</Message><ErrorCode>1</ErrorCode>
    <Errors>
      <RequestFault><PropertyName>DiagnosisInfo</PropertyName><Message>Не заполнено поле MkbCode</Message>
        <ErrorCode>2</ErrorCode><Errors i:nil="true"/></RequestFault>
      <RequestFault><PropertyName i:nil="true"/><Message>Без имени</Message><ErrorCode>-7</ErrorCode></RequestFault>
    </Errors>
  </RequestFault>
  <RequestFault><PropertyName>Author</PropertyName><Message>Нет автора</Message></RequestFault>
</ArrayOfRequestFault></detail>""")


def test_a_tree_of_errors_becomes_a_list_with_paths() -> None:
    assert case(500, NESTED) == Refused(
        (
            Remark("MedRecords", "Поле содержит ошибки", 1, wraps=True),
            Remark("MedRecords/DiagnosisInfo", "Не заполнено поле MkbCode", 2),
            Remark("MedRecords", "Без имени", -7),
            Remark("Author", "Нет автора"),
        )
    )


def test_the_detail_decides_and_not_the_status() -> None:
    assert isinstance(case(200, NESTED), Refused)
    assert case(200, response("AddCase").body) == Accepted()
    assert case(500, response("AddCase").body) == OutcomeUnknown("HTTP 500")


def test_a_single_error_or_warning_needs_no_array() -> None:
    entry = "<PropertyName>A</PropertyName><Message>B</Message>"
    error = f'<detail><RequestFault xmlns="{COMMON}">{entry}<ErrorCode>4</ErrorCode></RequestFault></detail>'
    assert case(500, fault(error)) == Refused((Remark("A", "B", 4),))
    warning = f'<detail><RequestWarning xmlns="{COMMON}">{entry}<WarningCode>9</WarningCode></RequestWarning></detail>'
    assert case(500, fault(warning)) == AcceptedWithRemarks((Remark("A", "B", 9),))


def test_warnings_beside_errors_are_no_acceptance() -> None:
    both = (
        f'<detail><ArrayOfRequestWarning xmlns="{COMMON}"><RequestWarning/></ArrayOfRequestWarning>'
        f'<ArrayOfRequestFault xmlns="{COMMON}"><RequestFault><ErrorCode>2</ErrorCode></RequestFault>'
        "</ArrayOfRequestFault></detail>"
    )
    assert case(500, fault(both)) == Refused((Remark("", "", 2),))


def test_empty_trees() -> None:
    assert case(500, fault(f'<detail><ArrayOfRequestWarning xmlns="{COMMON}"/></detail>')) == AcceptedWithRemarks(())
    assert case(500, fault(f'<detail><ArrayOfRequestFault xmlns="{COMMON}"/></detail>', text="Отказ")) == Refused(
        (Remark("", "Отказ"),)
    )


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        ([Entry("IdCaseMis", "есть", 31)], AlreadyThere),
        ([Entry("caseDto", "ошибки", 1, (Entry("IdCaseMis", "есть", 31),))], AlreadyThere),
        ([Entry("IdCaseMis", "есть", 31), Entry("Author", "нет", 2)], Refused),
        ([Entry("MedRecords", "ошибки", 1, (Entry("IdDocumentMis", "есть", 31),))], Refused),
        ([Entry("IdCaseMis", "есть", 31, (Entry("Author", "нет", 2),))], Refused),
    ],
)
def test_it_is_there_only_if_nothing_else_is_wrong(entries: list[Entry], outcome: type) -> None:
    assert isinstance(case(500, detailed("Fault", entries).body), outcome)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (framework_fault("DeserializationFailed", "wrong").body, NotUnderstood("DeserializationFailed", "wrong")),
        (framework_fault("ActionNotSupported", "no").body, NotUnderstood("ActionNotSupported", "no")),
        (framework_fault("InternalServiceFault", "oh").body, OutcomeUnknown("fault InternalServiceFault")),
        (fault("", "s:Client", "what").encode(), NotUnderstood("Client", "what")),
        (fault("", "s:Server").encode(), OutcomeUnknown("fault Server")),
        (fault("", "").encode(), OutcomeUnknown("fault without a code")),
        (fault("<detail><other/></detail>", "s:Server").encode(), OutcomeUnknown("fault Server")),
    ],
)
def test_faults_without_a_tree(body: bytes, outcome: Outcome) -> None:
    assert case(500, body) == outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (301, NotTaken("HTTP 301")),
        (401, NotTaken("HTTP 401")),
        (404, NotTaken("HTTP 404")),
        (429, NotTaken("HTTP 429")),
        (204, OutcomeUnknown("HTTP 204")),
        (500, OutcomeUnknown("HTTP 500")),
        (502, OutcomeUnknown("HTTP 502")),
        (504, OutcomeUnknown("HTTP 504")),
    ],
)
def test_answers_of_gates_before_the_service(status: int, outcome: Outcome) -> None:
    assert case(status, "<html>Gate</html>") == outcome


def test_a_document_that_is_too_large_is_refused_and_not_repeated() -> None:
    assert isinstance(case(413, "<html/>"), Refused)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><r>&d;&d;&d;&d;</r>'
)
FILE = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
HOSTILE = {
    "nothing": b"",
    "zeros": bytes(1000),
    "text": "не XML".encode(),
    "page": b"<html><body>Please sign in",
    "bomb": BOMB,
    "file": FILE,
    "doctype": b"<!DOCTYPE html>" + response("AddCase").body,
    "deep": b"<a>" * (MOST_DEPTH + 1),
    "very deep": b"<a>" * 400_000,
    "wide": b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>",
    "long": b"<a>" + b"x" * MOST_BYTES + b"</a>",
    "attributes": b"<a " + b" ".join(b'a%d="1"' % number for number in range(100_000)) + b"/>",
    "encoding": b'<?xml version="1.0" encoding="hex"?><a/>',
    "encoding without end": b'<?xml version="1.0" encoding="' + b"x" * 100_000 + b'"?><a/>',
    "unbound prefix": b"<s:Envelope/>",
    "lone": b"\xff\xfe<\x00a\x00",
    "other operation": response("AddPatient").body,
    "no body": f'<s:Envelope xmlns:s="{SOAP}"/>'.encode(),
    "empty body": f'<s:Envelope xmlns:s="{SOAP}"><s:Body/></s:Envelope>'.encode(),
    "foreign envelope": response("AddCase").body.replace(SOAP.encode(), b"urn:other"),
    "unfinished": response("AddCase").body[:-1],
    "twice": response("AddCase").body * 2,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_leaves_the_outcome_unknown(name: str) -> None:
    started = time.process_time()
    tracemalloc.start()
    try:
        outcome = case(200, HOSTILE[name])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome == OutcomeUnknown("HTTP 200 without the operation's response")
    assert time.process_time() - started < 5
    assert peak < 40_000_000


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("deep", "too deep or too many elements"),
        ("wide", "too deep or too many elements"),
        ("long", "too long"),
        ("bomb", "a document type"),
        ("encoding", "not XML"),
    ],
)
def test_a_hostile_answer_is_given_up_where_it_begins_to_cost(name: str, reason: str) -> None:
    reader = AnswerReader("")
    with pytest.raises(UnreadableAnswer, match=reason):
        reader.feed(HOSTILE[name])


def test_a_packed_answer_is_not_unpacked() -> None:
    packed = gzip.compress(response("AddCase").body)
    assert isinstance(case(200, packed, **{"Content-Encoding": "gzip"}), OutcomeUnknown)


def test_a_flood_of_remarks_is_cut() -> None:
    many = [Entry("x" * 500, "y" * 5_000, number) for number in range(300)]
    refused = case(500, detailed("Fault", many).body)
    assert isinstance(refused, Refused)
    assert {len(error.message) for error in refused.errors} == {MOST_MESSAGE}
    assert max(len(error.path) for error in refused.errors) == 100
    more = [Entry("x", "y", 31)] * (MOST_REMARKS + 1) + [Entry("z", "another", 2)]
    flood = case(500, detailed("Fault", more).body)
    assert isinstance(flood, Refused)
    assert len(flood.errors) == MOST_REMARKS


def test_the_token_is_blotted_out_of_whatever_comes_back() -> None:
    entries = [Entry(f"guid {GUID}", f"Нет доступа: {GUID.upper()}", 5)]
    refused = case(500, detailed("Fault", entries).body)
    assert refused == Refused((Remark("guid …", "Нет доступа: …", 5),))
    unknown = case(500, framework_fault("ActionNotSupported", f"{GUID}!").body)
    assert unknown == NotUnderstood("ActionNotSupported", "…!")


@pytest.mark.parametrize("error", [httpx2.ReadTimeout("late"), httpx2.ConnectError("away"), httpx2.RemoteProtocolError("odd")])
def test_a_question_without_an_answer_says_that_the_registry_is_away(error: Exception) -> None:
    with pytest.raises(OutsideAway):
        gateway(error).cards(CARD.id)
    with pytest.raises(OutsideAway):
        gateway(answered(200, b"<html/>")).versions()


def test_a_question_may_be_refused() -> None:
    with pytest.raises(QuestionRefused) as refused:
        gateway(answered(500, detailed("Fault", [Entry("guid", "нет", 5)]).body)).cards(CARD.id)
    assert refused.value.why == Refused((Remark("guid", "нет", 5),))


@pytest.mark.parametrize("result", ["", "<GetPatientResult/>", "<GetPatientResult><p/><p><Sex>ы</Sex></p></GetPatientResult>"])
def test_cards_that_say_little_are_read(result: str) -> None:
    cards = gateway(answered(200, response("GetPatient", result).body)).cards(CARD.id)
    assert {card.sex for card in cards} <= {""}


def test_any_answer_has_one_of_the_outcomes() -> None:
    """Bytes removed, doubled, changed and mixed between answers that are in order."""
    whole = [
        NESTED.encode(),
        response("AddCase").body,
        detailed("Fault", [Entry("IdCaseMis", "есть", 31)]).body,
        detailed("Warning", [Entry("ConsultNote", "ошибки", 8, (Entry("Attachments", "нет", 2135),))]).body,
        framework_fault("InternalServiceFault", "oh").body,
        BOMB,
    ]
    dice = random.Random(20260302)
    reached = set()
    for _ in range(examples(600)):
        body = bytearray(dice.choice(whole))
        for _ in range(dice.randrange(4)):
            start = dice.randrange(len(body))
            end = min(len(body), start + dice.randrange(1, 40))
            piece = bytes(body[start:end])
            other = dice.choice(whole)
            at = dice.randrange(len(other))
            body[start:end] = (
                dice.choice([b"", piece * 2, dice.randbytes(len(piece)), other[at : at + 60], b"\x00", b"&", b"<", "ё".encode()])
                or b""
            )
            if not body:
                break
        outcome = case(dice.choice([200, 500, 500, 404, 503]), bytes(body))
        assert isinstance(outcome, OUTCOMES)
        reached.add(type(outcome))
    assert reached >= {Refused, AlreadyThere, AcceptedWithRemarks, OutcomeUnknown, NotTaken, Accepted}
