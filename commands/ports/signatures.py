"""Electronic signatures of documents: detached CAdES-BES by ГОСТ Р 34.10-2012, as people make them in the browser.

A signature is verified once, when it is received; what was found is recorded with the event, and a replay doesn't verify again.
Whose signature it has to be is for the caller to compare, by `CertificateFacts`.
"""

from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol

import msgspec

from aggregates.kernel import DomainError

Bits = Literal[256, 512]
"""Of a digest, and of the key that goes with it."""

Reason = Literal[
    "not_cms",
    "signers",
    "not_cades",
    "algorithm",
    "no_certificate",
    "certificate_broken",
    "document_changed",
    "signature_wrong",
    "other_certificate",
    "training",
    "not_yet_valid",
    "expired",
    "untrusted",
    "revoked",
    "key_usage",
]
"""Why a signature is refused, in the order in which it is verified."""

_SENTENCES: dict[Reason, str] = {
    "not_cms": "Подпись не читается: это не подпись в формате CMS, или она повреждена. Подпишите документ ещё раз.",
    "signers": "В подписи должен быть ровно один подписавший, а в ней {count}. Подпишите документ ещё раз.",
    "not_cades": "Подпись не в формате CAdES-BES: в ней нет обязательных сведений ({missing}). Подпишите документ ещё раз.",
    "algorithm": "Подпись или её сертификат не по ГОСТ Р 34.10-2012. Выберите другой сертификат.",
    "no_certificate": "В подписи нет сертификата подписавшего. Подпишите документ ещё раз.",
    "certificate_broken": "Сертификат подписавшего не читается. Выберите другой сертификат.",
    "document_changed": "Подписан другой документ, или документ изменился после подписи. Откройте его и подпишите ещё раз.",
    "signature_wrong": "Подпись неверна: она сделана не ключом этого сертификата, или её изменили. Подпишите документ ещё раз.",
    "other_certificate": "В подписи указан другой сертификат, не тот, которым она сделана. Подпишите документ ещё раз.",
    "training": "Подпись учебная, для настоящих документов она не годится. Выберите настоящий сертификат.",
    "not_yet_valid": "Сертификат «{owner}» начнёт действовать только {since} (UTC). Выберите другой сертификат.",
    "expired": "Сертификат «{owner}» действовал до {until} (UTC). Выберите действующий сертификат.",
    "untrusted": "Удостоверяющий центр «{issuer}», который выдал сертификат, не входит в число доверенных. Выберите другой"
    " сертификат или попросите администратора добавить этот центр.",
    "revoked": "Сертификат «{owner}» отозван {since} (UTC). Выберите другой сертификат.",
    "key_usage": "Сертификат «{owner}» не предназначен для подписи документов. Выберите другой сертификат.",
}


class SignatureRefused(DomainError):
    """A signature isn't good. Facts: reason; with some of them count, missing, owner, issuer, since, until."""

    code: ClassVar[str] = "signature_refused"

    def __init__(self, reason: Reason, **facts: Any) -> None:
        super().__init__(reason=reason, **facts)
        self.reason = reason

    @property
    def sentence(self) -> str:
        shown = {name: f"{value:%d.%m.%Y %H:%M}" if isinstance(value, datetime) else value for name, value in self.facts.items()}
        return _SENTENCES[self.reason].format_map(shown)


class CertificateFacts(msgspec.Struct, frozen=True):
    """What a certificate says. A text is empty where it says nothing; moments are in UTC."""

    owner: str
    """The common name: a person's full name, or an organisation's."""
    surname: str
    given_name: str
    """With the patronymic."""
    organisation: str
    title: str
    snils: str
    """Digits alone, as the following ones."""
    inn: str
    """Of the person."""
    organisation_inn: str
    ogrn: str
    ogrnip: str
    serial: str
    """Hexadecimal, in capitals."""
    issuer: str
    valid_from: datetime
    valid_until: datetime
    thumbprint: str
    """SHA-1 of the certificate, hexadecimal in capitals, as CryptoPro shows it: a name of the certificate, no proof."""
    training: bool


class VerifiedSignature(msgspec.Struct, frozen=True):
    """A good signature, as it was found at `verified_at`."""

    certificate: CertificateFacts
    bits: Bits
    digest: str
    """Of the document, ГОСТ Р 34.11-2012, hexadecimal."""
    claimed_at: datetime | None
    """When it was made by the clock of the signer's computer, which may be wrong: nothing is decided by it."""
    verified_at: datetime
    revocations_of: datetime | None
    """The issue of the revocation list in which the certificate was looked for; None: the installation has none of its issuer."""


class SignedContent(Protocol):
    """A document that is or will be signed; each digest is computed once, at first use."""

    def digest(self, bits: Bits) -> bytes: ...


class SignatureVerifier(Protocol):
    def verify(self, signature: bytes, content: SignedContent, at: datetime) -> VerifiedSignature:
        """Verify what was received `at` this moment of the server's clock. SignatureRefused."""
