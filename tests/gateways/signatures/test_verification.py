"""Signatures of documents: what is accepted, and each reason of a refusal."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import get_args

import msgspec
import pytest

from commands.ports.signatures import CertificateFacts, Reason, SignatureRefused, VerifiedSignature
from gateways.signatures import oids
from gateways.signatures.certificate import read_certificate
from gateways.signatures.content_hash import digest_of
from gateways.signatures.der import NULL, OCTET_STRING, SEQUENCE, SET, context
from gateways.signatures.der_writing import encoded, integer, octets, oid, sequence, set_of
from gateways.signatures.signing import (
    Holder,
    attribute,
    sign,
    signed_attributes,
    signed_data,
    signer_info,
    signing_certificate,
)
from tests.gateways.signatures.people import (
    AT,
    CHAIN,
    CLINIC,
    DOCTOR,
    DOCTOR_512,
    DOCUMENT,
    IVANOVA,
    ORGANISATION,
    OTHER,
    SIDOROV,
    SINCE,
    UNTIL,
    certificate,
    content,
    holder,
    key,
    parts,
    refusal,
    signature,
    verified,
)

DAY = timedelta(days=1)
RSA, MD5, SHA256 = "1.2.840.113549.1.1.1", "1.2.840.113549.2.5", "2.16.840.1.101.3.4.2.1"


def digest(signer: Holder = DOCTOR) -> bytes:
    return content().digest(signer.key.bits)


def with_attributes(attributes: list[bytes], signer: Holder = DOCTOR) -> bytes:
    return signed_data([signer_info(signer, attributes)], (signer.certificate, *signer.chain), signer)


def without(kind: str) -> list[bytes]:
    return [made for made in signed_attributes(DOCTOR, digest(), AT) if oid(kind) not in made[:16]]


# What is accepted


def test_a_doctor_s_signature_says_whose_it_is() -> None:
    found = verified(signature())
    assert found == VerifiedSignature(
        certificate=CertificateFacts(
            owner="Иванова Анна Петровна", surname="Иванова", given_name="Анна Петровна", organisation="",
            title="Врач-стоматолог-терапевт", snils="11223344595", inn="770000000082", organisation_inn="", ogrn="", ogrnip="",
            serial="07", issuer="Удостоверяющий центр", valid_from=SINCE, valid_until=UNTIL,
            thumbprint=found.certificate.thumbprint, training=False,
        ),
        bits=256, digest=digest_of(256, DOCUMENT).hex(), claimed_at=AT, verified_at=AT, revocations_of=None,
    )  # fmt: skip
    assert len(found.certificate.thumbprint) == 40
    assert found.certificate.thumbprint == found.certificate.thumbprint.upper()


def test_an_organisation_s_signature_says_whose_it_is() -> None:
    found = verified(signature(ORGANISATION)).certificate
    assert (found.organisation, found.ogrn, found.organisation_inn) == ("ООО «Жемчужина»", "1157746000004", "7700000009")


def test_an_organisation_s_number_in_the_attribute_of_persons() -> None:
    """As authorities wrote it before 2021: with two zeros before it."""
    former = holder(msgspec.structs.replace(CLINIC, inn="007700000009", organisation_inn=""))
    found = verified(signature(former)).certificate
    assert (found.inn, found.organisation_inn) == ("", "7700000009")


def test_a_key_of_512_bits() -> None:
    found = verified(signature(DOCTOR_512))
    assert (found.bits, found.digest) == (512, digest_of(512, DOCUMENT).hex())


@pytest.mark.parametrize(
    "curve_oid", ["1.2.643.2.2.35.1", "1.2.643.2.2.35.2", "1.2.643.2.2.35.3", "1.2.643.2.2.36.1", "1.2.643.7.1.2.1.1.1",
                  "1.2.643.7.1.2.1.1.3", "1.2.643.7.1.2.1.1.4", "1.2.643.7.1.2.1.2.2", "1.2.643.7.1.2.1.2.3"],
)  # fmt: skip
def test_keys_of_every_set_of_parameters(curve_oid: str) -> None:
    assert verified(signature(holder(IVANOVA, curve_oid=curve_oid))).certificate.snils == "11223344595"


def test_a_document_may_be_attached_if_it_is_the_one() -> None:
    assert verified(sign(DOCTOR, content(), AT, attached=DOCUMENT)).certificate.owner == IVANOVA.common_name


def test_indefinite_lengths_of_a_program_that_streams() -> None:
    """What `openssl cms -stream` writes."""
    whole = sign(DOCTOR, content(), AT, attached=DOCUMENT)
    version, digests, _, certificates, signers = parts(parts(parts(whole)[1])[0])
    pieces = b"\x24\x80" + b"".join(octets(DOCUMENT[at : at + 1000]) for at in range(0, len(DOCUMENT), 1000)) + b"\x00\x00"
    wrapped = indefinite(SEQUENCE, oid(oids.DATA), indefinite(context(0), pieces))
    streamed = indefinite(SEQUENCE, version, digests, wrapped, certificates, signers)
    made = indefinite(SEQUENCE, oid(oids.SIGNED_DATA), indefinite(context(0), streamed))
    assert verified(made).certificate.owner == IVANOVA.common_name


def indefinite(tag: int, *parts: bytes) -> bytes:
    return bytes((tag, 0x80)) + b"".join(parts) + b"\x00\x00"


def test_the_clock_of_the_signer_s_computer_decides_nothing() -> None:
    """It may be years off: the certificate has to be valid now, by the server's clock."""
    wrong = datetime(2003, 1, 1, tzinfo=UTC)
    assert verified(sign(DOCTOR, content(), wrong)).claimed_at == wrong
    assert verified(sign(DOCTOR, content(), AT + 3650 * DAY)).verified_at == AT
    assert refusal(sign(DOCTOR, content(), AT), at=UNTIL + DAY).reason == "expired"


