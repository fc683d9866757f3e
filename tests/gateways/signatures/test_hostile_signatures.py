"""Mutated signatures, certificates and lists: never a crash, never a wrong acceptance, never much time."""

import random
from collections.abc import Callable
from time import process_time

import pytest

from commands.ports.signatures import SignatureRefused
from gateways.signatures.certificate import NotGost, read_certificate
from gateways.signatures.certificate_writing import write_revocation_list
from gateways.signatures.cms import Signers, read_signed
from gateways.signatures.der import NotDer, Reader
from gateways.signatures.der_writing import encoded
from gateways.signatures.revocation import read_revocation_list
from gateways.signatures.signing import sign
from tests.depth import examples
from tests.gateways.signatures.people import (
    AT,
    DOCTOR,
    DOCTOR_512,
    DOCUMENT,
    ISSUING,
    ISSUING_CERTIFICATE,
    OTHER,
    UNTIL,
    content,
    key,
    parts,
    signature,
    trusting,
)

LIST = write_revocation_list(ISSUING, key("issuing"), dict.fromkeys(range(1, 9), AT), number=1, issued=AT, next_issue=UNTIL)
SIGNATURES = {
    "256": signature(),
    "512": signature(DOCTOR_512),
    "attached": sign(DOCTOR, content(), AT, attached=DOCUMENT),
}
OWNER = read_certificate(DOCTOR.certificate).owner
Change = Callable[[random.Random, bytes], bytes]
SECONDS = 1.0
"""For one case on a busy machine; most take some milliseconds."""


def flip_a_bit(draw: random.Random, data: bytes) -> bytes:
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]


def set_bytes(draw: random.Random, data: bytes) -> bytes:
    at = draw.randrange(len(data))
    new = draw.choice([b"\x00", b"\xff", b"\x80", b"\x84\xff\xff\xff\xff", b"\x30\x80", bytes(8), draw.randbytes(3)])
    return data[:at] + new + data[at + len(new) :]


def cut(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data))
    return data[:start] + data[start + draw.randrange(1, 40) :]


def repeat(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data))
    piece = data[start : start + draw.randrange(1, 40)]
    return data[:start] + piece * draw.randrange(2, 5) + data[start:]


def end_early(draw: random.Random, data: bytes) -> bytes:
    return data[: draw.randrange(len(data))]


def restructure(draw: random.Random, data: bytes) -> bytes:
    """One element somewhere is dropped, doubled, emptied, exchanged or given another tag; lengths around it are right again."""
    try:
        return _restructured(draw, data, draw.randrange(1, 12))
    except NotDer:  # an earlier change broke it
        return flip_a_bit(draw, data)


def _restructured(draw: random.Random, element: bytes, depth: int) -> bytes:
    head = Reader(element).any()
    if not head.tag & 0x20:
        return _replaced(draw, element)
    found = parts(element)
    if not found or not depth:
        return _replaced(draw, element)
    at = draw.randrange(len(found))
    match draw.randrange(12):
        case 0:
            del found[at]
        case 1:
            found.insert(at, found[at])
        case 2:
            other = draw.randrange(len(found))
            found[at], found[other] = found[other], found[at]
        case _:
            found[at] = _restructured(draw, found[at], depth - 1)
    return encoded(head.tag, *found)


def _replaced(draw: random.Random, element: bytes) -> bytes:
    head = Reader(element).any()
    return draw.choice(
        [
            encoded(head.tag),
            encoded(draw.randrange(256), head.content),
            encoded(head.tag, b"\x00", head.content),
            encoded(head.tag, draw.randbytes(len(head.content))),
            b"\x05\x00",
        ]
    )


CHANGES: list[Change] = [flip_a_bit, set_bytes, cut, repeat, end_early, restructure]


def mutated(draw: random.Random, data: bytes) -> bytes:
    """One to three changes."""
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        data = draw.choice([*CHANGES, restructure, restructure])(draw, data or b"\x30")
    return data


