"""Whether a certificate counts: its time, its path to a trusted authority, its purpose, revocation."""

from datetime import datetime, timedelta

import pytest

from commands.ports.signatures import Reason
from gateways.signatures import oids, verification
from gateways.signatures.authorities import Authorities, signed_by
from gateways.signatures.certificate import Certificate
from gateways.signatures.certificate_writing import Name, constraints, extension, key_usage, write_revocation_list
from gateways.signatures.content_hash import digest_of
from gateways.signatures.der import NULL
from gateways.signatures.der_writing import bit_string, encoded, oid, sequence
from gateways.signatures.gost3410 import signed
from gateways.signatures.revocation import RevocationList
from gateways.signatures.signing import (
    Holder,
)
from gateways.signatures.training_authority import CURVE_512
from gateways.signatures.verification import Verifier
from tests.gateways.signatures.people import (
    AT,
    CHAIN,
    DOCTOR,
    ISSUES,
    ISSUING,
    ISSUING_CERTIFICATE,
    IVANOVA,
    ROOT,
    ROOT_CERTIFICATE,
    SIDOROV,
    SIGNS_DOCUMENTS,
    SINCE,
    UNTIL,
    certificate,
    holder,
    key,
    parts,
    refusal,
    signature,
    trusting,
    verified,
    with_chain,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "reason"),
    [(SINCE - timedelta(seconds=1), "not_yet_valid"), (SINCE, None), (UNTIL, None), (UNTIL + timedelta(seconds=1), "expired")],
)
def test_a_certificate_counts_while_it_is_valid(at: datetime, reason: Reason | None) -> None:
    longer = certificate(
        ROOT, key("root"), issuer=ROOT, issuer_key=key("root"), since=SINCE - DAY, until=UNTIL + DAY, extensions=ISSUES
    )
    below = certificate(
        ISSUING, key("issuing"), issuer=ROOT, issuer_key=key("root"), since=SINCE - DAY, until=UNTIL + DAY, extensions=ISSUES
    )
    made = signature(with_chain(DOCTOR, below))
    if reason is None:
        assert verified(made, by=trusting(longer), at=at)
    else:
        assert refusal(made, by=trusting(longer), at=at).reason == reason


def test_an_authority_in_between_may_come_with_the_signature_or_be_trusted_itself() -> None:
    alone = signature(with_chain(DOCTOR))
    assert refusal(alone).facts == {"reason": "untrusted", "issuer": "Удостоверяющий центр"}
    assert verified(alone, by=trusting(ISSUING_CERTIFICATE))
    assert verified(signature(with_chain(DOCTOR, ISSUING_CERTIFICATE)))


def test_an_authority_that_calls_itself_as_a_trusted_one_is_refused() -> None:
    rogue_root = certificate(ROOT, key("rogue"), issuer=ROOT, issuer_key=key("rogue"), extensions=ISSUES)
    rogue_issuing = certificate(ISSUING, key("rogue issuing"), issuer=ROOT, issuer_key=key("rogue"), serial=2, extensions=ISSUES)
    doctor = holder(IVANOVA, issuer_key=key("rogue issuing"))
    assert refusal(signature(with_chain(doctor, rogue_issuing, rogue_root))).reason == "untrusted"
    assert refusal(signature(with_chain(doctor, ISSUING_CERTIFICATE, ROOT_CERTIFICATE))).reason == "untrusted"


def test_an_authority_signs_with_the_digest_of_its_key_s_width() -> None:
    wide = key("wide", CURVE_512)
    root = certificate(ROOT, wide, issuer=ROOT, issuer_key=wide, extensions=ISSUES)
    fields = parts(certificate(IVANOVA.name(), DOCTOR.key, issuer=ROOT, issuer_key=wide))
    assert verified(signature(Holder(sequence(*fields), DOCTOR.key)), by=trusting(root))
    narrow = sequence(oid("1.2.643.7.1.1.3.2"))
    signed_part = fields[0].replace(fields[1], narrow)
    made = signed(wide.curve, wide.secret, digest_of(256, signed_part))
    forged = Holder(sequence(signed_part, narrow, bit_string(made)), DOCTOR.key)
    assert refusal(signature(forged), by=trusting(root)).reason == "untrusted"


