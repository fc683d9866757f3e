"""SignedData of CMS (RFC 5652) with one signer and the signed attributes of CAdES-BES (RFC 5126)."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from gateways.signatures import oids
from gateways.signatures.ber import definite
from gateways.signatures.certificate import algorithm_oid
from gateways.signatures.der import (
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SET,
    Element,
    NotDer,
    Reader,
    context,
    whole,
)

MOST_BYTES = 32_000_000
"""An attached signature contains the document."""
MOST_CERTIFICATES = 20
MOST_LISTS = 20
MOST_ATTRIBUTES = 32


class Signers(Exception):
    """There isn't exactly one signer. The argument: how many."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class SigningCertificate(msgspec.Struct, frozen=True):
    """The attribute signingCertificateV2: which certificate the signer meant."""

    algorithm: str
    digest: bytes
    issuer_raw: bytes | None
    serial: int | None


class Signer(msgspec.Struct, frozen=True):
    issuer_raw: bytes | None
    serial: int | None
    key_id: bytes | None
    """The certificate is named by issuer and serial, or by the identifier of its key."""
    digest_algorithm: str
    signature_algorithm: str
    signature: bytes
    signed_attributes: bytes
    """What the signature is of: the SET as it was received; empty if there are no signed attributes."""
    attributes: Mapping[str, Element]
    """The one value of each."""

    @property
    def content_type(self) -> str | None:
        value = self._value(oids.CONTENT_TYPE, OID)
        return value.oid() if value else None

    @property
    def message_digest(self) -> bytes | None:
        value = self._value(oids.MESSAGE_DIGEST, OCTET_STRING)
        return value.content if value else None

    @property
    def signing_time(self) -> datetime | None:
        value = self.attributes.get(oids.SIGNING_TIME)
        return value.time() if value else None

    @property
    def signing_certificate(self) -> SigningCertificate | None:
        value = self._value(oids.SIGNING_CERTIFICATE_V2, SEQUENCE)
        return _signing_certificate(value) if value else None

    def _value(self, oid: str, tag: int) -> Element | None:
        value = self.attributes.get(oid)
        if value is not None and value.tag != tag:
            raise NotDer(f"an attribute {oid} of another type")
        return value


class Signed(msgspec.Struct, frozen=True):
    content: bytes | None
    """Of an attached signature."""
    certificates: list[bytes]
    signer: Signer


def read_signed(data: bytes) -> Signed:
    """NotDer, Signers."""
    if len(data) > MOST_BYTES:
        raise NotDer("too many bytes")
    outer = whole(definite(data), SEQUENCE).reader()
    if outer.read(OID).oid() != oids.SIGNED_DATA:
        raise NotDer("another content than SignedData")
    wrapped = outer.inside(context(0))
    outer.end()
    body = wrapped.inside(SEQUENCE)
    wrapped.end()
    body.read(INTEGER).integer()
    body.read(SET)  # digests of all signers, which each of them repeats
    content = _content(body.inside(SEQUENCE))
    certificates = body.optional(context(0))
    body.optional(context(1))  # revocation lists: only the installation's own count
    signers = body.inside(SET)
    body.end()
    first = None if signers.ended else signers.read(SEQUENCE)
    count = 1 if first else 0
    while not signers.ended:
        signers.any()
        count += 1
    if first is None or count != 1:
        raise Signers(count)
    return Signed(content, _certificates(certificates), _signer(first.reader()))


def _content(reader: Reader) -> bytes | None:
    if reader.read(OID).oid() != oids.DATA:
        raise NotDer("another type of content than data")
    wrapped = reader.optional(context(0))
    reader.end()
    if wrapped is None:
        return None
    inner = wrapped.reader()
    content = inner.read(OCTET_STRING).content
    inner.end()
    return content


def _certificates(wrapped: Element | None) -> list[bytes]:
    """Of X.509 alone; other kinds are skipped."""
    if wrapped is None:
        return []
    found: list[bytes] = []
    reader = wrapped.reader()
    while not reader.ended:
        element = reader.any()
        if element.tag == SEQUENCE:
            found.append(element.raw)
        if len(found) > MOST_CERTIFICATES:
            raise NotDer("too many certificates")
    return found


def _signer(reader: Reader) -> Signer:
    reader.read(INTEGER).integer()
    named = reader.any()
    issuer_raw = serial = key_id = None
    if named.tag == SEQUENCE:
        pair = named.reader()
        issuer_raw, serial = pair.read(SEQUENCE).raw, pair.read(INTEGER).integer()
        pair.end()
    elif named.tag == context(0, constructed=False):
        key_id = named.content
    else:
        raise NotDer("a signer that is named in an unknown way")
    digest_algorithm = algorithm_oid(reader.read(SEQUENCE))
    signed = reader.optional(context(0))
    signature_algorithm = algorithm_oid(reader.read(SEQUENCE))
    signature = reader.read(OCTET_STRING).content
    reader.optional(context(1))
    reader.end()
    return Signer(
        issuer_raw=issuer_raw,
        serial=serial,
        key_id=key_id,
        digest_algorithm=digest_algorithm,
        signature_algorithm=signature_algorithm,
        signature=signature,
        signed_attributes=bytes([SET]) + signed.raw[1:] if signed else b"",
        attributes=_attributes(signed) if signed else {},
    )


def _attributes(signed: Element) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for item in signed.reader().rest(SEQUENCE, MOST_ATTRIBUTES):
        reader = item.reader()
        oid = reader.read(OID).oid()
        values = reader.inside(SET)
        reader.end()
        if oid in found:
            raise NotDer(f"the attribute {oid} twice")
        found[oid] = values.any()
        values.end()
    return found


def _signing_certificate(value: Element) -> SigningCertificate:
    first = value.reader().inside(SEQUENCE).inside(SEQUENCE)
    algorithm = first.optional(SEQUENCE)
    digest = first.read(OCTET_STRING).content
    named = first.optional(SEQUENCE)
    first.end()
    issuer_raw = serial = None
    if named is not None:
        reader = named.reader()
        names = reader.inside(SEQUENCE)
        directory = names.inside(context(4))
        names.end()
        issuer_raw = directory.read(SEQUENCE).raw
        directory.end()
        serial = reader.read(INTEGER).integer()
        reader.end()
    default = next(iter(oids.SHA_2))
    return SigningCertificate(algorithm_oid(algorithm) if algorithm else default, digest, issuer_raw, serial)
