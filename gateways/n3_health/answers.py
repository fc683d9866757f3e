"""What the service's answers mean: an empty response, trees of errors or warnings in a fault's detail, faults without one."""

from collections.abc import Iterator

from aggregates.people.person import PersonName
from commands.ports.state_registry import (
    Accepted,
    AcceptedWithRemarks,
    AlreadyThere,
    NotTaken,
    NotUnderstood,
    Outcome,
    OutcomeUnknown,
    Refused,
    RegisteredCard,
    RegistryVersions,
    Remark,
)
from gateways.n3_health.contract import FAULTS, SOAP, TEMPURI
from gateways.n3_health.people import SEXES, SNILS
from gateways.n3_health.xml_answer import Element

EXISTS = 31
"""Error of what is there already."""
MOST_REMARKS, MOST_MESSAGE = 500, 1_000
TOO_LARGE = 413
_OURS = frozenset({"DeserializationFailed", "ActionNotSupported", "Client", "VersionMismatch", "MustUnderstand"})
"""Faults without a detail that only a change of the program mends."""
_ENTRIES = {"RequestFault": ("Errors", "ErrorCode"), "RequestWarning": ("Warnings", "WarningCode")}


def outcome(operation: str, status: int, root: Element | None) -> Outcome:
    """`root`: None for a body that isn't XML."""
    body = _body(root)
    if body is not None and body.name == f"{SOAP} Fault":
        return _of_fault(operation, body)
    if status == TOO_LARGE:
        return Refused((Remark("", "Документ больше, чем принимает регистр (HTTP 413)."),))
    if status == 200 and body is not None and body.name == f"{TEMPURI} {operation}Response":
        return Accepted()
    if 300 <= status < 500:  # an address that is wrong, a gate that is closed: the service itself never saw it
        return NotTaken(f"HTTP {status}")
    return OutcomeUnknown(f"HTTP {status}" if status != 200 else "HTTP 200 without the operation's response")


def cards(root: Element) -> tuple[RegisteredCard, ...]:
    """Of GetPatient's response."""
    response = _body(root)
    result = None if response is None else response.child("GetPatientResult")
    return () if result is None else tuple(map(_card, result.children))


def versions(root: Element) -> RegistryVersions:
    response = _body(root)
    result = None if response is None else response.child("GetVersionResult")
    if result is None:
        return RegistryVersions("", "")
    return RegistryVersions(result.value("ServiceVersion"), result.value("DatabaseVersion"))


def _body(root: Element | None) -> Element | None:
    """What is in the envelope's body."""
    if root is None or root.name != f"{SOAP} Envelope":
        return None
    body = root.child("Body")
    return body.children[0] if body is not None and body.children else None


def _of_fault(operation: str, fault: Element) -> Outcome:
    details = fault.child("detail")
    entries = [entry for detail in (details.children if details else []) for entry in _entries(detail)]
    errors = [entry for entry in entries if entry.local == "RequestFault"]
    if errors:
        remarks = _flat(errors)
        return AlreadyThere(remarks) if _is_there(operation, remarks) else Refused(remarks)
    types = {detail.local for detail in (details.children if details else []) if detail.name.startswith(FAULTS)}
    if entries or types & {"RequestWarning", "ArrayOfRequestWarning"}:
        return AcceptedWithRemarks(_flat(entries))
    code, text = fault.value("faultcode").rpartition(":")[2], _shortened(fault.value("faultstring"))
    if types:
        return Refused((Remark("", text),))
    if code in _OURS:
        return NotUnderstood(code, text)
    return OutcomeUnknown(f"fault {_shortened(code)[:60] or 'without a code'}")


def _entries(detail: Element) -> Iterator[Element]:
    """The outermost errors and warnings of a detail."""
    if not detail.name.startswith(FAULTS):
        return
    if detail.local in _ENTRIES:
        yield detail
    elif detail.local in {"ArrayOfRequestFault", "ArrayOfRequestWarning"}:
        yield from (child for child in detail.children if child.local in _ENTRIES)


def _inner(entry: Element) -> list[Element]:
    nested = entry.child(_ENTRIES[entry.local][0])
    return [] if nested is None else [child for child in nested.children if child.local == entry.local]


def _flat(entries: list[Element]) -> tuple[Remark, ...]:
    """All entries of the trees, outer ones first, each with the path to it; at most MOST_REMARKS."""
    found: list[Remark] = []
    waiting = [(entry, "") for entry in reversed(entries)]
    while waiting and len(found) < MOST_REMARKS:
        entry, above = waiting.pop()
        here = "/".join(part for part in (above, _shortened(entry.value("PropertyName"))[:100]) if part)
        inner = _inner(entry)
        code = _number(entry.value(_ENTRIES[entry.local][1]))
        found.append(Remark(here, _shortened(entry.value("Message")), code, bool(inner)))
        waiting += [(one, here) for one in reversed(inner)]
    return tuple(found)


def _is_there(operation: str, errors: tuple[Remark, ...]) -> bool:
    """Nothing else is wrong than that it is there; a document that is there in another case doesn't make the case be there."""
    inside = () if operation == "AddMedRecord" else ("MedRecords",)
    leaves = [error for error in errors if not error.wraps]
    if not leaves or len(errors) == MOST_REMARKS:  # some may have been left out
        return False
    return all(error.code == EXISTS and not {*inside} & {*error.path.split("/")} for error in leaves)


def _number(written: str) -> int | None:
    digits = written.removeprefix("-")
    return int(written) if digits.isascii() and digits.isdecimal() and len(digits) <= 10 else None


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_MESSAGE else text[: MOST_MESSAGE - 1] + "…"


def _card(element: Element) -> RegisteredCard:
    papers = element.child("Documents")
    snils = [paper.value("DocN") for paper in (papers.children if papers else []) if paper.value("IdDocumentType") == str(SNILS)]
    return RegisteredCard(
        id=element.value("IdPatientMIS"),
        global_id=element.value("IdGlobal"),
        name=PersonName(element.value("FamilyName"), element.value("GivenName"), element.value("MiddleName")),
        birth_date=element.value("BirthDate").partition("T")[0],
        sex=SEXES.get(_number(element.value("Sex")) or 0, ""),
        snils=snils[0] if snils else "",
    )
