"""Certificates and messages of ТК 26's recommendations on X.509 and CMS: made by others, read and verified by us."""

from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.ports.signatures import Bits, SignatureRefused
from gateways.signatures.certificate import Certificate, read_certificate
from gateways.signatures.cms import read_signed
from gateways.signatures.content_hash import HashedContent, digest_of
from gateways.signatures.gost3410 import public_key, verifies
from tests.gateways.signatures.people import trusting

FOLDER = Path(__file__).with_name("standard")
WIDTHS: list[Bits] = [256, 512]


def of_file(name: str) -> bytes:
    _, *lines, _ = (FOLDER / f"{name}.pem").read_text().splitlines()
    return b64decode("".join(lines))


def certificate(bits: Bits) -> Certificate:
    return read_certificate(of_file(f"certificate_{bits}"))


@pytest.mark.parametrize("bits", WIDTHS)
def test_a_certificate_that_signed_itself(bits: Bits) -> None:
    found = certificate(bits)
    assert verifies(found.key.curve, found.key.point, found.signed_digest, found.signature)
    assert found.owner_name == found.issuer_name == f"GostR3410-2012 ({bits} bit) example"
    assert found.is_authority
    assert found.key_usage == {0, 1, 5, 6}
    assert found.valid_until.year == 2030


def test_the_secret_that_belongs_to_the_certificate() -> None:
    secret = int.from_bytes(bytes.fromhex("bfcf1d623e5cdd3032a7c6eabb4a923c46e43d640ffeaaf2c3ed39a8fa399924"))
    key = certificate(256).key
    assert public_key(key.curve, secret) == key.point


@pytest.mark.parametrize("bits", WIDTHS)
def test_a_message_that_is_signed_without_attributes(bits: Bits) -> None:
    """Its signature is good, but nothing says by which certificate: it is no CAdES-BES."""
    found = read_signed(of_file(f"message_{bits}"))
    key = certificate(bits).key
    assert found.content == b"Test message"
    assert verifies(key.curve, key.point, digest_of(bits, found.content), found.signer.signature)
    with pytest.raises(SignatureRefused) as refused:
        trusting().verify(of_file(f"message_{bits}"), HashedContent(lambda: [b"Test message"]), datetime(2026, 12, 1, tzinfo=UTC))
    assert refused.value.reason == "not_cades"