def test_nobody_is_trusted_without_authorities() -> None:
    assert refusal(signature(), by=Verifier(lambda: Authorities([], [], []))).reason == "untrusted"


@pytest.mark.parametrize(
    ("extensions", "since", "until"),
    [
        (SIGNS_DOCUMENTS, SINCE, UNTIL),
        ((), SINCE, UNTIL),
        ((key_usage(5, 6),), SINCE, UNTIL),
        ((constraints(is_authority=False), key_usage(5, 6)), SINCE, UNTIL),
        ((constraints(is_authority=True),), SINCE, UNTIL),
        ((constraints(is_authority=True), key_usage(0, 1, 6)), SINCE, UNTIL),
        ((*ISSUES, extension("2.5.29.30", sequence(), critical=True)), SINCE, UNTIL),
        (ISSUES, SINCE, AT - DAY),
        (ISSUES, AT + DAY, UNTIL),
    ],
    ids=[
        "a person",
        "nothing said",
        "only a purpose",
        "a purpose without authority",
        "no purpose",
        "another purpose",
        "unknown and critical",
        "expired",
        "not yet valid",
    ],
)
def test_who_may_not_issue_certificates_is_no_authority(extensions: tuple[bytes, ...], since: datetime, until: datetime) -> None:
    below = certificate(
        ISSUING, key("issuing"), issuer=ROOT, issuer_key=key("root"), extensions=extensions, since=since, until=until
    )
    assert refusal(signature(with_chain(DOCTOR, below))).reason == "untrusted"


def test_a_person_s_certificate_issues_none() -> None:
    forged = certificate(SIDOROV.name(), key("forged"), issuer=IVANOVA.name(), issuer_key=DOCTOR.key)
    made = signature(Holder(forged, key("forged"), (DOCTOR.certificate, *CHAIN)))
    assert refusal(made).reason == "untrusted"


@pytest.mark.parametrize(("length", "reason"), [(None, None), (1, None), (0, "untrusted")])
def test_an_authority_s_length_of_path(length: int | None, reason: Reason | None) -> None:
    limited = (constraints(is_authority=True, path_length=length), key_usage(5, 6))
    root = certificate(ROOT, key("root"), issuer=ROOT, issuer_key=key("root"), extensions=limited)
    if reason:
        assert refusal(signature(), by=trusting(root)).reason == reason
    else:
        assert verified(signature(), by=trusting(root))


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[Certificate]:
    """Of whom it was asked whether they signed a certificate or list."""
    found: list[Certificate] = []

    def noted(issuer: Certificate, one: Certificate | RevocationList) -> bool:
        found.append(issuer)
        return signed_by(issuer, one)

    monkeypatch.setattr(verification, "signed_by", noted)
    return found


@pytest.mark.parametrize(("crowd", "most"), [(1, 1), (19, verification.MOST_ATTEMPTS)])
def test_authorities_in_a_circle_or_in_masses_take_no_time(attempts: list[Certificate], crowd: int, most: int) -> None:
    """Each of twenty certificates could have issued each other: the search gives up after some attempts."""
    made = [
        certificate(ISSUING, key("issuing"), issuer=ISSUING, issuer_key=key("issuing"), serial=number, extensions=ISSUES)
        for number in range(1, crowd + 1)
    ]
    assert refusal(signature(with_chain(DOCTOR, *made))).reason == "untrusted"
    assert len(attempts) == most


def test_an_authority_s_other_keys_aren_t_tried(attempts: list[Certificate]) -> None:
    """An authority that changes its key each year has many certificates of one name; the identifier of the key says which."""
    others = [
        certificate(ISSUING, key(f"{year}"), issuer=ROOT, issuer_key=key("root"), extensions=ISSUES) for year in range(2015, 2025)
    ]
    assert verified(signature(with_chain(DOCTOR)), by=trusting(*others, ISSUING_CERTIFICATE))
    assert len(attempts) == 1


