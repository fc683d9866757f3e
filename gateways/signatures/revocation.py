"""Lists of revoked certificates (CRL). A large authority's has hundreds of thousands of entries, so they stay bytes."""

from datetime import datetime

import msgspec

from commands.ports.signatures import Bits
from gateways.signatures import oids
from gateways.signatures.certificate import MOST_PARTS, algorithm_bits, read_extension
from gateways.signatures.content_hash import digest_of
from gateways.signatures.der import BIT_STRING, GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME, NotDer, Reader, context, whole
from gateways.signatures.der_writing import integer

MOST_BYTES = 128_000_000


class RevocationList(msgspec.Struct, frozen=True):
    signed_digest: bytes
    """Of what the issuer signed."""
    signature: bytes
    signature_bits: Bits
    issuer_raw: bytes
    issued: datetime
    next_issue: datetime | None
    entries: bytes
    """The entries one after the other, each a SEQUENCE that begins with the serial number."""

    def revoked_since(self, serial: int) -> datetime | None:
        """Since when a certificate of this issuer is revoked; a broken entry counts from the issue of the list."""
        number = integer(serial)
        if number not in self.entries:  # quick, and sure; that it is there may be chance
            return None
        reader = Reader(self.entries)
        try:
            while not reader.ended:
                entry = reader.inside(SEQUENCE)
                if entry.read(INTEGER).raw == number:
                    return entry.any().time()
        except NotDer:
            return self.issued
        return None


def read_revocation_list(raw: bytes) -> RevocationList:
    """NotDer: also of a list that is only a part or a difference of one, as its critical extensions say. NotGost."""
    if len(raw) > MOST_BYTES:
        raise NotDer("a revocation list of too many bytes")
    outer = whole(raw, SEQUENCE).reader()
    signed_part = outer.read(SEQUENCE)
    algorithm = outer.read(SEQUENCE)
    signature = outer.read(BIT_STRING).bits()
    outer.end()
    bits = algorithm_bits(algorithm, oids.SIGNATURES)
    inner = signed_part.reader()
    if inner.read(INTEGER).integer() != 1:
        raise NotDer("a revocation list of another version than 2")
    if inner.read(SEQUENCE).raw != algorithm.raw:
        raise NotDer("two different algorithms of one signature")
    issuer = inner.read(SEQUENCE)
    issued = inner.any().time()
    next_issue = None
    following = None if inner.ended else inner.any()
    if following is not None and following.tag in {UTC_TIME, GENERALIZED_TIME}:
        next_issue = following.time()
        following = None if inner.ended else inner.any()
    entries = b""
    if following is not None and following.tag == SEQUENCE:
        entries = following.content
        following = None if inner.ended else inner.any()
    inner.end()
    if following is not None:
        if following.tag != context(0):
            raise NotDer("something unknown in a revocation list")
        for item in following.reader().inside(SEQUENCE).rest(SEQUENCE, MOST_PARTS):
            oid, critical, _ = read_extension(item)
            if critical:
                raise NotDer(f"a critical extension {oid} of a revocation list")
    return RevocationList(digest_of(bits, signed_part.raw), signature, bits, issuer.raw, issued, next_issue, entries)
