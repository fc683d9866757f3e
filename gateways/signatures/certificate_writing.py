"""Writing certificates and revocation lists, for training and tests."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from commands.ports.signatures import Bits
from gateways.signatures import oids
from gateways.signatures.content_hash import digest_of
from gateways.signatures.curve import Curve
from gateways.signatures.der import NUMERIC_STRING, PRINTABLE_STRING, UTF8_STRING, context
from gateways.signatures.der_writing import (
    bit_string,
    boolean,
    encoded,
    integer,
    named_bits,
    octets,
    oid,
    sequence,
    set_of,
    text,
    time,
)
from gateways.signatures.gost3410 import public_key, signed
from gateways.signatures.parameters import CURVES

Name = tuple[tuple[str, str], ...]
"""Identifiers and texts."""
_STRINGS = {
    oids.COUNTRY: PRINTABLE_STRING,
    **dict.fromkeys((oids.SNILS, oids.INN, oids.OGRN, oids.OGRNIP, oids.ORGANISATION_INN), NUMERIC_STRING),
}
"""Which kind of string a part of a name is; others are UTF8String."""


class SecretKey(msgspec.Struct, frozen=True):
    curve_oid: str
    secret: int

    @property
    def curve(self) -> Curve:
        return CURVES[self.curve_oid]

    @property
    def bits(self) -> Bits:
        return 256 if self.curve.bits == 256 else 512

    def sign(self, data: bytes) -> bytes:
        return signed(self.curve, self.secret, digest_of(self.bits, data))

    def public_octets(self) -> bytes:
        size = self.curve.size
        x, y = public_key(self.curve, self.secret)
        return octets(x.to_bytes(size, "little") + y.to_bytes(size, "little"))

    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo."""
        parameters = sequence(oid(self.curve_oid), oid(oid_of(oids.DIGESTS, self.bits)))
        return sequence(sequence(oid(oid_of(oids.KEYS, self.bits)), parameters), bit_string(self.public_octets()))

    def key_id(self) -> bytes:
        return hashlib.sha1(self.public_octets(), usedforsecurity=False).digest()


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What an issuer certifies; without its own name, key and extensions of keys."""

    serial: int
    owner: Name
    valid_from: datetime
    valid_until: datetime
    extensions: tuple[bytes, ...] = ()


def oid_of(known: Mapping[str, Bits], bits: Bits) -> str:
    return next(one for one, its_bits in known.items() if its_bits == bits)


def algorithm(known: Mapping[str, Bits], bits: Bits) -> bytes:
    return sequence(oid(oid_of(known, bits)))


def name(parts: Name) -> bytes:
    return sequence(*(set_of(sequence(oid(kind), text(value, _STRINGS.get(kind, UTF8_STRING)))) for kind, value in parts))


def extension(kind: str, value: bytes, *, critical: bool = False) -> bytes:
    return sequence(oid(kind), boolean(True) if critical else b"", octets(value))


def key_usage(*uses: int) -> bytes:
    return extension(oids.KEY_USAGE, named_bits(*uses), critical=True)


def constraints(*, is_authority: bool, path_length: int | None = None) -> bytes:
    length = b"" if path_length is None else integer(path_length)
    return extension(oids.BASIC_CONSTRAINTS, sequence(boolean(True) if is_authority else b"", length), critical=True)


def write_certificate(body: Body, key: SecretKey, issuer: Name, issuer_key: SecretKey) -> bytes:
    """A certificate of version 3, with identifiers of both keys."""
    issuer_key_id = encoded(context(0, constructed=False), issuer_key.key_id())
    extensions = sequence(
        extension(oids.SUBJECT_KEY, octets(key.key_id())),
        extension(oids.AUTHORITY_KEY, sequence(issuer_key_id)),
        *body.extensions,
    )
    signed_part = sequence(
        encoded(context(0), integer(2)),
        integer(body.serial),
        algorithm(oids.SIGNATURES, issuer_key.bits),
        name(issuer),
        sequence(time(body.valid_from), time(body.valid_until)),
        name(body.owner),
        key.key_info(),
        encoded(context(3), extensions),
    )
    return _signed(signed_part, issuer_key)


def write_revocation_list(
    issuer: Name, key: SecretKey, revoked: Mapping[int, datetime], *, number: int, issued: datetime, next_issue: datetime
) -> bytes:
    """`revoked`: since when, by serial numbers."""
    entries = [sequence(integer(serial), time(since)) for serial, since in revoked.items()]
    signed_part = sequence(
        integer(1),
        algorithm(oids.SIGNATURES, key.bits),
        name(issuer),
        time(issued),
        time(next_issue),
        sequence(*entries) if entries else b"",
        encoded(context(0), sequence(extension(oids.CRL_NUMBER, integer(number)))),
    )
    return _signed(signed_part, key)


def _signed(signed_part: bytes, key: SecretKey) -> bytes:
    return sequence(signed_part, algorithm(oids.SIGNATURES, key.bits), bit_string(key.sign(signed_part)))