@pytest.mark.parametrize(("between", "reason"), [(5, None), (6, "untrusted")])
def test_a_path_may_be_some_authorities_long(between: int, reason: Reason | None) -> None:
    def named(number: int) -> Name:
        return ((oids.COMMON_NAME, f"Центр {number}"),)

    chain = [
        certificate(named(number), key(f"{number}"), issuer=named(number - 1), issuer_key=key(f"{number - 1}"), extensions=ISSUES)
        for number in range(1, between + 1)
    ]
    root = certificate(named(0), key("0"), issuer=named(0), issuer_key=key("0"), extensions=ISSUES)
    made = signature(with_chain(holder(IVANOVA, issuer=named(between), issuer_key=key(f"{between}")), *chain))
    if reason:
        assert refusal(made, by=trusting(root)).reason == reason
    else:
        assert verified(made, by=trusting(root))


def test_more_certificates_than_any_signature_needs_are_refused() -> None:
    assert refusal(signature(with_chain(DOCTOR, *CHAIN * 15))).reason == "not_cms"


@pytest.mark.parametrize(
    "extensions",
    [(), (key_usage(),), (key_usage(2, 4),), (key_usage(5, 6),)],
    ids=["nothing said", "nothing", "for encryption", "for certificates"],
)
def test_a_certificate_for_another_purpose_is_refused(extensions: tuple[bytes, ...]) -> None:
    assert refusal(signature(holder(IVANOVA, extensions=extensions))).reason == "key_usage"


def test_an_unknown_critical_extension_is_refused() -> None:
    strange = (*SIGNS_DOCUMENTS, extension("1.2.3.4", encoded(NULL), critical=True))
    assert refusal(signature(holder(IVANOVA, extensions=strange))).reason == "untrusted"


def revocations(
    *serials: int, since: datetime = AT - DAY, issued: datetime = AT - DAY, by: str = "issuing", number: int = 1
) -> bytes:
    return write_revocation_list(
        ISSUING if "issuing" in by else ROOT,
        key(by),
        dict.fromkeys(serials, since),
        number=number,
        issued=issued,
        next_issue=issued + DAY,
    )


def test_a_revoked_certificate_is_refused() -> None:
    found = refusal(signature(), by=trusting(lists=[revocations(3, 7, 70)]))
    assert found.facts == {"reason": "revoked", "owner": IVANOVA.common_name, "since": AT - DAY}
    assert found.sentence == "Сертификат «Иванова Анна Петровна» отозван 30.11.2026 10:00 (UTC). Выберите другой сертификат."


def test_a_certificate_that_isn_t_in_the_list_is_accepted_with_the_list_s_date() -> None:
    assert verified(signature(), by=trusting(lists=[revocations(3, 70, 0x0107)])).revocations_of == AT - DAY
    assert verified(signature(), by=trusting(lists=[revocations()])).revocations_of == AT - DAY


def test_an_overdue_list_still_counts() -> None:
    old = revocations(7, since=AT - 300 * DAY, issued=AT - 300 * DAY)
    assert refusal(signature(), by=trusting(lists=[old])).reason == "revoked"


def test_the_newest_list_of_that_time_counts() -> None:
    suspended, released = revocations(7, issued=AT - 2 * DAY), revocations(issued=AT - DAY)
    for lists in ([suspended, released], [released, suspended]):
        assert verified(signature(), by=trusting(lists=lists)).revocations_of == AT - DAY
    assert verified(signature(), by=trusting(lists=[revocations(7, issued=AT + DAY)])).revocations_of is None


def test_a_later_revocation_leaves_the_signature_good() -> None:
    assert verified(signature(), by=trusting(lists=[revocations(7, since=AT + DAY)]))


@pytest.mark.parametrize("by", ["issuing of somebody else", "root"])
def test_a_list_of_somebody_else_counts_for_nothing(by: str) -> None:
    assert verified(signature(), by=trusting(lists=[revocations(7, by=by)])).revocations_of is None


def test_a_revoked_authority_is_refused() -> None:
    found = refusal(signature(), by=trusting(lists=[revocations(2, by="root")]))
    assert (found.reason, found.facts["owner"]) == ("revoked", "Удостоверяющий центр")
