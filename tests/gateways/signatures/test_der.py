"""DER is read strictly, BER as far as CMS needs it; no nesting and no announced length costs anything."""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateways.signatures import der_writing
from gateways.signatures.ber import definite
from gateways.signatures.cms import read_signed
from gateways.signatures.der import INTEGER, OCTET_STRING, Element, NotDer, Reader, whole
from tests.depth import examples


def first(encoded: str) -> Element:
    return Reader(bytes.fromhex(encoded)).any()


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("nothing", lambda: first("")),
    ("only a tag", lambda: first("30")),
    ("tag of several bytes", lambda: first("3f8100")),
    ("indefinite length", lambda: first("30800000")),
    ("length of five bytes", lambda: first("30850000000000")),
    ("length cut off", lambda: first("3082ff")),
    ("long form of a short length", lambda: first("30810102")),
    ("leading zero in a length", lambda: first("3082008000")),
    ("content cut off", lambda: first("0403aabb")),
    ("a length of 4 GB", lambda: first("0484ffffffffaa")),
    ("empty number", lambda: first("0200").integer()),
    ("padded number", lambda: first("02020001").integer()),
    ("padded negative number", lambda: first("0202ff80").integer()),
    ("huge number", lambda: Reader(der_writing.integer(1 << 2000)).any().integer()),
    ("truth of 1", lambda: first("010101").boolean()),
    ("empty truth", lambda: first("0100").boolean()),
    ("empty bits", lambda: first("0300").bits()),
    ("part of a byte", lambda: first("0302017e").bits()),
    ("bits behind the end", lambda: first("0302077f").named_bits()),
    ("no bits but some unused", lambda: first("030101").named_bits()),
    ("nine unused bits", lambda: first("03020900").named_bits()),
    ("empty identifier", lambda: first("0600").oid()),
    ("identifier cut off", lambda: first("06022a80").oid()),
    ("padded identifier", lambda: first("06032a8001").oid()),
    ("identifier without end", lambda: whole(der_writing.encoded(6, b"\xff" * 10**5 + b"\x01"), 6).oid()),
    ("text that isn't UTF-8", lambda: first("0c01ff").text()),
    ("text that isn't ASCII", lambda: first("1301d0").text()),
    ("half a character", lambda: first("1e0104").text()),
    ("number as text", lambda: first("020101").text()),
    ("month 13", lambda: first("170d" + b"251301000000Z".hex()).time()),
    ("time without Z", lambda: first("170c" + b"251201000000".hex()).time()),
    ("time with a zone", lambda: first("1711" + b"251201000000+0300".hex()).time()),
    ("time with a fraction", lambda: first("1811" + b"20251201000000.5Z".hex()).time()),
    ("time of other digits", lambda: first("0c0d" + b"251201000000Z".hex()).time()),
    ("elements in a number", lambda: first("020101").reader()),
    ("another tag", lambda: Reader(bytes.fromhex("020101")).read(OCTET_STRING)),
    ("more behind", lambda: whole(bytes.fromhex("02010100"), INTEGER)),
    ("too many", lambda: Reader(bytes.fromhex("0500" * 9)).rest(5, 8)),
]


@pytest.mark.parametrize("read", [pytest.param(read, id=name) for name, read in REFUSED])
def test_what_isn_t_canonical_is_refused(read: Callable[[], object]) -> None:
    with pytest.raises(NotDer):
        read()


@settings(max_examples=examples(100), deadline=None)
@given(st.integers(-(2**1000), 2**1000))
def test_numbers_come_back(number: int) -> None:
    assert whole(der_writing.integer(number), INTEGER).integer() == number


@settings(max_examples=examples(50), deadline=None)
@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**128), max_size=3))
def test_identifiers_come_back(kind: int, second: int, rest: list[int]) -> None:
    text = ".".join(map(str, (kind, second, *rest)))
    assert Reader(der_writing.oid(text)).any().oid() == text


@pytest.mark.parametrize("moment", [datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)])
def test_moments_come_back(moment: datetime) -> None:
    assert Reader(der_writing.time(moment)).any().time() == moment


@pytest.mark.parametrize("bits", [(), (0,), (0, 1), (5, 6), (0, 1, 2, 3, 4, 5, 6, 7)])
def test_named_bits_come_back(bits: tuple[int, ...]) -> None:
    assert Reader(der_writing.named_bits(*bits)).any().named_bits() == set(bits)


def nested(depth: int) -> bytes:
    """Sequences in each other, of definite lengths."""
    heads: list[bytes] = []
    length = 0
    for _ in range(depth):
        size = (length.bit_length() + 7) // 8
        heads.append(b"\x30" + (bytes([length]) if length < 0x80 else bytes([0x80 | size]) + length.to_bytes(size)))
        length += len(heads[-1])
    return b"".join(reversed(heads))


BOMBS = {
    "definite, 20 000 deep": nested(20_000),
    "indefinite, a million deep": b"\x30\x80" * 10**6,
    "indefinite, closed": b"\x30\x80" * 10**5 + b"\x00\x00" * 10**5,
    "a string in pieces in pieces": b"\x24\x80" * 10**5,
    "a million pieces": b"\x24\x80" + b"\x04\x00" * 10**6 + b"\x00\x00",
    "without end": b"\x30\x80" + b"\x05\x00" * 1000,
    "announces 4 GB": b"\x30\x84\xff\xff\xff\xff" + b"\x00" * 1000,
    "announces 4 GB inside": b"\x30\x80\x30\x84\xff\xff\xff\xff\x00\x00",
    "larger than anything allowed": b"\x30\x84\x02\x00\x00\x00" + bytes(0x02000000),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_at_once(bomb: bytes) -> None:
    tracemalloc.start()
    began = process_time()
    try:
        with pytest.raises(NotDer):
            read_signed(bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert process_time() - began < 5, "some milliseconds, and traced memory is slow"
    assert most < 30_000_000


def test_indefinite_lengths_and_strings_in_pieces_become_definite() -> None:
    streamed = bytes.fromhex(
        "3080" + "0201050400" + "2480" + "0402aabb" + "2404" + "0402ccdd" + "0000" + "a080" + "0500" + "0000" + "0000"
    )
    assert definite(streamed) == bytes.fromhex("300f" + "0201050400" + "0404aabbccdd" + "a002" + "0500")


@pytest.mark.parametrize(
    "broken",
    [
        "3080",
        "308005",
        "30800500",
        "3080050000",
        "0480aabb0000",
        "308005000000ff",
        "2480" + "0201050000",
        "3080240504020102030000",
    ],
)
def test_broken_indefinite_lengths_are_refused(broken: str) -> None:
    with pytest.raises(NotDer):
        definite(bytes.fromhex(broken))
