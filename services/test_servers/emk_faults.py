"""The test registry's answers: an empty response, trees of errors or warnings in a fault, faults of the framework."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

COMMON = "http://schemas.datacontract.org/2004/07/N3.EMK.Dto.Common"
WRAPPER, MISSING, WRONG, NO_ACCESS, UNKNOWN = 1, 2, 3, 5, 30
"""Errors: an entry with inner ones; a member is required; is wrong; the token or clinic isn't known; nothing of this id."""
EXISTS, OTHER_BIRTH, OTHER_NAME, SIGNATURE, CLOSED = 31, 33, 34, 41, 42
"""Errors: something of this id is there; another birth date; another name; a signature is wrong; the case is finished."""
W_WRAPPER, W_NO_TEXT, W_PLANTED = 8, 2135, 900
Kind = Literal["Fault", "Warning"]
FrameworkFault = Literal["DeserializationFailed", "ActionNotSupported", "InternalServiceFault"]
_FRAMEWORK = {
    "DeserializationFailed": "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher",
    "InternalServiceFault": "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher",
    "ActionNotSupported": "http://schemas.microsoft.com/ws/2005/05/addressing/none",
}


@dataclass(frozen=True)
class Entry:
    """One error or warning."""

    member: str
    message: str
    code: int
    inner: tuple["Entry", ...] = ()


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes


def missing(member: str) -> Entry:
    return Entry(member, f"Не заполнено обязательное поле {member}", MISSING)


def wrong(member: str, message: str) -> Entry:
    return Entry(member, message, WRONG)


def inside(member: str, inner: Sequence[Entry], code: int = WRAPPER) -> list[Entry]:
    """The entries of a member's members, under one of the member; none without them."""
    return [Entry(member, "Поле содержит ошибки", code, tuple(inner))] if inner else []


def response(operation: str, result: str = "") -> Reply:
    """`result`: XML of what is returned."""
    name = f"{operation}Response"
    return Reply(200, _envelope(f'<{name} xmlns="http://tempuri.org/">{result}</{name}>'))


def detailed(kind: Kind, entries: Sequence[Entry]) -> Reply:
    array = f"ArrayOfRequest{kind}"
    detail = (
        f'<{array} xmlns="{COMMON}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        f"{''.join(_entry(kind, entry) for entry in entries)}</{array}>"
    )
    text = "The creator of this fault did not specify a Reason."
    return Reply(500, _envelope(_fault("s:Client", text, f"<detail>{detail}</detail>")))


def framework_fault(code: FrameworkFault, text: str) -> Reply:
    return Reply(500, _envelope(_fault(f"a:{code}", text, "", f' xmlns:a="{_FRAMEWORK[code]}"')))


def _fault(code: str, text: str, detail: str, namespaces: str = "") -> str:
    return (
        f"<s:Fault><faultcode{namespaces}>{code}</faultcode>"
        f'<faultstring xml:lang="en-US">{escape(text)}</faultstring>{detail}</s:Fault>'
    )


def _entry(kind: Kind, entry: Entry) -> str:
    code, inner = ("ErrorCode", "Errors") if kind == "Fault" else ("WarningCode", "Warnings")
    nested = "".join(_entry(kind, one) for one in entry.inner)
    tree = f"<{inner}>{nested}</{inner}>" if nested else f'<{inner} i:nil="true"/>'
    return (
        f"<Request{kind}><PropertyName>{escape(entry.member)}</PropertyName><Message>{escape(entry.message)}</Message>"
        f"<{code}>{entry.code}</{code}>{tree}</Request{kind}>"
    )


def _envelope(content: str) -> bytes:
    return (f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{content}</s:Body></s:Envelope>').encode()
