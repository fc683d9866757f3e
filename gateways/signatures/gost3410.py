"""Signatures of ГОСТ Р 34.10-2012 (RFC 7091) in the form of certificates and CMS: the digest is read with its lowest byte first,
the signature is s‖r, each with its highest byte first, a public key x‖y, each with its lowest byte first (RFC 9215).
"""

import hmac
from collections.abc import Iterator

from gateways.signatures.curve import Curve, Point


def verifies(curve: Curve, key: Point, digest: bytes, signature: bytes) -> bool:
    """The signature was made of this digest with the secret of `key`, which is a point of the curve with `has_order`."""
    if len(signature) != 2 * curve.size:
        return False
    s, r = int.from_bytes(signature[: curve.size]), int.from_bytes(signature[curve.size :])
    if not (0 < r < curve.q and 0 < s < curve.q):
        return False
    inverse = pow(_exponent(curve, digest), -1, curve.q)
    found = curve.combination(s * inverse, -r * inverse, key)
    return found is not None and found[0] % curve.q == r


def signed(curve: Curve, secret: int, digest: bytes) -> bytes:
    """The signature of a digest, always the same one (as in RFC 6979, so that no source of randomness can give the key away).

    For training and tests: computing doesn't take constant time.
    """
    exponent = _exponent(curve, digest)
    for k in _nonces(curve, secret, digest):
        point = curve.multiple(k)
        r = point[0] % curve.q if point else 0
        s = (r * secret + k * exponent) % curve.q
        if r and s:
            return s.to_bytes(curve.size) + r.to_bytes(curve.size)
    raise AssertionError("nonces never end")


def public_key(curve: Curve, secret: int) -> Point:
    """ValueError: the secret isn't between 1 and the order of the group."""
    point = curve.multiple(secret) if 0 < secret < curve.q else None
    if point is None:
        raise ValueError(secret)
    return point


def _exponent(curve: Curve, digest: bytes) -> int:
    return int.from_bytes(digest, "little") % curve.q or 1


def _nonces(curve: Curve, secret: int, digest: bytes) -> Iterator[int]:
    size = curve.size
    key, counter = secret.to_bytes(size), 0
    while True:
        made = b"".join(hmac.digest(key, counter.to_bytes(4) + bytes([part]) + digest, "sha512") for part in range(2))
        k = int.from_bytes(made[:size])
        if 0 < k < curve.q:
            yield k
        counter += 1