def test_a_signature_without_a_time() -> None:
    assert verified(with_attributes(without(oids.SIGNING_TIME))).claimed_at is None


def test_what_isn_t_signed_may_follow_the_signature() -> None:
    """A time stamp, for instance: bytes outside of the signed parts say nothing."""
    info = signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT))
    stamped = sequence(*parts(info), encoded(context(1), attribute("1.2.840.113549.1.9.16.2.14", octets(b"stamp"))))
    assert verified(signed_data([stamped], (DOCTOR.certificate, *CHAIN), DOCTOR)).certificate.snils == IVANOVA.snils


@pytest.mark.parametrize("algorithm", [MD5, SHA256, "1.2.643.2.2.9", "1.2.643.7.1.1.2.3"])
def test_other_digests_are_refused(algorithm: str) -> None:
    fields = parts(signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT)))
    fields[2] = sequence(oid(algorithm))
    made = signed_data([sequence(*fields)], (DOCTOR.certificate, *CHAIN), DOCTOR)
    assert refusal(made).reason == "algorithm"


@pytest.mark.parametrize("algorithm", [RSA, "1.2.643.2.2.19", "1.2.643.7.1.1.1.2", "1.2.643.7.1.1.2.2"])
def test_other_algorithms_of_signatures_are_refused(algorithm: str) -> None:
    fields = parts(signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT)))
    fields[4] = sequence(oid(algorithm), encoded(NULL))
    made = signed_data([sequence(*fields)], (DOCTOR.certificate, *CHAIN), DOCTOR)
    assert refusal(made).reason == "algorithm"


def test_the_algorithm_may_be_named_together_with_its_digest() -> None:
    """OpenSSL and CryptoPro name it differently."""
    fields = parts(signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT)))
    fields[2], fields[4] = sequence(oid("1.2.643.7.1.1.2.2"), encoded(NULL)), sequence(oid("1.2.643.7.1.1.3.2"))
    assert verified(signed_data([sequence(*fields)], (DOCTOR.certificate, *CHAIN), DOCTOR)).bits == 256


def test_a_digest_of_another_width_than_the_key_s_is_refused() -> None:
    """The standard has one for each width of keys, and nothing else is agreed on."""
    fields = parts(signer_info(DOCTOR_512, signed_attributes(DOCTOR_512, digest(), AT)))
    fields[2], fields[4] = sequence(oid("1.2.643.7.1.1.2.2")), sequence(oid("1.2.643.7.1.1.1.1"))
    assert refusal(signed_data([sequence(*fields)], (DOCTOR_512.certificate, *CHAIN), DOCTOR_512)).reason == "algorithm"


def test_a_certificate_of_rsa_is_refused() -> None:
    fields = parts(DOCTOR.certificate)
    inner = parts(fields[0])
    inner[6] = sequence(sequence(oid(RSA), encoded(NULL)), encoded(3, b"\x00", sequence(integer(2**1024 + 1), integer(65537))))
    foreign = sequence(sequence(*inner), *fields[1:])
    info = signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT))
    assert refusal(signed_data([info], (foreign,), DOCTOR)).reason == "algorithm"


