"""The test server of the federal registry: it refuses what the real one would lose in silence, and keeps its rules."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree
from starlette.testclient import TestClient

from gateways.n3_health import cases, people
from gateways.n3_health.contract import INSTANCE, NAMESPACES, OPERATIONS
from gateways.n3_health.envelope import envelope
from services.test_servers.emk_cards import differing_names, refines
from services.test_servers.emk_cases import Signer
from services.test_servers.emk_faults import Entry, Reply, detailed, framework_fault, response
from services.test_servers.emk_registry import EmkRegistry
from services.test_servers.emk_server import MOST_BODY, server
from tests.gateways.registry_papers import CARD, DIARY, GUID, ORGANISATION, PDF

pytestmark = pytest.mark.spec("EGZ-14")
SCHEMAS = Path(__file__).parent.parent.parent / "services" / "test_servers" / "emk_schemas"
FAULT = "{http://schemas.datacontract.org/2004/07/N3.EMK.Dto.Common}"
PIX, EMK = "PixService.svc", "EMKService.svc"
TYPE = f"{{{INSTANCE}}}type"


@pytest.fixture
def registry() -> EmkRegistry:
    return EmkRegistry(GUID, ORGANISATION)


@pytest.fixture
def known(registry: EmkRegistry) -> EmkRegistry:
    assert sent(registry, card_tree()).status == 200
    return registry


def card_tree(operation: str = "AddPatient", card: object = CARD) -> Any:
    arguments = {"guid": GUID, "idLPU": ORGANISATION, "patient": people.patient(card)}  # type: ignore[arg-type]
    return tree(operation, arguments)


def case_tree(operation: str = "AddCase", diary: object = DIARY) -> Any:
    made = tree("AddCase", {"guid": GUID, "caseDto": cases.case(diary, ORGANISATION)})  # type: ignore[arg-type]
    made.find(".//{*}AddCase").tag = f"{{http://tempuri.org/}}{operation}"
    if operation == "CreateCase":
        made.find(".//{*}caseDto").tag = "{http://tempuri.org/}createCaseDto"
    return made


def tree(operation: str, arguments: dict[str, object]) -> Any:
    return etree.fromstring(b"".join(envelope(OPERATIONS[operation], arguments).parts()))


def short_tree(operation: str, content: str = "", **texts: str) -> Any:
    """An operation with texts as parameters, and with XML as the last one."""
    bound = " ".join(f'xmlns:{prefix}="{namespace}"' for prefix, namespace in NAMESPACES.items())
    parameters = "".join(f"<tem:{name}>{text}</tem:{name}>" for name, text in texts.items())
    return etree.fromstring(
        f"<soap:Envelope {bound}><soap:Body><tem:{operation}>{parameters}{content}</tem:{operation}></soap:Body></soap:Envelope>"
    )


def sent(registry: EmkRegistry, request: Any) -> Reply:
    operation = etree.QName(request.find("{*}Body")[0]).localname
    service, interface = (PIX, "IPixService") if "Patient" in operation else (EMK, "IEmkService")
    if operation == "GetVersion":
        interface = "IServiceSupport"
    return registry.answer(service, f"http://tempuri.org/{interface}/{operation}", etree.tostring(request))


def framework_code(reply: Reply) -> str:
    code = etree.fromstring(reply.body).findtext(".//faultcode")
    assert reply.status == 500
    return str(code).partition(":")[2]


def errors(reply: Reply) -> list[tuple[str, int]]:
    """The leaves of a tree of errors: member and code."""
    entries = etree.fromstring(reply.body).iter(f"{FAULT}RequestFault")
    return [
        (entry.findtext(f"{FAULT}PropertyName") or "", int(entry.findtext(f"{FAULT}ErrorCode") or 0))
        for entry in entries
        if entry.find(f"{FAULT}Errors/{FAULT}RequestFault") is None
    ]


def ok(reply: Reply) -> bool:
    return reply.status == 200


# --- order, names, types --------------------------------------------------------------------------------------------------


def swaps(request: Any) -> Iterator[Any]:
    """The request with two neighbours of different names exchanged, for each such pair."""
    for index, element in enumerate(request.iter()):
        for place in range(len(element) - 1):
            if element[place].tag != element[place + 1].tag:
                swapped = deepcopy(request)
                parent = list(swapped.iter())[index]
                parent.insert(place, parent[place + 1])
                yield swapped


@pytest.mark.parametrize(("make", "pairs"), [(card_tree, 29), (case_tree, 160)])
def test_every_swap_of_neighbours_is_refused(registry: EmkRegistry, make: Any, pairs: int) -> None:
    tried = 0
    for swapped in swaps(make()):
        assert framework_code(sent(registry, swapped)) == "DeserializationFailed"
        tried += 1
    assert tried == pairs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("IdPatientMIS>", "IdPatientMis>"),
        ("idLPU>", "idLpu>"),
        ("BirthDate>", "Birthdate>"),
        ("Appartment>", "Apartment>"),
        ("T00:00:00<", "T00:00:00Z<"),
        ("T00:00:00<", "T00:00:00+03:00<"),
        ("2015-06-01T00:00:00", "2015-06"),
        ("<p:Sex>1<", "<p:Sex>256<"),
        ("<p:Sex>1<", "<p:Sex><"),
        ("<p:Sex>1</p:Sex>", '<p:Sex i:nil="true"/>'),
        ("p:FamilyName>", "tem:FamilyName>"),
        ("<p:Sex>1</p:Sex>", "<p:Sex>1</p:Sex><p:Sex>1</p:Sex>"),
        ("<p:Sex>1</p:Sex>", "<p:Sex>1</p:Sex><p:Shoe>1</p:Shoe>"),
    ],
)
def test_another_spelling_or_value_is_refused(registry: EmkRegistry, before: str, after: str) -> None:
    written = etree.tostring(card_tree(), encoding="unicode")
    assert before in written
    assert framework_code(sent(registry, etree.fromstring(written.replace(before, after)))) == "DeserializationFailed"
    assert not registry.taken.cards


@pytest.mark.parametrize("type_", ["c:CaseFun", "CaseAmb", "s:StepAmb", "md:CaseAmb", "x:CaseAmb"])
def test_an_unknown_type_is_refused(known: EmkRegistry, type_: str) -> None:
    request = case_tree()
    request.find(".//{*}caseDto").set(TYPE, type_)
    assert framework_code(sent(known, request)) == "DeserializationFailed"


def test_a_case_without_its_type_would_lose_its_members_and_is_refused(known: EmkRegistry) -> None:
    request = case_tree()
    del request.find(".//{*}caseDto").attrib[TYPE]
    assert framework_code(sent(known, request)) == "DeserializationFailed"


@pytest.mark.parametrize(
    ("service", "action"),
    [
        (PIX, "http://tempuri.org/IEmkService/AddCase"),
        (EMK, "http://tempuri.org/IEmkService/AddPatient"),
        (EMK, "http://tempuri.org/IPixService/AddPatient"),
        (PIX, "http://tempuri.org/IPixService/UpdatePatient"),
        ("Other.svc", "http://tempuri.org/IPixService/AddPatient"),
        (PIX, ""),
    ],
)
def test_an_action_of_something_else_is_not_supported(registry: EmkRegistry, service: str, action: str) -> None:
    assert framework_code(registry.answer(service, action, etree.tostring(card_tree()))) == "ActionNotSupported"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no XML",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<a>" * 100,
        b"<a>" + b"<b/>" * 60_000 + b"</a>",
        response("AddPatient").body,
        b'<e:Fault xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>a</faultcode><faultstring/></e:Fault>',
    ],
)
def test_hostile_requests_are_refused(registry: EmkRegistry, body: bytes) -> None:
    reply = registry.answer(PIX, "http://tempuri.org/IPixService/AddPatient", body)
    assert framework_code(reply) in {"DeserializationFailed", "ActionNotSupported"}


def test_a_document_type_is_refused_before_a_tree_is_built(registry: EmkRegistry) -> None:
    body = b"<!DOCTYPE e [<!ENTITY a 'b'>]>" + etree.tostring(card_tree())
    reply = registry.answer(PIX, "http://tempuri.org/IPixService/AddPatient", body)
    assert framework_code(reply) == "DeserializationFailed"
    assert b"document type" in reply.body


def test_what_it_answers_is_valid_too() -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "envelope.xsd")))
    nested = Entry("A", "б<&", 1, (Entry("B", "в", 2),))
    for reply in (
        detailed("Fault", [nested, nested]),
        detailed("Warning", [nested]),
        framework_fault("InternalServiceFault", "<oh>"),
        response("AddCase"),
        EmkRegistry(GUID, ORGANISATION).answer(
            PIX, "http://tempuri.org/IServiceSupport/GetVersion", etree.tostring(short_tree("GetVersion"))
        ),
    ):
        schema.assertValid(etree.fromstring(reply.body))


# --- cards ----------------------------------------------------------------------------------------------------------------


def test_a_card_is_added_once_and_updated_only_if_there(registry: EmkRegistry) -> None:
    assert errors(sent(registry, card_tree("UpdatePatient"))) == [("IdPatientMIS", 30)]
    assert ok(sent(registry, card_tree()))
    assert errors(sent(registry, card_tree())) == [("IdPatientMIS", 31)]
    assert ok(sent(registry, card_tree("UpdatePatient")))


@pytest.mark.parametrize(
    ("family", "given", "patronymic", "accepted"),
    [
        ("Былинин", "Илья", "Петрович", True),
        ("Сказкин", "Илья", "", True),
        (" сказкин ", "ИЛЬЯ", "Иванович", True),
        ("Сказкин", "Илья", "Петрович", True),
        ("Былинин", "Пётр", "Петрович", False),
        ("Илья", "Сказкин", "Петрович", False),
        ("Былинин", "Илья", "", False),
    ],
)
def test_one_part_of_a_name_may_change(known: EmkRegistry, family: str, given: str, patronymic: str, accepted: bool) -> None:
    name = type(CARD.name)(family, given, patronymic)
    reply = sent(known, card_tree("UpdatePatient", msgspec.structs.replace(CARD, name=name)))
    assert ok(reply) if accepted else errors(reply) == [("FamilyName", 34)]


def test_names_are_compared_without_case_and_form() -> None:
    assert differing_names(("Ёлкин", "Йод", ""), ("ЕЛКИН", "Йод", "")) == 1
    assert differing_names(("йод",), ("\u0438\u0306од ",)) == 0


@pytest.mark.parametrize(
    ("accepted", "new", "fine"),
    [
        ("1999", "1999-01", True),
        ("1999-01", "1999-01-15", True),
        ("1999-01-15", "1999-01-15", True),
        ("1999-01-15", "1999-01", False),
        ("1999-01", "1999-02-01", False),
        ("199", "1999", False),
    ],
)
def test_a_birth_date_may_only_become_fuller(accepted: str, new: str, fine: bool) -> None:
    assert refines(accepted, new) is fine


def test_another_birth_date_is_refused(known: EmkRegistry) -> None:
    other = msgspec.structs.replace(CARD, birth_date=CARD.birth_date.replace(day=2))
    assert errors(sent(known, card_tree("UpdatePatient", other))) == [("BirthDate", 33)]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"id": ""}, [("IdPatientMIS", 2)]),
        ({"sex": ""}, [("Sex", 2)]),
        ({"snils": "11223344596"}, [("DocN", 3)]),
        ({"snils": "112-233-445 95"}, [("DocN", 3)]),
    ],
)
def test_what_a_card_needs(registry: EmkRegistry, changed: dict[str, Any], found: list[tuple[str, int]]) -> None:
    assert errors(sent(registry, card_tree(card=msgspec.structs.replace(CARD, **changed)))) == found
    assert not registry.taken.cards


def test_a_card_is_found_by_its_id_and_by_the_registrys(known: EmkRegistry) -> None:
    (card,) = known.taken.cards.values()
    by_global = short_tree("GetPatientByGlobalId", guid=GUID, patientId=card.global_id, idLpu=ORGANISATION)
    found = etree.fromstring(sent(known, by_global).body)
    assert found.findtext(".//{*}IdPatientMIS") == CARD.id
    by_id = card_tree("GetPatient", msgspec.structs.replace(CARD, representative=None))
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "envelope.xsd")))
    for reply in (sent(known, by_id), sent(known, by_global)):
        answer = etree.fromstring(reply.body)
        schema.assertValid(answer)
        assert answer.findtext(".//{*}IdGlobal") == card.global_id
    unknown = short_tree("GetPatientByGlobalId", guid=GUID, patientId="none", idLpu=ORGANISATION)
    assert errors(sent(known, unknown)) == [("patientId", 30)]


# --- cases ----------------------------------------------------------------------------------------------------------------


def test_a_case_goes_from_opening_to_closing(known: EmkRegistry) -> None:
    assert ok(sent(known, case_tree("CreateCase")))
    assert errors(sent(known, case_tree("AddCase"))) == [("IdCaseMis", 31)]
    step = etree.tostring(case_tree().find(".//{*}StepAmb"), encoding="unicode")
    step = re.sub(r"s:StepAmb\b", "tem:step", step, count=1).replace("</s:StepAmb>", "</tem:step>")
    step = step.replace("<tem:step", '<tem:step i:type="s:StepAmb"', 1).replace("step-7", "step-8")
    place = {"guid": GUID, "idLpu": ORGANISATION, "idPatientMis": CARD.id, "idCaseMis": DIARY.id}
    adding = short_tree("AddStepToCase", step, **place)
    assert ok(sent(known, adding))
    assert errors(sent(known, adding)) == [("IdStepMis", 31)]
    assert ok(sent(known, case_tree("CloseCase")))
    (case,) = known.taken.cases.values()
    assert (case.state, case.steps) == ("finished", ("step-7", "step-8", "step-7"))
    assert errors(sent(known, case_tree("CloseCase"))) == [("IdCaseMis", 42)]
    assert ok(sent(known, short_tree("CancelCase", **place)))
    assert errors(sent(known, short_tree("CancelCase", **place))) == [("IdCaseMis", 42)]


def test_a_record_may_stand_outside_a_case(known: EmkRegistry) -> None:
    record = cases.document(DIARY.document, ORGANISATION)
    request = tree("AddMedRecord", {"guid": GUID, "idLpu": ORGANISATION, "idPatientMis": CARD.id, "medRecord": record})
    assert ok(sent(known, request))
    assert errors(sent(known, request)) == [("IdDocumentMis", 31)]
    request = tree("AddMedRecord", {"guid": GUID, "idLpu": ORGANISATION, "idPatientMis": "stranger", "medRecord": record})
    assert errors(sent(known, request)) == [("IdPatientMis", 30)]


LACKING: list[tuple[str, str]] = [
    (".//{*}HistoryNumber", "HistoryNumber"),
    (".//{*}CloseDate", "CloseDate"),
    (".//{*}IdCaseResult", "IdCaseResult"),
    (".//{*}AdmissionCondition", "AdmissionCondition"),
    (".//{*}caseDto/{*}Comment", "Comment"),
    (".//{*}IdCasePurpose", "IdCasePurpose"),
    (".//{*}IdCaseType", "IdCaseType"),
    (".//{*}DoctorInCharge", "DoctorInCharge"),
    (".//{*}DoctorInCharge//{*}IdPosition", "IdPosition"),
    (".//{*}DoctorInCharge//{*}Documents", "Documents"),
    (".//{*}DoctorInCharge//{*}FamilyName", "FamilyName"),
    (".//{*}Author/{*}IdRole", "IdRole"),
    (".//{*}Authenticator", "Authenticator"),
    (".//{*}Guardian/{*}IdRelationType", "IdRelationType"),
    (".//{*}Steps", "Steps"),
    (".//{*}IdVisitPurpose", "IdVisitPurpose"),
    (".//{*}MkbCode", "MkbCode"),
    (".//{*}DiagnosisInfo/{*}Comment", "Comment"),
    (".//{*}Header", "Header"),
    (".//{*}IdDocumentMis", "IdDocumentMis"),
    (".//{*}PersonalSigns", "PersonalSigns"),
    (".//{*}OrganizationSign", "OrganizationSign"),
]


@pytest.mark.parametrize(("path", "member"), LACKING)
def test_what_a_case_needs(known: EmkRegistry, path: str, member: str) -> None:
    request = case_tree()
    element = request.find(path)
    element.getparent().remove(element)
    assert (member, 2) in errors(sent(known, request))
    assert not known.taken.cases


@pytest.mark.parametrize(
    ("path", "text", "member"),
    [
        (".//{*}caseDto/{*}Comment", "я" * 256, "Comment"),
        (".//{*}Header", "я" * 256, "Header"),
        (".//{*}CloseDate", "2026-03-01T10:00:00", "CloseDate"),
        (".//{*}DateEnd", "2026-03-01T10:00:00", "DateEnd"),
        (".//{*}caseDto/{*}IdLpu", "another", "IdLpu"),
        (".//{*}Data", "bm8gUERG", "Data"),
        (".//{*}MimeType", "image/png", "MimeType"),
        (".//{*}DiagnosisInfo/{*}IdDiagnosisType", "3", "IdDiagnosisType"),
    ],
)
def test_what_is_wrong_in_a_case(known: EmkRegistry, path: str, text: str, member: str) -> None:
    request = case_tree()
    request.find(path).text = text
    assert (member, 3) in errors(sent(known, request))
    request.find(path).text = "я" * 255 if len(text) == 256 else text
    assert ok(sent(known, request)) is (len(text) == 256)


def test_a_case_needs_a_diagnosis_and_a_document(known: EmkRegistry) -> None:
    for kind in ("ClinicMainDiagnosis", "ConsultNote"):
        request = case_tree()
        for record in request.findall(".//{*}MedRecord"):
            if record.get(TYPE).endswith(kind):
                record.getparent().remove(record)
        assert errors(sent(known, request)) == [(kind, 2)]


def test_signatures_are_verified_by_what_is_plugged_in() -> None:
    asked: list[tuple[bytes, bytes, Signer]] = []

    def verify(content: bytes, signature: bytes, signer: Signer) -> str | None:
        asked.append((content, signature, signer))
        return "сертификат отозван" if signer.kind == "organisation" else None

    registry = EmkRegistry(GUID, ORGANISATION, verify=verify)
    assert ok(sent(registry, card_tree()))
    assert errors(sent(registry, case_tree())) == [("OrganizationSign", 41)]
    assert asked == [
        (PDF, b"signature of the doctor", Signer("doctor", DIARY.doctor.snils)),
        (PDF, b"signature of the clinic", Signer("organisation")),
    ]


# --- the web application --------------------------------------------------------------------------------------------------


@pytest.fixture
def client(known: EmkRegistry) -> Iterator[TestClient]:
    with TestClient(server(known)) as client:
        yield client


def post(client: TestClient, body: bytes, **headers: str) -> Any:
    given = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"http://tempuri.org/IEmkService/AddCase"', **headers}
    return client.post(f"/emk/{EMK}", content=body, headers=given)


def test_headers_are_those_of_soap_1_1(client: TestClient) -> None:
    body = etree.tostring(case_tree())
    assert post(client, body, **{"Content-Type": "application/soap+xml"}).status_code == 415
    assert "ActionNotSupported" in post(client, body, SOAPAction="http://tempuri.org/IEmkService/AddCase").text
    assert post(client, body).status_code == 200


def test_the_page_shows_what_was_taken(client: TestClient, known: EmkRegistry) -> None:
    hostile = msgspec.structs.replace(DIARY.document, header="<script>alert(1)</script>")
    assert post(client, etree.tostring(case_tree(diary=msgspec.structs.replace(DIARY, document=hostile)))).status_code == 200
    page = client.get("/").text
    assert "Сказкин Илья Петрович" in page
    assert "K04.0" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    (link,) = re.findall(r'<a href="(/files/\w+)">PDF', page)
    assert client.get(link).content == PDF
    assert client.get("/files/0000").status_code == 404
    taken = client.get("/taken").json()
    assert [case["id"] for case in taken["cases"]] == [DIARY.id]
    assert "Пока ничего" in TestClient(server(EmkRegistry(GUID, ORGANISATION))).get("/").text


def test_a_body_without_end_is_given_up(client: TestClient) -> None:
    assert post(client, b"x" * (MOST_BODY + 1)).status_code == 413


def test_trouble_is_set_and_refused_by_name(client: TestClient) -> None:
    assert client.post("/behave", json={"next": ["server_error"]}).json()["next"] == ["server_error"]
    assert post(client, b"").status_code == 500
    assert client.get("/behave").json()["next"] == []
    for wrong in ({"next": ["explode"]}, {"rates": {"cut": 2}}, {"rates": {"x": 0.1}}, {"pause": -1}, {"often": 1}, []):
        assert client.post("/behave", content=json.dumps(wrong)).status_code == 400
    assert client.get("/behave").json() == {"next": [], "rates": {}, "pause": 1.0}


def test_rates_are_what_they_say(client: TestClient) -> None:
    client.post("/behave", json={"rates": {"unavailable": 0.25, "server_error": 0.25}, "seed": 1})
    statuses = [post(client, b"").status_code for _ in range(200)]
    assert 25 < statuses.count(503) < 75
    client.post("/behave", json={"rates": {"unavailable": 0.25, "server_error": 0.25}, "seed": 1})
    assert [post(client, b"").status_code for _ in range(200)] == statuses
