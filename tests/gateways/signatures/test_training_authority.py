"""The training authority, whose signatures count in training alone."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.ports.signatures import SignatureRefused
from gateways.signatures import oids
from gateways.signatures.certificate import read_certificate
from gateways.signatures.der_writing import boolean, oid
from gateways.signatures.signing import Holder, sign
from gateways.signatures.training_authority import CURVE_512, Owner, TrainingAuthority
from tests.gateways.signatures.people import (
    AT,
    CHAIN,
    CLINIC,
    ISSUING,
    IVANOVA,
    certificate,
    content,
    key,
    trusting,
)

AUTHORITY = TrainingAuthority(AT, b"seed")
DOCTOR = AUTHORITY.issue(IVANOVA)


def reason_of(signer: Holder, *, training: bool = True, trusted: bytes = AUTHORITY.root, at: datetime = AT) -> str:
    with pytest.raises(SignatureRefused) as refused:
        trusting(trusted, training=training).verify(sign(signer, content(), AT), content(), at)
    return refused.value.reason


@pytest.mark.parametrize("owner", [IVANOVA, CLINIC])
@pytest.mark.parametrize("curve_oid", ["1.2.643.2.2.36.0", CURVE_512])
def test_its_signatures_count_in_training(owner: Owner, curve_oid: str) -> None:
    signer = AUTHORITY.issue(owner, curve_oid=curve_oid)
    found = trusting(AUTHORITY.root, training=True).verify(sign(signer, content(), AT), content(), AT)
    assert found.certificate.training
    assert (found.certificate.snils, found.certificate.ogrn) == (owner.snils, owner.ogrn)
    assert "Учебный" in found.certificate.issuer


def test_a_real_installation_refuses_them_even_if_it_trusts_the_authority() -> None:
    assert reason_of(DOCTOR, training=False) == "training"
    assert reason_of(DOCTOR, training=False, trusted=CHAIN[1]) == "training"


def test_the_mark_on_any_authority_of_the_path_is_enough() -> None:
    """With the training authority's secret anybody could leave the mark out of a person's certificate."""
    unmarked = certificate(
        IVANOVA.name(), key("unmarked"), issuer=read_certificate(AUTHORITY.issuing).owner, issuer_key=AUTHORITY._issuing_key
    )
    signer = Holder(unmarked, key("unmarked"), (AUTHORITY.issuing, AUTHORITY.root))
    assert reason_of(signer, training=False) == "training"


def test_other_programs_refuse_them_as_they_don_t_know_a_critical_extension() -> None:
    for raw in (AUTHORITY.root, AUTHORITY.issuing, DOCTOR.certificate):
        assert read_certificate(raw).training
        assert oid(oids.TRAINING_MARK) + boolean(True) in raw


def test_training_accepts_real_signatures_too() -> None:
    real = Holder(certificate(IVANOVA.name(), key("real")), key("real"), CHAIN)
    assert not trusting(training=True).verify(sign(real, content(), AT), content(), AT).certificate.training


def test_of_one_seed_everything_is_the_same_and_of_another_nothing() -> None:
    again, other = TrainingAuthority(AT, b"seed"), TrainingAuthority(AT)
    assert (again.root, again.issuing, again.issue(IVANOVA)) == (AUTHORITY.root, AUTHORITY.issuing, DOCTOR)
    assert sign(again.issue(IVANOVA), content(), AT) == sign(DOCTOR, content(), AT)
    assert other.issue(IVANOVA).key != DOCTOR.key
    assert AUTHORITY.issue(IVANOVA, label="second").key != DOCTOR.key
    assert AUTHORITY.issue(CLINIC).key != DOCTOR.key


def test_it_revokes() -> None:
    made = AUTHORITY.revocation_list({DOCTOR.certificate: AT})
    with pytest.raises(SignatureRefused) as refused:
        trusting(AUTHORITY.root, lists=[made], training=True).verify(sign(DOCTOR, content(), AT), content(), AT)
    assert refused.value.reason == "revoked"
    other = AUTHORITY.issue(CLINIC)
    found = trusting(AUTHORITY.root, lists=[made], training=True).verify(sign(other, content(), AT), content(), AT)
    assert found.revocations_of == AT


def test_its_certificates_begin_at_once_and_end() -> None:
    assert reason_of(DOCTOR, at=AT + timedelta(days=800)) == "expired"
    late = AUTHORITY.issue(IVANOVA, valid_from=datetime(2027, 1, 1, tzinfo=UTC))
    assert reason_of(late) == "not_yet_valid"


def test_a_namesake_of_it_is_not_trusted() -> None:
    rogue = TrainingAuthority(AT, b"rogue").issue(IVANOVA)
    assert read_certificate(rogue.certificate).issuer == read_certificate(DOCTOR.certificate).issuer != ISSUING
    assert reason_of(rogue) == "untrusted"
