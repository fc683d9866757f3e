"""Verification of a received signature, in the order that says most precisely what is wrong."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

from commands.ports.signatures import Reason, SignatureRefused, SignedContent, VerifiedSignature
from gateways.signatures import oids
from gateways.signatures.authorities import Authorities, signed_by
from gateways.signatures.certificate import (
    DIGITAL_SIGNATURE,
    NON_REPUDIATION,
    SIGNS_CERTIFICATES,
    SIGNS_LISTS,
    Certificate,
    NotGost,
    read_certificate,
)
from gateways.signatures.cms import Signed, Signer, Signers, SigningCertificate, read_signed
from gateways.signatures.content_hash import digest_of
from gateways.signatures.der import NotDer
from gateways.signatures.gost3410 import verifies

LONGEST_PATH = 6
MOST_ATTEMPTS = 32
"""Signatures of certificates that are verified in search of a path."""


class Verifier:
    """`commands.ports.signatures.SignatureVerifier` by the trusted authorities of an installation."""

    def __init__(self, authorities: Callable[[], Authorities], *, training: bool = False) -> None:
        """`training`: signatures of the training authority are accepted, as in the demonstration."""
        self._authorities = authorities
        self._training = training

    def verify(self, signature: bytes, content: SignedContent, at: datetime) -> VerifiedSignature:
        try:
            signed = read_signed(signature)
            signer = signed.signer
            claimed_at = signer.signing_time
            named = signer.signing_certificate
            content_type, message_digest = signer.content_type, signer.message_digest
        except Signers as error:
            raise SignatureRefused("signers", count=error.count) from error
        except NotDer as error:
            raise SignatureRefused("not_cms") from error
        if content_type not in {None, oids.DATA}:
            raise SignatureRefused("not_cms")
        if message_digest is None or content_type is None or named is None:
            missing = {"messageDigest": message_digest, "contentType": content_type, "signingCertificateV2": named}
            raise SignatureRefused("not_cades", missing=", ".join(name for name, value in missing.items() if value is None))
        bits = oids.DIGESTS.get(signer.digest_algorithm)
        if bits is None or bits not in {
            oids.KEYS.get(signer.signature_algorithm),
            oids.SIGNATURES.get(signer.signature_algorithm),
        }:
            raise SignatureRefused("algorithm")
        certificates, otherwise = _readable(signed)
        certificate = next((one for one in certificates if _is_meant(signer, one)), None)
        if certificate is None:
            raise SignatureRefused(otherwise)
        if certificate.key.bits != bits:
            raise SignatureRefused("algorithm")
        digest = content.digest(bits)
        if message_digest != digest or (signed.content is not None and digest_of(bits, signed.content) != digest):
            raise SignatureRefused("document_changed")
        if not _is_signed(signer, certificate):
            raise SignatureRefused("signature_wrong")
        if not _names(named, certificate):
            raise SignatureRefused("other_certificate")
        revocations_of = self._admit(certificate, certificates, at)
        return VerifiedSignature(
            certificate=certificate.facts(),
            bits=bits,
            digest=digest.hex(),
            claimed_at=claimed_at,
            verified_at=at,
            revocations_of=revocations_of,
        )

    def _admit(self, certificate: Certificate, received: list[Certificate], at: datetime) -> datetime | None:
        """Refuse a certificate that doesn't count at that moment. The issue of the revocation list in which it was looked for."""
        owner = certificate.owner_name
        if certificate.training and not self._training:
            raise SignatureRefused("training")
        if at < certificate.valid_from:
            raise SignatureRefused("not_yet_valid", owner=owner, since=certificate.valid_from)
        if at > certificate.valid_until:
            raise SignatureRefused("expired", owner=owner, until=certificate.valid_until)
        authorities = self._authorities()
        path = _Paths(authorities, received, at).to_trusted(certificate)
        if path is None or not certificate.understood:
            raise SignatureRefused("untrusted", issuer=certificate.issuer_name)
        if not self._training and any(one.training for one in path):
            raise SignatureRefused("training")
        looked_in: list[datetime | None] = []
        for one, issuer in pairwise(path):
            issue, since = _revocation(authorities, one, issuer, at)
            if since is not None:
                raise SignatureRefused("revoked", owner=one.owner_name, since=since)
            looked_in.append(issue)
        if not certificate.may(DIGITAL_SIGNATURE, NON_REPUDIATION):
            raise SignatureRefused("key_usage", owner=owner)
        return looked_in[0]


