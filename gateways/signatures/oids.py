"""Identifiers of algorithms, attributes and extensions, and the bits that belong to an algorithm."""

from collections.abc import Mapping

from commands.ports.signatures import Bits

KEYS: Mapping[str, Bits] = {"1.2.643.7.1.1.1.1": 256, "1.2.643.7.1.1.1.2": 512}
DIGESTS: Mapping[str, Bits] = {"1.2.643.7.1.1.2.2": 256, "1.2.643.7.1.1.2.3": 512}
SIGNATURES: Mapping[str, Bits] = {"1.2.643.7.1.1.3.2": 256, "1.2.643.7.1.1.3.3": 512}
SHA_2: Mapping[str, str] = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}

DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"

COMMON_NAME, SURNAME, GIVEN_NAME, ORGANISATION, TITLE = "2.5.4.3", "2.5.4.4", "2.5.4.42", "2.5.4.10", "2.5.4.12"
COUNTRY = "2.5.4.6"
SNILS, INN, OGRN, OGRNIP, ORGANISATION_INN = (
    "1.2.643.100.3",
    "1.2.643.3.131.1.1",
    "1.2.643.100.1",
    "1.2.643.100.5",
    "1.2.643.100.4",
)

SUBJECT_KEY, KEY_USAGE, ALTERNATIVE_NAME, BASIC_CONSTRAINTS = "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19"
POLICIES, AUTHORITY_KEY, EXTENDED_KEY_USAGE = "2.5.29.32", "2.5.29.35", "2.5.29.37"
CRL_NUMBER = "2.5.29.20"
TRAINING_MARK = "2.25.190046381523957204671823665203981746250"
"""The critical extension of every certificate of the training authority (`training_authority.py`): who doesn't know it has to
refuse the certificate, and we refuse it where nobody trains. Of the branch of identifiers that need no registration.
"""
