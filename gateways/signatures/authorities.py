"""Trusted authorities and their revocation lists: files of a folder, which is read again when they change."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock

import msgspec

from gateways.signatures import revocation
from gateways.signatures.certificate import Certificate, NotGost, PublicKey, read_certificate
from gateways.signatures.der import NotDer
from gateways.signatures.gost3410 import verifies
from gateways.signatures.revocation import RevocationList, read_revocation_list

MOST_FILES = 1000
_ENDINGS = {".cer", ".crt", ".pem", ".der", ".crl"}
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,30})-----\s([A-Za-z0-9+/=\s]+)-----END \1-----")


class Fault(msgspec.Struct, frozen=True):
    """A file that isn't used, and why, in Russian."""

    file: str
    sentence: str


class Authorities(msgspec.Struct, frozen=True):
    trusted: list[Certificate]
    lists: list[RevocationList]
    faults: list[Fault]

    def called(self, name_raw: bytes) -> list[Certificate]:
        return [certificate for certificate in self.trusted if certificate.owner_raw == name_raw]

    def lists_of(self, issuer: Certificate) -> list[RevocationList]:
        """The newest first; whether the issuer really signed them is for `signed_by` to say."""
        found = [one for one in self.lists if one.issuer_raw == issuer.owner_raw]
        return sorted(found, key=lambda one: one.issued, reverse=True)


class AuthoritiesFolder:
    """Certificates and lists in DER or PEM, told apart by their content. Other files of the folder are left alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state: object = None
        self._found = Authorities([], [], [])
        self._lock = Lock()

    def current(self) -> Authorities:
        """As the files are now; without a folder nobody is trusted."""
        with self._lock:
            try:
                files = sorted(file for file in self._folder.iterdir() if file.suffix.lower() in _ENDINGS)[:MOST_FILES]
                state = [(file, stat.st_mtime_ns, stat.st_size) for file, stat in ((file, file.stat()) for file in files)]
            except OSError:
                return Authorities([], [], [Fault(self._folder.name, "Папка доверенных удостоверяющих центров не читается.")])
            if state != self._state:
                self._found, self._state = read_authorities(files), state
            return self._found


def read_authorities(files: Iterable[Path]) -> Authorities:
    found = Authorities([], [], [])
    for file in files:
        try:
            for block in _blocks(file):
                _add(found, file, block)
        except OSError:
            found.faults.append(Fault(file.name, "Файл не читается."))
        except NotGost:
            found.faults.append(Fault(file.name, "Ключ или подпись не по ГОСТ Р 34.10-2012."))
        except NotDer:
            found.faults.append(Fault(file.name, "Это не сертификат и не список отозванных сертификатов, или файл повреждён."))
    return found


def _blocks(file: Path) -> list[bytes]:
    """What is in DER in the file."""
    if file.stat().st_size > revocation.MOST_BYTES:
        raise NotDer("a file of too many bytes")
    data = file.read_bytes()
    if b"-----BEGIN " not in data:
        return [data]
    try:
        found = [b64decode(match.group(2)) for match in _PEM.finditer(data)]
    except Error as error:
        raise NotDer("broken base64") from error
    if not found:
        raise NotDer("nothing in PEM")
    return found


def _add(found: Authorities, file: Path, block: bytes) -> None:
    try:
        certificate = read_certificate(block)
    except NotDer:
        found.lists.append(read_revocation_list(block))
        return
    if certificate.is_authority:
        found.trusted.append(certificate)
    else:
        found.faults.append(Fault(file.name, "Это сертификат не удостоверяющего центра, доверять по нему другим нельзя."))


@lru_cache(maxsize=512)
def _verified(key: PublicKey, digest: bytes, signature: bytes) -> bool:
    return verifies(key.curve, key.point, digest, signature)


def signed_by(issuer: Certificate, one: Certificate | RevocationList) -> bool:
    """The issuer's key made the signature. Remembered, as the same certificates come again with every document."""
    if one.signature_bits != issuer.key.bits:
        return False
    return _verified(issuer.key, one.signed_digest, one.signature)
