"""Authorities and people of tests: made like real ones, without the mark of the training authority."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

import msgspec
import pytest

from commands.ports.signatures import SignatureRefused, VerifiedSignature
from gateways.signatures import oids
from gateways.signatures.authorities import Authorities
from gateways.signatures.certificate import read_certificate
from gateways.signatures.certificate_writing import Body, Name, SecretKey, constraints, key_usage, write_certificate
from gateways.signatures.content_hash import HashedContent
from gateways.signatures.der import Reader
from gateways.signatures.parameters import CURVES
from gateways.signatures.revocation import read_revocation_list
from gateways.signatures.signing import Holder, sign
from gateways.signatures.training_authority import CURVE_256, CURVE_512, Owner
from gateways.signatures.verification import Verifier

AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
DOCUMENT = b"%PDF-1.7 " + bytes(range(256)) * 40
ROOT: Name = ((oids.COMMON_NAME, "Головной центр"),)
ISSUING: Name = ((oids.COMMON_NAME, "Удостоверяющий центр"), (oids.OGRN, "1027700000008"))
IVANOVA = Owner(
    common_name="Иванова Анна Петровна", surname="Иванова", given_name="Анна Петровна", title="Врач-стоматолог-терапевт",
    snils="11223344595", inn="770000000082",
)  # fmt: skip
SIDOROV = Owner(common_name="Сидоров Пётр Ильич", surname="Сидоров", given_name="Пётр Ильич", snils="08765430300")
CLINIC = Owner(common_name="ООО «Жемчужина»", organisation="ООО «Жемчужина»", ogrn="1157746000004", organisation_inn="7700000009")
SIGNS_DOCUMENTS = (constraints(is_authority=False), key_usage(0, 1))
ISSUES = (constraints(is_authority=True), key_usage(5, 6))


@cache
def key(label: str, curve_oid: str = CURVE_256) -> SecretKey:
    drawn = int.from_bytes(hashlib.shake_256(f"{label} {curve_oid}".encode()).digest(80))
    return SecretKey(curve_oid, 1 + drawn % (CURVES[curve_oid].q - 1))


def certificate(
    owner: Name,
    its_key: SecretKey,
    *,
    issuer: Name = ISSUING,
    issuer_key: SecretKey | None = None,
    serial: int = 7,
    since: datetime = SINCE,
    until: datetime = UNTIL,
    extensions: Iterable[bytes] = SIGNS_DOCUMENTS,
) -> bytes:
    body = Body(serial=serial, owner=owner, valid_from=since, valid_until=until, extensions=tuple(extensions))
    return write_certificate(body, its_key, issuer, issuer_key or key("issuing"))


ROOT_CERTIFICATE = certificate(ROOT, key("root"), issuer=ROOT, issuer_key=key("root"), serial=1, extensions=ISSUES)
ISSUING_CERTIFICATE = certificate(ISSUING, key("issuing"), issuer=ROOT, issuer_key=key("root"), serial=2, extensions=ISSUES)
CHAIN = (ISSUING_CERTIFICATE, ROOT_CERTIFICATE)


def holder(owner: Owner, *, curve_oid: str = CURVE_256, serial: int = 7, **body: object) -> Holder:
    its_key = key(owner.common_name, curve_oid)
    made = certificate(owner.name(), its_key, serial=serial, **body)  # type: ignore[arg-type]
    return Holder(made, its_key, CHAIN)


DOCTOR = holder(IVANOVA, serial=7)
OTHER = holder(SIDOROV, serial=8)
ORGANISATION = holder(CLINIC, serial=9, curve_oid="1.2.643.7.1.2.1.1.2")
DOCTOR_512 = holder(IVANOVA, serial=10, curve_oid=CURVE_512)


def content(document: bytes = DOCUMENT) -> HashedContent:
    return HashedContent(lambda: [document])


def trusting(*trusted: bytes, lists: Iterable[bytes] = (), training: bool = False) -> Verifier:
    """A verifier that trusts the root of tests, or these authorities."""
    found = [read_certificate(raw) for raw in trusted or (ROOT_CERTIFICATE,)]
    read_lists = [read_revocation_list(raw) for raw in lists]
    return Verifier(lambda: Authorities(found, read_lists, []), training=training)


def signature(signer: Holder = DOCTOR, document: bytes = DOCUMENT) -> bytes:
    return sign(signer, content(document), AT)


def with_chain(signer: Holder, *chain: bytes) -> Holder:
    return msgspec.structs.replace(signer, chain=chain)


def parts(element: bytes) -> list[bytes]:
    """The elements inside of one."""
    reader, found = Reader(element).any().reader(), []
    while not reader.ended:
        found.append(reader.any().raw)
    return found


def verified(made: bytes, *, document: bytes = DOCUMENT, by: Verifier | None = None, at: datetime = AT) -> VerifiedSignature:
    return (by or trusting()).verify(made, content(document), at)


def refusal(made: bytes, *, document: bytes = DOCUMENT, by: Verifier | None = None, at: datetime = AT) -> SignatureRefused:
    with pytest.raises(SignatureRefused) as refused:
        verified(made, document=document, by=by, at=at)
    assert refused.value.sentence.endswith(".")
    return refused.value
