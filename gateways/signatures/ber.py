"""From BER to DER as far as CMS needs it: programs that sign while they read write the outer elements with an indefinite length
and the content in pieces. What is signed is in DER in any case, and stays as it was received.
"""

from gateways.signatures.der import OCTET_STRING, Element, NotDer
from gateways.signatures.der_writing import encoded

MOST_DEPTH = 12
MOST_PIECES = 100_000
_PIECES = OCTET_STRING | 0x20
_END = b"\x00\x00"


def definite(data: bytes) -> bytes:
    """The same with definite lengths; what has them already isn't looked into. NotDer."""
    if data[1:2] != b"\x80":
        return data
    made, at = _Transcoder(data).element(0, 0)
    if at != len(data):
        raise NotDer("more bytes behind the end")
    return made


class _Transcoder:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pieces = 0

    def element(self, at: int, depth: int) -> tuple[bytes, int]:
        """One element in DER, and where it ended."""
        data = self._data
        self._pieces += 1
        if depth > MOST_DEPTH or self._pieces > MOST_PIECES:
            raise NotDer("too deep, or too many pieces")
        if data[at + 1 : at + 2] != b"\x80":
            found = Element(data, at, len(data))
            if found.tag != _PIECES:
                return found.raw, found.end
            parts, inside = [], found.content_start
            while inside < found.end:
                part, inside = self.element(inside, depth + 1)
                parts.append(part)
            if inside > found.end:
                raise NotDer("a piece that ends behind its string")
            return _joined(parts), found.end
        tag, at = data[at], at + 2
        if not tag & 0x20:
            raise NotDer("an indefinite length of a simple element")
        parts = []
        while data[at : at + 2] != _END:
            part, at = self.element(at, depth + 1)
            parts.append(part)
        return (_joined(parts) if tag == _PIECES else encoded(tag, *parts)), at + 2


def _joined(parts: list[bytes]) -> bytes:
    """One string of the pieces of a string."""
    contents = []
    for part in parts:
        piece = Element(part, 0, len(part))
        if piece.tag != OCTET_STRING:
            raise NotDer("something else than pieces in a string")
        contents.append(piece.content)
    return encoded(OCTET_STRING, *contents)
