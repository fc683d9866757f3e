"""Strict reading of DER, the encoding of certificates and CMS: what isn't written in its one canonical form is refused.

Only what is asked for is read, element after element without recursion, so that no nesting and no announced length costs
anything: time is bounded by the size of the input, memory by slices of it.
"""

from datetime import UTC, datetime

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8_STRING, NUMERIC_STRING, PRINTABLE_STRING, UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = (
    0x0C,
    0x12,
    0x13,
    0x17,
    0x18,
    0x30,
    0x31,
)
MOST_NUMBER = 128
"""Bytes of an INTEGER; the largest that is needed, half a signature, has 64."""
MOST_OID = 64
_ENCODINGS = {
    UTF8_STRING: "utf-8",
    NUMERIC_STRING: "ascii",
    PRINTABLE_STRING: "ascii",
    0x14: "latin-1",  # TeletexString
    0x16: "ascii",  # IA5String
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}


class NotDer(Exception):
    """Broken or foreign input. The argument says in English what is wrong, for those who read logs."""


def context(number: int, *, constructed: bool = True) -> int:
    """The tag [number]."""
    return (0xA0 if constructed else 0x80) | number


class Element:
    """One element: its tag and where it lies in the input."""

    __slots__ = ("_data", "_start", "content_start", "end", "tag")

    def __init__(self, data: bytes, start: int, most: int) -> None:
        """`most`: where the enclosing element ends. NotDer."""
        if start + 2 > most:
            raise NotDer("the input ends within an element")
        tag, length, at = data[start], data[start + 1], start + 2
        if tag & 0x1F == 0x1F:
            raise NotDer("a tag of several bytes")
        if length >= 0x80:
            count = length - 0x80
            if not 1 <= count <= 4 or at + count > most:
                raise NotDer("a length that is indefinite, too large or cut off")
            length = int.from_bytes(data[at : at + count])
            if length < 0x80 or length < 1 << (8 * (count - 1)):
                raise NotDer("a length of more bytes than it needs")
            at += count
        if at + length > most:
            raise NotDer("an element that ends behind the one around it")
        self._data, self._start, self.tag, self.content_start, self.end = data, start, tag, at, at + length

    @property
    def raw(self) -> bytes:
        """The element as it was received."""
        return self._data[self._start : self.end]

    @property
    def content(self) -> bytes:
        return self._data[self.content_start : self.end]

    def reader(self) -> "Reader":
        """Over the elements inside. NotDer: there are none."""
        if not self.tag & 0x20:
            raise NotDer("a simple element where elements are expected")
        return Reader(self._data, self.content_start, self.end)

    def integer(self) -> int:
        content = self.content
        if not 1 <= len(content) <= MOST_NUMBER:
            raise NotDer("a number that is empty or too long")
        if len(content) > 1 and content[0] in {0x00, 0xFF} and (content[0] ^ content[1]) < 0x80:
            raise NotDer("a number of more bytes than it needs")
        return int.from_bytes(content, signed=True)

    def boolean(self) -> bool:
        if self.content not in {b"\x00", b"\xff"}:
            raise NotDer("a truth value that is neither 00 nor FF")
        return self.content == b"\xff"

    def bits(self) -> bytes:
        """The bytes of a BIT STRING of whole bytes."""
        content = self.content
        if not content or content[0]:
            raise NotDer("a bit string that isn't of whole bytes")
        return content[1:]

    def named_bits(self) -> frozenset[int]:
        """The numbers of the bits that are set."""
        content = self.content
        if not 1 <= len(content) <= 5 or content[0] > 7 or (len(content) == 1 and content[0]):
            raise NotDer("broken named bits")
        number = int.from_bytes(content[1:])
        if content[0] and number & ((1 << content[0]) - 1):
            raise NotDer("named bits behind their end")
        total = 8 * (len(content) - 1)
        return frozenset(bit for bit in range(total) if number >> (total - 1 - bit) & 1)

    def oid(self) -> str:
        content = self.content
        if not 1 <= len(content) <= MOST_OID or content[-1] & 0x80:
            raise NotDer("an identifier that is empty, too long or cut off")
        numbers: list[int] = []
        number, starts = 0, True
        for byte in content:
            if starts and byte == 0x80:
                raise NotDer("an identifier of more bytes than it needs")
            number = number << 7 | byte & 0x7F
            starts = byte < 0x80
            if starts:
                numbers.append(number)
                number = 0
        first = min(numbers[0] // 40, 2)
        return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))

    def text(self) -> str:
        """Of any of the kinds of strings that names are written in."""
        encoding = _ENCODINGS.get(self.tag)
        if encoding is None:
            raise NotDer("something else than a text")
        try:
            return self.content.decode(encoding)
        except UnicodeDecodeError as error:
            raise NotDer("a text in another encoding than announced") from error

    def time(self) -> datetime:
        """A moment in UTC. What X.509 allows: whole seconds and a Z."""
        try:
            digits = self.content.decode("ascii")
            if not digits.endswith("Z") or not digits[:-1].isdigit():
                raise NotDer("a time in another form than YYMMDDHHMMSSZ")
            if self.tag == UTC_TIME and len(digits) == 13:
                digits = ("20" if digits < "50" else "19") + digits
            elif self.tag != GENERALIZED_TIME or len(digits) != 15:
                raise NotDer("a time in another form than YYYYMMDDHHMMSSZ")
            return datetime.strptime(digits, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
        except ValueError as error:
            raise NotDer("a time that doesn't exist") from error


class Reader:
    """Reads elements one after the other. Every method: NotDer."""

    def __init__(self, data: bytes, start: int = 0, end: int | None = None) -> None:
        self._data, self._at, self._end = data, start, len(data) if end is None else end

    @property
    def ended(self) -> bool:
        return self._at == self._end

    def any(self) -> Element:
        element = Element(self._data, self._at, self._end)
        self._at = element.end
        return element

    def read(self, tag: int) -> Element:
        element = self.any()
        if element.tag != tag:
            raise NotDer(f"an element {element.tag:#04x} where {tag:#04x} is expected")
        return element

    def optional(self, tag: int) -> Element | None:
        """The next element if it has this tag."""
        return self.read(tag) if not self.ended and self._data[self._at] == tag else None

    def inside(self, tag: int) -> "Reader":
        """The elements of the next one."""
        return self.read(tag).reader()

    def end(self) -> None:
        if not self.ended:
            raise NotDer("more elements than expected")

    def rest(self, tag: int, most: int) -> list[Element]:
        """All that follow, of one tag."""
        found: list[Element] = []
        while not self.ended:
            if len(found) == most:
                raise NotDer(f"more than {most} elements")
            found.append(self.read(tag))
        return found


def whole(data: bytes, tag: int) -> Element:
    """The one element that the input consists of."""
    reader = Reader(data)
    element = reader.read(tag)
    reader.end()
    return element
