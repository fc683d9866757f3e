"""Certificates that must not be believed: broken, ambiguous, or with keys that are no keys."""

from collections.abc import Callable

import pytest

from gateways.signatures import oids
from gateways.signatures.certificate import MOST_BYTES, NotGost, read_certificate
from gateways.signatures.certificate_writing import extension
from gateways.signatures.curve import Point
from gateways.signatures.der import NotDer
from gateways.signatures.der_writing import bit_string, encoded, integer, octets, oid, sequence, time
from gateways.signatures.parameters import CURVES
from tests.gateways.signatures.people import DOCTOR, DOCTOR_512, IVANOVA, SINCE, UNTIL, certificate, key, parts
from tests.gateways.signatures.test_gost3410 import small_point

A = CURVES["1.2.643.2.2.36.0"]
KEY_256, DIGEST_256, DIGEST_512 = "1.2.643.7.1.1.1.1", "1.2.643.7.1.1.2.2", "1.2.643.7.1.1.2.3"


def changed(place: int, made: bytes) -> bytes:
    """A doctor's certificate with another part, whose signature then is wrong, which nobody asks here."""
    outer = parts(DOCTOR.certificate)
    inner = parts(outer[0])
    inner[place] = made
    return sequence(sequence(*inner), *outer[1:])


def with_extensions(*made: bytes) -> bytes:
    return changed(7, encoded(0xA3, sequence(*made)))


def key_info(
    point: Point, *, size: int = 32, curve: str = "1.2.643.2.2.36.0", digest: str = DIGEST_256, kind: str = KEY_256
) -> bytes:
    octet = point[0].to_bytes(size, "little") + point[1].to_bytes(size, "little")
    return sequence(sequence(oid(kind), sequence(oid(curve), oid(digest))), bit_string(octets(octet)))


@pytest.mark.parametrize(
    "point",
    [(0, 0), (1, 1), (A.x, A.y + 1), (A.x, 0), (2**256 - 1, 2**256 - 1), (A.x + A.p, A.y)],
)
def test_a_key_that_isn_t_a_point_of_its_curve(point: Point) -> None:
    with pytest.raises(NotDer, match="point"):
        read_certificate(changed(6, key_info(point)))


def test_a_key_of_a_small_group() -> None:
    curve = "1.2.643.7.1.2.1.1.1"
    with pytest.raises(NotDer, match="point"):
        read_certificate(changed(6, key_info(small_point(CURVES[curve]), curve=curve)))


def test_the_same_point_on_another_curve() -> None:
    with pytest.raises(NotDer, match="point"):
        read_certificate(changed(6, key_info((A.x, A.y), curve="1.2.643.2.2.35.2")))


@pytest.mark.parametrize(
    "info",
    [
        key_info((A.x, A.y), curve="1.2.643.2.2.35.0"),
        key_info((A.x, A.y), curve="1.2.643.7.1.2.1.2.1"),
        key_info((A.x, A.y), digest=DIGEST_512),
        key_info((A.x, A.y), digest="1.2.643.2.2.30.1"),
        key_info((A.x, A.y), kind="1.2.643.2.2.19"),
        key_info((A.x, A.y), kind="1.2.840.10045.2.1"),
    ],
    ids=["examples", "of 512 bits", "digest of 512", "digest of 1994", "key of 2001", "ECDSA"],
)
def test_keys_of_other_algorithms(info: bytes) -> None:
    with pytest.raises(NotGost):
        read_certificate(changed(6, info))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_key_of_another_length(size: int) -> None:
    with pytest.raises(NotDer, match="length"):
        read_certificate(changed(6, key_info((0, 0), size=size)))


USAGE = extension(oids.KEY_USAGE, b"\x03\x02\x06\xc0")
BROKEN: dict[str, Callable[[], bytes]] = {
    "version 1": lambda: changed(0, encoded(0xA0, integer(0))),
    "two algorithms": lambda: changed(2, sequence(oid("1.2.643.7.1.1.3.3"))),
    "three times": lambda: changed(4, sequence(time(SINCE), time(UNTIL), time(UNTIL))),
    "an extension twice": lambda: with_extensions(USAGE, USAGE),
    "too many extensions": lambda: with_extensions(*(extension(f"1.2.3.{number}", b"") for number in range(65))),
    "usage that isn't bits": lambda: with_extensions(extension(oids.KEY_USAGE, integer(3))),
    "usage and more": lambda: with_extensions(extension(oids.KEY_USAGE, b"\x03\x02\x06\xc0\x00")),
    "negative length of path": lambda: with_extensions(extension(oids.BASIC_CONSTRAINTS, bytes.fromhex("30060101ff0201ff"))),
    "a written default": lambda: with_extensions(sequence(oid(oids.KEY_USAGE), b"\x01\x01\x00", octets(b"\x03\x02\x06\xc0"))),
    "a name of numbers": lambda: changed(5, sequence(encoded(0x31, sequence(oid(oids.COMMON_NAME), integer(1))))),
    "too large": lambda: with_extensions(extension("1.2.3", bytes(MOST_BYTES))),
}


@pytest.mark.parametrize("made", BROKEN.values(), ids=BROKEN)
def test_broken_certificates(made: Callable[[], bytes]) -> None:
    with pytest.raises(NotDer):
        read_certificate(made())


@pytest.mark.parametrize("raw", [DOCTOR.certificate, DOCTOR_512.certificate])
def test_a_certificate_that_is_cut_off_anywhere(raw: bytes) -> None:
    for length in range(len(raw)):
        with pytest.raises(NotDer):
            read_certificate(raw[:length])


def test_a_part_of_a_name_that_nobody_asks_for_may_have_any_form() -> None:
    """A number or bits of the authority's own, a text in a wrong encoding."""
    strange = [sequence(oid("2.5.4.45"), bit_string(b"x")), sequence(oid("2.5.4.7"), encoded(0x13, "Тверь".encode("cp1251")))]
    name = sequence(
        *(encoded(0x31, pair) for pair in [*strange, sequence(oid(oids.COMMON_NAME), encoded(0x0C, "Иванова".encode()))])
    )
    assert read_certificate(changed(5, name)).owner_name == "Иванова"


def test_what_was_written_is_read() -> None:
    made = certificate(IVANOVA.name(), key("read"), serial=0xABCDE)
    found = read_certificate(made)
    assert (found.serial_text, found.owner, found.valid_from, found.valid_until) == ("0ABCDE", IVANOVA.name(), SINCE, UNTIL)
    assert found.key_id == key("read").key_id()
    assert found.issuer_key_id == key("issuing").key_id()
