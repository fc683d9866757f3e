"""Certificates of X.509 with keys of ГОСТ Р 34.10-2012, as Russian authorities issue them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from commands.ports.signatures import Bits, CertificateFacts
from gateways.signatures import oids
from gateways.signatures.content_hash import digest_of
from gateways.signatures.curve import Curve, Point
from gateways.signatures.der import (
    BIT_STRING,
    BOOLEAN,
    INTEGER,
    NULL,
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
from gateways.signatures.parameters import CURVES

MOST_BYTES = 64_000
MOST_PARTS = 64
"""Parts of a name, and extensions."""
DIGITAL_SIGNATURE, NON_REPUDIATION, SIGNS_CERTIFICATES, SIGNS_LISTS = 0, 1, 5, 6
"""Bits of the key usage."""
_UNDERSTOOD = {
    oids.SUBJECT_KEY, oids.KEY_USAGE, oids.ALTERNATIVE_NAME, oids.BASIC_CONSTRAINTS, oids.POLICIES, oids.AUTHORITY_KEY,
    oids.EXTENDED_KEY_USAGE, oids.TRAINING_MARK,
}  # fmt: skip
"""Extensions that may be critical."""
_UNIQUE = (oids.SNILS, oids.INN, oids.OGRN, oids.OGRNIP, oids.ORGANISATION_INN, oids.SURNAME, oids.GIVEN_NAME)
"""Parts of the owner's name that must not contradict each other."""
_READ = {*_UNIQUE, oids.COMMON_NAME, oids.ORGANISATION, oids.TITLE, oids.COUNTRY}


class NotGost(Exception):
    """Another algorithm than those of 2012."""


class PublicKey(msgspec.Struct, frozen=True):
    bits: Bits
    curve: Curve
    point: Point


class Certificate(msgspec.Struct, frozen=True):
    raw: bytes
    signed_part: bytes
    """What the issuer signed, as it was received."""
    signature: bytes
    signature_bits: Bits
    serial: int
    issuer_raw: bytes
    owner_raw: bytes
    issuer: tuple[tuple[str, str], ...]
    """Identifiers and texts."""
    owner: tuple[tuple[str, str], ...]
    valid_from: datetime
    valid_until: datetime
    key: PublicKey
    key_usage: frozenset[int] | None
    """None: the certificate says nothing about it."""
    is_authority: bool
    path_length: int | None
    """How many authorities at most may follow on the way to a person."""
    key_id: bytes | None
    issuer_key_id: bytes | None
    understood: bool
    """It has no critical extension that we don't know."""
    training: bool

    @property
    def signed_digest(self) -> bytes:
        return digest_of(self.signature_bits, self.signed_part)

    def facts(self) -> CertificateFacts:
        owner = self.owner
        inn = _value(owner, oids.INN)
        padded = inn.startswith("00") and len(inn) == 12  # organisations' numbers before the attribute of their own
        return CertificateFacts(
            owner=self.owner_name,
            surname=_value(owner, oids.SURNAME),
            given_name=_value(owner, oids.GIVEN_NAME),
            organisation=_value(owner, oids.ORGANISATION),
            title=_value(owner, oids.TITLE),
            snils=_value(owner, oids.SNILS),
            inn="" if padded else inn,
            organisation_inn=_value(owner, oids.ORGANISATION_INN) or (inn[2:] if padded else ""),
            ogrn=_value(owner, oids.OGRN),
            ogrnip=_value(owner, oids.OGRNIP),
            serial=self.serial_text,
            issuer=self.issuer_name,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            thumbprint=hashlib.sha1(self.raw, usedforsecurity=False).hexdigest().upper(),
            training=self.training,
        )

    @property
    def owner_name(self) -> str:
        return _value(self.owner, oids.COMMON_NAME) or _value(self.owner, oids.ORGANISATION)

    @property
    def issuer_name(self) -> str:
        return _value(self.issuer, oids.COMMON_NAME) or _value(self.issuer, oids.ORGANISATION)

    @property
    def serial_text(self) -> str:
        digits = f"{self.serial:X}"
        return "0" * (len(digits) % 2) + digits

    def may(self, *uses: int) -> bool:
        """One of these uses is among those that the certificate names."""
        return self.key_usage is not None and not self.key_usage.isdisjoint(uses)


def _value(name: tuple[tuple[str, str], ...], oid: str) -> str:
    return next((text for kind, text in name if kind == oid), "")