# What isn't a signature of one person


@pytest.mark.parametrize("made", [b"", b"%PDF-1.7", b"MIIC", signature()[:-1], signature() + b"\x00", sequence(oid(oids.DATA))])
def test_what_isn_t_cms_is_refused(made: bytes) -> None:
    assert refusal(made).reason == "not_cms"


def test_none_or_several_signers_are_refused() -> None:
    info = signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT))
    other = signer_info(OTHER, signed_attributes(OTHER, digest(), AT))
    certificates = (DOCTOR.certificate, OTHER.certificate, *CHAIN)
    assert refusal(signed_data([], certificates, DOCTOR)).facts == {"reason": "signers", "count": 0}
    assert refusal(signed_data([info, other], certificates, DOCTOR)).facts == {"reason": "signers", "count": 2}


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        (oids.MESSAGE_DIGEST, "messageDigest"),
        (oids.CONTENT_TYPE, "contentType"),
        (oids.SIGNING_CERTIFICATE_V2, "signingCertificateV2"),
    ],
)
def test_an_attribute_that_lacks_is_named(kind: str, named: str) -> None:
    found = refusal(with_attributes(without(kind)))
    assert (found.reason, found.facts["missing"]) == ("not_cades", named)


def test_a_signature_without_attributes_is_no_cades() -> None:
    fields = parts(signer_info(DOCTOR, []))
    fields[-1] = octets(DOCTOR.key.sign(DOCUMENT))
    bare = sequence(*fields[:3], *fields[4:])
    assert refusal(signed_data([bare], (DOCTOR.certificate, *CHAIN), DOCTOR)).reason == "not_cades"


@pytest.mark.parametrize("kind", [oids.MESSAGE_DIGEST, oids.CONTENT_TYPE, oids.SIGNING_TIME, oids.SIGNING_CERTIFICATE_V2])
def test_an_attribute_twice_is_refused(kind: str) -> None:
    """Two programs could believe two different ones."""
    attributes = signed_attributes(DOCTOR, digest(), AT)
    (twice,) = (made for made in attributes if oid(kind) in made[:16])
    assert refusal(with_attributes([*attributes, twice])).reason == "not_cms"


def test_an_attribute_of_two_values_or_none_is_refused() -> None:
    two = sequence(oid(oids.MESSAGE_DIGEST), set_of(octets(digest()), octets(bytes(32))))
    none = sequence(oid(oids.MESSAGE_DIGEST), set_of())
    for wrong in (two, none):
        assert refusal(with_attributes([*without(oids.MESSAGE_DIGEST), wrong])).reason == "not_cms"


def test_the_content_type_is_that_of_the_content() -> None:
    other = attribute(oids.CONTENT_TYPE, oid(oids.SIGNED_DATA))
    assert refusal(with_attributes([*without(oids.CONTENT_TYPE), other])).reason == "not_cms"


# Document, signature, certificate


@pytest.mark.parametrize("document", [b"", DOCUMENT + b" ", DOCUMENT[1:], DOCUMENT[:-1], b"\x00" + DOCUMENT])
def test_another_document_is_refused(document: bytes) -> None:
    assert refusal(signature(), document=document).reason == "document_changed"


def test_another_document_inside_is_refused() -> None:
    """Its signature is of the right one, but a reader of the file would see another."""
    assert refusal(sign(DOCTOR, content(), AT, attached=DOCUMENT + b" ")).reason == "document_changed"


def test_a_digest_of_another_length_is_refused() -> None:
    for wrong in (b"", digest()[:-1], digest(DOCTOR_512)):
        made = with_attributes([*without(oids.MESSAGE_DIGEST), attribute(oids.MESSAGE_DIGEST, octets(wrong))])
        assert refusal(made).reason == "document_changed"


def test_the_right_doctor_s_certificate_with_another_s_key_is_refused() -> None:
    stolen = Holder(DOCTOR.certificate, OTHER.key, CHAIN)
    assert refusal(signature(stolen)).reason == "signature_wrong"


def test_another_doctor_s_good_signature_is_that_doctor_s() -> None:
    """Whom it has to be from is for the caller to compare."""
    assert verified(signature(OTHER)).certificate.snils == SIDOROV.snils


