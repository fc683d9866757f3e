"""The folder of trusted authorities and revocation lists."""

import os
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from commands.ports.signatures import SignatureRefused
from gateways.signatures.authorities import Authorities, AuthoritiesFolder
from gateways.signatures.certificate_writing import write_revocation_list
from gateways.signatures.der import NotDer
from gateways.signatures.der_writing import integer, sequence
from gateways.signatures.revocation import RevocationList, read_revocation_list
from gateways.signatures.verification import Verifier
from tests.gateways.signatures.people import (
    AT,
    DOCTOR,
    ISSUING,
    ISSUING_CERTIFICATE,
    ROOT_CERTIFICATE,
    content,
    key,
    signature,
)

LIST = write_revocation_list(ISSUING, key("issuing"), {7: AT}, number=1, issued=AT, next_issue=AT + timedelta(days=1))


def pem(kind: str, raw: bytes) -> bytes:
    text = b64encode(raw).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"комментарий\n-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n".encode()


def shape(found: Authorities) -> tuple[list[str], int, list[str]]:
    return [one.owner_name for one in found.trusted], len(found.lists), [fault.file for fault in found.faults]


def test_certificates_and_lists_in_both_forms(tmp_path: Path) -> None:
    (tmp_path / "a.CER").write_bytes(ROOT_CERTIFICATE)
    (tmp_path / "b.pem").write_bytes(pem("CERTIFICATE", ISSUING_CERTIFICATE) + pem("X509 CRL", LIST))
    (tmp_path / "c.crl").write_bytes(LIST)
    (tmp_path / "README.txt").write_text("not ours")
    assert shape(AuthoritiesFolder(tmp_path).current()) == (["Головной центр", "Удостоверяющий центр"], 2, [])


def test_files_that_can_t_be_used_are_named_and_the_others_count(tmp_path: Path) -> None:
    (tmp_path / "broken.cer").write_bytes(ROOT_CERTIFICATE[:-1])
    (tmp_path / "doctor.cer").write_bytes(DOCTOR.certificate)
    (tmp_path / "empty.pem").write_text("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
    (tmp_path / "folder.pem").mkdir()
    (tmp_path / "good.cer").write_bytes(ROOT_CERTIFICATE)
    (tmp_path / "padding.pem").write_text("-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n")
    found = AuthoritiesFolder(tmp_path).current()
    assert shape(found) == (["Головной центр"], 0, ["broken.cer", "doctor.cer", "empty.pem", "folder.pem", "padding.pem"])
    assert all(fault.sentence.endswith(".") for fault in found.faults)


def test_changed_files_are_read_again_and_unchanged_ones_aren_t(tmp_path: Path) -> None:
    (tmp_path / "root.cer").write_bytes(ROOT_CERTIFICATE)
    folder = AuthoritiesFolder(tmp_path)
    verifier = Verifier(folder.current)
    assert folder.current() is folder.current()
    assert verifier.verify(signature(), content(), AT).revocations_of is None
    (tmp_path / "revoked.crl").write_bytes(LIST)
    with pytest.raises(SignatureRefused) as refused:
        verifier.verify(signature(), content(), AT)
    assert refused.value.reason == "revoked"
    (tmp_path / "revoked.crl").unlink()
    (tmp_path / "root.cer").write_bytes(ISSUING_CERTIFICATE)
    os.utime(tmp_path / "root.cer", (1, 1))
    assert shape(folder.current()) == (["Удостоверяющий центр"], 0, [])


def test_without_the_folder_nobody_is_trusted(tmp_path: Path) -> None:
    found = AuthoritiesFolder(tmp_path / "missing").current()
    assert shape(found) == ([], 0, ["missing"])


def test_a_list_that_is_only_a_part_is_refused() -> None:
    """Its critical extension would say of what."""
    made = LIST.replace(bytes.fromhex("0603551d140403020101"), bytes.fromhex("0603551d1b0101ff0400"))
    assert made != LIST
    with pytest.raises(NotDer):
        read_revocation_list(made)


def test_a_large_list_is_searched_quickly() -> None:
    revoked = dict.fromkeys(range(10**6, 10**6 + 5_000), AT)
    found = read_revocation_list(
        write_revocation_list(ISSUING, key("issuing"), revoked, number=1, issued=AT, next_issue=AT + timedelta(days=1))
    )
    assert found.revoked_since(10**6 + 4_999) == AT
    assert found.revoked_since(10**6 + 5_000) is None
    assert found.revoked_since(0x0203) is None, "bytes of other elements that look like a number"


def test_a_broken_entry_counts_as_revoked() -> None:
    """What an authority meant by it isn't known, so that nobody signs by it."""
    broken = RevocationList(
        signed_digest=b"", signature=b"", signature_bits=256, issuer_raw=b"", issued=AT, next_issue=None,
        entries=sequence(integer(5), integer(7)) + sequence(integer(7)),
    )  # fmt: skip
    assert broken.revoked_since(7) == AT
    assert broken.revoked_since(6) is None