class _Paths:
    """Search for a path from a certificate to a trusted authority, over certificates that came with the signature."""

    def __init__(self, authorities: Authorities, received: list[Certificate], at: datetime) -> None:
        self._authorities, self._received, self._at = authorities, received, at
        self._attempts = 0

    def to_trusted(self, certificate: Certificate) -> list[Certificate] | None:
        """The certificate itself first, the trusted authority last."""
        return self._beyond([certificate])

    def _beyond(self, path: list[Certificate]) -> list[Certificate] | None:
        last = path[-1]
        for issuer in self._authorities.called(last.issuer_raw):
            if self._issued(issuer, path):
                return [*path, issuer]
        if len(path) == LONGEST_PATH:
            return None
        for issuer in self._received:
            if issuer.owner_raw == last.issuer_raw and issuer not in path and self._issued(issuer, path):
                found = self._beyond([*path, issuer])
                if found is not None:
                    return found
        return None

    def _issued(self, issuer: Certificate, path: list[Certificate]) -> bool:
        last = path[-1]
        below = sum(one.owner_raw != one.issuer_raw for one in path[1:])
        allowed = (
            issuer.is_authority
            and issuer.may(SIGNS_CERTIFICATES)
            and issuer.understood
            and issuer.valid_from <= self._at <= issuer.valid_until
            and (issuer.path_length is None or below <= issuer.path_length)
            and (last.issuer_key_id is None or issuer.key_id is None or last.issuer_key_id == issuer.key_id)
        )
        if not allowed or self._attempts == MOST_ATTEMPTS:
            return False
        self._attempts += 1
        return signed_by(issuer, last)


def _readable(signed: Signed) -> tuple[list[Certificate], Reason]:
    """The certificates that came with the signature, and what to say if the signer's isn't among them."""
    found: list[Certificate] = []
    otherwise: Reason = "no_certificate"
    for raw in signed.certificates:
        try:
            found.append(read_certificate(raw))
        except NotGost:
            otherwise = "algorithm"
        except NotDer:
            otherwise = "certificate_broken"
    return found, otherwise


def _is_meant(signer: Signer, certificate: Certificate) -> bool:
    if signer.key_id is not None:
        return signer.key_id == certificate.key_id
    return (signer.issuer_raw, signer.serial) == (certificate.issuer_raw, certificate.serial)


def _is_signed(signer: Signer, certificate: Certificate) -> bool:
    key = certificate.key
    return verifies(key.curve, key.point, digest_of(key.bits, signer.signed_attributes), signer.signature)


def _names(named: SigningCertificate, certificate: Certificate) -> bool:
    """The signed attribute names this certificate, so that no other one with the same key can be put in its place."""
    if named.algorithm in oids.DIGESTS:
        digest = digest_of(oids.DIGESTS[named.algorithm], certificate.raw)
    elif named.algorithm in oids.SHA_2:
        digest = hashlib.new(oids.SHA_2[named.algorithm], certificate.raw).digest()
    else:
        return False
    return named.digest == digest and (
        named.serial is None or (named.issuer_raw, named.serial) == (certificate.issuer_raw, certificate.serial)
    )


def _revocation(
    authorities: Authorities, one: Certificate, issuer: Certificate, at: datetime
) -> tuple[datetime | None, datetime | None]:
    """The issue of the newest list of that time that the issuer really signed, and since when it revokes the certificate.

    A list whose next issue is overdue still counts: it is the operator's to bring the next one, and no doctor's fault.
    """
    for found in authorities.lists_of(issuer):
        if found.issued <= at and issuer.may(SIGNS_LISTS) and signed_by(issuer, found):
            since = found.revoked_since(one.serial)
            return found.issued, since if since is not None and since <= at else None
    return None, None
