"""Signatures by ГОСТ: bare verification, both signatures of a document as the server receives them, and hashing.

In time of the processor: nothing here waits, so that this is the time at rest whatever else runs.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median, quantiles
from time import thread_time

from bench.sizes import size
from gateways.signatures.authorities import Authorities
from gateways.signatures.certificate import read_certificate
from gateways.signatures.content_hash import HashedContent, digest_of
from gateways.signatures.gost3410 import verifies
from gateways.signatures.signing import Holder, sign
from gateways.signatures.streebog import Streebog
from gateways.signatures.training_authority import CURVE_256, CURVE_512, Owner, TrainingAuthority
from gateways.signatures.verification import Verifier

Row = tuple[str, float, str]
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
TIMES = size(200, 5)
DOCUMENT = b"%PDF-1.7 " + bytes(200_000)
DOCTOR = Owner(common_name="Иванова Анна Петровна", surname="Иванова", given_name="Анна Петровна", snils="11223344595")
CLINIC = Owner(common_name="ООО «Жемчужина»", organisation="ООО «Жемчужина»", ogrn="1157746000004")
HASHED = size(8_000_000, 100_000)
HASHED_BY_US = size(400_000, 10_000)


def run(database_url: str) -> list[Row]:
    del database_url
    authority = TrainingAuthority(AT, b"bench")
    verifier = Verifier(lambda: Authorities([read_certificate(authority.root)], [], []), training=True)
    rows: list[Row] = []
    for bits, curve_oid in ((256, CURVE_256), (512, CURVE_512)):
        people = [authority.issue(owner, curve_oid=curve_oid) for owner in (DOCTOR, CLINIC)]
        rows += _bare(f"verification, {bits} bits", people[0])
        signatures = [sign(person, HashedContent(lambda: [DOCUMENT]), AT) for person in people]

        def both(signatures: list[bytes] = signatures) -> None:
            content = HashedContent(lambda: [DOCUMENT])
            for signature in signatures:
                verifier.verify(signature, content, AT)

        rows.append((f"both signatures of a document of 200 KB, {bits} bits, the first", _milliseconds(both), "ms"))
        rows += _spread(f"both signatures of a document of 200 KB, {bits} bits", both)
    ours = _milliseconds(_hash_by_us)
    theirs = _milliseconds(lambda: digest_of(256, bytes(HASHED)))
    return [
        *rows,
        ("hashing by our code", HASHED_BY_US / 1000 / ours, "MB/s"),
        ("hashing by what the machine has", HASHED / 1000 / theirs, "MB/s"),
    ]


def _bare(name: str, person: Holder) -> list[Row]:
    key = read_certificate(person.certificate).key
    digest = digest_of(key.bits, DOCUMENT)
    signature = person.key.sign(DOCUMENT)
    assert verifies(key.curve, key.point, digest, signature)
    return _spread(name, lambda: verifies(key.curve, key.point, digest, signature))


def _hash_by_us() -> None:
    made = Streebog(256)
    made.update(bytes(HASHED_BY_US))
    made.digest()


def _spread(name: str, act: Callable[[], object]) -> list[Row]:
    times = [_milliseconds(act) for _ in range(TIMES)]
    return [(f"{name}, median", median(times), "ms"), (f"{name}, p95", quantiles(times, n=20)[-1], "ms")]


def _milliseconds(act: Callable[[], object]) -> float:
    began = thread_time()
    act()
    return (thread_time() - began) * 1000
