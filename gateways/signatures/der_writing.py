"""Writing DER."""

from datetime import datetime

from gateways.signatures import der


def encoded(tag: int, *contents: bytes) -> bytes:
    """An element of these contents one after the other."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    count = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | count)) + length.to_bytes(count) + content


def sequence(*parts: bytes) -> bytes:
    return encoded(der.SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    return encoded(der.SET, *sorted(parts))


def integer(number: int) -> bytes:
    magnitude = number if number >= 0 else ~number
    return encoded(der.INTEGER, number.to_bytes(magnitude.bit_length() // 8 + 1, signed=True))


def oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    content = bytearray()
    for number in (40 * first + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        content += bytes(reversed(groups))
    return encoded(der.OID, bytes(content))


def octets(content: bytes) -> bytes:
    return encoded(der.OCTET_STRING, content)


def bit_string(content: bytes) -> bytes:
    """Of whole bytes."""
    return encoded(der.BIT_STRING, b"\x00", content)


def named_bits(*numbers: int) -> bytes:
    """Of bits up to 7."""
    if not numbers:
        return encoded(der.BIT_STRING, b"\x00")
    value = sum(0x80 >> number for number in numbers)
    return encoded(der.BIT_STRING, bytes((7 - max(numbers), value)))


def boolean(value: bool) -> bytes:
    return encoded(der.BOOLEAN, b"\xff" if value else b"\x00")


def text(value: str, tag: int = der.UTF8_STRING) -> bytes:
    return encoded(tag, value.encode())


def time(moment: datetime) -> bytes:
    """As RFC 5280 wants it: two digits of the year until 2049. `moment` in UTC, whole seconds."""
    if moment.year < 2050:
        return encoded(der.UTC_TIME, f"{moment:%y%m%d%H%M%S}Z".encode())
    return encoded(der.GENERALIZED_TIME, f"{moment:%Y%m%d%H%M%S}Z".encode())