def read_certificate(raw: bytes) -> Certificate:
    """NotDer, NotGost."""
    if len(raw) > MOST_BYTES:
        raise NotDer("a certificate of too many bytes")
    outer = whole(raw, SEQUENCE).reader()
    signed_part = outer.read(SEQUENCE)
    algorithm = outer.read(SEQUENCE)
    signature = outer.read(BIT_STRING).bits()
    outer.end()
    inner = signed_part.reader()
    version = inner.inside(context(0))
    if version.read(INTEGER).integer() != 2:
        raise NotDer("a certificate of another version than 3")
    version.end()
    serial = inner.read(INTEGER).integer()
    if inner.read(SEQUENCE).raw != algorithm.raw:
        raise NotDer("two different algorithms of one signature")
    issuer = inner.read(SEQUENCE)
    validity = inner.inside(SEQUENCE)
    valid_from, valid_until = validity.any().time(), validity.any().time()
    validity.end()
    owner = inner.read(SEQUENCE)
    key = _public_key(inner.inside(SEQUENCE))
    inner.optional(context(1, constructed=False))
    inner.optional(context(2, constructed=False))
    wrapped = inner.optional(context(3))
    inner.end()
    extensions, understood = _extensions(wrapped) if wrapped else ({}, True)
    is_authority, path_length = _constraints(extensions.get(oids.BASIC_CONSTRAINTS))
    usage = extensions.get(oids.KEY_USAGE)
    key_id = extensions.get(oids.SUBJECT_KEY)
    return Certificate(
        raw=raw,
        signed_part=signed_part.raw,
        signature=signature,
        signature_bits=algorithm_bits(algorithm, oids.SIGNATURES),
        serial=serial,
        issuer_raw=issuer.raw,
        owner_raw=owner.raw,
        issuer=read_name(issuer),
        owner=_consistent(read_name(owner)),
        valid_from=valid_from,
        valid_until=valid_until,
        key=key,
        key_usage=whole(usage, BIT_STRING).named_bits() if usage is not None else None,
        is_authority=is_authority,
        path_length=path_length,
        key_id=whole(key_id, OCTET_STRING).content if key_id is not None else None,
        issuer_key_id=_issuer_key_id(extensions.get(oids.AUTHORITY_KEY)),
        understood=understood,
        training=oids.TRAINING_MARK in extensions,
    )


def algorithm_oid(algorithm: Element) -> str:
    """Of an algorithm without parameters. NotDer: it has some."""
    reader = algorithm.reader()
    oid = reader.read(OID).oid()
    nothing = reader.optional(NULL)
    if nothing is not None and nothing.content:
        raise NotDer("a NULL that isn't empty")
    if not reader.ended and oid.startswith("1.2.643."):
        raise NotDer("parameters of an algorithm that has none")
    return oid


def algorithm_bits(algorithm: Element, known: Mapping[str, Bits]) -> Bits:
    """NotDer, NotGost."""
    oid = algorithm_oid(algorithm)
    if oid not in known:
        raise NotGost(oid)
    return known[oid]


def read_name(name: Element) -> tuple[tuple[str, str], ...]:
    """Identifiers and texts of the parts that anybody asks for; others may have any form. NotDer."""
    found: list[tuple[str, str]] = []
    for part in name.reader().rest(SET, MOST_PARTS):
        for pair in part.reader().rest(SEQUENCE, MOST_PARTS):
            reader = pair.reader()
            oid, value = reader.read(OID).oid(), reader.any()
            reader.end()
            if oid in _READ:
                found.append((oid, value.text()))
    return tuple(found)


def _consistent(name: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    for oid in _UNIQUE:
        if len({text for kind, text in name if kind == oid}) > 1:
            raise NotDer(f"two values of {oid} in one name")
    return name


def _public_key(reader: Reader) -> PublicKey:
    algorithm = reader.inside(SEQUENCE)
    oid = algorithm.read(OID).oid()
    if oid not in oids.KEYS:
        raise NotGost(oid)
    bits = oids.KEYS[oid]
    parameters = algorithm.inside(SEQUENCE)
    algorithm.end()
    curve_oid = parameters.read(OID).oid()
    digest = parameters.optional(OID)
    parameters.optional(OID)
    parameters.end()
    curve = CURVES.get(curve_oid)
    if curve is None or curve.bits != bits or (digest and oids.DIGESTS.get(digest.oid()) != bits):
        raise NotGost(curve_oid)
    octets = whole(reader.read(BIT_STRING).bits(), OCTET_STRING).content
    reader.end()
    if len(octets) != 2 * curve.size:
        raise NotDer("a key of another length than its curve's")
    point = int.from_bytes(octets[: curve.size], "little"), int.from_bytes(octets[curve.size :], "little")
    if not curve.contains(point) or not curve.has_order(point):
        raise NotDer("a key that isn't a point of its curve")
    return PublicKey(bits, curve, point)


def _extensions(wrapped: Element) -> tuple[dict[str, bytes], bool]:
    """Their values, and whether all critical ones are understood."""
    outer = wrapped.reader()
    items = outer.inside(SEQUENCE).rest(SEQUENCE, MOST_PARTS)
    outer.end()
    found: dict[str, bytes] = {}
    understood = True
    for item in items:
        oid, critical, value = read_extension(item)
        if oid in found:
            raise NotDer("an extension twice")
        found[oid] = value
        understood = understood and (not critical or oid in _UNDERSTOOD)
    return found, understood


def read_extension(item: Element) -> tuple[str, bool, bytes]:
    """Identifier, whether it is critical, value. NotDer."""
    reader = item.reader()
    oid = reader.read(OID).oid()
    mark = reader.optional(BOOLEAN)
    if mark is not None and not mark.boolean():
        raise NotDer("a default that is written")
    value = reader.read(OCTET_STRING).content
    reader.end()
    return oid, mark is not None, value


def _constraints(value: bytes | None) -> tuple[bool, int | None]:
    if value is None:
        return False, None
    reader = whole(value, SEQUENCE).reader()
    mark = reader.optional(BOOLEAN)
    length = reader.optional(INTEGER)
    reader.end()
    most = length.integer() if length else None
    if most is not None and most < 0:
        raise NotDer("a negative length of path")
    return mark is not None and mark.boolean(), most


def _issuer_key_id(value: bytes | None) -> bytes | None:
    if value is None:
        return None
    key_id = whole(value, SEQUENCE).reader().optional(context(0, constructed=False))
    return key_id.content if key_id else None
