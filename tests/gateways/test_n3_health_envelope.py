"""Envelopes of N3.Health «ИЭМК»: golden ones of invented people, the schemas, and the memory that a big file takes."""

import tracemalloc
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from commands.ports.state_registry import Diary, PatientCard
from gateways.n3_health import cases, people
from gateways.n3_health.contract import INSTANCE, NAMESPACES, OPERATIONS, TYPES
from gateways.n3_health.envelope import Envelope, Record, Unwritable, envelope
from tests.gateways.registry_papers import CARD, DIARY, GUID, ORGANISATION

GOLDEN = Path(__file__).parent / "golden" / "n3_health"
SCHEMAS = Path(__file__).parent.parent.parent / "services" / "test_servers" / "emk_schemas"
XSD = "{http://www.w3.org/2001/XMLSchema}"
KINDS = {
    "str": "xs:string", "uri": "xs:anyURI", "b64": "xs:base64Binary", "dt": "v:moment", "u8": "xs:unsignedByte",
    "u16": "xs:unsignedShort", "i32": "xs:int", "bool": "xs:boolean",
}  # fmt: skip


def written(name: str, **arguments: object) -> Envelope:
    return envelope(OPERATIONS[name], arguments)


def text(request: Envelope) -> bytes:
    return b"".join(request.parts())


def card_request(name: str = "AddPatient", card: PatientCard = CARD) -> Envelope:
    return written(name, guid=GUID, idLPU=ORGANISATION, patient=people.patient(card))


def case_request(name: str = "AddCase", diary: Diary = DIARY) -> Envelope:
    return written(name, guid=GUID, caseDto=cases.case(diary, ORGANISATION))


REQUESTS = {
    "add_patient": card_request,
    "add_case": case_request,
    "add_med_record": lambda: written(
        "AddMedRecord",
        guid=GUID,
        idLpu=ORGANISATION,
        idPatientMis=CARD.id,
        idCaseMis=DIARY.id,
        medRecord=cases.document(msgspec.structs.replace(DIARY.document, corrects=("document-1",)), ORGANISATION),
    ),
    "cancel_case": lambda: written("CancelCase", guid=GUID, idLpu=ORGANISATION, idPatientMis=CARD.id, idCaseMis=DIARY.id),
    "get_version": lambda: written("GetVersion"),
}


@pytest.mark.spec("EGZ-14")
@pytest.mark.parametrize("name", REQUESTS)
def test_an_envelope_is_the_golden_one(name: str) -> None:
    """A new golden file is written by this test: compare it with the contract, member by member, and commit it."""
    file = GOLDEN / f"{name}.xml"
    tree = etree.fromstring(text(REQUESTS[name]()))
    etree.indent(tree)
    now = etree.tostring(tree, encoding="unicode") + "\n"
    if not file.exists():
        file.write_text(now, encoding="utf-8")
        pytest.fail(f"{file.name} is new: read it, and run again")
    assert file.read_text(encoding="utf-8") == now


@pytest.mark.parametrize("name", REQUESTS)
def test_an_envelope_has_the_size_that_it_declares(name: str) -> None:
    assert REQUESTS[name]().size == len(text(REQUESTS[name]()))


@pytest.mark.spec("EGZ-14")
def test_the_members_that_are_written_are_those_of_the_schemas() -> None:
    """The test registry's schemas and the gateway's lists were written apart; they agree in names, order and types."""
    theirs = dict(schema_types())
    for type_ in TYPES.values():
        declared, base = theirs[type_.qualified]
        own = [(member.name, schema_kind(member.kind)) for member in type_.members if member.prefix == type_.prefix]
        inherited = theirs[base][0] if base in theirs and base.startswith(f"{type_.prefix}:") else []
        assert own == inherited + declared, type_.name
    for operation in OPERATIONS.values():
        declared = schema_parameters(operation.name)
        assert [parameter.name for parameter in operation.parameters] == declared


def schema_types() -> Iterator[tuple[str, tuple[list[tuple[str, str]], str]]]:
    """Prefixed name → own members with their types, and the base."""
    prefixes = {namespace: prefix for prefix, namespace in NAMESPACES.items()}
    for file in sorted(SCHEMAS.glob("*.xsd")):
        schema = etree.parse(str(file)).getroot()
        prefix = prefixes.get(schema.get("targetNamespace"), "")
        for type_ in schema.findall(f"{XSD}complexType"):
            base = type_.find(f".//{XSD}extension")
            members = [(element.get("name"), element.get("type")) for element in type_.iter(f"{XSD}element")]
            yield f"{prefix}:{type_.get('name')}", (members, "" if base is None else base.get("base"))


