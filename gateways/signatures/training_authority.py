"""The training authority: certificates for the demonstration and for tests, whose signatures count nowhere else.

Each of its certificates bears `oids.TRAINING_MARK` as a critical extension, and says in the name of its issuer what it is.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from gateways.signatures import oids
from gateways.signatures.certificate import (
    DIGITAL_SIGNATURE,
    NON_REPUDIATION,
    SIGNS_CERTIFICATES,
    SIGNS_LISTS,
    read_certificate,
)
from gateways.signatures.certificate_writing import (
    Body,
    Name,
    SecretKey,
    constraints,
    extension,
    key_usage,
    write_certificate,
    write_revocation_list,
)
from gateways.signatures.der import NULL
from gateways.signatures.der_writing import encoded, oid, sequence
from gateways.signatures.parameters import CURVES
from gateways.signatures.signing import Holder

CURVE_256, CURVE_512 = "1.2.643.2.2.36.0", "1.2.643.7.1.2.1.2.1"
"""What CryptoPro issues most."""
ROOT: Name = ((oids.COUNTRY, "RU"), (oids.COMMON_NAME, "Учебный головной центр Denta (подписи недействительны)"))
ISSUING: Name = ((oids.COUNTRY, "RU"), (oids.COMMON_NAME, "Учебный удостоверяющий центр Denta (подписи недействительны)"))
_POLICY = "1.2.643.100.113.1"
"""A means of signing of the lowest class."""
_ROOT_YEARS, _ISSUING_YEARS, _LIST_DAYS = 20, 15, 30
_SKEW = timedelta(days=1)
"""Certificates begin before they are made, so that a slow clock accepts them."""


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """A person (with surname and given name) or an organisation. Texts may be empty; numbers are digits alone."""

    common_name: str
    surname: str = ""
    given_name: str = ""
    title: str = ""
    snils: str = ""
    inn: str = ""
    organisation: str = ""
    organisation_inn: str = ""
    ogrn: str = ""

    def name(self) -> Name:
        parts = (
            (oids.COUNTRY, "RU"),
            (oids.COMMON_NAME, self.common_name),
            (oids.SURNAME, self.surname),
            (oids.GIVEN_NAME, self.given_name),
            (oids.TITLE, self.title),
            (oids.ORGANISATION, self.organisation),
            (oids.SNILS, self.snils),
            (oids.INN, self.inn),
            (oids.ORGANISATION_INN, self.organisation_inn),
            (oids.OGRN, self.ogrn),
        )
        return tuple((kind, value) for kind, value in parts if value)


class TrainingAuthority:
    """A root, and the authority below it that issues. Of the same seed and moment the same to the byte, secrets too."""

    def __init__(self, at: datetime, seed: bytes | None = None, *, curve_oid: str = CURVE_256) -> None:
        """`at` in UTC, whole seconds: when it is founded."""
        self._at, self._seed = at, secrets.token_bytes(32) if seed is None else seed
        self._root_key, self._issuing_key = self._key("root", curve_oid), self._key("issuing", curve_oid)
        self.root = write_certificate(self._authority(ROOT, _ROOT_YEARS), self._root_key, ROOT, self._root_key)
        issuing = self._authority(ISSUING, _ISSUING_YEARS, path_length=0)
        self.issuing = write_certificate(issuing, self._issuing_key, ROOT, self._root_key)

    def issue(
        self, owner: Owner, *, years: int = 2, curve_oid: str = CURVE_256, valid_from: datetime | None = None, label: str = ""
    ) -> Holder:
        """A certificate to sign documents with. `label` tells several of one owner apart."""
        since = self._at - _SKEW if valid_from is None else valid_from
        named = repr((owner.name(), curve_oid, since, years, label))
        key = self._key(named, curve_oid)
        body = Body(
            serial=self._serial(named),
            owner=owner.name(),
            valid_from=since,
            valid_until=_years_later(since, years),
            extensions=(
                constraints(is_authority=False),
                key_usage(DIGITAL_SIGNATURE, NON_REPUDIATION),
                extension(oids.POLICIES, sequence(sequence(oid(_POLICY)))),
                _mark(),
            ),
        )
        certificate = write_certificate(body, key, ISSUING, self._issuing_key)
        return Holder(certificate, key, (self.issuing, self.root))

    def revocation_list(self, revoked: Mapping[bytes, datetime], *, number: int = 1, issued: datetime | None = None) -> bytes:
        """`revoked`: since when, by certificates."""
        serials = {read_certificate(certificate).serial: since for certificate, since in revoked.items()}
        when = self._at if issued is None else issued
        following = when + timedelta(days=_LIST_DAYS)
        return write_revocation_list(ISSUING, self._issuing_key, serials, number=number, issued=when, next_issue=following)

    def _authority(self, owner: Name, years: int, path_length: int | None = None) -> Body:
        return Body(
            serial=self._serial(repr(owner)),
            owner=owner,
            valid_from=self._at - _SKEW,
            valid_until=_years_later(self._at, years),
            extensions=(
                constraints(is_authority=True, path_length=path_length),
                key_usage(SIGNS_CERTIFICATES, SIGNS_LISTS),
                _mark(),
            ),
        )

    def _key(self, label: str, curve_oid: str) -> SecretKey:
        curve = CURVES[curve_oid]
        drawn = int.from_bytes(self._drawn(f"key {label}", curve.size + 16))
        return SecretKey(curve_oid, 1 + drawn % (curve.q - 1))

    def _serial(self, label: str) -> int:
        return 1 + int.from_bytes(self._drawn(f"serial {label}", 15))

    def _drawn(self, label: str, size: int) -> bytes:
        return hashlib.shake_256(len(self._seed).to_bytes(4) + self._seed + label.encode()).digest(size)


def _mark() -> bytes:
    return extension(oids.TRAINING_MARK, encoded(NULL), critical=True)


def _years_later(moment: datetime, years: int) -> datetime:
    return moment + timedelta(days=round(365.25 * years))
