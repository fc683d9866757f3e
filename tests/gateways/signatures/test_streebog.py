"""ГОСТ Р 34.11-2012: the examples of the standard, and every way of hashing against the others."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.ports.signatures import Bits
from gateways.signatures import content_hash
from gateways.signatures.content_hash import HashedContent, digest_of, new_hash
from gateways.signatures.streebog import Streebog
from tests.depth import examples

FIRST = b"012345678901234567890123456789012345678901234567890123456789012"
SECOND = "Се ветри, Стрибожи внуци, веютъ с моря стрелами на храбрыя плъкы Игоревы".encode("cp1251")
EXAMPLES: list[tuple[Bits, bytes, str]] = [
    (256, FIRST, "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"),
    (256, SECOND, "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50"),
    (
        512,
        FIRST,
        (
            "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"
            "00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48"
        ),
    ),
    (
        512,
        SECOND,
        (
            "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376"
            "035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28"
        ),
    ),
    (256, b"", "3f539a213e97c802cc229d474c6aa32a825a360b2a933a949fd925208d9ce1bb"),
    (
        512,
        b"",
        (
            "8e945da209aa869f0455928529bcae4679e9873ab707b55315f56ceb98bef0a7"
            "362f715528356ee83cda5f2aac4c6ad2ba3a715c1bcd81cb8e9f90bf4c1c1a8a"
        ),
    ),
]


def ours(bits: Bits, *pieces: bytes) -> bytes:
    made = Streebog(bits)
    for piece in pieces:
        made.update(piece)
    return made.digest()


@pytest.mark.parametrize(("bits", "message", "digest"), EXAMPLES)
def test_the_examples_of_the_standard(bits: Bits, message: bytes, digest: str) -> None:
    assert ours(bits, message).hex() == digest
    assert digest_of(bits, message).hex() == digest


@settings(max_examples=examples(40), deadline=None)
@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=5), st.sampled_from([256, 512]))
def test_pieces_don_t_matter_and_the_machine_s_way_agrees_with_ours(message: bytes, cuts: list[int], bits: Bits) -> None:
    places = sorted({0, len(message), *(min(cut, len(message)) for cut in cuts)})
    pieces = [message[start:end] for start, end in pairwise(places)]
    whole = ours(bits, message)
    assert ours(bits, *pieces) == whole
    theirs = new_hash(bits)
    for piece in pieces:
        theirs.update(piece)
    assert theirs.digest() == whole


@pytest.mark.parametrize("length", [0, 1, 62, 63, 64, 65, 127, 128, 129, 1000])
@pytest.mark.parametrize("byte", [b"\x00", b"\xff"])
def test_sums_that_carry_over_a_whole_block(length: int, byte: bytes) -> None:
    assert ours(256, byte * length) == digest_of(256, byte * length)


def test_a_digest_in_between_doesn_t_disturb_what_follows() -> None:
    made = Streebog(256)
    made.update(FIRST)
    made.digest()
    made.update(SECOND)
    assert made.digest() == ours(256, FIRST + SECOND)


def test_a_machine_without_libraries_or_with_a_wrong_one_hashes_by_our_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_hash, "_gcrypt", lambda: None)
    monkeypatch.setattr(content_hash, "_openssl", lambda _: hashlib.sha256())
    content_hash._way.cache_clear()
    try:
        assert isinstance(new_hash(256), Streebog)
    finally:
        content_hash._way.cache_clear()


def test_a_document_is_hashed_once_for_each_kind_of_digest() -> None:
    reads = []

    def pieces() -> list[bytes]:
        reads.append(1)
        return [FIRST, SECOND]

    document = HashedContent(pieces)
    assert document.digest(256) == document.digest(256) == ours(256, FIRST + SECOND)
    assert len(reads) == 1
    assert document.digest(512) == ours(512, FIRST + SECOND)
    assert len(reads) == 2