def schema_kind(kind: str) -> str:
    if kind.startswith("["):
        item = kind[1:-1]
        return "arr:ArrayOfstring" if item == "string" else f"{prefix_of(item)}:ArrayOf{item}"
    return KINDS.get(kind) or f"{prefix_of(kind)}:{kind}"


def prefix_of(type_: str) -> str:
    if type_ in TYPES:
        return TYPES[type_].prefix
    unsent = {"BirthPlaceDto": "p", "JobDto": "p", "PrivilegeDto": "p", "Param": "m", "Observation": "md"}
    return unsent[type_]


def schema_parameters(operation: str) -> list[str]:
    schema = etree.parse(str(SCHEMAS / "operations.xsd")).getroot()
    (element,) = [one for one in schema.findall(f"{XSD}element") if one.get("name") == operation]
    return [one.get("name") for one in element.iter(f"{XSD}element") if one is not element]


def test_moments_have_no_zone_and_dates_no_hour() -> None:
    request = text(card_request())
    assert b"<p:BirthDate>2015-06-01T00:00:00</p:BirthDate>" in request
    assert b"<c:CloseDate>2026-03-02T10:40:00</c:CloseDate>" in text(case_request())


def test_the_sent_file_is_the_signed_one() -> None:
    for length in (0, 1, 2, 3, 49_151, 49_152, 49_153, 200_001):
        pdf = bytes(range(256)) * (length // 256 + 1)
        diary = msgspec.structs.replace(DIARY, document=msgspec.structs.replace(DIARY.document, pdf=pdf[:length]))
        request = case_request(diary=diary)
        tree = etree.fromstring(text(request))
        (data,) = tree.findall(".//{*}DocumentAttachment/{*}Data".replace("{*}Doc", "{*}MedDocumentDto.Doc"))[:1]
        assert b64decode(data.text or "") == pdf[:length]


def test_a_big_file_is_never_there_twice() -> None:
    pdf = bytes(30_000_000)
    diary = msgspec.structs.replace(DIARY, document=msgspec.structs.replace(DIARY.document, pdf=pdf))
    tracemalloc.start()
    try:
        size = sum(len(part) for part in case_request(diary=diary).parts())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 40_000_000
    assert peak < 1_000_000


def test_absent_members_are_left_out() -> None:
    card = msgspec.structs.replace(CARD, papers=(), addresses=(), contacts=(), representative=None, snils="", sex="")
    tree = etree.fromstring(text(card_request(card=card)))
    patient = tree.find(".//{*}patient")
    assert [etree.QName(one).localname for one in patient] == [
        "BirthDate", "FamilyName", "GivenName", "IdPatientMIS", "MiddleName",
    ]  # fmt: skip


def test_texts_are_escaped() -> None:
    hostile = "<b>&amp;]]>\r\n\t«ё» 🦷"
    card = msgspec.structs.replace(CARD, id=hostile)
    tree = etree.fromstring(text(card_request(card=card)))
    assert tree.find(".//{*}IdPatientMIS").text == hostile


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"guid": "a\x00b"}, "GetPatient/guid"),
        ({"guid": "\ud800"}, "GetPatient/guid"),
        ({"patient": Record("PatientDto", {"Sex": 256})}, "GetPatient/patient/Sex"),
        ({"patient": Record("PatientDto", {"Sex": -1})}, "GetPatient/patient/Sex"),
        ({"patient": Record("PatientDto", {"Sex": True})}, "GetPatient/patient/Sex"),
        ({"patient": Record("PatientDto", {"BirthDate": "1999-01"})}, "GetPatient/patient/BirthDate"),
        ({"patient": Record("PatientDto", {"BirthDate": datetime(1999, 1, 1, tzinfo=UTC)})}, "GetPatient/patient/BirthDate"),
        ({"patient": Record("PatientDto", {"Documents": Record("DocumentDto", {})})}, "GetPatient/patient/Documents"),
        ({"patient": Record("PatientDto", {"Documents": (date.min,)})}, "GetPatient/patient/Documents/DocumentDto"),
    ],
)
def test_what_the_contract_has_no_room_for_is_named_and_not_shown(arguments: dict[str, object], path: str) -> None:
    with pytest.raises(Unwritable) as refused:
        written("GetPatient", **arguments)
    assert refused.value.path == path
    assert "1999" not in str(refused.value)


def test_a_member_that_the_contract_does_not_have_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="IdPatientMis"):
        written("GetPatient", patient=Record("PatientDto", {"IdPatientMis": "spelt as in a case"}))


def test_a_derived_type_is_named_where_the_base_is_declared() -> None:
    tree = etree.fromstring(text(case_request()))
    types = [element.get(f"{{{INSTANCE}}}type") for element in tree.iter() if element.get(f"{{{INSTANCE}}}type")]
    assert types == ["c:CaseAmb", "dg:ClinicMainDiagnosis", "md:ConsultNote"]
