"""Signing as CryptoPro's plug-in does (CAdES-BES, the whole chain of certificates included), for training and tests."""

from datetime import datetime

import msgspec

from commands.ports.signatures import SignedContent
from gateways.signatures import oids
from gateways.signatures.certificate import read_certificate
from gateways.signatures.certificate_writing import SecretKey, algorithm
from gateways.signatures.content_hash import digest_of
from gateways.signatures.der import SET, context
from gateways.signatures.der_writing import encoded, integer, octets, oid, sequence, set_of, time


class Holder(msgspec.Struct, frozen=True):
    """Who can sign: a certificate, its secret, and the certificates of those who issued it, up to the root."""

    certificate: bytes
    key: SecretKey
    chain: tuple[bytes, ...] = ()


def sign(holder: Holder, content: SignedContent, at: datetime, *, attached: bytes | None = None) -> bytes:
    """A signature in DER, detached, or with the document inside (`attached`). `at` in UTC, whole seconds."""
    attributes = signed_attributes(holder, content.digest(holder.key.bits), at)
    return signed_data([signer_info(holder, attributes)], (holder.certificate, *holder.chain), holder, attached)


def attribute(kind: str, value: bytes) -> bytes:
    return sequence(oid(kind), set_of(value))


def signed_attributes(holder: Holder, digest: bytes, at: datetime) -> list[bytes]:
    return [
        attribute(oids.CONTENT_TYPE, oid(oids.DATA)),
        attribute(oids.SIGNING_TIME, time(at)),
        attribute(oids.MESSAGE_DIGEST, octets(digest)),
        attribute(oids.SIGNING_CERTIFICATE_V2, signing_certificate(holder)),
    ]


def signing_certificate(holder: Holder) -> bytes:
    certificate = read_certificate(holder.certificate)
    bits = holder.key.bits
    issuer = sequence(sequence(encoded(context(4), certificate.issuer_raw)), integer(certificate.serial))
    named = sequence(algorithm(oids.DIGESTS, bits), octets(digest_of(bits, holder.certificate)), issuer)
    return sequence(sequence(named))


def signer_info(holder: Holder, attributes: list[bytes]) -> bytes:
    """Without attributes the signature would be of the document itself; CAdES-BES always has some."""
    certificate = read_certificate(holder.certificate)
    signed = set_of(*attributes)
    return sequence(
        integer(1),
        sequence(certificate.issuer_raw, integer(certificate.serial)),
        algorithm(oids.DIGESTS, holder.key.bits),
        bytes([context(0)]) + signed[1:],
        algorithm(oids.KEYS, holder.key.bits),
        octets(holder.key.sign(signed)),
    )


def signed_data(signers: list[bytes], certificates: tuple[bytes, ...], holder: Holder, attached: bytes | None = None) -> bytes:
    """`holder`: by whose key the digests are named that the signers use."""
    content = b"" if attached is None else encoded(context(0), octets(attached))
    body = sequence(
        integer(1),
        set_of(algorithm(oids.DIGESTS, holder.key.bits)),
        sequence(oid(oids.DATA), content),
        encoded(context(0), *certificates),
        encoded(SET, *signers),
    )
    return sequence(oid(oids.SIGNED_DATA), encoded(context(0), body))