@pytest.mark.parametrize("kind", SIGNATURES)
def test_a_mutated_signature_is_refused_or_still_means_the_same(kind: str) -> None:
    """Bytes outside of the signed parts may change; what they lead to may not."""
    draw, verifier, accepted = random.Random(f"signatures {kind}"), trusting(), 0
    original = verifier.verify(SIGNATURES[kind], content(), AT)
    another = content(DOCUMENT + b"!")
    for _ in range(examples(250)):
        made = mutated(draw, SIGNATURES[kind])
        began = process_time()
        try:
            found = verifier.verify(made, content(), AT)
        except SignatureRefused:
            pass
        else:
            accepted += 1
            assert found == original, made.hex()
        assert process_time() - began < SECONDS, made.hex()
        with pytest.raises(SignatureRefused):
            verifier.verify(made, another, AT)
    assert accepted < examples(250) / 4, "most of a signature is signed or needed"


@pytest.mark.parametrize("part", [DOCTOR.certificate, ISSUING_CERTIFICATE])
def test_a_mutated_certificate_inside_never_counts(part: bytes) -> None:
    """The signature itself stays good, so that all depends on the certificates."""
    draw, verifier = random.Random(f"certificates {len(part)}"), trusting()
    original = SIGNATURES["256"]
    head = Reader(original).any()
    assert part in head.raw
    for _ in range(examples(150)):
        changed = mutated(draw, part)
        made = _relabelled(original, part, changed)
        try:
            found = verifier.verify(made, content(), AT)
        except SignatureRefused:
            continue
        assert read_certificate(part).signed_part in changed, changed.hex()
        assert found.certificate.snils == "11223344595"


def _relabelled(element: bytes, part: bytes, new: bytes) -> bytes:
    """With another part, and right lengths around it."""
    if element == part:
        return new
    head = Reader(element).any()
    if part not in element or not head.tag & 0x20:
        return element
    return encoded(head.tag, *(_relabelled(one, part, new) for one in parts(element)))


def test_pieces_of_two_signatures_make_no_third() -> None:
    """Elements of another doctor's good signature are put into this one's place."""
    draw, verifier = random.Random("pieces"), trusting()
    ours, theirs = SIGNATURES["256"], signature(OTHER, DOCUMENT + b"!")
    for _ in range(examples(150)):
        made = _crossed(draw, ours, theirs)
        try:
            found = verifier.verify(made, content(), AT)
        except SignatureRefused:
            continue
        assert found.certificate.snils == "11223344595"


def _crossed(draw: random.Random, one: bytes, other: bytes) -> bytes:
    heads = Reader(one).any(), Reader(other).any()
    if heads[0].tag != heads[1].tag or not heads[0].tag & 0x20 or draw.randrange(8) == 0:
        return draw.choice([one, other])
    pairs = zip(parts(one), parts(other), strict=False)
    return encoded(heads[0].tag, *(_crossed(draw, *pair) if draw.randrange(2) else pair[0] for pair in pairs))


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (read_certificate, DOCTOR.certificate),
        (read_certificate, DOCTOR_512.certificate),
        (read_revocation_list, LIST),
        (read_signed, SIGNATURES["256"]),
    ],
    ids=["certificate", "certificate of 512", "list", "signature"],
)
def test_reading_ends_in_a_value_or_a_known_refusal(read: Callable[[bytes], object], data: bytes) -> None:
    draw = random.Random(f"reading {len(data)}")
    for _ in range(examples(400)):
        made = mutated(draw, data)
        began = process_time()
        try:
            found = read(made)
        except (NotDer, NotGost, Signers):
            continue
        finally:
            assert process_time() - began < SECONDS, made.hex()
        if read is read_revocation_list:
            found.revoked_since(7)  # type: ignore[attr-defined]
        if read is read_certificate:
            found.facts()  # type: ignore[attr-defined]


def test_noise_is_no_signature() -> None:
    draw, verifier = random.Random("noise"), trusting()
    for _ in range(examples(300)):
        noise = draw.randbytes(draw.randrange(200))
        for made in (noise, b"\x30\x80" + noise, encoded(0x30, SIGNATURES["256"][4:40], noise)):
            with pytest.raises(SignatureRefused):
                verifier.verify(made, content(), AT)
