"""A request's SOAP envelope: written by the contract's order, kept in pieces, so that a big file is never there twice.

Absent members are left out, which means the same to the service as `i:nil`.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from gateways.n3_health.contract import NAMESPACES, TYPES, Member, Operation

_SLICE = 3 * 16_384
"""Bytes of a file that are written at once; a multiple of three, so that the slices' base64 joins."""
_RANGES = {"u8": range(256), "u16": range(65_536), "i32": range(-(2**31), 2**31)}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 has no way to write."""


class Unwritable(Exception):
    """A value that the contract has no room for. `path`: of the member; the value isn't shown."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True)
class Record:
    """An object of the contract: members by name, in any order; None is an absent one."""

    type: str
    members: Mapping[str, object]


@dataclass(frozen=True)
class Encoded:
    """A file's place in the envelope."""

    content: bytes

    @property
    def size(self) -> int:
        return 4 * -(-len(self.content) // 3)

    def parts(self) -> Iterator[bytes]:
        view = memoryview(self.content)
        for start in range(0, len(view), _SLICE):
            yield b64encode(view[start : start + _SLICE])


@dataclass(frozen=True)
class Envelope:
    pieces: tuple[bytes | Encoded, ...]

    @property
    def size(self) -> int:
        """Bytes, for Content-Length."""
        return sum(piece.size if isinstance(piece, Encoded) else len(piece) for piece in self.pieces)

    def parts(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Encoded):
                yield from piece.parts()
            else:
                yield piece


def envelope(operation: Operation, arguments: Mapping[str, object]) -> Envelope:
    """The request; Unwritable, KeyError of a member that the contract doesn't have."""
    writer = _Writer()
    writer.text('<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope')
    writer.text("".join(f' xmlns:{prefix}="{namespace}"' for prefix, namespace in NAMESPACES.items()))
    writer.text(f"><soap:Body><tem:{operation.name}>")
    writer.members(operation.parameters, arguments, operation.name)
    writer.text(f"</tem:{operation.name}></soap:Body></soap:Envelope>")
    return Envelope(writer.pieces())


class _Writer:
    def __init__(self) -> None:
        self._pieces: list[bytes | Encoded] = []
        self._text: list[str] = []

    def text(self, text: str) -> None:
        self._text.append(text)

    def pieces(self) -> tuple[bytes | Encoded, ...]:
        self._flush()
        return tuple(self._pieces)

    def members(self, members: Sequence[Member], values: Mapping[str, object], path: str) -> None:
        if unknown := values.keys() - {member.name for member in members}:
            raise KeyError(f"{path}: {sorted(unknown)}")
        for member in members:
            value = values.get(member.name)
            if value is not None:
                self._element(f"{member.prefix}:{member.name}", member.kind, value, f"{path}/{member.name}")

    def _element(self, name: str, kind: str, value: object, path: str) -> None:
        if kind.startswith("["):
            self._array(name, kind[1:-1], value, path)
        elif kind in TYPES:
            self._record(name, kind, value, path)
        elif kind == "b64":
            self._file(name, value, path)
        else:
            self.text(f"<{name}>{_written(kind, value, path)}</{name}>")

    def _array(self, name: str, item: str, values: object, path: str) -> None:
        if not isinstance(values, tuple):
            raise Unwritable(path, "not a list")
        tag = f"{TYPES[item].prefix}:{item}" if item in TYPES else f"arr:{item}"
        kind = item if item in TYPES else "str"
        self.text(f"<{name}>")
        for value in values:
            self._element(tag, kind, value, f"{path}/{item}")
        self.text(f"</{name}>")

    def _record(self, name: str, declared: str, value: object, path: str) -> None:
        if not isinstance(value, Record):
            raise Unwritable(path, "not an object")
        actual = TYPES[value.type]
        self.text(f"<{name}>" if value.type == declared else f'<{name} i:type="{actual.qualified}">')
        self.members(actual.members, value.members, path)
        self.text(f"</{name}>")

    def _file(self, name: str, value: object, path: str) -> None:
        if not isinstance(value, bytes):
            raise Unwritable(path, "not a file")
        self.text(f"<{name}>")
        self._flush()
        self._pieces.append(Encoded(value))
        self.text(f"</{name}>")

    def _flush(self) -> None:
        if self._text:
            self._pieces.append("".join(self._text).encode())
            self._text.clear()


def _written(kind: str, value: object, path: str) -> str:
    if kind in {"str", "uri"} and isinstance(value, str):
        if _NO_XML.search(value):
            raise Unwritable(path, "a character that XML can't carry")
        return escape(value, {"\r": "&#13;"})
    if kind == "bool" and isinstance(value, bool):
        return "true" if value else "false"
    if kind == "dt" and isinstance(value, date):
        if not isinstance(value, datetime):
            return f"{value.isoformat()}T00:00:00"
        if value.tzinfo is not None:  # the service would turn it into its own local time
            raise Unwritable(path, "a moment with a time zone")
        return value.isoformat(timespec="seconds")
    if kind in _RANGES and type(value) is int:
        if value not in _RANGES[kind]:
            raise Unwritable(path, f"{value} is out of the range of {kind}")
        return str(value)
    raise Unwritable(path, f"not a {kind}")