@pytest.mark.parametrize("wrong", [bytes(64), b"\xff" * 64, bytes(32), bytes(128), b""])
def test_a_signature_of_zeros_or_of_another_length_is_refused(wrong: bytes) -> None:
    fields = parts(signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT)))
    fields[-1] = encoded(OCTET_STRING, wrong)
    assert refusal(signed_data([sequence(*fields)], (DOCTOR.certificate, *CHAIN), DOCTOR)).reason == "signature_wrong"


def test_attributes_are_signed_as_a_set() -> None:
    """Not as they stand in the message, with another tag."""
    fields = parts(signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT)))
    fields[-1] = octets(DOCTOR.key.sign(fields[3]))
    assert fields[3][0] != SET
    assert refusal(signed_data([sequence(*fields)], (DOCTOR.certificate, *CHAIN), DOCTOR)).reason == "signature_wrong"


def test_a_certificate_that_lacks_is_reported() -> None:
    info = signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT))
    assert refusal(signed_data([info], CHAIN, DOCTOR)).reason == "no_certificate"
    assert refusal(signed_data([info], (), DOCTOR)).reason == "no_certificate"


def test_a_broken_certificate_is_reported() -> None:
    info = signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT))
    assert refusal(signed_data([info], (sequence(integer(1)), *CHAIN), DOCTOR)).reason == "certificate_broken"


def test_another_certificate_of_the_same_key_can_t_be_put_in_its_place() -> None:
    """An authority may certify one key twice, with another name or purpose."""
    twin = Holder(certificate(SIDOROV.name(), DOCTOR.key, serial=7), DOCTOR.key, CHAIN)
    attributes = signed_attributes(DOCTOR, digest(), AT)
    assert refusal(with_attributes(attributes, twin)).reason == "other_certificate"


def test_the_named_certificate_s_issuer_and_number_count_too() -> None:
    good = parts(parts(parts(signing_certificate(DOCTOR))[0])[0])
    wrong_number = sequence(*parts(good[2])[:1], integer(8))
    for named in (sequence(*good[:2], wrong_number), sequence(good[0], octets(bytes(32)), good[2])):
        value = attribute(oids.SIGNING_CERTIFICATE_V2, sequence(sequence(named)))
        assert refusal(with_attributes([*without(oids.SIGNING_CERTIFICATE_V2), value])).reason == "other_certificate"


def test_a_certificate_named_by_sha_256_or_without_its_number() -> None:
    """The default of the attribute, which some programs use."""
    for named in ((octets(sha256(DOCTOR.certificate).digest()),), parts(parts(parts(signing_certificate(DOCTOR))[0])[0])[:2]):
        value = attribute(oids.SIGNING_CERTIFICATE_V2, sequence(sequence(sequence(*named))))
        assert verified(with_attributes([*without(oids.SIGNING_CERTIFICATE_V2), value])).certificate.snils == IVANOVA.snils


def test_a_certificate_named_by_a_weak_digest_is_refused() -> None:
    value = attribute(oids.SIGNING_CERTIFICATE_V2, sequence(sequence(sequence(sequence(oid(MD5)), octets(bytes(16))))))
    assert refusal(with_attributes([*without(oids.SIGNING_CERTIFICATE_V2), value])).reason == "other_certificate"


def test_a_signer_named_by_the_key() -> None:
    fields = parts(signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT)))
    fields[:2] = [integer(3), encoded(context(0, constructed=False), DOCTOR.key.key_id())]
    assert verified(signed_data([sequence(*fields)], (DOCTOR.certificate, *CHAIN), DOCTOR)).certificate.snils == IVANOVA.snils


def test_a_refusal_of_each_reason_has_a_sentence() -> None:
    facts = {"count": 2, "missing": "contentType", "owner": "Иванова", "issuer": "Центр", "since": AT, "until": AT}
    sentences = {SignatureRefused(reason, **facts).sentence for reason in get_args(Reason)}
    assert len(sentences) == len(get_args(Reason))
    assert all("{" not in sentence and sentence.endswith(".") for sentence in sentences)


def test_two_numbers_of_one_person_are_refused() -> None:
    """Programs would disagree whose certificate it is."""
    double = (*IVANOVA.name(), (oids.SNILS, SIDOROV.snils))
    made = Holder(certificate(double, key("double")), key("double"), CHAIN)
    info = signer_info(DOCTOR, signed_attributes(DOCTOR, digest(), AT))
    assert refusal(signed_data([info], (made.certificate, *CHAIN), DOCTOR)).reason == "certificate_broken"
    with pytest.raises(Exception, match=oids.SNILS):
        read_certificate(made.certificate)
